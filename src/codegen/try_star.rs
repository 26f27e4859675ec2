//! `try` with `except*`.
//!
//! During the handlers the stack holds the original group, a list of the exceptions that handlers raised, and what of the group is
//! not handled yet.

use super::{CodeGenerator, FrameBlockKind};
use crate::ast::{ExceptHandler, ExprContext, Try};
use crate::diagnostics::Result;
use crate::ir::LabelId;
use crate::source::Location;
use crate::target::Op;

/// The argument of `CALL_INTRINSIC_2` that makes the group to raise of a list.
const INTRINSIC_PREP_RERAISE_STAR: u32 = 1;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_try_star_except`.
    pub(crate) fn visit_try_star(&mut self, location: Location, try_: &'a Try<'a>) -> Result<()> {
        let body = self.new_label();
        let except = self.new_label();
        let orelse = self.new_label();
        let end = self.new_label();
        let cleanup = self.new_label();
        let reraise_star = self.new_label();

        self.emit_jump(Op::SetupFinally, except, location);
        self.use_label(body);
        self.push_frame_block(location, FrameBlockKind::TryExcept, body, LabelId::NONE)?;
        self.visit_stmts(try_.body)?;
        self.pop_frame_block();
        self.emit(Op::PopBlock, Location::NONE);
        self.emit_inner_jump(orelse, Location::NONE);

        self.use_label(except);
        self.unset_cursor();
        self.emit_jump(Op::SetupCleanup, cleanup, Location::NONE);
        self.emit(Op::PushExcInfo, Location::NONE);
        self.push_frame_block(location, FrameBlockKind::ExceptionGroupHandler, LabelId::NONE, LabelId::NONE)?;
        if let Some(first) = try_.handlers.first() {
            self.set_cursor(first.location);
            self.emit_group_and_list(first.location);
        }
        for handler in try_.handlers {
            self.visit_star_handler(handler)?;
        }
        // What no handler took is raised too.
        self.emit_arg(Op::ListAppend, 1, Location::NONE);
        self.emit_inner_jump(reraise_star, Location::NONE);
        self.pop_frame_block();
        self.use_label(reraise_star);
        self.emit_star_reraise(end);

        self.use_label(cleanup);
        self.emit_pop_except_and_reraise(Location::NONE);
        self.use_label(orelse);
        self.visit_stmts(try_.orelse)?;
        self.use_label(end);
        Ok(())
    }

    /// Puts a list of what handlers raise above the group, and the group above that again.
    fn emit_group_and_list(&mut self, location: Location) {
        if self.target.features.throws_are_caught_by_code {
            self.emit_arg(Op::BuildList, 0, location);
            self.emit_copy(2, location);
        } else {
            self.emit_copy(1, location);
            self.emit_arg(Op::BuildList, 0, location);
            self.emit_swap(2, location);
        }
    }

    fn visit_star_handler(&mut self, handler: &'a ExceptHandler<'a>) -> Result<()> {
        let location = handler.location;
        self.set_cursor(location);
        let except = self.new_label();
        let except_with_error = self.new_label();
        let no_match = self.new_label();
        let cleanup_end = self.new_label();
        let cleanup_body = self.new_label();
        if let Some(type_) = handler.type_ {
            self.visit_expr(type_)?;
            self.emit(Op::CheckEgMatch, location);
            self.emit_copy(1, location);
            self.emit_jump(Op::PopJumpIfNone, no_match, location);
        }
        match handler.name {
            Some(name) => self.emit_name_access(location, name, ExprContext::Store)?,
            None => self.emit(Op::PopTop, location),
        }
        self.emit_jump(Op::SetupCleanup, cleanup_end, location);
        self.use_label(cleanup_body);
        self.push_frame_block(location, FrameBlockKind::HandlerCleanup(handler.name), cleanup_body, LabelId::NONE)?;
        self.visit_stmts(handler.body)?;
        self.pop_frame_block();
        self.unset_cursor();
        self.emit(Op::PopBlock, Location::NONE);
        if let Some(name) = handler.name {
            self.emit_handler_name_reset(name)?;
        }
        self.emit_inner_jump(except, Location::NONE);

        self.use_label(cleanup_end);
        if let Some(name) = handler.name {
            self.emit_handler_name_reset(name)?;
        }
        // The exception that the handler raised goes to the list; the position below it is of no use.
        self.emit_arg(Op::ListAppend, 3, Location::NONE);
        self.emit(Op::PopTop, Location::NONE);
        self.emit_inner_jump(except_with_error, Location::NONE);

        self.use_label(except);
        // Holds the location that the body's end passes on.
        self.emit(Op::Nop, Location::NONE);
        self.emit_inner_jump(except_with_error, Location::NONE);

        self.use_label(no_match);
        self.emit(Op::PopTop, location);
        self.use_label(except_with_error);
        Ok(())
    }

    /// Raises what is left after all handlers, if anything is.
    fn emit_star_reraise(&mut self, end: LabelId) {
        let none = Location::NONE;
        let reraise = self.new_label();
        if self.target.has(Op::PrepReraiseStar) {
            self.emit(Op::PrepReraiseStar, none);
        } else {
            self.emit_arg(Op::CallIntrinsic2, INTRINSIC_PREP_RERAISE_STAR, none);
        }
        self.emit_copy(1, none);
        self.emit_jump(Op::PopJumpIfNotNone, reraise, none);
        self.emit(Op::PopTop, none);
        self.emit(Op::PopBlock, none);
        self.emit(Op::PopExcept, none);
        self.emit_inner_jump(end, none);
        self.use_label(reraise);
        self.emit(Op::PopBlock, none);
        self.emit_swap(2, none);
        self.emit(Op::PopExcept, none);
        self.emit_arg(Op::Reraise, 0, none);
    }
}
