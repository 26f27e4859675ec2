//! `assert`.

use super::CodeGenerator;
use crate::ast::{Expr, ExprKind};
use crate::diagnostics::Result;
use crate::object::Constant;
use crate::source::Location;
use crate::target::Op;

/// The argument of `LOAD_COMMON_CONSTANT` that means `AssertionError`.
const ASSERTION_ERROR: u32 = 0;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_assert`.
    #[inline(never)]
    pub(crate) fn visit_assert(
        &mut self,
        location: Location,
        test: &'a Expr<'a>,
        msg: Option<&'a Expr<'a>>,
    ) -> Result<()> {
        let is_filled_tuple = match test.kind {
            ExprKind::Tuple { elts, .. } => !elts.is_empty(),
            ExprKind::Constant { value: Constant::Tuple(items), .. } => !items.is_empty(),
            _ => false,
        };
        if is_filled_tuple {
            self.warn(location, "assertion is always true, perhaps remove parentheses?");
        }
        if self.cx.optimize > 0 {
            return Ok(());
        }
        let end = self.new_label();
        self.jump_if(location, test, end, true)?;
        if self.target.has(Op::LoadAssertionError) {
            self.emit(Op::LoadAssertionError, location);
        } else {
            self.emit_arg(Op::LoadCommonConstant, ASSERTION_ERROR, location);
        }
        if let Some(msg) = msg {
            self.visit_expr(msg)?;
            self.emit_arg(Op::Call, 0, location);
        }
        if self.cx.target.features.failed_assertions_have_their_place {
            self.set_cursor(test.location);
            self.emit_arg(Op::RaiseVarargs, 1, test.location);
        } else {
            self.emit_arg(Op::RaiseVarargs, 1, location);
        }
        self.use_label(end);
        Ok(())
    }
}
