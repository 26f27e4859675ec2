//! `with` and `async with`.

use super::{CodeGenerator, FrameBlockKind};
use crate::ast::{Stmts, WithItem};
use crate::diagnostics::Result;
use crate::ir::LabelId;
use crate::source::Location;
use crate::target::Op;

/// Arguments of `LOAD_SPECIAL`.
mod special {
    pub const ENTER: u32 = 0;
    pub const EXIT: u32 = 1;
    pub const AENTER: u32 = 2;
    pub const AEXIT: u32 = 3;
}

/// Arguments of `GET_AWAITABLE`: what is awaited.
mod awaitable {
    pub const AENTER: u32 = 1;
    pub const AEXIT: u32 = 2;
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Several items are as many nested statements. Mirrors CPython 3.14: `codegen_with_inner`.
    #[inline(never)]
    pub(crate) fn visit_with(&mut self, items: &'a [WithItem<'a>], body: Stmts<'a>) -> Result<()> {
        let Some((item, inner)) = items.split_first() else { return self.visit_stmts(body) };
        let block = self.new_label();
        let final_ = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();

        let location = self.with_location(item);
        self.visit_expr(item.context_expr)?;
        if self.target.has(Op::LoadSpecial) {
            self.emit_enter(special::ENTER, special::EXIT, location);
        } else {
            self.emit(Op::BeforeWith, location);
        }
        self.emit_jump(Op::SetupWith, final_, location);

        self.use_label(block);
        self.push_frame_block(location, FrameBlockKind::With, block, final_)?;
        self.bind_entered(item, location)?;
        self.visit_with(inner, body)?;
        self.emit(Op::PopBlock, Location::NONE);
        self.pop_frame_block();

        self.set_cursor(location);
        self.emit_call_exit_with_nones(location);
        self.emit(Op::PopTop, location);
        self.emit_jump(Op::Jump, exit, location);

        self.use_label(final_);
        self.emit_jump(Op::SetupCleanup, cleanup, location);
        self.emit(Op::PushExcInfo, location);
        self.emit(Op::WithExceptStart, location);
        self.emit_with_except_finish(cleanup);
        self.use_label(exit);
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_async_with_inner`.
    #[inline(never)]
    pub(crate) fn visit_async_with(&mut self, items: &'a [WithItem<'a>], body: Stmts<'a>) -> Result<()> {
        let Some((item, inner)) = items.split_first() else { return self.visit_stmts(body) };
        let block = self.new_label();
        let final_ = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();

        let location = self.with_location(item);
        self.visit_expr(item.context_expr)?;
        if self.target.has(Op::LoadSpecial) {
            self.emit_enter(special::AENTER, special::AEXIT, location);
        } else {
            self.emit(Op::BeforeAsyncWith, location);
        }
        self.emit_await_of(awaitable::AENTER, location);
        self.emit_jump(Op::SetupWith, final_, location);

        self.use_label(block);
        self.push_frame_block(location, FrameBlockKind::AsyncWith, block, final_)?;
        self.bind_entered(item, location)?;
        self.visit_async_with(inner, body)?;
        self.pop_frame_block();
        self.emit(Op::PopBlock, location);

        self.set_cursor(location);
        self.emit_call_exit_with_nones(location);
        self.emit_await_of(awaitable::AEXIT, location);
        self.emit(Op::PopTop, location);
        self.emit_jump(Op::Jump, exit, location);

        self.use_label(final_);
        self.emit_jump(Op::SetupCleanup, cleanup, location);
        self.emit(Op::PushExcInfo, location);
        self.emit(Op::WithExceptStart, location);
        self.emit_await_of(awaitable::AEXIT, location);
        self.emit_with_except_finish(cleanup);
        self.use_label(exit);
        Ok(())
    }

    /// Where the instructions for an item belong: to its expression, or to the statement where instructions are not placed.
    fn with_location(&self, item: &WithItem<'a>) -> Location {
        let placed = self.target.features.instructions_are_placed;
        if placed { item.context_expr.location } else { self.unit.cursor }
    }

    /// Puts the exit method below and calls the enter method.
    fn emit_enter(&mut self, enter: u32, exit: u32, location: Location) {
        self.emit_copy(1, location);
        self.emit_arg(Op::LoadSpecial, exit, location);
        self.emit_swap(2, location);
        self.emit_swap(3, location);
        self.emit_arg(Op::LoadSpecial, enter, location);
        self.emit_arg(Op::Call, 0, location);
    }

    fn bind_entered(&mut self, item: &'a WithItem<'a>, location: Location) -> Result<()> {
        match item.optional_vars {
            Some(target) => self.visit_expr(target),
            None => {
                self.emit(Op::PopTop, location);
                Ok(())
            }
        }
    }

    /// Swallows the exception if the exit method says so. Mirrors CPython 3.14: `codegen_with_except_finish`.
    fn emit_with_except_finish(&mut self, cleanup: LabelId) {
        let none = Location::NONE;
        self.unset_cursor();
        let suppress = self.new_label();
        self.emit_truth_jump(suppress, true, none);
        self.emit_arg(Op::Reraise, 2, none);
        let cleanup_first = !self.target.features.instructions_are_placed;
        if cleanup_first {
            self.use_label(cleanup);
            self.emit_pop_except_and_reraise(none);
        }
        self.use_label(suppress);
        self.emit(Op::PopTop, none);
        self.emit(Op::PopBlock, none);
        self.emit(Op::PopExcept, none);
        self.emit(Op::PopTop, none);
        self.emit(Op::PopTop, none);
        if self.target.has(Op::LoadSpecial) {
            // The exit method is not bound, so that its `self` is there too.
            self.emit(Op::PopTop, none);
        }
        if cleanup_first {
            return;
        }
        let exit = self.new_label();
        self.emit_inner_jump(exit, none);
        self.use_label(cleanup);
        self.emit_pop_except_and_reraise(none);
        self.use_label(exit);
    }
}
