//! The control-flow graph: from the instructions of code generation to those of the assembler.
//!
//! Mirrors CPython's flowgraph.c. Each family of its passes has a file here; [`passes`] says which of them run, and in which
//! order, for a release. Units without labels, which are most, need no graph: [`straight`] does the work of the passes for them.
//! What is left to the assembler: jump offsets, `EXTENDED_ARG`, inline caches, and locations that are
//! [`crate::source::Location::NEXT`].

mod block;
mod build;
mod code_blocks;
mod cold_blocks;
mod constants;
mod empty_blocks;
mod exception_targets;
mod exits;
mod finish;
mod jumps;
mod line_numbers;
mod load_fast_borrow;
mod locals;
mod localsplus;
mod locations;
mod nops;
mod op_class;
mod passes;
mod peephole;
mod peephole_before_to_bool;
mod reachability;
mod redundancy;
mod stack_depth;
mod straight;
mod superinstructions;
mod swaps;
mod unused_consts;
mod verify;

#[cfg(test)]
mod tests;

use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::ir::{CodeUnit, CodeUnitMetadata, CompileContext, OptimizedCode};
use crate::object::ConstCache;
use block::Graph;
use constants::Consts;

/// What the passes over one code unit share.
struct State<'s, 'a> {
    graph: Graph,
    metadata: &'s mut CodeUnitMetadata,
    cache: &'s mut ConstCache<'a>,
    flags: u32,
    parameter_count: u32,
    stack_depth: u32,
    locals_plus_count: u32,
}

/// Runs all passes of the target's release over a code unit.
///
/// Mirrors CPython 3.14: `optimize_and_assemble_code_unit` up to the assembler.
pub fn optimize<'a>(unit: &mut CodeUnit, cx: &mut CompileContext<'_, 'a>) -> Result<OptimizedCode> {
    // The passes are the rule, and this is the short way to what they come to.
    let twin = cfg!(debug_assertions).then(|| unit.clone());
    if let Some(code) = straight::optimize(unit, cx)? {
        if let Some(mut twin) = twin {
            let by_passes = run_passes(&mut twin, cx)?;
            verify::verify_straight(&code, &by_passes, &unit.metadata, &twin.metadata, cx.consts);
            by_passes.recycle();
        }
        return Ok(code);
    }
    run_passes(unit, cx)
}

fn run_passes<'a>(unit: &mut CodeUnit, cx: &mut CompileContext<'_, 'a>) -> Result<OptimizedCode> {
    let graph = if cx.target.features.blocks_come_of_instructions {
        let consts = Consts::new(&mut unit.metadata.consts, cx.consts, cx.target);
        build::from_instruction_sequence(&mut unit.instructions, &consts, cx.target)?
    } else {
        code_blocks::from_instruction_sequence(&mut unit.instructions, cx.target)?
    };
    let mut state = State {
        graph,
        metadata: &mut unit.metadata,
        cache: cx.consts,
        flags: unit.flags,
        parameter_count: unit.parameter_count,
        stack_depth: 0,
        locals_plus_count: 0,
    };
    for pass in passes::of(cx.target) {
        (pass.run)(&mut state)?;
        if cfg!(debug_assertions) {
            verify::verify(&state.graph, pass.name);
        }
    }
    let mut code = finish::to_final_instructions(&mut state.graph)?;
    code.stack_depth = state.stack_depth;
    code.locals_plus_count = state.locals_plus_count;
    // The sequence's memory serves the next one.
    unit.instructions.instructions = std::mem::take(&mut state.graph.locations.sequence);
    Ok(code)
}

/// An error that only a fault in code generation can cause.
fn malformed(message: &str) -> Box<CompileError> {
    CompileError::new(ErrorKind::SystemError, None, message)
}
