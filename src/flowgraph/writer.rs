//! The last walk over the blocks, which writes the finished code.
//!
//! Does for each block, while its instructions are at hand, what CPython does in passes of their own: `insert_superinstructions`,
//! `convert_pseudo_conditional_jumps`, `calculate_stackdepth`, `fix_cell_offsets`, `convert_pseudo_ops`, `normalize_jumps`,
//! `optimize_load_fast` and `_PyCfg_ToInstructionSequence`. It gives up where a block is left empty, as one of these passes could then find more to do in another. The graph stays as it was, so
//! that the passes can run instead; debug builds run them beside it.

use super::block::{Block, BlockId, Instr};
use super::finish::{directed, handler_info};
use super::jumps::reversed;
use super::load_fast_borrow::{self, Ref};
use super::locations::{Locations, location_in};
use super::op_class::{
    self, CELL, Classes, JUMP, KEEPS_CONDITION, LOAD_FAST, MIXED_HANDLERS, NO_FALLTHROUGH, NOP, POPS_BLOCK, PSEUDO,
    PUSHES_BLOCK, joins_fast,
};
use super::stack_depth::{self, Effects};
use super::superinstructions::join_to_last;
use super::{State, localsplus, superinstructions};
use crate::ir::{FinalCode, FinalInstruction, HandlerChange, Jump, OptimizedCode};
use crate::source::Location;
use crate::target::{Op, Target};

/// In place of the number of a block's first instruction: it is not written yet.
const UNWRITTEN: u32 = u32::MAX;

/// The memory of a walk.
#[derive(Default)]
pub(super) struct Scratch {
    /// The places of cells and free variables.
    cells: Vec<u32>,
    stack: Vec<Ref>,
    /// The handlers of [`OptimizedCode::handlers`].
    handlers: Vec<BlockId>,
}

/// Why the walk cannot go on: the passes know what is left to do, or what is wrong.
struct Uncommon;

type Walk<T> = Result<T, Uncommon>;

/// Writes the code of a unit, unless there is something in it that the passes are needed for.
pub(super) fn write(state: &mut State<'_, '_>) -> Option<OptimizedCode> {
    let mut code = OptimizedCode::reused();
    match write_code(state, &mut code) {
        Ok(()) => Some(code),
        Err(Uncommon) => {
            code.recycle();
            None
        }
    }
}

fn write_code(state: &mut State<'_, '_>, code: &mut FinalCode) -> Walk<()> {
    let graph = &mut state.graph;
    let Scratch { cells, stack, handlers } = &mut graph.lists.writer;
    let FinalCode { instructions, jumps, handlers: changes, .. } = &mut *code;
    let locals_plus_count = localsplus::write_prefix(state.metadata, state.flags, graph.target, cells, instructions);
    // The instructions of the blocks, and up to four more where one ends.
    let room = graph.end + 4 * graph.blocks.len();
    instructions.reserve(room);
    handlers.clear();
    for block in graph.blocks.iter_mut() {
        (block.number, block.start_depth, block.visited) = (UNWRITTEN, i32::MIN, false);
    }
    let target = graph.target;
    let has_handlers = graph.all_classes & PUSHES_BLOCK != 0;
    graph.worklist.clear();
    let mut writer = Writer {
        locations: &graph.locations,
        instrs: &graph.code,
        blocks: &mut graph.blocks,
        classes: op_class::of(target),
        target,
        effects: Effects::of(target),
        out: std::mem::take(instructions),
        jumps,
        handlers: Handlers { changes, blocks: handlers, last: BlockId::NONE },
        cells,
        stack,
        worklist: &mut graph.worklist,
        has_handlers,
        keeps: has_handlers && target.has(Op::NotTaken) && !target.features.added_jumps_keep_handler,
        borrows: target.has(Op::LoadFastBorrow),
        followed: 0,
        depth: 0,
        greatest: 0,
        removed: 0,
    };
    let walked = writer.run();
    let greatest = writer.greatest;
    *instructions = writer.out;
    walked?;
    (code.stack_depth, code.locals_plus_count) = (greatest as u32, locals_plus_count);
    let len = code.instructions.len();
    for jump in &mut code.jumps {
        jump.target = graph.blocks[jump.target as usize].number;
        if jump.target >= len as u32 {
            return Err(Uncommon);
        }
        let instr = &mut code.instructions[jump.at as usize];
        (instr.op, instr.arg) = (directed(instr.op, jump.target > jump.at), jump.target);
    }
    for (change, &handler) in code.handlers.iter_mut().zip(&*handlers) {
        change.handler = handler_info(&graph.blocks, handler);
    }
    Ok(())
}

/// Where the handler changes.
struct Handlers<'s> {
    changes: &'s mut Vec<HandlerChange>,
    /// The handlers of the changes.
    blocks: &'s mut Vec<BlockId>,
    /// That of the last instruction.
    last: BlockId,
}

impl Handlers<'_> {
    /// Tells of the handler of the next instruction, which is the one with this number.
    #[inline(always)]
    fn note(&mut self, handler: BlockId, at: usize) {
        if self.last != handler {
            self.change(handler, at);
        }
    }

    #[inline(never)]
    fn change(&mut self, handler: BlockId, at: usize) {
        self.last = handler;
        self.changes.push(HandlerChange { at: at as u32, handler: None });
        self.blocks.push(handler);
    }
}

struct Writer<'g, 's> {
    locations: &'g Locations,
    instrs: &'g [Instr],
    blocks: &'g mut [Block],
    classes: &'static Classes,
    target: &'static Target,
    effects: Effects,
    /// What is written. There is room for all.
    out: Vec<FinalInstruction>,
    jumps: &'s mut Vec<Jump>,
    handlers: Handlers<'s>,
    cells: &'s [u32],
    stack: &'s mut Vec<Ref>,
    /// Blocks whose loads may borrow after all, as something behind them jumps there.
    worklist: &'s mut Vec<BlockId>,
    has_handlers: bool,
    /// Whether what is put behind a jump has the handler of what was in its place.
    keeps: bool,
    borrows: bool,
    /// Up to where the stack depth was followed, and what it is there.
    followed: usize,
    depth: i32,
    greatest: i32,
    /// How many `NOP`s of the block no line needed.
    removed: u32,
}

impl Writer<'_, '_> {
    fn run(&mut self) -> Walk<()> {
        self.blocks[0].start_depth = 0;
        self.blocks[0].visited = true;
        let mut at = BlockId::ENTRY;
        while at.is_some() {
            let block = &mut self.blocks[at.0 as usize];
            // What stands before the first block belongs to it.
            block.number = if at == BlockId::ENTRY { 0 } else { self.out.len() as u32 };
            let Block { next, start_depth, visited, .. } = *block;
            if block.is_empty() {
                if next.is_some() && start_depth >= 0 {
                    self.enter(next, start_depth)?;
                }
                if next.is_some() && visited && self.target.features.borrow_pass_is_mended {
                    self.visit(next);
                }
            } else {
                self.write_block(at)?;
            }
            at = next;
        }
        while let Some(id) = self.worklist.pop() {
            self.borrow_late(id);
        }
        Ok(())
    }

    fn write_block(&mut self, id: BlockId) -> Walk<()> {
        let block = self.blocks[id.0 as usize];
        // Control comes from a block before this one, or the passes must find out.
        if block.start_depth < 0 {
            return Err(Uncommon);
        }
        let start = self.out.len();
        (self.followed, self.depth, self.removed) = (start, block.start_depth, 0);
        if self.has_handlers && block.has(MIXED_HANDLERS | PUSHES_BLOCK) {
            self.write_instructions::<true>(&block)?;
        } else {
            self.write_instructions::<false>(&block)?;
        }
        if self.out.len() == start {
            return Err(Uncommon);
        }
        let borrows = block.visited && self.borrows && block.has(LOAD_FAST);
        if borrows {
            let instrs = &mut self.out[block.number as usize..];
            let depths = load_fast_borrow::follow_block(instrs, block.start_depth as usize, self.target, self.stack);
            if self.followed == start && block.number as usize == start {
                self.greatest = self.greatest.max(depths.greatest as i32);
                (self.followed, self.depth) = (self.out.len(), depths.after as i32);
            }
        }
        if self.followed < self.out.len() {
            let out = std::mem::take(&mut self.out);
            self.follow(&out)?;
            self.out = out;
        }
        let last = self.instrs[block.range().end - 1];
        let class = self.classes[last.op as usize];
        let depth = self.depth;
        if class & JUMP != 0 {
            self.end_with_jump(&block, last, start)?;
        }
        if block.next.is_some() && class & NO_FALLTHROUGH == 0 {
            self.enter(block.next, depth)?;
            if block.visited {
                self.visit(block.next);
            }
        }
        Ok(())
    }

    /// Writes the instructions of a block. `MIXED` says whether they may have several handlers, or set some up.
    fn write_instructions<const MIXED: bool>(&mut self, block: &Block) -> Walk<()> {
        const UNCOMMON: u64 = NOP | CELL | PSEUDO | PUSHES_BLOCK | POPS_BLOCK | KEEPS_CONDITION;
        let (sequence, classes) = (self.locations.sequence.as_slice(), self.classes);
        let instrs = &self.instrs[block.range()];
        let mut out = std::mem::take(&mut self.out);
        if !MIXED && self.has_handlers {
            self.handlers.note(instrs[0].except, out.len());
        }
        let mut previous = 0;
        for (i, instr) in instrs.iter().enumerate() {
            let Instr { mut op, mut arg, location: id, except, .. } = *instr;
            let class = classes[op as usize];
            let location = location_in(sequence, id);
            if class & UNCOMMON != 0 {
                if class & (NOP | PUSHES_BLOCK | POPS_BLOCK) != 0 {
                    previous = 0;
                    self.write_nop(&mut out, block, i, location)?;
                    continue;
                }
                (op, arg) = self.convert(&mut out, *instr, location);
            }
            if joins_fast(previous, class) && join_to_last(&mut out, op, arg, location.line) {
                previous = 0;
                continue;
            }
            previous = class;
            if MIXED {
                self.handlers.note(except, out.len());
            }
            out.push(FinalInstruction { op, arg, location });
        }
        self.out = out;
        Ok(())
    }

    /// Writes a `NOP`, or what is one by now, if it is needed. It may be what sets up a handler, which learns its stack depth.
    #[inline(never)]
    fn write_nop(&mut self, out: &mut Vec<FinalInstruction>, block: &Block, i: usize, location: Location) -> Walk<()> {
        let rest = &self.instrs[block.range()][i..];
        let instr = rest[0];
        if self.classes[instr.op as usize] & PUSHES_BLOCK != 0 {
            self.follow(out)?;
            let depth_there = self.depth + self.target.op(instr.op).stack_effect(instr.arg, true);
            self.enter(instr.target(), depth_there)?;
        }
        let before = out[block.number as usize..].last();
        if self.is_needed(location.line, before, &rest[1..], block)? {
            if self.has_handlers {
                self.handlers.note(instr.except, out.len());
            }
            out.push(FinalInstruction { op: Op::Nop, arg: 0, location });
        } else {
            self.removed += 1;
        }
        Ok(())
    }

    /// What an instruction is in the end, with what must stand before it written.
    #[inline(never)]
    fn convert(&mut self, out: &mut Vec<FinalInstruction>, instr: Instr, location: Location) -> (Op, u32) {
        let Instr { op, mut arg, except, .. } = instr;
        if self.classes[op as usize] & CELL != 0 {
            arg = self.cells.get(arg as usize).copied().unwrap_or(arg);
        }
        let op = match op {
            Op::LoadClosure => Op::LoadFast,
            Op::StoreFastMaybeNull => Op::StoreFast,
            Op::JumpIfFalse | Op::JumpIfTrue => {
                if self.has_handlers {
                    self.handlers.note(except, out.len());
                }
                out.push(FinalInstruction { op: Op::Copy, arg: 1, location });
                out.push(FinalInstruction { op: Op::ToBool, arg: 0, location });
                if op == Op::JumpIfFalse { Op::PopJumpIfFalse } else { Op::PopJumpIfTrue }
            }
            _ => op,
        };
        (op, arg)
    }

    /// Follows the stack depth over what was written since the last time.
    fn follow(&mut self, out: &[FinalInstruction]) -> Walk<()> {
        let depths = stack_depth::follow(&out[self.followed..], self.effects, self.depth);
        if depths.signs < 0 {
            return Err(Uncommon);
        }
        self.greatest = self.greatest.max(depths.greatest);
        (self.followed, self.depth) = (out.len(), depths.after);
        Ok(())
    }

    /// Whether a `NOP` on a line is needed: neither the instruction before it in its block, nor what comes behind it, is on that
    /// line. Mirrors CPython 3.14: `basicblock_remove_redundant_nops`.
    fn is_needed(&self, line: i32, before: Option<&FinalInstruction>, rest: &[Instr], block: &Block) -> Walk<bool> {
        if line < 0 || before.is_some_and(|before| before.location.line == line) {
            return Ok(false);
        }
        if let Some(next) = rest.first() {
            let next_line = self.locations.line(next.location);
            return if next_line < 0 { Err(Uncommon) } else { Ok(next_line != line) };
        }
        let mut id = block.next;
        while id.is_some() && self.blocks[id.0 as usize].is_empty() {
            id = self.blocks[id.0 as usize].next;
        }
        if !id.is_some() {
            return Ok(true);
        }
        const NOTHING_LEFT: u64 = NOP | PUSHES_BLOCK | POPS_BLOCK;
        let mut following = self.instrs[self.blocks[id.0 as usize].range()].iter();
        let first = following.find(|instr| {
            self.classes[instr.op as usize] & NOTHING_LEFT == 0 || self.locations.line(instr.location) >= 0
        });
        Ok(first.map_or(Location::NONE.line, |first| self.locations.line(first.location)) != line)
    }

    /// Makes the jump at the end of a block go forward if it is conditional, and marks where it does not jump.
    fn end_with_jump(&mut self, block: &Block, last: Instr, start: usize) -> Walk<()> {
        let target = last.target();
        let at = self.out.len() - 1;
        let FinalInstruction { op, arg, location } = self.out[at];
        if op != Op::EndAsyncFor {
            let effect = self.target.op(op).stack_effect(arg, true) - self.effects.get(op, arg);
            self.enter(target, self.depth + effect)?;
        }
        if block.visited {
            self.visit(target);
        }
        let Some(reverse) = reversed(op) else {
            self.jumps.push(Jump { at: at as u32, target: target.0 });
            return Ok(());
        };
        let marks_not_taken = self.target.has(Op::NotTaken);
        let not_taken = FinalInstruction { op: Op::NotTaken, arg: 0, location };
        if self.blocks[target.0 as usize].number == UNWRITTEN {
            self.jumps.push(Jump { at: at as u32, target: target.0 });
            if marks_not_taken {
                if self.has_handlers {
                    let handler = self.handler_of_added(block, last, start);
                    self.handlers.note(handler, self.out.len());
                }
                self.push(not_taken);
            }
            return Ok(());
        }
        if !block.next.is_some() {
            return Err(Uncommon);
        }
        self.out[at].op = reverse;
        self.jumps.push(Jump { at: at as u32, target: block.next.0 });
        if self.has_handlers {
            let keeps = self.target.features.added_jumps_keep_handler;
            self.handlers.note(if keeps { last.except } else { BlockId::NONE }, self.out.len());
        }
        if marks_not_taken {
            self.push(not_taken);
        }
        self.jumps.push(Jump { at: self.out.len() as u32, target: target.0 });
        self.push(FinalInstruction { op: Op::Jump, arg: target.0, location });
        Ok(())
    }

    /// The handler of what is put behind the jump that ends a block, at `end` of the code.
    ///
    /// In CPython 3.14 it is that of the instruction whose place it takes, if there was one: see
    /// [`super::block::Graph::push`]. What the passes
    /// put before the first block moves the others of it to places that are taken, too.
    fn handler_of_added(&self, block: &Block, last: Instr, start: usize) -> BlockId {
        if !self.keeps {
            return last.except;
        }
        let (len, prefix) = (self.out.len() - start, start - block.number as usize);
        let inserts = self.classes[last.op as usize] & KEEPS_CONDITION != 0;
        let slots = block.slots();
        let was_longer = len + prefix < slots.len();
        if !block.has(MIXED_HANDLERS | PUSHES_BLOCK) {
            let grew = (inserts || prefix > 0) && self.removed > 0;
            return if was_longer || grew { last.except } else { BlockId::NONE };
        }
        if self.removed > 0 {
            // Those behind the first `len` were moved to their places by the passes before the one that removes `NOP`s.
            let mut instrs = self.instrs[block.range()].to_vec();
            let joins = superinstructions::join_pairs(&mut instrs, self.classes, self.locations);
            instrs.truncate(joins.len);
            instrs.extend([last; 2].iter().take(2 * inserts as usize));
            if let Some(taken) = instrs.get(len) {
                return taken.except;
            }
        }
        if was_longer { self.instrs[slots][len + prefix].except } else { BlockId::NONE }
    }

    /// Writes what is put behind a jump.
    fn push(&mut self, instr: FinalInstruction) {
        self.out.push(instr);
    }

    #[inline(always)]
    fn enter(&mut self, id: BlockId, depth: i32) -> Walk<()> {
        let block = &mut self.blocks[id.0 as usize];
        if depth < 0 || (block.start_depth >= 0 && block.start_depth != depth) {
            return Err(Uncommon);
        }
        block.start_depth = depth;
        Ok(())
    }

    /// Notes that control reaches a block otherwise than by an exception.
    #[inline(always)]
    fn visit(&mut self, id: BlockId) {
        let block = &mut self.blocks[id.0 as usize];
        if !std::mem::replace(&mut block.visited, true) && block.number != UNWRITTEN {
            self.worklist.push(id);
        }
    }

    /// Lets the loads of a block borrow that is reached from behind only.
    #[cold]
    fn borrow_late(&mut self, id: BlockId) {
        let block = self.blocks[id.0 as usize];
        let Block { next, number, start_depth, .. } = block;
        let end = if next.is_some() { self.blocks[next.0 as usize].number as usize } else { self.out.len() };
        if self.borrows && block.has(LOAD_FAST) {
            let instrs = &mut self.out[number as usize..end];
            load_fast_borrow::follow_block(instrs, start_depth.max(0) as usize, self.target, self.stack);
        }
        let (mut falls_through, mut target) = (self.target.features.borrow_pass_is_mended, BlockId::NONE);
        if let Some(last) = self.instrs[block.range()].last() {
            let class = self.classes[last.op as usize];
            falls_through = class & NO_FALLTHROUGH == 0;
            target = if class & JUMP != 0 { last.target() } else { BlockId::NONE };
        }
        if target.is_some() {
            self.visit(target);
        }
        if next.is_some() && falls_through {
            self.visit(next);
        }
    }
}
