//! `for`, `async for` and `while`.

use super::{CodeGenerator, FrameBlockKind};
use crate::ast::{Expr, Stmts};
use crate::diagnostics::Result;
use crate::ir::LabelId;
use crate::source::Location;
use crate::target::{Op, OpInfo};

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_for`.
    #[inline(never)]
    pub(crate) fn visit_for(
        &mut self,
        location: Location,
        target: &'a Expr<'a>,
        iter: &'a Expr<'a>,
        body: Stmts<'a>,
        orelse: Stmts<'a>,
    ) -> Result<()> {
        let start = self.new_label();
        let inner = self.new_label();
        let cleanup = self.new_label();
        let end = self.new_label();
        self.push_frame_block(location, FrameBlockKind::ForLoop, start, end)?;
        self.visit_expr(iter)?;
        self.emit(Op::GetIter, iter.location);
        self.use_label(start);
        self.emit_jump(Op::ForIter, cleanup, iter.location);
        if self.target.features.instructions_are_placed {
            // A line event for the target, if it has a line of its own.
            self.emit(Op::Nop, target.location);
        } else {
            self.use_label(inner);
        }
        self.visit_expr(target)?;
        self.visit_stmts(body)?;
        self.unset_cursor();
        self.emit_jump(Op::Jump, start, Location::NONE);
        self.use_label(cleanup);
        self.emit_for_end(Location::NONE);
        self.pop_frame_block();
        self.visit_stmts(orelse)?;
        self.use_label(end);
        Ok(())
    }

    /// The end of a `for`, where the exhausted iterator is dropped.
    ///
    /// `END_FOR` comes first, as generators jump to it while other iterators jump behind it.
    pub(crate) fn emit_for_end(&mut self, location: Location) {
        if !self.target.has(Op::EndFor) {
            return;
        }
        self.emit(Op::EndFor, location);
        if !self.target.features.end_for_leaves_iterator {
            return;
        }
        let pop = if self.target.has(Op::PopIter) { Op::PopIter } else { Op::PopTop };
        self.emit(pop, location);
    }

    /// The end of an `async for`, which the iterator's exception comes to; where the release wants it, with the place of the `SEND`.
    pub(crate) fn emit_async_for_end(&mut self, send: LabelId, location: Location) {
        if self.async_loops_end_with_send() {
            self.emit_jump(Op::EndAsyncFor, send, location);
        } else {
            self.emit(Op::EndAsyncFor, location);
        }
    }

    /// Whether the end of an `async for` says where its `SEND` is.
    pub(crate) fn async_loops_end_with_send(&self) -> bool {
        self.target.op(Op::EndAsyncFor).has(OpInfo::JUMP)
    }

    /// Mirrors CPython 3.14: `codegen_async_for`.
    #[inline(never)]
    pub(crate) fn visit_async_for(
        &mut self,
        location: Location,
        target: &'a Expr<'a>,
        iter: &'a Expr<'a>,
        body: Stmts<'a>,
        orelse: Stmts<'a>,
    ) -> Result<()> {
        let start = self.new_label();
        let send = self.new_label();
        let except = self.new_label();
        let end = self.new_label();
        self.visit_expr(iter)?;
        self.emit(Op::GetAiter, iter.location);
        self.use_label(start);
        self.push_frame_block(location, FrameBlockKind::AsyncForLoop, start, end)?;
        // The end of the iterator is an exception of its `__anext__`.
        self.emit_jump(Op::SetupFinally, except, location);
        self.emit(Op::GetAnext, location);
        self.emit_null_index(location);
        self.emit_none(location);
        if self.async_loops_end_with_send() {
            self.use_label(send);
        }
        self.emit_yield_from(location, true);
        self.emit(Op::PopBlock, location);
        if self.target.has(Op::NotTaken) {
            self.emit(Op::NotTaken, location);
        }
        self.visit_expr(target)?;
        self.visit_stmts(body)?;
        self.unset_cursor();
        self.emit_jump(Op::Jump, start, Location::NONE);
        self.pop_frame_block();
        self.use_label(except);
        self.set_cursor(iter.location);
        self.emit_async_for_end(send, iter.location);
        self.visit_stmts(orelse)?;
        self.use_label(end);
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_while`.
    #[inline(never)]
    pub(crate) fn visit_while(
        &mut self,
        location: Location,
        test: &'a Expr<'a>,
        body: Stmts<'a>,
        orelse: Stmts<'a>,
    ) -> Result<()> {
        let start = self.new_label();
        let again = self.new_label();
        let (first, second) = (self.new_label(), self.new_label());
        let placed = self.target.features.instructions_are_placed;
        let (end, anchor) = if placed { (first, second) } else { (second, first) };
        self.use_label(start);
        self.push_frame_block(location, FrameBlockKind::WhileLoop, start, end)?;
        self.jump_if(location, test, anchor, false)?;
        if self.target.features.loops_test_once {
            self.visit_stmts(body)?;
            self.emit_jump(Op::Jump, start, Location::NONE);
        } else {
            self.use_label(again);
            self.visit_stmts(body)?;
            self.set_cursor(location);
            self.jump_if(location, test, again, true)?;
        }
        self.pop_frame_block();
        self.use_label(anchor);
        self.visit_stmts(orelse)?;
        self.use_label(end);
        Ok(())
    }
}
