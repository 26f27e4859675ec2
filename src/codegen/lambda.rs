//! Lambda expressions.

use super::function::parameter_counts;
use super::{CodeGenerator, ScopeType};
use crate::ast::{Arguments, Expr};
use crate::diagnostics::Result;
use crate::source::known;
use crate::symtable::{ScopeKey, ScopePart};
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_lambda`.
    pub(super) fn visit_lambda(&mut self, e: &'a Expr<'a>, args: &'a Arguments<'a>, body: &'a Expr<'a>) -> Result<()> {
        let location = e.location;
        let flags = self.visit_default_arguments(location, args)?;
        let key = ScopeKey::new(e, ScopePart::Body);
        self.enter_scope(known::LAMBDA, ScopeType::Lambda, key, location.line, None, parameter_counts(args))?;
        self.add_absent_docstring();
        self.visit_expr(body)?;
        // A lambda that yields gives back the value of its body by the return at the end, which has no location.
        let is_generator = self.scope().is_generator;
        if !is_generator {
            self.emit(Op::ReturnValue, body.location);
        }
        let code = self.exit_scope(!is_generator)?;
        self.make_closure(location, code, flags)
    }
}
