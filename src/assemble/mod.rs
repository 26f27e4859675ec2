//! From final instructions to a code object: bytecode, location table, exception table, names of the frame's variables.
//!
//! Mirrors CPython's Python/assemble.c. What comes in has no labels and no pseudo-instructions other than, at most, `JUMP` and
//! `JUMP_NO_INTERRUPT`; what goes out lives in the file's arena.

mod bytecode;
mod exception_table;
mod lanes;
mod locals_plus;
mod location_table;

use bytecode::Bytecode;
pub use exception_table::{ExceptionTableEntry, read_exception_table};
pub use location_table::{LocationTableEntry, read_location_table};

use crate::diagnostics::Result;
use crate::ir::{CodeUnit, CompileContext, FinalCode, OptimizedCode, Room};
use crate::object::CodeObject;
use crate::target::Target;
use std::cell::RefCell;

/// Longer lists are not kept, so that one huge unit does not hold memory for ever.
const MOST_KEPT: usize = 1 << 16;

/// `co_code`, `co_linetable` and `co_exceptiontable`.
struct Written<'a> {
    code: &'a [u8],
    linetable: &'a [u8],
    exceptiontable: &'a [u8],
}

/// What is used again from unit to unit.
struct Scratch {
    bytecode: Bytecode,
    locations: location_table::Scratch,
}

impl Scratch {
    const fn new() -> Scratch {
        Scratch { bytecode: Bytecode::new(), locations: location_table::Scratch::new() }
    }

    fn write<'a>(
        &mut self,
        code: &mut FinalCode,
        firstlineno: i32,
        target: &Target,
        room: &mut Room<'a>,
    ) -> Result<Written<'a>> {
        let Scratch { bytecode, locations } = self;
        locations.runs.find(&code.instructions, target);
        let bytes = bytecode.write(code, locations.runs.args, target, room)?;
        let (instructions, offsets) = (&mut code.instructions, bytecode.offsets());
        let linetable = location_table::write(instructions, offsets, firstlineno, target, locations, room);
        let mut exceptiontable: &[u8] = &[];
        if !code.handlers.is_empty() {
            exceptiontable = exception_table::write(&code.handlers, offsets, room);
        }
        if bytecode.is_huge() {
            *self = Scratch::new();
        }
        Ok(Written { code: bytes, linetable, exceptiontable })
    }
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = const { RefCell::new(Scratch::new()) };
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
    let Written { code: bytes, linetable, exceptiontable } =
        SCRATCH.with_borrow_mut(|scratch| scratch.write(&mut code, firstlineno, target, cx.room))?;
    let (localsplusnames, localspluskinds) = locals_plus::compute(metadata, unit.flags, target, arena, cx.room);
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
        code: bytes,
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
