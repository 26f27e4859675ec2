//! Units without labels, which are most: one block is all their code, and no graph is needed to go over it.
//!
//! What the passes of [`super::passes`] come to for such a block is done here in as few walks as there can be: one that reads the
//! instructions, one that rewrites the few that can be rewritten, one that does all that looks at single instructions and their
//! neighbours, and one that follows the values on the stack. Where anything is uncommon the passes themselves run.

use super::block::Instr;
use super::constants::Consts;
use super::load_fast_borrow::{self, Ref};
use super::locations::{LocationId, Locations};
use super::op_class::{
    self, CELL, CONST, Classes, EXITS, HAS_TARGET, HOLDS_PLACE, Joined, LOAD_FAST, LOADS_CONST, LOCAL, NOP, NOTHING,
    POP_TOP, POPS_BLOCK, PSEUDO, TESTS_CONST, UNBINDS, is_candidate, is_global_and_null,
};
use super::superinstructions::joined;
use super::{locals, localsplus, peephole, stack_depth, swaps, unused_consts};
use crate::diagnostics::Result;
use crate::ir::{CodeUnit, CompileContext, FinalInstruction, Instruction, OptimizedCode};
use crate::object::{ConstCache, flags};
use crate::source::Location;
use crate::target::{Op, Target};
use std::cell::RefCell;

/// What is used again from unit to unit. The lists only grow; each unit uses as much of them as it has.
#[derive(Default)]
struct Scratch {
    block: Vec<Instr>,
    /// Places of instructions.
    places: Vec<u32>,
    /// The places of cells and free variables.
    cells: Vec<u32>,
    stack: Vec<Ref>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Longer lists are not kept, so that one huge unit does not hold memory for ever.
const MOST_KEPT: usize = 1 << 16;

/// Runs all passes over a unit if it has no labels, nor anything else that they are needed for.
pub(super) fn optimize(unit: &mut CodeUnit, cx: &mut CompileContext<'_, '_>) -> Result<Option<OptimizedCode>> {
    let features = &cx.target.features;
    let is_known = features.lines_are_resolved_first && features.stack_depth_counts_before;
    let is_generator = unit.flags & (flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR) != 0;
    let has_many_locals = unit.metadata.varnames.len() > locals::TRACKED;
    if !is_known || !unit.instructions.labels.is_empty() || is_generator || has_many_locals {
        return Ok(None);
    }
    SCRATCH.with_borrow_mut(|scratch| {
        let code = optimize_block(unit, cx.consts, cx.target, scratch);
        if scratch.block.len() > MOST_KEPT {
            *scratch = Scratch::default();
        }
        code
    })
}

fn optimize_block(
    unit: &mut CodeUnit,
    cache: &mut ConstCache<'_>,
    target: &'static Target,
    scratch: &mut Scratch,
) -> Result<Option<OptimizedCode>> {
    let CodeUnit { metadata, instructions: sequence, parameter_count, .. } = unit;
    let mut consts = Consts::new(&mut metadata.consts, cache, target);
    let annotations = sequence.annotations_code.as_ref().map_or(&[][..], |code| &code.instructions);
    let Some(read) = Reader::read(&sequence.instructions, annotations, &consts, scratch) else {
        return Ok(None);
    };
    let mut locations = Locations { sequence: std::mem::take(&mut sequence.instructions) };
    let count = locations.sequence.len();
    locations.sequence.extend_from_slice(annotations);
    let block = &mut scratch.block[..read.len];
    rewrite(block, &read, &scratch.places, &mut consts, &locations)?;

    let mut code = OptimizedCode::reused();
    code.instructions.reserve(block.len());
    code.locals_plus_count = localsplus::write_prefix(metadata, &mut scratch.cells, &mut code.instructions);
    let unbound = u64::MAX.checked_shl(*parameter_count).unwrap_or(0);
    let written = write(block, target, &locations, &scratch.cells, unbound, &mut scratch.places, &mut code.instructions);
    locations.sequence.truncate(count);
    sequence.instructions = locations.sequence;
    let Some(written) = written else {
        code.recycle();
        return Ok(None);
    };
    code.stack_depth = written.stack_depth;
    let loads = &scratch.places[..written.load_count];
    unused_consts::remove_unused_by(&mut metadata.consts, &mut code.instructions, loads, &mut scratch.cells);
    if read.classes & LOAD_FAST != 0 && target.has(Op::LoadFastBorrow) {
        load_fast_borrow::follow_block(&mut code.instructions, 0, target, &mut scratch.stack);
    }
    Ok(Some(code))
}

/// What is known of a block that was read.
struct Read {
    len: usize,
    classes: u64,
    /// How many instructions may be rewritten.
    candidate_count: usize,
}

/// Reads the instructions up to the first that ends the code; what is behind it is never reached.
struct Reader<'s, 'c, 'm, 'a> {
    block: &'s mut [Instr],
    candidates: &'s mut [u32],
    classes: &'static Classes,
    consts: &'c Consts<'m, 'a>,
    len: usize,
    candidate_count: usize,
    joined: Joined,
    /// The class of the last instruction.
    previous: u64,
    /// The location that an instruction without one gets: that of the instruction before (`resolve_line_numbers`).
    location: LocationId,
    line: i32,
    /// Negative if some instruction has no line in spite of that.
    lines: i32,
}

impl<'s, 'c, 'm, 'a> Reader<'s, 'c, 'm, 'a> {
    /// Reads a unit, unless there is something in it that the graph's passes are needed for.
    fn read(
        sequence: &[Instruction],
        annotations: &[Instruction],
        consts: &'c Consts<'m, 'a>,
        scratch: &'s mut Scratch,
    ) -> Option<Read> {
        let count = sequence.len() + annotations.len();
        if scratch.block.len() < count {
            scratch.block.resize(count, Instr::new(Op::Nop, 0, LocationId::NONE));
            scratch.places.resize(count + 1, 0);
        }
        let mut reader = Reader {
            block: &mut scratch.block,
            candidates: &mut scratch.places,
            classes: consts.classes(),
            consts,
            len: 0,
            candidate_count: 0,
            joined: Joined::default(),
            previous: 0,
            location: LocationId::NONE,
            line: Location::NONE.line,
            lines: 0,
        };
        let (at, mut class) = reader.read_run(sequence, 0);
        if class & HOLDS_PLACE != 0 {
            (_, class) = reader.read_run(annotations, sequence.len());
            if class == 0 {
                let rest = &sequence[at + 1..];
                (_, class) = reader.read_run(rest, sequence.len() - rest.len());
            }
        }
        let ends = class & EXITS != 0 && reader.lines >= 0;
        ends.then(|| Read {
            len: reader.len,
            classes: reader.joined.of_block(),
            candidate_count: reader.candidate_count,
        })
    }

    /// Reads up to the first instruction that is none of the common ones, and gives its place and its class. `first` is the number
    /// of the first location.
    fn read_run(&mut self, instructions: &[Instruction], first: usize) -> (usize, u64) {
        const UNCOMMON: u64 = HAS_TARGET | POPS_BLOCK | HOLDS_PLACE;
        let Reader { classes, consts, .. } = *self;
        let (mut joined, mut previous, mut lines) = (self.joined, self.previous, self.lines);
        let (mut line, mut location) = (self.line, self.location);
        let (mut len, mut candidate_count) = (self.len, self.candidate_count);
        let mut stop = (instructions.len(), 0);
        for (at, instruction) in instructions.iter().enumerate() {
            let mut class = classes[instruction.op as usize];
            if class & UNCOMMON != 0 {
                stop = (at, class);
                break;
            }
            let line_before = line;
            if instruction.location.line != Location::NONE.line {
                line = instruction.location.line;
                location = LocationId((first + at) as u32);
            }
            lines |= line;
            if is_global_and_null(previous, class)
                && line == line_before
                && let Some(callable) = self.block[..len].last_mut()
                && callable.arg & 1 == 0
            {
                // Nothing is left of the second of the two, as no line needs it.
                callable.arg |= 1;
                continue;
            }
            let mut instr = Instr::new(instruction.op, instruction.arg, location);
            if class & LOADS_CONST != 0 && consts.make_load_of_small_int(&mut instr) {
                class = classes[Op::LoadSmallInt as usize];
            }
            self.block[len] = instr;
            // Which of two instructions is the first of a pair is known at the second.
            self.candidates[candidate_count] = (len as u32).wrapping_sub(1);
            candidate_count += is_candidate(previous, class) as usize;
            joined.add(class);
            previous = class;
            len += 1;
            if class & EXITS != 0 {
                stop = (at, class);
                break;
            }
        }
        (self.joined, self.previous, self.lines) = (joined, previous, lines);
        (self.line, self.location) = (line, location);
        (self.len, self.candidate_count) = (len, candidate_count);
        stop
    }
}

/// The passes `optimize_load_const` and `optimize_basic_blocks`, on the instructions that they may change.
fn rewrite(
    block: &mut [Instr],
    read: &Read,
    candidates: &[u32],
    consts: &mut Consts<'_, '_>,
    locations: &Locations,
) -> Result<()> {
    let tests_const = read.classes & TESTS_CONST != 0;
    if tests_const {
        peephole::optimize_tested_constants(block, consts)?;
    } else if consts.target().features.common_values {
        for instr in block.iter_mut().filter(|instr| instr.op == Op::LoadConst) {
            consts.make_load_short(instr)?;
        }
    }
    let mut rewriter = Rewriter { block, consts, locations, next: 0, swaps: false };
    if tests_const {
        // They need not be where they were.
        for at in 0..read.len {
            rewriter.rewrite(at)?;
        }
    } else {
        for &at in &candidates[..read.candidate_count] {
            rewriter.rewrite(at as usize)?;
        }
    }
    if rewriter.swaps {
        swaps::optimize(block, locations, &mut Vec::new());
    }
    Ok(())
}

struct Rewriter<'s, 'c, 'm, 'a> {
    block: &'s mut [Instr],
    consts: &'c mut Consts<'m, 'a>,
    locations: &'s Locations,
    /// The first instruction that was not looked at.
    next: usize,
    /// Whether there are `SWAP`s.
    swaps: bool,
}

impl Rewriter<'_, '_, '_, '_> {
    /// Rewrites an instruction, then those behind it as long as that may have made candidates of them.
    fn rewrite(&mut self, at: usize) -> Result<()> {
        if at < self.next {
            return Ok(());
        }
        let classes = self.consts.classes();
        let fold = self.consts.target().features.fold_in_flowgraph;
        self.next = at;
        while let Some(instr) = self.block.get(self.next) {
            let at = self.next;
            self.next += 1;
            let following = self.block.get(at + 1).map_or(NOTHING, |instr| classes[instr.op as usize]);
            if !is_candidate(classes[instr.op as usize], following) {
                break;
            }
            if fold {
                peephole::rewrite_and_fold(self.block, at, self.consts, self.locations)?;
            } else {
                peephole::rewrite_and_fold_tuples(self.block, at, self.consts, self.locations)?;
            }
            self.swaps |= self.block[at].op == Op::Swap;
        }
        Ok(())
    }
}

/// What is known of a block once it is written.
struct Written {
    stack_depth: u32,
    /// How many instructions have constants as their arguments.
    load_count: usize,
}

/// Writes a block to the end of the code, and the places of the instructions that have constants as their arguments to `places`.
///
/// Does the work of `remove_redundant_nops`, `add_checks_for_loads_of_uninitialized_variables`, `insert_superinstructions`,
/// `calculate_stackdepth`, `fix_cell_offsets` and `convert_pseudo_ops`. `unbound` has a bit for each local variable without value,
/// `cells` the places of cells and free variables. Nothing comes of it if a value is loaded and popped at once, or the stack runs
/// empty.
fn write(
    block: &mut [Instr],
    target: &'static Target,
    locations: &Locations,
    cells: &[u32],
    mut unbound: u64,
    places: &mut [u32],
    code: &mut Vec<FinalInstruction>,
) -> Option<Written> {
    const UNCOMMON: u64 = NOP | POP_TOP | CELL | PSEUDO;
    let classes = op_class::of(target);
    let (mut depth, mut lowest, mut greatest) = (0, 0, 0);
    let mut load_count = 0;
    let (mut previous, mut previous_class, mut previous_line) = (Op::Nop, 0, Location::NONE.line);
    for at in 0..block.len() {
        let Instr { mut op, mut arg, location, .. } = block[at];
        let class = classes[op as usize];
        let location_of_next = block.get(at + 1).map(|next| next.location);
        let location_id = location;
        let mut location = locations.get(location);
        if class & UNCOMMON != 0 {
            if class & NOP != 0 {
                if location.line < 0 || location.line == previous_line {
                    continue;
                }
                let next_line = location_of_next.map_or(location.line, |next| locations.line(next));
                if next_line < 0 {
                    block[at + 1].location = location_id;
                }
                if next_line < 0 || next_line == location.line {
                    continue;
                }
            } else if class & POP_TOP != 0 {
                let copies = previous == Op::Copy && code.last().is_some_and(|copy| copy.arg == 1);
                if copies || previous_class & LOADS_CONST != 0 {
                    return None;
                }
            } else {
                if class & CELL != 0 {
                    arg = cells.get(arg as usize).copied().unwrap_or(arg);
                }
                op = match op {
                    Op::LoadClosure if class & PSEUDO != 0 => Op::LoadFast,
                    op => op,
                };
            }
        }
        greatest = depth.max(greatest);
        depth += stack_depth::effect(target, class, &block[at]);
        lowest = depth.min(lowest);
        previous_line = location.line;
        previous_class = class;
        if location_id == LocationId::NONE
            && let Some(last) = code.last()
        {
            // `resolve_line_numbers` once more, for what rewriting has left without a line.
            location = last.location;
        }
        let before = std::mem::replace(&mut previous, if class & CELL != 0 { Op::Nop } else { op });
        if class & LOCAL != 0 {
            let bit = 1u64.wrapping_shl(arg);
            let (unbinds, is_bound) = (class & UNBINDS != 0, unbound & bit == 0);
            unbound = if unbinds { unbound | bit } else { unbound & !bit };
            if op == Op::LoadFast && !is_bound {
                op = Op::LoadFastCheck;
                previous = op;
            } else if let Some(joined) = joined(before, op)
                && let Some(first) = code.last_mut()
                && first.location.line == location.line
                && first.arg < 16
                && arg < 16
            {
                (first.op, first.arg) = (joined, first.arg << 4 | arg);
                previous = Op::Nop;
                continue;
            }
            if op == Op::StoreFastMaybeNull {
                op = Op::StoreFast;
            }
        }
        places[load_count] = code.len() as u32;
        load_count += (class & CONST != 0) as usize;
        code.push(FinalInstruction { op, arg, location });
    }
    (lowest >= 0).then_some(Written { stack_depth: greatest as u32, load_count })
}
