//! The control-flow graph: from the instructions of code generation to those of the assembler.
//!
//! Mirrors CPython's flowgraph.c. Each family of its passes has a file here; [`passes`] says which of them run, and in which
//! order, for a release. Units without labels, which are most, need no graph: [`straight`] does the work of the passes for them. For the
//! others [`writer`] does what the last passes do.
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
mod writer;

#[cfg(test)]
mod tests;

use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::ir::{CodeUnit, CodeUnitMetadata, CompileContext, OptimizedCode};
use crate::object::ConstCache;
use block::Graph;
use constants::Consts;
use passes::{Pass, Schedule};

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

impl State<'_, '_> {
    /// Runs the passes of a release and gives the finished code, which the writer makes instead of the last passes if it can.
    fn optimize_and_write(&mut self, schedule: &Schedule, may_write: bool) -> Result<OptimizedCode> {
        self.run(schedule.optimize)?;
        let may_write = may_write && schedule.has_writer() && !superinstructions::may_depend_on_lines(&self.graph);
        if !may_write {
            self.run(schedule.join)?;
        }
        self.run(schedule.rearrange)?;
        if may_write {
            if let Some(code) = writer::write(self) {
                return Ok(code);
            }
            self.run(schedule.join)?;
        }
        self.run(schedule.finish)?;
        let mut code = finish::to_final_instructions(&mut self.graph)?;
        code.stack_depth = self.stack_depth;
        code.locals_plus_count = self.locals_plus_count;
        Ok(code)
    }

    fn run(&mut self, passes: &[Pass]) -> Result<()> {
        for pass in passes {
            (pass.run)(self)?;
            if cfg!(debug_assertions) {
                verify::verify(&self.graph, pass.name);
            }
        }
        Ok(())
    }
}

/// Runs all passes of the target's release over a code unit.
///
/// Mirrors CPython 3.14: `optimize_and_assemble_code_unit` up to the assembler.
pub fn optimize<'a>(unit: &mut CodeUnit, cx: &mut CompileContext<'_, 'a>) -> Result<OptimizedCode> {
    // The passes are the rule, and this is the short way to what they come to.
    let twin = cfg!(debug_assertions).then(|| unit.clone());
    let code = match straight::optimize(unit, cx)? {
        Some(code) => code,
        None => run_passes(unit, cx, true)?,
    };
    if let Some(mut twin) = twin {
        let by_passes = run_passes(&mut twin, cx, false)?;
        verify::verify_short_way(&code, &by_passes, &unit.metadata, &twin.metadata, cx.consts);
        by_passes.recycle();
    }
    Ok(code)
}

/// `may_write` says whether the writer may do the work of the last passes.
fn run_passes<'a>(unit: &mut CodeUnit, cx: &mut CompileContext<'_, 'a>, may_write: bool) -> Result<OptimizedCode> {
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
    let code = state.optimize_and_write(passes::of(cx.target), may_write)?;
    // The sequence's memory serves the next one.
    unit.instructions.instructions = std::mem::take(&mut state.graph.locations.sequence);
    Ok(code)
}

/// An error that only a fault in code generation can cause.
fn malformed(message: &str) -> Box<CompileError> {
    CompileError::new(ErrorKind::SystemError, None, message)
}
