//! `return`, `break` and `continue`: what leaves frame blocks early.

use super::CodeGenerator;
use crate::ast::{Expr, ExprKind};
use crate::diagnostics::Result;
use crate::source::Location;
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_return`.
    #[inline(never)]
    pub(crate) fn visit_return(&mut self, statement: Location, value: Option<&'a Expr<'a>>) -> Result<()> {
        let mut location = statement;
        let scope = self.scope();
        if !scope.is_function_like() {
            return self.error(location, "'return' outside function");
        }
        if value.is_some() && scope.is_coroutine && scope.is_generator {
            return self.error(location, "'return' with value in async generator");
        }
        let constant = match value {
            Some(Expr { kind: ExprKind::Constant { value, .. }, .. }) => Some(value),
            _ => None,
        };
        // A value that is computed waits on the stack while the blocks are unwound.
        let preserve_tos = value.is_some() && constant.is_none();
        if let Some(value) = value {
            if preserve_tos {
                self.visit_expr(value)?;
            } else {
                location = value.location;
                self.set_cursor(location);
                self.emit(Op::Nop, location);
            }
        }
        if value.is_none_or(|value| value.location.line != statement.line) {
            location = statement;
            self.set_cursor(location);
            self.emit(Op::Nop, location);
        }
        self.unwind_frame_blocks(&mut location, preserve_tos, false)?;
        match (value, constant) {
            (None, _) => self.emit_none(location),
            (Some(_), Some(constant)) => self.emit_constant(constant, &location),
            (Some(_), None) => {}
        }
        self.emit(Op::ReturnValue, location);
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_break`.
    #[inline(never)]
    pub(crate) fn visit_break(&mut self, statement: Location) -> Result<()> {
        let mut location = statement;
        self.emit(Op::Nop, location);
        let Some(found) = self.unwind_frame_blocks(&mut location, false, true)? else {
            return self.error(statement, "'break' outside loop");
        };
        self.unwind_frame_block(&mut location, &found, false)?;
        self.emit_jump(Op::Jump, found.exit, location);
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_continue`.
    #[inline(never)]
    pub(crate) fn visit_continue(&mut self, statement: Location) -> Result<()> {
        let mut location = statement;
        self.emit(Op::Nop, location);
        let Some(found) = self.unwind_frame_blocks(&mut location, false, true)? else {
            return self.error(statement, "'continue' not properly in loop");
        };
        self.emit_jump(Op::Jump, found.block, location);
        Ok(())
    }
}
