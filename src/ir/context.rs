//! What all stages of one compilation share.

use super::Room;
use crate::diagnostics::Warning;
use crate::object::{ConstCache, PyStr};
use crate::source::Interner;
use crate::target::Target;
use bumpalo::Bump;

/// One file, one target, one optimisation level.
pub struct CompileContext<'c, 'a> {
    pub arena: &'a Bump,
    pub target: &'static Target,
    /// 0, 1 or 2, as `-O` counts.
    pub optimize: u8,
    /// `co_filename`.
    pub filename: &'a PyStr,
    pub names: &'c mut Interner<'a>,
    pub consts: &'c mut ConstCache<'a>,
    pub warnings: &'c mut Vec<Warning>,
    /// Where the assembler writes.
    pub room: &'c mut Room<'a>,
}
