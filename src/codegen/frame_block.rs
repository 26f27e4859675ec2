//! Frame blocks: the loops, handlers and `with` blocks around the current statement, which leaving it early must unwind.

use super::CodeGenerator;
use crate::ast::Stmts;
use crate::diagnostics::Result;
use crate::ir::LabelId;
use crate::source::{Location, NameId};

/// The most frame blocks that may be nested (CPython's `CO_MAXBLOCKS`).
const MAX_BLOCKS: usize = 21;

/// CPython's `_PyCompile_FBlockType`, with what each needs for unwinding (its `fb_datum`).
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum FrameBlockKind<'a> {
    WhileLoop,
    ForLoop,
    AsyncForLoop,
    TryExcept,
    FinallyTry(FinalBody<'a>),
    FinallyEnd,
    With,
    AsyncWith,
    /// The name that `except ... as name` binds.
    HandlerCleanup(Option<NameId>),
    PopValue,
    ExceptionHandler,
    ExceptionGroupHandler,
    AsyncComprehensionGenerator,
    StopIteration,
}

/// The statements of a `finally`; two are the same if they are at one place of the tree.
#[derive(Clone, Copy, Debug)]
pub struct FinalBody<'a>(pub Stmts<'a>);

impl PartialEq for FinalBody<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

/// CPython's `_PyCompile_FBlockInfo`.
#[derive(Clone, Copy, Debug)]
pub struct FrameBlock<'a> {
    pub kind: FrameBlockKind<'a>,
    pub block: LabelId,
    pub location: Location,
    pub exit: LabelId,
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Enters a frame block. Mirrors CPython 3.14: `_PyCompile_PushFBlock`.
    pub(crate) fn push_frame_block(
        &mut self,
        location: Location,
        kind: FrameBlockKind<'a>,
        block: LabelId,
        exit: LabelId,
    ) -> Result<()> {
        if self.unit.frame_blocks.len() >= MAX_BLOCKS {
            return self.error(location, "too many statically nested blocks");
        }
        self.unit.frame_blocks.push(FrameBlock { kind, block, location, exit });
        if kind == FrameBlockKind::FinallyEnd {
            self.disable_warning += 1;
        }
        Ok(())
    }

    /// Leaves the innermost frame block. Mirrors CPython 3.14: `_PyCompile_PopFBlock`.
    pub(crate) fn pop_frame_block(&mut self) {
        if let Some(FrameBlock { kind: FrameBlockKind::FinallyEnd, .. }) = self.unit.frame_blocks.pop() {
            self.disable_warning -= 1;
        }
    }
}
