//! Where local variables, cells and free variables stand in the frame, and the instructions that set them up.

use super::State;
use super::block::{BlockId, Graph, Instr};
use super::locations::LocationId;
use super::op_class::CELL;
use crate::diagnostics::Result;
use crate::ir::{CodeUnitMetadata, FinalInstruction};
use crate::object::flags;
use crate::source::Location;
use crate::target::{Op, Target};

/// Mirrors CPython 3.14: `prepare_localsplus`.
pub(super) fn prepare(state: &mut State<'_, '_>) -> Result<()> {
    let metadata = &*state.metadata;
    let (locals, cells, frees) = (metadata.varnames.len(), metadata.cellvars.len(), metadata.freevars.len());
    if cells + frees == 0 && !is_generator(state.flags) {
        state.locals_plus_count = locals as u32;
        return Ok(());
    }
    let mut fixed = Vec::new();
    cell_offsets(metadata, &mut fixed);
    insert_prefix(&mut state.graph, metadata, &fixed, state.flags);
    let dropped = fix_cell_offsets(&mut fixed, locals as u32);
    move_cells(&mut state.graph, &fixed);
    state.locals_plus_count = (locals + cells + frees) as u32 - dropped;
    Ok(())
}

fn is_generator(code_flags: u32) -> bool {
    code_flags & (flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR) != 0
}

/// The place of each cell and free variable; a cell that is a parameter too shares the parameter's place.
///
/// Mirrors CPython 3.14: `build_cellfixedoffsets`.
fn cell_offsets(metadata: &CodeUnitMetadata, fixed: &mut Vec<u32>) {
    let locals = metadata.varnames.len() as u32;
    let count = (metadata.cellvars.len() + metadata.freevars.len()) as u32;
    fixed.clear();
    fixed.extend(locals..locals + count);
    for (place, name) in fixed.iter_mut().zip(&metadata.cellvars) {
        if let Some(local) = metadata.varnames.get_index_of(name) {
            *place = local as u32;
        }
    }
}

/// The cells in the order in which they are made.
fn cells_by_place(metadata: &CodeUnitMetadata, fixed: &[u32]) -> Vec<u32> {
    let mut cells: Vec<u32> = (0..metadata.cellvars.len() as u32).collect();
    cells.sort_unstable_by_key(|&cell| fixed[cell as usize]);
    cells
}

/// Mirrors CPython 3.14: `insert_prefix_instructions`.
fn insert_prefix(graph: &mut Graph, metadata: &CodeUnitMetadata, fixed: &[u32], code_flags: u32) {
    let mut prefix = Vec::new();
    if !metadata.freevars.is_empty() {
        prefix.push(Instr::new(Op::CopyFreeVars, metadata.freevars.len() as u32, LocationId::NONE));
    }
    let cells = cells_by_place(metadata, fixed);
    prefix.extend(cells.into_iter().map(|cell| Instr::new(Op::MakeCell, cell, LocationId::NONE)));
    if is_generator(code_flags) && !graph.target.features.generators_start_in_codegen {
        let location = graph.locations.add(generator_start(metadata));
        prefix.push(Instr::new(Op::ReturnGenerator, 0, location));
        let has_line = graph.target.features.generator_start_has_line;
        prefix.push(Instr::new(Op::PopTop, 0, if has_line { location } else { LocationId::NONE }));
    }
    if !prefix.is_empty() {
        graph.prepend(BlockId::ENTRY, &prefix);
    }
}

/// The whole pass for code that is written behind what sets up the cells and starts a generator.
///
/// `fixed` becomes the place of each cell and free variable. Gives the number of places of the frame.
pub(super) fn write_prefix(
    metadata: &CodeUnitMetadata,
    code_flags: u32,
    target: &Target,
    fixed: &mut Vec<u32>,
    code: &mut Vec<FinalInstruction>,
) -> u32 {
    let (locals, cells, frees) = (metadata.varnames.len(), metadata.cellvars.len(), metadata.freevars.len());
    fixed.clear();
    let mut dropped = 0;
    if cells + frees > 0 {
        dropped = write_cells(metadata, fixed, code);
    }
    if is_generator(code_flags) && !target.features.generators_start_in_codegen {
        let location = generator_start(metadata);
        code.push(FinalInstruction { op: Op::ReturnGenerator, arg: 0, location });
        code.push(FinalInstruction { op: Op::PopTop, arg: 0, location });
    }
    (locals + cells + frees) as u32 - dropped
}

/// Writes what sets up the cells; gives the number of places that parameters share with these.
fn write_cells(metadata: &CodeUnitMetadata, fixed: &mut Vec<u32>, code: &mut Vec<FinalInstruction>) -> u32 {
    let (locals, cells, frees) = (metadata.varnames.len(), metadata.cellvars.len(), metadata.freevars.len());
    cell_offsets(metadata, fixed);
    let start = |op, arg| FinalInstruction { op, arg, location: Location::NONE };
    if frees > 0 {
        code.push(start(Op::CopyFreeVars, frees as u32));
    }
    let cells_in_order = if cells > 0 { cells_by_place(metadata, fixed) } else { Vec::new() };
    let dropped = fix_cell_offsets(fixed, locals as u32);
    code.extend(cells_in_order.into_iter().map(|cell| start(Op::MakeCell, fixed[cell as usize])));
    dropped
}

/// Where the instructions are that start a generator.
fn generator_start(metadata: &CodeUnitMetadata) -> Location {
    Location::new(metadata.firstlineno, metadata.firstlineno, -1, -1)
}

/// Mirrors CPython 3.14: `fix_cell_offsets`; gives the number of places that parameters share with cells.
fn fix_cell_offsets(fixed: &mut [u32], locals: u32) -> u32 {
    let mut dropped = 0;
    for (i, place) in fixed.iter_mut().enumerate() {
        if *place == i as u32 + locals {
            *place -= dropped;
        } else {
            dropped += 1;
        }
    }
    dropped
}

/// Gives the instructions that use cells and free variables the places of these in the frame.
fn move_cells(graph: &mut Graph, fixed: &[u32]) {
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
}
