//! From final instructions to a code object: bytecode, location table, exception table, names of the frame's variables.
//!
//! Mirrors CPython's Python/assemble.c. What comes in has no labels and no pseudo-instructions other than, at most, `JUMP` and
//! `JUMP_NO_INTERRUPT`; what goes out lives in the file's arena.

mod bytecode;
mod exception_table;
mod locals_plus;
mod location_table;

use bytecode::Bytecode;
pub use exception_table::{ExceptionTableEntry, read_exception_table};
pub use location_table::{LocationTableEntry, read_location_table};

use crate::diagnostics::Result;
use crate::ir::{CodeUnit, CompileContext, OptimizedCode};
use crate::object::CodeObject;
use crate::target::Target;
use bumpalo::Bump;
use std::cell::RefCell;

/// What is used again from unit to unit.
#[derive(Default)]
struct Scratch {
    bytecode: Bytecode,
    locations: Vec<u8>,
    exceptions: Vec<u8>,
}

/// Longer lists are not kept, so that one huge unit does not hold memory for ever.
const MOST_KEPT: usize = 1 << 16;

impl Scratch {
    /// `co_code`, `co_linetable` and `co_exceptiontable`.
    fn write<'a>(
        &mut self,
        code: &mut OptimizedCode,
        firstlineno: i32,
        target: &Target,
        arena: &'a Bump,
    ) -> Result<(&'a [u8], &'a [u8], &'a [u8])> {
        let Scratch { bytecode, locations, exceptions } = self;
        bytecode.write(code, target)?;
        let bytes = &*arena.alloc_slice_copy(bytecode.bytes());
        let linetable = location_table::write(&mut code.instructions, bytecode, firstlineno, target, locations);
        let linetable = &*arena.alloc_slice_copy(linetable);
        let mut exceptiontable: &[u8] = &[];
        if !code.handlers.is_empty() {
            exceptions.clear();
            exception_table::write(&code.handlers, bytecode.offsets(), exceptions);
            exceptiontable = arena.alloc_slice_copy(exceptions);
        }
        if bytecode.is_huge() {
            *self = Scratch::default();
        }
        Ok((bytes, linetable, exceptiontable))
    }
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Makes the code object of a unit.
///
/// Mirrors CPython 3.14: `_PyAssemble_MakeCodeObject` and `makecode`.
pub fn assemble<'a>(
    unit: &CodeUnit,
    mut code: OptimizedCode,
    cx: &mut CompileContext<'_, 'a>,
) -> Result<&'a CodeObject<'a>> {
    let (arena, target, metadata) = (cx.arena, cx.target, &unit.metadata);
    let firstlineno = metadata.firstlineno;
    let (bytecode, linetable, exceptiontable) =
        SCRATCH.with_borrow_mut(|scratch| scratch.write(&mut code, firstlineno, target, arena))?;
    let (localsplusnames, localspluskinds) = locals_plus::compute(metadata, unit.flags, target, arena);
    debug_assert_eq!(localsplusnames.len(), code.locals_plus_count as usize);
    let stack_depth = code.stack_depth;
    code.recycle();
    Ok(arena.alloc(CodeObject {
        argcount: metadata.posonlyargcount + metadata.argcount,
        posonlyargcount: metadata.posonlyargcount,
        kwonlyargcount: metadata.kwonlyargcount,
        // CPython 3.14: `init_code`.
        stacksize: stack_depth.max(target.features.stack_has_room as u32),
        flags: unit.flags,
        code: bytecode,
        consts: arena.alloc_slice_copy(metadata.consts.as_slice()),
        names: arena.alloc_slice_copy(metadata.names.as_slice()),
        localsplusnames,
        localspluskinds,
        filename: cx.filename,
        name: metadata.name,
        qualname: metadata.qualname,
        firstlineno,
        linetable,
        exceptiontable,
        has_own_locals_tuple: false,
    }))
}

#[cfg(test)]
mod tests;
