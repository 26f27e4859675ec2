//! From final instructions to a code object: bytecode, location table, exception table, names of the frame's variables.
//!
//! Mirrors CPython's Python/assemble.c. What comes in has no labels and no pseudo-instructions other than, at most, `JUMP` and
//! `JUMP_NO_INTERRUPT`; what goes out lives in the file's arena.

mod bytecode;
mod exception_table;
mod locals_plus;
mod location_table;

pub use exception_table::{ExceptionTableEntry, read_exception_table};
pub use location_table::{LocationTableEntry, read_location_table};

use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::ir::{CodeUnit, CompileContext, OptimizedCode};
use crate::object::CodeObject;
use bytecode::Layout;

/// Makes the code object of a unit.
///
/// Mirrors CPython 3.14: `_PyAssemble_MakeCodeObject` and `makecode`.
pub fn assemble<'a>(
    unit: &CodeUnit,
    code: &OptimizedCode,
    cx: &mut CompileContext<'_, 'a>,
) -> Result<&'a CodeObject<'a>> {
    let metadata = &unit.metadata;
    let layout = Layout::new(&code.instructions, cx.target)?;
    let bytecode = layout.bytecode(&code.instructions, cx.target);
    if bytecode.len() > i32::MAX as usize {
        return Err(CompileError::new(ErrorKind::OverflowError, None, "code: co_code larger than INT_MAX"));
    }
    let linetable = location_table::write(&code.instructions, &layout, metadata.firstlineno, cx.target);
    let exceptiontable = exception_table::write(&code.instructions, &layout);
    let locals = locals_plus::compute(metadata, unit.flags, cx.target);
    debug_assert_eq!(locals.names.len(), code.locals_plus_count as usize);
    let arena = cx.arena;
    Ok(arena.alloc(CodeObject {
        argcount: metadata.posonlyargcount + metadata.argcount,
        posonlyargcount: metadata.posonlyargcount,
        kwonlyargcount: metadata.kwonlyargcount,
        // CPython 3.14: `init_code`.
        stacksize: code.stack_depth.max(cx.target.features.stack_has_room as u32),
        flags: unit.flags,
        code: arena.alloc_slice_copy(&bytecode),
        consts: arena.alloc_slice_copy(&code.consts),
        names: arena.alloc_slice_fill_iter(metadata.names.iter().copied()),
        localsplusnames: arena.alloc_slice_copy(&locals.names),
        localspluskinds: arena.alloc_slice_copy(&locals.kinds),
        filename: cx.filename,
        name: metadata.name,
        qualname: metadata.qualname,
        firstlineno: metadata.firstlineno,
        linetable: arena.alloc_slice_copy(&linetable),
        exceptiontable: arena.alloc_slice_copy(&exceptiontable),
        has_own_locals_tuple: false,
    }))
}

#[cfg(test)]
mod tests;
