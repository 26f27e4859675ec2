//! `try` with `finally`.

use super::frame_block::FinalBody;
use super::{CodeGenerator, FrameBlockKind};
use crate::ast::Try;
use crate::diagnostics::Result;
use crate::ir::LabelId;
use crate::source::Location;
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_try`, `codegen_try_star`.
    #[inline(never)]
    pub(crate) fn visit_try(&mut self, location: Location, try_: &'a Try<'a>) -> Result<()> {
        if try_.finalbody.is_empty() {
            self.visit_handlers(location, try_)
        } else {
            self.visit_try_finally(location, try_)
        }
    }

    fn visit_handlers(&mut self, location: Location, try_: &'a Try<'a>) -> Result<()> {
        if try_.is_star { self.visit_try_star(location, try_) } else { self.visit_try_except(location, try_) }
    }

    /// The statements of `finally` are compiled for the way out without exception, for the way out with one, and wherever
    /// a statement leaves the block early.
    ///
    /// Mirrors CPython 3.14: `codegen_try_finally`, `codegen_try_star_finally`.
    fn visit_try_finally(&mut self, location: Location, try_: &'a Try<'a>) -> Result<()> {
        let body = self.new_label();
        let end = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();

        self.emit_jump(Op::SetupFinally, end, location);
        self.use_label(body);
        self.push_frame_block(location, FrameBlockKind::FinallyTry(FinalBody(try_.finalbody)), body, end)?;
        if try_.handlers.is_empty() {
            self.visit_stmts(try_.body)?;
        } else {
            self.visit_handlers(location, try_)?;
        }
        self.emit(Op::PopBlock, Location::NONE);
        self.pop_frame_block();
        self.visit_stmts(try_.finalbody)?;
        self.emit_inner_jump(exit, Location::NONE);

        self.use_label(end);
        self.unset_cursor();
        self.emit_jump(Op::SetupCleanup, cleanup, Location::NONE);
        self.emit(Op::PushExcInfo, Location::NONE);
        self.push_frame_block(Location::NONE, FrameBlockKind::FinallyEnd, end, LabelId::NONE)?;
        self.visit_stmts(try_.finalbody)?;
        self.pop_frame_block();
        let location = self.left_behind();
        self.emit_arg(Op::Reraise, 0, location);

        self.use_label(cleanup);
        self.emit_pop_except_and_reraise(location);
        self.use_label(exit);
        Ok(())
    }
}
