//! Basic blocks, the graph of them, and what the passes ask of an instruction.
//!
//! All blocks keep their instructions in one list of the graph; a block is a range of it, with room behind it where one may be
//! needed. A block that outgrows its range moves to the end of the list.

use super::exception_targets::HandlerStack;
use super::locations::{LocationId, Locations};
use super::op_class::{
    self, Classes, EVAL_BREAK, EXITS, HAS_TARGET, JUMP, MIXED_HANDLERS, NO_FALLTHROUGH, NO_LINE, NOP, TERMINATOR,
    UNCONDITIONAL,
};
use super::{locals, writer};
use crate::target::{Op, OpInfo, Target};
use std::cell::RefCell;
use std::ops::{Index, IndexMut, Range};

/// The number of a block in its [`Graph`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct BlockId(pub u32);

impl BlockId {
    /// No block.
    pub const NONE: BlockId = BlockId(u32::MAX);
    /// Where control flow begins.
    pub const ENTRY: BlockId = BlockId(0);

    #[inline]
    pub const fn is_some(self) -> bool {
        self.0 != u32::MAX
    }
}

/// An instruction within a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instr {
    pub op: Op,
    /// See [`Instr::guess`]; three bytes, so that an instruction has sixteen.
    guess: [u8; 3],
    /// The argument. Where it jumps, or sets up a handler, the number of the block: see [`Instr::target`].
    pub arg: u32,
    pub location: LocationId,
    /// The handler of the exceptions that it raises.
    pub except: BlockId,
}

impl Instr {
    /// An instruction without handler.
    #[inline]
    pub const fn new(op: Op, arg: u32, location: LocationId) -> Instr {
        Instr { op, guess: [0; 3], arg, location, except: BlockId::NONE }
    }

    /// A jump without handler.
    #[inline]
    pub const fn jump(op: Op, target: BlockId, location: LocationId) -> Instr {
        Instr::new(op, target.0, location)
    }

    /// The same with a handler.
    pub const fn with_handler(self, except: BlockId) -> Instr {
        Instr { except, ..self }
    }

    /// Where it jumps, or the handler that it sets up; meaningful only if it does.
    #[inline]
    pub const fn target(&self) -> BlockId {
        BlockId(self.arg)
    }

    #[inline]
    pub fn set_target(&mut self, target: BlockId) {
        self.arg = target.0;
    }

    /// What the argument of a jump is first taken for, where that is the number of a label.
    pub const fn guess(&self) -> u32 {
        u32::from_le_bytes([self.guess[0], self.guess[1], self.guess[2], 0])
    }

    /// Sets the guess. Its upper bits are lost where a code object has millions of labels: it is a guess.
    pub fn set_guess(&mut self, label: u32) {
        let [a, b, c, _] = label.to_le_bytes();
        self.guess = [a, b, c];
    }

    /// Turns it to another instruction; the rest of it stays.
    #[inline]
    pub fn set(&mut self, op: Op, arg: u32) {
        self.op = op;
        self.arg = arg;
    }

    /// Turns it to a `NOP`, which keeps the line if nothing else does.
    #[inline]
    pub fn set_nop(&mut self) {
        self.set(Op::Nop, 0);
    }
}

/// A run of instructions that control enters at the first and leaves at the last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// Where its instructions start in [`Graph::code`].
    start: u32,
    len: u32,
    /// The instructions, and what is left behind them of those that were removed: see [`Graph::push`].
    slots: u32,
    /// How many instructions have room.
    capacity: u32,
    /// The block that control falls through to.
    pub next: BlockId,
    /// The number of its first instruction in the finished code.
    pub number: u32,
    /// The number of the label, which up to 3.12 is the first guess at the argument of a jump.
    pub label: u32,
    pub predecessors: i32,
    /// The stack depth on entry; `i32::MIN` until it is known.
    pub start_depth: i32,
    /// The words of [`op_class`] for all instructions that are, or were, in the block, and its bits for blocks.
    pub classes: u64,
    /// Bit i is set if local variable i may have no value on entry.
    pub unsafe_locals: u64,
    /// Whether the block had a label: some jump went to it once.
    pub labelled: bool,
    /// The handler's frame keeps the offset of the instruction that raised.
    pub preserve_lasti: bool,
    pub visited: bool,
    pub except_handler: bool,
    pub cold: bool,
    pub warm: bool,
}

impl Block {
    /// A block whose instructions are there already.
    #[inline]
    pub const fn new(start: u32, len: u32, capacity: u32, classes: u64) -> Block {
        Block {
            start,
            len,
            slots: len,
            capacity,
            next: BlockId::NONE,
            number: 0,
            label: 0,
            predecessors: 0,
            start_depth: 0,
            classes,
            unsafe_locals: 0,
            labelled: false,
            preserve_lasti: false,
            visited: false,
            except_handler: false,
            cold: false,
            warm: false,
        }
    }

    #[inline]
    pub const fn len(&self) -> usize {
        self.len as usize
    }

    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether any of its instructions is, or was, of one of these classes.
    #[inline]
    pub const fn has(&self, classes: u64) -> bool {
        self.classes & classes != 0
    }

    /// Where its instructions stand in [`Graph::code`].
    #[inline]
    pub const fn range(&self) -> Range<usize> {
        self.start as usize..self.start as usize + self.len as usize
    }

    /// The same with what is left behind them of those that were removed.
    #[inline]
    pub const fn slots(&self) -> Range<usize> {
        self.start as usize..self.start as usize + self.slots as usize
    }

    /// Forgets the instructions from `len` on.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len as u32);
    }

    /// Forgets what is left of removed instructions, so that [`Graph::push`] inherits nothing from them.
    #[inline]
    pub fn wipe_removed(&mut self) {
        self.slots = self.len;
    }
}

/// The last instruction of a block as control sees it.
#[derive(Clone, Copy)]
pub(super) struct Exit {
    /// The word of [`op_class`] for it; without bits where the block is empty.
    class: u64,
    target: BlockId,
}

impl Exit {
    /// Where it jumps, if it does.
    #[inline]
    pub fn jump(self) -> Option<BlockId> {
        if self.class & JUMP != 0 { Some(self.target) } else { None }
    }

    /// Whether it may jump.
    #[inline]
    pub fn jumps(self) -> bool {
        self.class & JUMP != 0
    }

    /// Where it may jump; `other` if it does not.
    #[inline]
    pub fn target_or(self, other: BlockId) -> BlockId {
        if self.class & JUMP != 0 { self.target } else { other }
    }

    /// Where it always jumps, if it does.
    #[inline]
    pub fn unconditional_jump(self) -> Option<BlockId> {
        if self.class & UNCONDITIONAL != 0 { Some(self.target) } else { None }
    }

    /// Whether control may reach the next block.
    #[inline]
    pub fn falls_through(self) -> bool {
        self.class & NO_FALLTHROUGH == 0
    }
}

/// The blocks of a code unit, linked by [`Block::next`] from [`BlockId::ENTRY`] on.
pub(super) struct Graph {
    pub blocks: Vec<Block>,
    /// The instructions of all blocks, and behind [`Graph::end`] whatever was left there.
    pub code: Vec<Instr>,
    /// Where no block has its place any more.
    pub end: usize,
    pub locations: Locations,
    pub target: &'static Target,
    classes: &'static Classes,
    /// A worklist that the passes share.
    pub worklist: Vec<BlockId>,
    /// A list of numbers that the passes share.
    pub scratch: Vec<u32>,
    /// Lists that are one pass's own.
    pub lists: Lists,
    /// The words of all blocks, joined.
    pub all_classes: u64,
    /// Whether control may go other ways than when the predecessors were counted last.
    pub flow_changed: bool,
    /// Whether some jump may go to what follows anyway.
    pub layout_changed: bool,
}

/// What is left of a graph for the next one of the thread.
#[derive(Default)]
struct Remains {
    blocks: Vec<Block>,
    code: Vec<Instr>,
    worklist: Vec<BlockId>,
    scratch: Vec<u32>,
    lists: Lists,
}

/// The lists of passes that need more than the graph. Each is as its pass has left it.
#[derive(Default)]
pub(super) struct Lists {
    pub transfers: Vec<locals::Transfer>,
    pub told: Vec<locals::Told>,
    pub handlers: HandlerStack,
    pub writer: writer::Scratch,
}

thread_local! {
    static REMAINS: RefCell<Remains> = RefCell::default();
}

/// Longer lists are not kept, so that one huge unit does not hold memory for ever.
const MOST_KEPT: usize = 1 << 16;

impl Graph {
    /// A graph without blocks.
    pub fn new(target: &'static Target, locations: Locations) -> Graph {
        let Remains { blocks, code, worklist, scratch, lists } = REMAINS.take();
        Graph {
            blocks,
            code,
            end: 0,
            locations,
            target,
            classes: op_class::of(target),
            worklist,
            scratch,
            lists,
            all_classes: 0,
            flow_changed: true,
            layout_changed: true,
        }
    }

    /// A new block that is not linked yet.
    pub fn add_block(&mut self) -> BlockId {
        self.blocks.push(Block::new(self.end as u32, 0, 0, 0));
        BlockId(self.blocks.len() as u32 - 1)
    }

    #[inline]
    pub fn info(&self, op: Op) -> &'static OpInfo {
        self.target.op(op)
    }

    /// The word of [`op_class`] for an instruction.
    #[inline]
    pub fn class(&self, op: Op) -> u64 {
        self.classes[op as usize]
    }

    /// The words of the release, for a pass that has parts of the graph borrowed.
    #[inline]
    pub fn classes(&self) -> &'static Classes {
        self.classes
    }

    /// Whether any instruction of the graph is, or was, of one of these classes.
    #[inline]
    pub fn has(&self, classes: u64) -> bool {
        self.all_classes & classes != 0
    }

    /// The same without what could add to it.
    #[inline]
    pub fn view(&mut self) -> View<'_> {
        View { blocks: &mut self.blocks, code: &mut self.code, classes: self.classes }
    }

    /// Whether an instruction may jump.
    #[inline]
    pub fn is_jump(&self, op: Op) -> bool {
        self.class(op) & JUMP != 0
    }

    /// Whether an instruction has a target: a jump, or the set-up of a handler.
    #[inline]
    pub fn has_target(&self, op: Op) -> bool {
        self.class(op) & HAS_TARGET != 0
    }

    /// Whether an instruction must be the last of its block.
    #[inline]
    pub fn is_terminator(&self, op: Op) -> bool {
        self.class(op) & TERMINATOR != 0
    }

    /// The instructions of a block.
    #[inline]
    pub fn instrs(&self, id: BlockId) -> &[Instr] {
        &self.code[self[id].range()]
    }

    /// The same for a pass that may make a `NOP` of one.
    #[inline]
    pub fn instrs_mut(&mut self, id: BlockId) -> &mut [Instr] {
        self.note_nop(id);
        let range = self[id].range();
        &mut self.code[range]
    }

    /// The same for a pass that makes no `NOP` of any.
    #[inline]
    pub fn instrs_mut_but_no_nops(&mut self, id: BlockId) -> &mut [Instr] {
        let range = self[id].range();
        &mut self.code[range]
    }

    #[inline]
    pub fn first(&self, id: BlockId) -> Option<&Instr> {
        let block = &self[id];
        if block.len == 0 { None } else { self.code.get(block.start as usize) }
    }

    #[inline]
    pub fn last(&self, id: BlockId) -> Option<&Instr> {
        let block = &self[id];
        if block.len == 0 { None } else { self.code.get((block.start + block.len) as usize - 1) }
    }

    /// The last instruction, for a pass that makes no `NOP` of it.
    #[inline]
    pub fn last_mut(&mut self, id: BlockId) -> Option<&mut Instr> {
        let block = &self[id];
        let end = (block.start + block.len) as usize;
        if block.len == 0 { None } else { self.code.get_mut(end - 1) }
    }

    /// Notes the classes of a block's instructions once more, where a pass has put others in their places.
    pub fn classify_again(&mut self, id: BlockId) {
        let classes = self.classes;
        let mut now = 0;
        for instr in self.instrs(id) {
            now |= classes[instr.op as usize];
            if instr.location == LocationId::NONE && instr.op != Op::Nop {
                now |= NO_LINE;
            }
        }
        self[id].classes |= now;
        self.all_classes |= now;
    }

    /// Notes that there may be a `NOP` in a block.
    #[inline]
    pub fn note_nop(&mut self, id: BlockId) {
        self[id].classes |= NOP;
        self.all_classes |= NOP;
    }

    /// Makes the last instruction a `NOP`.
    pub fn set_last_nop(&mut self, id: BlockId) {
        if let Some(last) = self.last_mut(id) {
            last.set_nop();
        }
        self.note_nop(id);
        self.flow_changed = true;
        self.layout_changed = true;
    }

    /// Makes room for `count` more instructions of a block, at the end of the list if there is none where it is.
    fn reserve(&mut self, id: BlockId, count: u32) {
        let block = &mut self.blocks[id.0 as usize];
        if block.len + count <= block.capacity {
            return;
        }
        let start = self.end;
        let slots = block.start as usize..(block.start + block.slots) as usize;
        // Blocks that grow mostly grow by a few instructions, once or twice; one that keeps growing moves ever less often.
        let capacity = (block.len + count).max(block.slots) + block.slots / 2 + 2;
        if (block.start + block.capacity) as usize == start {
            block.capacity = capacity;
            self.end = (block.start + capacity) as usize;
            return self.make_room();
        }
        block.start = start as u32;
        block.capacity = capacity;
        self.end = start + capacity as usize;
        self.make_room();
        self.code.copy_within(slots, start);
    }

    /// Makes the list as long as it has to be.
    pub fn make_room(&mut self) {
        if self.code.len() < self.end {
            self.code.resize(self.end, Instr::new(Op::Nop, 0, LocationId::NONE));
        }
    }

    /// Appends a whole instruction, its handler included.
    pub fn append(&mut self, id: BlockId, instr: Instr) {
        self.reserve(id, 1);
        let class = self.class(instr.op);
        let block = &mut self.blocks[id.0 as usize];
        block.classes |= class;
        if block.len > 0 && self.code[block.start as usize].except != instr.except {
            block.classes |= MIXED_HANDLERS;
        }
        self.all_classes |= class;
        self.code[(block.start + block.len) as usize] = instr;
        block.len += 1;
        block.slots = block.slots.max(block.len);
    }

    /// Appends an instruction.
    ///
    /// CPython 3.14's `basicblock_addop` does not set the handler, so that an instruction put where a removed one was takes
    /// over that one's handler, while it has none in a fresh place. The exception table shows the difference.
    pub fn push(&mut self, id: BlockId, mut instr: Instr) {
        let block = &self[id];
        if block.len < block.slots {
            instr.except = self.code[(block.start + block.len) as usize].except;
        }
        self.append(id, instr);
    }

    /// Appends the instructions of another block, handlers included.
    pub fn append_block(&mut self, id: BlockId, other: BlockId) {
        self.flow_changed = true;
        self.layout_changed = true;
        let count = self[other].len;
        self.reserve(id, count);
        let (range, classes) = (self[other].range(), self[other].classes);
        let block = &mut self.blocks[id.0 as usize];
        self.code.copy_within(range, (block.start + block.len) as usize);
        block.classes |= classes | MIXED_HANDLERS;
        block.len += count;
        block.slots = block.slots.max(block.len);
    }

    /// Inserts whole instructions before the others of a block.
    pub fn prepend(&mut self, id: BlockId, instrs: &[Instr]) {
        for &instr in instrs {
            self.append(id, instr);
        }
        self[id].classes |= MIXED_HANDLERS;
        self.instrs_mut_but_no_nops(id).rotate_right(instrs.len());
    }

    /// Inserts a whole instruction before the last one of a block.
    pub fn insert_before_last(&mut self, id: BlockId, instr: Instr) {
        self.append(id, instr);
        if let [.., last, new] = self.instrs_mut_but_no_nops(id) {
            std::mem::swap(last, new);
        }
    }

    /// How control leaves a block.
    #[inline]
    pub fn exit(&self, id: BlockId) -> Exit {
        self.exit_of(&self[id])
    }

    /// The same for a block that is at hand.
    #[inline]
    pub fn exit_of(&self, block: &Block) -> Exit {
        exit(block, &self.code, self.classes)
    }

    /// Whether the last instruction never lets control reach the next block.
    #[inline]
    pub fn no_fallthrough(&self, id: BlockId) -> bool {
        !self.exit(id).falls_through()
    }

    #[inline]
    pub fn has_fallthrough(&self, id: BlockId) -> bool {
        !self.no_fallthrough(id)
    }

    #[inline]
    pub fn exits_scope(&self, id: BlockId) -> bool {
        self.exit(id).class & EXITS != 0
    }

    pub fn has_no_line(&self, id: BlockId) -> bool {
        self.instrs(id).iter().all(|instr| self.locations.line(instr.location) < 0)
    }

    pub fn has_eval_break(&self, id: BlockId) -> bool {
        self.instrs(id).iter().any(|instr| self.class(instr.op) & EVAL_BREAK != 0)
    }

    /// Where the last instruction of a block jumps; no other instruction does until jumps are normalised.
    #[inline]
    pub fn last_jump(&self, id: BlockId) -> Option<BlockId> {
        self.exit(id).jump()
    }

    /// The first block from `id` on that has instructions.
    #[inline]
    pub fn next_nonempty(&self, mut id: BlockId) -> BlockId {
        while id.is_some() && self[id].is_empty() {
            id = self[id].next;
        }
        id
    }

    /// The label of a block, which gets the next number if it has none.
    pub fn label_block(&mut self, id: BlockId, next_label: &mut u32) -> u32 {
        let block = &mut self[id];
        if !block.labelled {
            block.labelled = true;
            block.label = *next_label;
            *next_label += 1;
        }
        block.label
    }

    /// The number after that of all labels (CPython: `get_max_label`).
    pub fn next_label(&self) -> u32 {
        self.blocks.iter().map(|block| block.label).max().unwrap_or(0) + 1
    }

    /// Empties the worklist and marks every block as not visited (CPython: `make_cfg_traversal_stack`).
    pub fn start_traversal(&mut self) -> Vec<BlockId> {
        for block in &mut self.blocks {
            block.visited = false;
        }
        let mut worklist = std::mem::take(&mut self.worklist);
        worklist.clear();
        worklist
    }

    /// Puts a block on a worklist unless it has been there.
    #[inline]
    pub fn visit(&mut self, id: BlockId, worklist: &mut Vec<BlockId>) {
        if !self[id].visited {
            self[id].visited = true;
            worklist.push(id);
        }
    }
}

/// The blocks and instructions of a graph for a pass that adds none of either: they stay where they are meanwhile.
pub(super) struct View<'g> {
    pub blocks: &'g mut [Block],
    pub code: &'g mut [Instr],
    pub classes: &'static Classes,
}

impl View<'_> {
    #[inline(always)]
    pub fn instrs(&self, id: BlockId) -> &[Instr] {
        &self.code[self[id].range()]
    }

    #[inline(always)]
    pub fn instrs_mut(&mut self, id: BlockId) -> &mut [Instr] {
        let range = self[id].range();
        &mut self.code[range]
    }

    /// How control leaves a block.
    #[inline(always)]
    pub fn exit(&self, id: BlockId) -> Exit {
        exit(&self[id], self.code, self.classes)
    }
}

impl Index<BlockId> for View<'_> {
    type Output = Block;

    #[inline(always)]
    fn index(&self, id: BlockId) -> &Block {
        &self.blocks[id.0 as usize]
    }
}

impl IndexMut<BlockId> for View<'_> {
    #[inline(always)]
    fn index_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.0 as usize]
    }
}

#[inline(always)]
fn exit(block: &Block, code: &[Instr], classes: &Classes) -> Exit {
    // Before the list's start there is nothing, as there is in an empty block.
    match code.get((block.start as usize + block.len as usize).wrapping_sub(1)) {
        Some(last) if block.len > 0 => Exit { class: classes[last.op as usize], target: last.target() },
        _ => Exit { class: 0, target: BlockId::NONE },
    }
}

impl Drop for Graph {
    fn drop(&mut self) {
        let mut blocks = std::mem::take(&mut self.blocks);
        let code = std::mem::take(&mut self.code);
        if code.capacity() > MOST_KEPT || blocks.capacity() > MOST_KEPT {
            return;
        }
        blocks.clear();
        let (worklist, scratch) = (std::mem::take(&mut self.worklist), std::mem::take(&mut self.scratch));
        let lists = std::mem::take(&mut self.lists);
        let remains = Remains { blocks, code, worklist, scratch, lists };
        // Where the thread is ending there is nothing to keep it for.
        let _ = REMAINS.try_with(|kept| kept.replace(remains));
    }
}

impl Index<BlockId> for Graph {
    type Output = Block;

    #[inline]
    fn index(&self, id: BlockId) -> &Block {
        &self.blocks[id.0 as usize]
    }
}

impl IndexMut<BlockId> for Graph {
    #[inline]
    fn index_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.0 as usize]
    }
}
