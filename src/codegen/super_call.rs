//! `super().x` and `super(a, b).x`, which have an instruction of their own (gh-103497).

use super::{CodeGenerator, ScopeType};
use crate::ast::{Expr, ExprContext, ExprKind, Exprs};
use crate::diagnostics::Result;
use crate::source::{Location, NameId, known};
use crate::symtable::{NameScope, SymbolTable};
use crate::target::Op;

/// A call of `super` that needs no call.
pub(super) struct SuperCall<'a> {
    location: Location,
    func: Location,
    args: Exprs<'a>,
}

impl SuperCall<'_> {
    /// Whether it has the two arguments, rather than none.
    pub(super) fn has_args(&self) -> bool {
        !self.args.is_empty()
    }
}

/// Whether an expression is the name `super`.
fn is_super(e: &Expr<'_>) -> bool {
    matches!(e.kind, ExprKind::Name { id: known::SUPER, .. })
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// The call of `super` that an attribute is taken of, if the instruction for it may be used.
    ///
    /// Mirrors CPython 3.14: `can_optimize_super_call`.
    #[inline]
    pub(super) fn optimizable_super_call(&self, value: &'a Expr<'a>, attr: NameId) -> Option<SuperCall<'a>> {
        match value.kind {
            ExprKind::Call { func, args, keywords: [] } if is_super(func) => {
                self.optimizable_call(value, func, args, attr)
            }
            _ => None,
        }
    }

    /// The same of a call of something that is named `super`.
    #[inline(never)]
    fn optimizable_call(
        &self,
        value: &Expr<'a>,
        func: &Expr<'a>,
        args: Exprs<'a>,
        attr: NameId,
    ) -> Option<SuperCall<'a>> {
        if !self.target.has(Op::LoadSuperAttr) {
            return None;
        }
        if attr == known::CLASS {
            return None;
        }
        // The name must be the builtin, as far as the source tells.
        let top = self.table.scope(SymbolTable::MODULE);
        if self.scope().scope_of(known::SUPER) != NameScope::GlobalImplicit
            || top.scope_of(known::SUPER) != NameScope::Unknown
        {
            return None;
        }
        let call = SuperCall { location: value.location, func: func.location, args };
        match args {
            [a, b] => {
                let starred = super::display::is_starred(a) || super::display::is_starred(b);
                (!starred).then_some(call)
            }
            [] => {
                let metadata = &self.unit.code.metadata;
                let has_self = metadata.argcount > 0 || metadata.posonlyargcount > 0;
                let has_class =
                    self.unit.scope_type != ScopeType::Class && self.scope().scope_of(known::CLASS) == NameScope::Free;
                (has_self && has_class).then_some(call)
            }
            _ => None,
        }
    }

    /// Pushes `super` and its two arguments. Mirrors CPython 3.14: `load_args_for_super`.
    pub(super) fn load_args_for_super(&mut self, call: &SuperCall<'a>) -> Result<()> {
        self.emit_name_access(call.func, known::SUPER, ExprContext::Load)?;
        if call.has_args() {
            return self.visit_exprs(call.args);
        }
        self.emit_name_access(call.location, known::CLASS, ExprContext::Load)?;
        let Some(&first) = self.unit.code.metadata.varnames.first() else {
            return self.internal_error("a function with an argument but no variable");
        };
        self.emit_name_access(call.location, first, ExprContext::Load)
    }
}
