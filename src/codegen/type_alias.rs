//! The `type` statement (PEP 695).

use super::intrinsic::unary;
use super::{CodeGenerator, ParameterCounts, ScopeType};
use crate::ast::{Expr, ExprContext, ExprKind, Stmt, StmtKind};
use crate::diagnostics::Result;
use crate::source::{Location, NameId};
use crate::symtable::{ScopeKey, ScopePart};
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_typealias`.
    #[inline(never)]
    pub(crate) fn visit_type_alias(&mut self, s: &'a Stmt<'a>) -> Result<()> {
        let StmtKind::TypeAlias { name: Expr { kind: ExprKind::Name { id: name, .. }, .. }, type_params, value } =
            s.kind
        else {
            return self.internal_error("a type alias without a name");
        };
        let (name, location) = (*name, s.location);
        if type_params.is_empty() {
            self.emit_name_const(name, location);
            self.emit_none(location);
            self.visit_type_alias_body(s, location, name, value)?;
        } else {
            let scope_name = self.type_params_name(name);
            let key = ScopeKey::new(s, ScopePart::TypeParams);
            let counts = ParameterCounts::default();
            self.emit_null_before_callable(location);
            self.enter_scope(scope_name, ScopeType::Annotations, key, location.line, None, counts)?;
            self.emit_name_const(name, location);
            self.visit_type_params(type_params)?;
            self.visit_type_alias_body(s, location, name, value)?;
            let code = self.exit_scope(false)?;
            self.make_closure(location, code, 0)?;
            self.emit_null_after_callable(location);
            self.emit_arg(Op::Call, 0, location);
        }
        self.emit_name_access(location, name, ExprContext::Store)
    }

    /// Mirrors CPython 3.14: `codegen_typealias_body`.
    fn visit_type_alias_body(
        &mut self,
        s: &'a Stmt<'a>,
        location: Location,
        name: NameId,
        value: &'a Expr<'a>,
    ) -> Result<()> {
        let key = ScopeKey::new(s, ScopePart::Body);
        let flags = self.enter_lazy_value(location, key, name, ScopeType::Function)?;
        self.add_absent_docstring();
        self.visit_expr(value)?;
        self.emit(Op::ReturnValue, location);
        let code = self.exit_scope(false)?;
        self.make_closure(location, code, flags)?;
        self.emit_arg(Op::BuildTuple, 3, location);
        self.emit_arg(Op::CallIntrinsic1, unary::TYPEALIAS, location);
        Ok(())
    }
}
