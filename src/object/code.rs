//! A code object, as `co_*` shows it.

use super::{ConstId, PyStr};
use crate::source::{NameId, known};
use bumpalo::Bump;

/// Flags of `co_flags`.
pub mod flags {
    pub const OPTIMIZED: u32 = 0x1;
    pub const NEWLOCALS: u32 = 0x2;
    pub const VARARGS: u32 = 0x4;
    pub const VARKEYWORDS: u32 = 0x8;
    pub const NESTED: u32 = 0x10;
    pub const GENERATOR: u32 = 0x20;
    pub const COROUTINE: u32 = 0x80;
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    pub const ASYNC_GENERATOR: u32 = 0x200;
    pub const FUTURE_DIVISION: u32 = 0x20000;
    pub const FUTURE_ABSOLUTE_IMPORT: u32 = 0x40000;
    pub const FUTURE_WITH_STATEMENT: u32 = 0x80000;
    pub const FUTURE_PRINT_FUNCTION: u32 = 0x100000;
    pub const FUTURE_UNICODE_LITERALS: u32 = 0x200000;
    pub const FUTURE_BARRY_AS_BDFL: u32 = 0x400000;
    pub const FUTURE_GENERATOR_STOP: u32 = 0x800000;
    pub const FUTURE_ANNOTATIONS: u32 = 0x1000000;
    pub const HAS_DOCSTRING: u32 = 0x4000000;
    pub const METHOD: u32 = 0x8000000;
}

/// Kinds of `co_localspluskinds`.
pub mod local_kind {
    pub const ARG_POSITIONAL: u8 = 0x02;
    pub const ARG_KEYWORD: u8 = 0x04;
    pub const ARG_VARARGS: u8 = 0x08;
    pub const HIDDEN: u8 = 0x10;
    pub const LOCAL: u8 = 0x20;
    pub const CELL: u8 = 0x40;
    pub const FREE: u8 = 0x80;
}

/// A code object. Every slice lives in the file's arena; constants are entries of the compilation's [`super::ConstCache`].
#[derive(Clone, Copy, Debug)]
pub struct CodeObject<'a> {
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    pub stacksize: u32,
    pub flags: u32,
    /// The bytecode, inline caches included.
    pub code: &'a [u8],
    pub consts: &'a [ConstId],
    pub names: &'a [NameId],
    pub localsplusnames: &'a [NameId],
    pub localspluskinds: &'a [u8],
    pub filename: &'a PyStr,
    pub name: NameId,
    pub qualname: NameId,
    pub firstlineno: i32,
    pub linetable: &'a [u8],
    pub exceptiontable: &'a [u8],
    /// The tuple of `localsplusnames` was made for this code object and is merged with no other, which marshal shows.
    pub has_own_locals_tuple: bool,
}

impl<'a> CodeObject<'a> {
    /// The code object of an annotation scope with its parameter `.format` renamed to `format`.
    ///
    /// Mirrors CPython 3.14: `codegen_leave_annotations_scope`, which puts a new tuple in place of the merged one.
    pub fn with_format_parameter(&self, arena: &'a Bump) -> &'a CodeObject<'a> {
        let names = arena.alloc_slice_copy(self.localsplusnames);
        if let Some(first) = names.first_mut() {
            *first = known::FORMAT;
        }
        arena.alloc(CodeObject { localsplusnames: names, has_own_locals_tuple: true, ..*self })
    }

    /// Whether two code objects compare equal in Python, which lets them share an entry of `co_consts`.
    ///
    /// Mirrors CPython 3.14: `code_richcompare`, which does not look at the file name or the qualified name.
    pub fn equals(&self, other: &CodeObject<'_>) -> bool {
        self.name == other.name
            && self.argcount == other.argcount
            && self.posonlyargcount == other.posonlyargcount
            && self.kwonlyargcount == other.kwonlyargcount
            && self.flags == other.flags
            && self.firstlineno == other.firstlineno
            && self.code == other.code
            && self.consts == other.consts
            && self.names == other.names
            && self.localsplusnames == other.localsplusnames
            && self.linetable == other.linetable
            && self.exceptiontable == other.exceptiontable
    }
}
