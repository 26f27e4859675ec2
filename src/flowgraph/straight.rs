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
    self, CELL, Classes, EXITS, HAS_TARGET, HOLDS_PLACE, LOAD_FAST, LOADS_CONST, NOP, NOTHING, POP_TOP, POPS_BLOCK,
    PSEUDO, UNBINDS, is_candidate, is_global_and_null, is_pair, joins_fast, tests_const,
};
use super::superinstructions::join_to_last;
use super::{locals, localsplus, peephole, stack_depth, swaps, unused_consts};
use crate::diagnostics::Result;
use crate::ir::{CodeUnit, CompileContext, FinalInstruction, Instruction, OptimizedCode};
use crate::object::{ConstCache, flags};
use crate::source::Location;
use crate::target::{Op, Target};
use std::cell::RefCell;

/// What is used again from unit to unit. The block only grows; each unit uses as much of it as it has.
#[derive(Default)]
struct Scratch {
    block: Vec<Instr>,
    candidates: Vec<u32>,
    loads: Vec<u32>,
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
    let CodeUnit { metadata, instructions: sequence, parameter_count, flags: code_flags, .. } = unit;
    let mut consts = Consts::new(&mut metadata.consts, cache, target);
    let annotations = sequence.annotations_code.as_ref().map_or(&[][..], |code| &code.instructions);
    let Some(read) = Reader::read(&sequence.instructions, annotations, &consts, scratch) else {
        return Ok(None);
    };
    let mut locations = Locations { sequence: std::mem::take(&mut sequence.instructions) };
    let count = locations.sequence.len();
    locations.sequence.extend_from_slice(annotations);
    let Scratch { block, candidates, loads, cells, stack } = scratch;
    let block = &mut block[..read.len];
    let classes = op_class::of(target);
    let mut is_common = read.negative_lines == 0 || resolve_lines(block, &locations, read.negative_lines);
    let rewrites = !candidates.is_empty() || target.features.common_values || target.has(Op::ReturnConst);
    if is_common && rewrites {
        let makes_pops = rewrite(block, &read, candidates, &mut consts, &locations)?;
        is_common = !(makes_pops || read.classes & POP_TOP != 0) || !pops_load(block, classes);
    }
    if !is_common || read.pops_load {
        locations.sequence.truncate(count);
        sequence.instructions = locations.sequence;
        return Ok(None);
    }
    if rewrites {
        unused_consts::remove_unused_by_block(&mut metadata.consts, block, classes, cells);
    } else {
        unused_consts::remove_unused_by(&mut metadata.consts, block, loads, cells);
    }
    let local_count = metadata.varnames.len();
    if local_count > *parameter_count as usize || (read.classes & UNBINDS != 0 && local_count > 0) {
        let unbound = u64::MAX.checked_shl(*parameter_count).unwrap_or(0);
        locals::check_loads_of_block(block, classes, unbound);
    }
    let mut code = OptimizedCode::reused();
    code.instructions.reserve(block.len());
    code.locals_plus_count = localsplus::write_prefix(metadata, *code_flags, target, cells, &mut code.instructions);
    write(block, classes, &locations, cells, &mut code.instructions);
    locations.sequence.truncate(count);
    sequence.instructions = locations.sequence;
    code.stack_depth = if read.classes & LOAD_FAST != 0 && target.has(Op::LoadFastBorrow) {
        load_fast_borrow::follow_block(&mut code.instructions, 0, target, stack).greatest as u32
    } else {
        stack_depth::of_block(&code.instructions, target)?
    };
    Ok(Some(code))
}

/// What is known of a block that was read.
struct Read {
    len: usize,
    classes: u64,
    /// Whether a constant is loaded and tested at once.
    tests_const: bool,
    /// Whether a value is loaded and popped at once.
    pops_load: bool,
    /// How many instructions have no line.
    negative_lines: usize,
}

/// Reads the instructions up to the first that ends the code; what is behind it is never reached.
struct Reader<'s, 'c, 'm, 'a> {
    block: &'s mut [Instr],
    /// The places of the instructions that may be rewritten.
    candidates: &'s mut Vec<u32>,
    /// The places of those that load constants of the list.
    loads: &'s mut Vec<u32>,
    consts: &'c Consts<'m, 'a>,
    /// The class of the last instruction.
    previous: u64,
    read: Read,
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
        }
        scratch.candidates.clear();
        scratch.loads.clear();
        let mut reader = Reader {
            block: &mut scratch.block,
            candidates: &mut scratch.candidates,
            loads: &mut scratch.loads,
            consts,
            previous: 0,
            read: Read { len: 0, classes: 0, tests_const: false, pops_load: false, negative_lines: 0 },
        };
        let (at, mut class) = reader.read_run(sequence, 0);
        if class & HOLDS_PLACE != 0 {
            (_, class) = reader.read_run(annotations, sequence.len());
            if class == 0 {
                let rest = &sequence[at + 1..];
                (_, class) = reader.read_run(rest, sequence.len() - rest.len());
            }
        }
        (class & EXITS != 0).then_some(reader.read)
    }

    /// Reads up to the first instruction that is none of the common ones, and gives its place and its class. `first` is the number
    /// of the first location.
    fn read_run(&mut self, instructions: &[Instruction], first: usize) -> (usize, u64) {
        const STOPS: u64 = HAS_TARGET | POPS_BLOCK | HOLDS_PLACE | EXITS;
        let classes = self.consts.classes();
        let start = self.read.len;
        let (mut previous, mut all, mut negative_lines) = (self.previous, 0, 0);
        let mut stop = (instructions.len(), 0);
        let slots = &mut self.block[start..start + instructions.len()];
        for at in 0..instructions.len() {
            let (instruction, slot) = (&instructions[at], &mut slots[at]);
            let mut class = classes[instruction.op as usize];
            negative_lines += instruction.location.line as u32 >> 31;
            *slot = Instr::new(instruction.op, instruction.arg, LocationId((first + at) as u32));
            if class & LOADS_CONST != 0 {
                if self.consts.make_load_of_small_int(slot) {
                    class = classes[Op::LoadSmallInt as usize];
                } else {
                    self.loads.push((start + at) as u32);
                }
            }
            all |= class;
            // Which of two instructions is the first of a pair is known at the second.
            if is_pair(previous, class) {
                self.read.tests_const |= tests_const(previous, class);
                self.read.pops_load |= op_class::pops_load(previous, class);
                if is_global_and_null(previous, class)
                    && let Some([callable, null]) = slots.get_mut(at.wrapping_sub(1)..=at)
                    && instructions[at - 1].location.line == instructions[at].location.line
                    && callable.arg & 1 == 0
                {
                    callable.arg |= 1;
                    null.set_nop();
                    class = classes[Op::Nop as usize];
                } else {
                    self.candidates.push((start + at).saturating_sub(1) as u32);
                }
            }
            if class & STOPS != 0 {
                stop = (at, class);
                break;
            }
            previous = class;
        }
        self.read.len += stop.0 + (stop.1 & EXITS != 0) as usize;
        self.read.classes |= all;
        self.read.negative_lines += negative_lines as usize;
        self.previous = previous;
        stop
    }
}

/// Gives instructions without line the location of the instruction before; says whether each has one then.
///
/// Mirrors CPython 3.14: `resolve_line_numbers`.
fn resolve_lines(block: &mut [Instr], locations: &Locations, count: usize) -> bool {
    let line = |instr: &Instr| locations.line(instr.location);
    // They are nearly always the last ones.
    let end = block.iter().rposition(|instr| line(instr) >= 0).map_or(0, |last| last + 1);
    let start = if block.len() - end == count { end } else { 0 };
    let mut previous = match start.checked_sub(1) {
        Some(last) => block[last].location,
        None => LocationId::NONE,
    };
    for instr in &mut block[start..] {
        if line(instr) >= 0 {
            previous = instr.location;
        } else if previous == LocationId::NONE || line(instr) != Location::NONE.line {
            return false;
        } else {
            instr.location = previous;
        }
    }
    true
}

/// Whether some value is loaded and popped at once: `remove_redundant_nops_and_pairs` knows what is left then.
fn pops_load(block: &[Instr], classes: &Classes) -> bool {
    let mut previous = 0;
    block.iter().any(|instr| {
        let class = classes[instr.op as usize];
        op_class::pops_load(std::mem::replace(&mut previous, class), class)
    })
}

/// The passes `optimize_load_const` and `optimize_basic_blocks`, on the instructions that they may change. Says whether there are
/// new `POP_TOP`s.
fn rewrite(
    block: &mut [Instr],
    read: &Read,
    candidates: &[u32],
    consts: &mut Consts<'_, '_>,
    locations: &Locations,
) -> Result<bool> {
    if read.tests_const {
        peephole::optimize_tested_constants(block, consts)?;
    } else if consts.target().features.common_values {
        for instr in block.iter_mut().filter(|instr| instr.op == Op::LoadConst) {
            consts.make_load_short(instr)?;
        }
    }
    let mut rewriter = Rewriter { block, consts, locations, next: 0, swaps: false, makes_pops: false };
    if read.tests_const {
        // They need not be where they were.
        for at in 0..read.len {
            rewriter.rewrite(at)?;
        }
    } else {
        for &at in candidates {
            rewriter.rewrite(at as usize)?;
        }
    }
    let Rewriter { swaps, makes_pops, .. } = rewriter;
    if swaps {
        swaps::optimize(block, locations, &mut Vec::new());
    }
    Ok(makes_pops)
}

struct Rewriter<'s, 'c, 'm, 'a> {
    block: &'s mut [Instr],
    consts: &'c mut Consts<'m, 'a>,
    locations: &'s Locations,
    /// The first instruction that was not looked at.
    next: usize,
    /// Whether there are `SWAP`s.
    swaps: bool,
    /// Whether some instruction has become a `POP_TOP`.
    makes_pops: bool,
}

impl Rewriter<'_, '_, '_, '_> {
    /// Rewrites an instruction, then those behind it as long as that may have made candidates of them.
    fn rewrite(&mut self, at: usize) -> Result<()> {
        if at < self.next {
            return Ok(());
        }
        let classes = self.consts.classes();
        let rewrite = peephole::rewrite_of(self.consts.target());
        self.next = at;
        while let Some(instr) = self.block.get(self.next) {
            let at = self.next;
            self.next += 1;
            let following = self.block.get(at + 1).map_or(NOTHING, |instr| classes[instr.op as usize]);
            if !is_candidate(classes[instr.op as usize], following) {
                break;
            }
            rewrite(self.block, at, self.consts, self.locations)?;
            self.swaps |= self.block[at].op == Op::Swap;
            self.makes_pops |= self.block[at].op == Op::PopTop;
        }
        Ok(())
    }
}

/// Writes a block to the end of the code.
///
/// Does the work of `remove_redundant_nops`, `insert_superinstructions`, `fix_cell_offsets` and `convert_pseudo_ops`. `cells` are
/// the places of cells and free variables.
fn write(
    block: &mut [Instr],
    classes: &Classes,
    locations: &Locations,
    cells: &[u32],
    code: &mut Vec<FinalInstruction>,
) {
    const UNCOMMON: u64 = NOP | CELL | PSEUDO;
    let (mut previous, mut previous_location) = (0, LocationId::NONE);
    for at in 0..block.len() {
        let Instr { mut op, mut arg, location: id, .. } = block[at];
        let class = classes[op as usize];
        let location = match locations.sequence.get(id.0 as usize) {
            Some(instruction) => instruction.location,
            // No line needs a `NOP` without one. What rewriting has left without a line gets that of the instruction before
            // (`resolve_line_numbers` once more).
            None if class & NOP != 0 => continue,
            None => code.last().map_or(Location::NONE, |last| last.location),
        };
        if class & UNCOMMON != 0 {
            if class & NOP != 0 {
                if location.line == locations.line(previous_location) {
                    continue;
                }
                let next = block.get_mut(at + 1);
                let next_line = next.as_ref().map_or(location.line, |next| locations.line(next.location));
                if let Some(next) = next
                    && next_line < 0
                {
                    next.location = id;
                    continue;
                }
                if next_line == location.line {
                    continue;
                }
            } else if class & CELL != 0 {
                arg = cells.get(arg as usize).copied().unwrap_or(arg);
            }
            if class & PSEUDO != 0 {
                match op {
                    Op::LoadClosure => op = Op::LoadFast,
                    Op::StoreFastMaybeNull => op = Op::StoreFast,
                    _ => {}
                }
            }
        }
        previous_location = id;
        if joins_fast(previous, class) && join_to_last(code, op, arg, location.line) {
            previous = 0;
            continue;
        }
        previous = class;
        code.push(FinalInstruction { op, arg, location });
    }
}
