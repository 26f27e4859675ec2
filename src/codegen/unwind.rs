//! Leaving frame blocks early, and the short sequences that ends of blocks share.

use super::{CodeGenerator, FrameBlock, FrameBlockKind};
use crate::ast::ExprContext;
use crate::diagnostics::Result;
use crate::ir::LabelId;
use crate::source::Location;
use crate::target::Op;

/// Where a `RESUME` stands, as its argument says.
mod resume {
    pub const AFTER_YIELD_FROM: u32 = 2;
    pub const AFTER_AWAIT: u32 = 3;
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Undoes what a frame block has set up. Mirrors CPython 3.14: `codegen_unwind_fblock`.
    ///
    /// With `preserve_tos` the value on top of the stack stays there. The location becomes that of the jump to follow: none where
    /// other statements ran in between.
    pub(crate) fn unwind_frame_block(
        &mut self,
        location: &mut Location,
        info: &FrameBlock<'a>,
        preserve_tos: bool,
    ) -> Result<()> {
        match info.kind {
            FrameBlockKind::WhileLoop
            | FrameBlockKind::ExceptionHandler
            | FrameBlockKind::ExceptionGroupHandler
            | FrameBlockKind::AsyncComprehensionGenerator
            | FrameBlockKind::StopIteration => {}
            FrameBlockKind::ForLoop if self.target.features.iterator_pairs => {
                if preserve_tos {
                    self.emit_swap(3, *location);
                }
                self.emit(Op::PopTop, *location);
                self.emit(Op::PopTop, *location);
            }
            FrameBlockKind::ForLoop | FrameBlockKind::AsyncForLoop | FrameBlockKind::PopValue => {
                self.swap_if(preserve_tos, *location);
                self.emit(Op::PopTop, *location);
            }
            FrameBlockKind::TryExcept => self.emit(Op::PopBlock, *location),
            FrameBlockKind::FinallyTry(body) => {
                self.emit(Op::PopBlock, *location);
                if preserve_tos {
                    self.push_frame_block(*location, FrameBlockKind::PopValue, LabelId::NONE, LabelId::NONE)?;
                }
                self.visit_stmts(body.0)?;
                if preserve_tos {
                    self.pop_frame_block();
                }
                *location = Location::NONE;
                self.unset_cursor();
            }
            FrameBlockKind::FinallyEnd => {
                self.swap_if(preserve_tos, *location);
                self.emit(Op::PopTop, *location);
                self.swap_if(preserve_tos, *location);
                self.emit(Op::PopBlock, *location);
                self.emit(Op::PopExcept, *location);
            }
            FrameBlockKind::With | FrameBlockKind::AsyncWith => {
                let at = info.location;
                self.set_cursor(at);
                self.emit(Op::PopBlock, at);
                if preserve_tos {
                    if self.target.has(Op::LoadSpecial) {
                        self.emit_swap(3, at);
                    }
                    self.emit_swap(2, at);
                }
                self.emit_call_exit_with_nones(at);
                if info.kind == FrameBlockKind::AsyncWith {
                    self.emit_await_of(2, at);
                }
                self.emit(Op::PopTop, at);
                *location = Location::NONE;
                self.unset_cursor();
            }
            FrameBlockKind::HandlerCleanup(name) => {
                if name.is_some() {
                    self.emit(Op::PopBlock, *location);
                }
                self.swap_if(preserve_tos, *location);
                self.emit(Op::PopBlock, *location);
                self.emit(Op::PopExcept, *location);
                if let Some(name) = name {
                    self.emit_none(*location);
                    self.emit_name_access(*location, name, ExprContext::Store)?;
                    self.emit_name_access(*location, name, ExprContext::Del)?;
                }
            }
        }
        Ok(())
    }

    /// Unwinds all frame blocks, or with `to_loop` those within the innermost loop, which is returned.
    ///
    /// While a block is unwound it is not on the list, as what its `finally` does is outside of it; in the end the list is as
    /// before. Mirrors CPython 3.14: `codegen_unwind_fblock_stack`.
    pub(crate) fn unwind_frame_blocks(
        &mut self,
        location: &mut Location,
        preserve_tos: bool,
        to_loop: bool,
    ) -> Result<Option<FrameBlock<'a>>> {
        let Some(&top) = self.unit.frame_blocks.last() else { return Ok(None) };
        if top.kind == FrameBlockKind::ExceptionGroupHandler {
            return self.error(*location, "'break', 'continue' and 'return' cannot appear in an except* block");
        }
        let is_loop =
            matches!(top.kind, FrameBlockKind::WhileLoop | FrameBlockKind::ForLoop | FrameBlockKind::AsyncForLoop);
        if to_loop && is_loop {
            return Ok(Some(top));
        }
        self.pop_frame_block();
        self.unwind_frame_block(location, &top, preserve_tos)?;
        let found = self.unwind_frame_blocks(location, preserve_tos, to_loop)?;
        self.push_frame_block(top.location, top.kind, top.block, top.exit)?;
        Ok(found)
    }

    fn swap_if(&mut self, preserve_tos: bool, location: Location) {
        if preserve_tos {
            self.emit_swap(2, location);
        }
    }

    /// Calls a context manager's exit method as after a body without exception.
    ///
    /// Mirrors CPython 3.14: `codegen_call_exit_with_nones`.
    pub(crate) fn emit_call_exit_with_nones(&mut self, location: Location) {
        for _ in 0..3 {
            self.emit_none(location);
        }
        // The exit method is bound, so that the first argument stands where a NULL would, or it is below its `self`.
        let count = if self.target.has(Op::LoadSpecial) { 3 } else { 2 };
        self.emit_arg(Op::Call, count, location);
    }

    /// Awaits the value on top of the stack; `kind` says for the error message where it comes from (`GET_AWAITABLE`).
    pub(crate) fn emit_await_of(&mut self, kind: u32, location: Location) {
        self.emit_arg(Op::GetAwaitable, kind, location);
        self.emit_null_index(location);
        self.emit_none(location);
        self.emit_yield_from(location, true);
    }

    /// The second entry of an iterator that is sent to, where iterators have one.
    pub(crate) fn emit_null_index(&mut self, location: Location) {
        if self.target.features.iterator_pairs {
            self.emit(Op::PushNull, location);
        }
    }

    /// Sends to the iterator below the top of the stack and yields what it gives, until it ends.
    ///
    /// A `StopIteration` that is thrown in or comes of `close()` is caught by a handler around the `YIELD_VALUE`.
    /// Mirrors CPython 3.14: `codegen_add_yield_from`.
    pub(crate) fn emit_yield_from(&mut self, location: Location, is_await: bool) {
        if !self.target.features.throws_are_caught_by_code {
            self.emit_plain_yield_from(location, is_await);
            return;
        }
        let send = self.new_label();
        let fail = self.new_label();
        let exit = self.new_label();
        self.use_label(send);
        self.emit_jump(Op::Send, exit, location);
        self.emit_jump(Op::SetupFinally, fail, location);
        self.emit_arg(Op::YieldValue, 1, location);
        self.emit(Op::PopBlock, Location::NONE);
        let after = if is_await { resume::AFTER_AWAIT } else { resume::AFTER_YIELD_FROM };
        self.emit_arg(Op::Resume, after, location);
        self.emit_jump(Op::JumpNoInterrupt, send, location);
        self.use_label(fail);
        self.emit(Op::CleanupThrow, location);
        self.use_label(exit);
        self.emit(Op::EndSend, location);
    }

    /// The same without such a handler. Mirrors CPython 3.11: `compiler_add_yield_from`.
    fn emit_plain_yield_from(&mut self, location: Location, is_await: bool) {
        let start = self.new_label();
        let resume = self.new_label();
        let exit = self.new_label();
        self.use_label(start);
        self.emit_jump(Op::Send, exit, location);
        self.use_label(resume);
        self.emit(Op::YieldValue, location);
        let after = if is_await { resume::AFTER_AWAIT } else { resume::AFTER_YIELD_FROM };
        self.emit_arg(Op::Resume, after, location);
        self.emit_jump(Op::JumpNoInterrupt, start, location);
        self.use_label(exit);
    }

    /// The end of a handler's own handler: restores the exception state and raises again with the saved position.
    ///
    /// Mirrors CPython 3.14: `codegen_pop_except_and_reraise`.
    pub(crate) fn emit_pop_except_and_reraise(&mut self, location: Location) {
        self.emit_copy(3, location);
        self.emit(Op::PopExcept, location);
        self.emit_arg(Op::Reraise, 1, location);
    }
}
