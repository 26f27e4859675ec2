//! Where local variables, cells and free variables stand in the frame, and the instructions that set them up.

use super::State;
use super::block::{BlockId, Graph, Instr};
use super::locations::LocationId;
use super::op_class::CELL;
use crate::diagnostics::Result;
use crate::ir::CodeUnitMetadata;
use crate::object::flags;
use crate::source::Location;
use crate::target::Op;

/// Mirrors CPython 3.14: `prepare_localsplus`.
pub(super) fn prepare(state: &mut State<'_, '_>) -> Result<()> {
    let metadata = &*state.metadata;
    let (locals, cells, frees) = (metadata.varnames.len(), metadata.cellvars.len(), metadata.freevars.len());
    let needs_prefix = state.flags & (flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR) != 0;
    if cells + frees == 0 && !needs_prefix {
        state.locals_plus_count = locals as u32;
        return Ok(());
    }
    let mut fixed = cell_offsets(metadata);
    insert_prefix(&mut state.graph, metadata, &fixed, state.flags);
    let dropped = fix_cell_offsets(&mut state.graph, locals as u32, &mut fixed);
    state.locals_plus_count = (locals + cells + frees) as u32 - dropped;
    Ok(())
}

/// The place of each cell and free variable; a cell that is a parameter too shares the parameter's place.
///
/// Mirrors CPython 3.14: `build_cellfixedoffsets`.
fn cell_offsets(metadata: &CodeUnitMetadata) -> Vec<u32> {
    let locals = metadata.varnames.len() as u32;
    let count = (metadata.cellvars.len() + metadata.freevars.len()) as u32;
    let mut fixed: Vec<u32> = (locals..locals + count).collect();
    for (i, name) in metadata.cellvars.iter().enumerate() {
        if let Some(local) = metadata.varnames.get_index_of(name) {
            fixed[i] = local as u32;
        }
    }
    fixed
}

/// Mirrors CPython 3.14: `insert_prefix_instructions`.
fn insert_prefix(graph: &mut Graph, metadata: &CodeUnitMetadata, fixed: &[u32], code_flags: u32) {
    let mut prefix = Vec::new();
    if !metadata.freevars.is_empty() {
        prefix.push(Instr::new(Op::CopyFreeVars, metadata.freevars.len() as u32, LocationId::NONE));
    }
    let mut cells: Vec<u32> = (0..metadata.cellvars.len() as u32).collect();
    cells.sort_unstable_by_key(|&cell| fixed[cell as usize]);
    prefix.extend(cells.into_iter().map(|cell| Instr::new(Op::MakeCell, cell, LocationId::NONE)));
    let is_generator = code_flags & (flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR) != 0;
    if is_generator && !graph.target.features.generators_start_in_codegen {
        let location = graph.locations.add(Location::new(metadata.firstlineno, metadata.firstlineno, -1, -1));
        prefix.push(Instr::new(Op::ReturnGenerator, 0, location));
        let has_line = graph.target.features.generator_start_has_line;
        prefix.push(Instr::new(Op::PopTop, 0, if has_line { location } else { LocationId::NONE }));
    }
    if !prefix.is_empty() {
        graph.prepend(BlockId::ENTRY, &prefix);
    }
}

/// Mirrors CPython 3.14: `fix_cell_offsets`; gives the number of places that parameters share with cells.
fn fix_cell_offsets(graph: &mut Graph, locals: u32, fixed: &mut [u32]) -> u32 {
    let mut dropped = 0;
    for (i, place) in fixed.iter_mut().enumerate() {
        if *place == i as u32 + locals {
            *place -= dropped;
        } else {
            dropped += 1;
        }
    }
    let classes = graph.classes();
    let Graph { blocks, code, .. } = graph;
    for block in blocks.iter().filter(|block| block.has(CELL)) {
        for instr in &mut code[block.range()] {
            if classes[instr.op as usize] & CELL != 0
                && let Some(&place) = fixed.get(instr.arg as usize)
            {
                instr.arg = place;
            }
        }
    }
    dropped
}
