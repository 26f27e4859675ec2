//! `try` with `except`.

use super::{CodeGenerator, FrameBlockKind};
use crate::ast::{ExceptHandler, ExprContext, Try};
use crate::diagnostics::Result;
use crate::ir::LabelId;
use crate::source::{Location, NameId};
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_try_except`.
    pub(crate) fn visit_try_except(&mut self, location: Location, try_: &'a Try<'a>) -> Result<()> {
        let body = self.new_label();
        let except = self.new_label();
        let end = self.new_label();
        let cleanup = self.new_label();

        self.emit_jump(Op::SetupFinally, except, location);
        self.use_label(body);
        self.push_frame_block(location, FrameBlockKind::TryExcept, body, LabelId::NONE)?;
        self.visit_stmts(try_.body)?;
        self.pop_frame_block();
        self.emit(Op::PopBlock, Location::NONE);
        self.visit_stmts(try_.orelse)?;
        self.emit_inner_jump(end, Location::NONE);

        self.use_label(except);
        self.emit_jump(Op::SetupCleanup, cleanup, Location::NONE);
        self.emit(Op::PushExcInfo, Location::NONE);
        self.push_frame_block(location, FrameBlockKind::ExceptionHandler, LabelId::NONE, LabelId::NONE)?;
        for (i, handler) in try_.handlers.iter().enumerate() {
            if handler.type_.is_none() && i + 1 < try_.handlers.len() {
                return self.error(handler.location, "default 'except:' must be last");
            }
            let next = self.new_label();
            if let Some(type_) = handler.type_ {
                self.visit_expr(type_)?;
                self.emit(Op::CheckExcMatch, handler.location);
                self.emit_jump(Op::PopJumpIfFalse, next, handler.location);
            }
            match handler.name {
                Some(name) => self.visit_named_handler(handler, name, end)?,
                None => self.visit_unnamed_handler(handler, end)?,
            }
            self.use_label(next);
        }
        self.pop_frame_block();
        self.emit_arg(Op::Reraise, 0, Location::NONE);

        self.use_label(cleanup);
        self.emit_pop_except_and_reraise(Location::NONE);
        self.use_label(end);
        Ok(())
    }

    /// The body of `except T as name`, which is within a `finally` that deletes the name.
    fn visit_named_handler(&mut self, handler: &'a ExceptHandler<'a>, name: NameId, end: LabelId) -> Result<()> {
        let cleanup_end = self.new_label();
        let cleanup_body = self.new_label();
        let location = handler.location;
        self.emit_name_access(location, name, ExprContext::Store)?;
        self.emit_jump(Op::SetupCleanup, cleanup_end, location);
        self.use_label(cleanup_body);
        self.push_frame_block(location, FrameBlockKind::HandlerCleanup(Some(name)), cleanup_body, LabelId::NONE)?;
        self.visit_stmts(handler.body)?;
        self.pop_frame_block();
        self.emit(Op::PopBlock, Location::NONE);
        self.emit(Op::PopBlock, Location::NONE);
        self.emit(Op::PopExcept, Location::NONE);
        self.emit_handler_name_reset(name)?;
        self.emit_inner_jump(end, Location::NONE);

        self.use_label(cleanup_end);
        self.emit_handler_name_reset(name)?;
        self.emit_arg(Op::Reraise, 1, Location::NONE);
        Ok(())
    }

    fn visit_unnamed_handler(&mut self, handler: &'a ExceptHandler<'a>, end: LabelId) -> Result<()> {
        let cleanup_body = self.new_label();
        self.emit(Op::PopTop, handler.location);
        self.use_label(cleanup_body);
        self.push_frame_block(handler.location, FrameBlockKind::HandlerCleanup(None), cleanup_body, LabelId::NONE)?;
        self.visit_stmts(handler.body)?;
        self.pop_frame_block();
        self.emit(Op::PopBlock, Location::NONE);
        self.emit(Op::PopExcept, Location::NONE);
        self.emit_inner_jump(end, Location::NONE);
        Ok(())
    }

    /// Sets a handler's name to `None` before deleting it, as its body may have deleted it already.
    pub(crate) fn emit_handler_name_reset(&mut self, name: NameId) -> Result<()> {
        self.emit_none(Location::NONE);
        self.emit_name_access(Location::NONE, name, ExprContext::Store)?;
        self.emit_name_access(Location::NONE, name, ExprContext::Del)
    }
}
