//! Loads of local variables that may borrow the frame's reference.

use super::block::{BlockId, Graph};
use super::op_class::{HAS_TARGET, LOAD_FAST, NO_FALLTHROUGH, Operation, PUSHES_BLOCK};
use crate::target::{Op, PythonVersion, Target};

const NO_INSTR: u32 = u32::MAX;
const NO_LOCAL: u32 = u32::MAX;

/// A value on the stack: which instruction of the block loaded it, and of which variable it is the value.
#[derive(Clone, Copy)]
pub(super) struct Ref {
    instr: u32,
    local: u32,
}

/// A value that no load has put there, so that it does not matter what becomes of it.
const UNKNOWN: Ref = Ref { instr: NO_INSTR, local: NO_LOCAL };

/// What an instruction does to the stack: a row of a release's table.
#[derive(Clone, Copy)]
struct Shape {
    kind: Kind,
    /// How many values it takes, besides its argument's number of values where `takes_arg` is all ones.
    takes: u8,
    takes_arg: u32,
    /// How many it gives, and one more where the argument has this bit; at most two in all.
    gives: u8,
    gives_arg: u32,
    /// What it becomes: itself, but for loads that borrow.
    op: Op,
    /// All ones where nothing is known of what it gives; 0 where that is the variable of its number.
    unknown: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It takes and gives as the row says.
    Plain,
    StoreFast,
    LoadAttr,
    /// [`Simulation::special`] knows.
    Special,
}

/// The most values that a plain instruction gives.
const MOST_GIVEN: usize = 2;

static SHAPES: [[Shape; Op::COUNT]; 5] = [
    shapes(Target::of(PythonVersion::ALL[0])),
    shapes(Target::of(PythonVersion::ALL[1])),
    shapes(Target::of(PythonVersion::ALL[2])),
    shapes(Target::of(PythonVersion::ALL[3])),
    shapes(Target::of(PythonVersion::ALL[4])),
];

const fn shapes(target: &Target) -> [Shape; Op::COUNT] {
    let mut table =
        [Shape { kind: Kind::Special, takes: 0, takes_arg: 0, gives: 0, gives_arg: 0, op: Op::Nop, unknown: u32::MAX };
            Op::COUNT];
    let mut i = 0;
    while i < Op::COUNT {
        table[i] = shape(target, Op::ALL[i]);
        i += 1;
    }
    table
}

/// Finds whether one of the plain rows describes an instruction, by trying it on a few arguments.
const fn shape(target: &Target, op: Op) -> Shape {
    let takes = popped(target, op, 0);
    let takes_arg = if popped(target, op, 1) == takes + 1 && popped(target, op, 2) == takes + 2 { u32::MAX } else { 0 };
    let gives = pushed(target, op, 0);
    let gives_arg = if pushed(target, op, 1) == gives + 1 && pushed(target, op, 2) == gives { 1 } else { 0 };
    let mut shape =
        Shape { kind: Kind::Special, takes: takes as u8, takes_arg, gives: 0, gives_arg, op, unknown: u32::MAX };
    if matches!(op, Op::LoadFast) {
        shape = Shape { kind: Kind::Plain, gives: 1, op: Op::LoadFastBorrow, unknown: 0, ..shape };
    } else if matches!(op, Op::StoreFast) {
        shape.kind = Kind::StoreFast;
    } else if matches!(op, Op::LoadAttr) {
        shape.kind = Kind::LoadAttr;
    } else if gives >= 0 && gives + (gives_arg as i32) <= MOST_GIVEN as i32 && !is_special(target, op) {
        shape.gives = gives as u8;
        shape.kind = Kind::Plain;
        let mut arg = 0;
        while arg < 20 {
            let same_takes = popped(target, op, arg) == takes + (arg & takes_arg);
            let same_gives = pushed(target, op, arg) == gives + (arg & gives_arg) as i32;
            if !same_takes || !same_gives {
                shape.kind = Kind::Special;
            }
            arg += 1;
        }
    }
    shape
}

const fn pushed(target: &Target, op: Op, arg: u32) -> i32 {
    target.op(op).stack_effect(arg, false) + popped(target, op, arg) as i32
}

/// Whether more is known of what an instruction leaves on the stack than that it is new.
const fn is_special(target: &Target, op: Op) -> bool {
    match op {
        Op::DeleteFast
        | Op::LoadFastAndClear
        | Op::LoadFastLoadFast
        | Op::StoreFastLoadFast
        | Op::StoreFastStoreFast
        | Op::Copy
        | Op::Swap
        | Op::DictMerge
        | Op::DictUpdate
        | Op::ListAppend
        | Op::ListExtend
        | Op::MapAdd
        | Op::Reraise
        | Op::SetAdd
        | Op::SetUpdate
        | Op::EndSend
        | Op::SetFunctionAttribute
        | Op::CheckExcMatch
        | Op::ForIter
        | Op::LoadSuperAttr
        | Op::LoadSpecial
        | Op::PushExcInfo
        | Op::Send
        | Op::SetupFinally
        | Op::SetupWith
        | Op::SetupCleanup => true,
        _ => pushes_without_popping(target, op),
    }
}

/// Whether an instruction leaves its operands and adds to them.
const fn pushes_without_popping(target: &Target, op: Op) -> bool {
    match op {
        Op::FormatSimple
        | Op::GetAnext
        | Op::GetLen
        | Op::GetYieldFromIter
        | Op::ImportFrom
        | Op::MatchKeys
        | Op::MatchMapping
        | Op::MatchSequence
        | Op::WithExceptStart => true,
        Op::GetIter => target.features.iterator_pairs,
        _ => false,
    }
}

/// How many values are on the stack behind a block, and at most before one of its instructions.
pub(super) struct StackDepths {
    pub after: usize,
    pub greatest: usize,
}

/// A block as it is followed. Each load borrows until something is done to its value that a borrowed one does not outlive.
struct Simulation<'s, I> {
    instrs: &'s mut [I],
    /// The stack, and what is left above it.
    stack: &'s mut Vec<Ref>,
    depth: usize,
    target: &'static Target,
}

impl<I: Operation> Simulation<'_, I> {
    #[inline(always)]
    fn push(&mut self, value: Ref) {
        match self.stack.get_mut(self.depth) {
            Some(slot) => *slot = value,
            None => self.stack.push(value),
        }
        self.depth += 1;
    }

    /// Makes room for what an instruction gives, and writes it.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, depth: usize, value: Ref) {
        self.stack.truncate(depth);
        self.stack.push(value);
        self.stack.resize(2 * depth + 16, UNKNOWN);
    }

    #[inline(always)]
    fn push_load(&mut self, instr: usize, local: u32) {
        self.push(Ref { instr: instr as u32, local });
    }

    #[inline(always)]
    fn push_new(&mut self, count: u32) {
        if count == 1 {
            return self.push(UNKNOWN);
        }
        for _ in 0..count {
            self.push(UNKNOWN);
        }
    }

    #[inline(always)]
    fn pop(&mut self) -> Ref {
        if self.depth == 0 {
            return UNKNOWN;
        }
        self.depth -= 1;
        self.stack[self.depth]
    }

    #[inline(always)]
    fn pop_many(&mut self, count: u32) {
        self.depth = self.depth.saturating_sub(count as usize);
    }

    /// What this value is of must own it.
    #[inline(always)]
    fn own(&mut self, value: Ref) {
        // Out of range for values that no instruction of the block has loaded.
        if let Some(instr) = self.instrs.get_mut(value.instr as usize) {
            match instr.op() {
                Op::LoadFastBorrow => instr.set_op(Op::LoadFast),
                Op::LoadFastBorrowLoadFastBorrow => instr.set_op(Op::LoadFastLoadFast),
                _ => {}
            }
        }
    }

    /// What is on the stack of a variable that gets another value. Mirrors CPython 3.14: `kill_local`.
    #[inline(always)]
    fn kill(&mut self, local: u32) {
        for i in 0..self.depth {
            if self.stack[i].local == local {
                self.own(self.stack[i]);
            }
        }
    }

    /// Mirrors CPython 3.14: `store_local`.
    #[inline(always)]
    fn store(&mut self, local: u32) {
        let value = self.pop();
        self.kill(local);
        self.own(value);
    }

    /// Follows the block from its start to its end.
    fn run(mut self) -> StackDepths {
        let mut greatest = self.depth;
        let shapes = &SHAPES[self.target.version as usize];
        let mut at = 0;
        while let Some(instr) = self.instrs.get_mut(at) {
            let (op, arg) = (instr.op(), instr.arg());
            let shape = &shapes[op as usize];
            greatest = greatest.max(self.depth);
            match shape.kind {
                Kind::Plain => {
                    // How many values it gives nobody could foretell: two are written, and those that are not given are written over.
                    instr.set_op(shape.op);
                    let depth = self.depth.saturating_sub((shape.takes as u32 + (arg & shape.takes_arg)) as usize);
                    let value = Ref { instr: at as u32 | shape.unknown, local: arg | shape.unknown };
                    match self.stack.get_mut(depth..).and_then(|rest| rest.first_chunk_mut()) {
                        Some(room) => *room = [value, UNKNOWN],
                        None => self.grow(depth, value),
                    }
                    self.depth = depth + (shape.gives as u32 + (arg & shape.gives_arg)) as usize;
                }
                Kind::StoreFast => self.store(arg),
                Kind::LoadAttr => {
                    let this = self.pop();
                    self.push(UNKNOWN);
                    if arg & 1 != 0 {
                        self.push(this);
                    }
                }
                // By value, so that the rest of this loop need not keep anything in memory.
                Kind::Special => self = self.followed(op, arg, at),
            }
            at += 1;
        }
        // What is left on the stack is used behind the block.
        for i in 0..self.depth {
            self.own(self.stack[i]);
        }
        StackDepths { after: self.depth, greatest }
    }

    #[inline(never)]
    fn followed(mut self, op: Op, arg: u32, at: usize) -> Self {
        self.special(op, arg, at);
        self
    }

    fn special(&mut self, op: Op, arg: u32, at: usize) {
        let target = self.target;
        match op {
            Op::DeleteFast => self.kill(arg),
            Op::LoadFastAndClear => {
                self.kill(arg);
                self.push_new(1);
            }
            Op::LoadFastLoadFast => {
                self.instrs[at].set_op(Op::LoadFastBorrowLoadFastBorrow);
                self.push_load(at, arg >> 4);
                self.push_load(at, arg & 15);
            }
            Op::StoreFastLoadFast => {
                self.store(arg >> 4);
                self.push_new(1);
            }
            Op::StoreFastStoreFast => {
                self.store(arg >> 4);
                self.store(arg & 15);
            }
            Op::Copy => {
                let index = self.depth.wrapping_sub(arg as usize);
                let copied = self.stack[..self.depth].get(index).copied().unwrap_or(UNKNOWN);
                self.push(copied);
            }
            Op::Swap => {
                if let Some(index) = self.depth.checked_sub(arg as usize)
                    && index < self.depth
                {
                    self.stack.swap(index, self.depth - 1);
                }
            }
            Op::DictMerge
            | Op::DictUpdate
            | Op::ListAppend
            | Op::ListExtend
            | Op::MapAdd
            | Op::Reraise
            | Op::SetAdd
            | Op::SetUpdate => self.pop_many((-target.op(op).stack_effect(arg, false)).max(0) as u32),
            Op::EndSend | Op::SetFunctionAttribute => {
                let top = self.pop();
                self.pop_many(if op == Op::EndSend { target.iterator_entries() } else { 1 });
                self.push(top);
            }
            Op::CheckExcMatch | Op::Send => {
                self.pop();
                self.push_new(1);
            }
            Op::ForIter => self.push_new(1),
            Op::LoadSuperAttr => {
                let this = self.pop();
                self.pop_many(2);
                self.push_new(1);
                if arg & 1 != 0 {
                    self.push(this);
                }
            }
            Op::LoadSpecial | Op::PushExcInfo => {
                let top = self.pop();
                self.push_new(1);
                self.push(top);
            }
            Op::SetupFinally | Op::SetupWith | Op::SetupCleanup => {}
            _ if pushes_without_popping(target, op) => self.push_without_popping(op, arg),
            _ => {
                self.pop_many(popped(target, op, arg));
                self.push_new(pushed(target, op, arg).max(0) as u32);
            }
        }
    }

    /// What an instruction adds on top of its operands, which stay.
    fn push_without_popping(&mut self, op: Op, arg: u32) {
        let pushed = self.target.op(op).stack_effect(arg, false).max(0) as u32;
        if self.target.features.borrow_pass_is_mended {
            return self.push_new(pushed);
        }
        for number in 0..pushed {
            // Up to 3.14 CPython takes the number of the pushed value for that of the instruction: a loop variable of the same
            // name hides it. What becomes of the value is thus blamed on the first instructions of the block.
            self.push_load(number as usize, NO_LOCAL);
        }
    }
}

/// How many values an instruction takes from the stack. Mirrors CPython 3.14: `_PyOpcode_num_popped`.
const fn popped(target: &Target, op: Op, arg: u32) -> u32 {
    match op {
        Op::PopIter => target.iterator_entries(),
        Op::CleanupThrow => 2 + target.iterator_entries(),
        Op::BuildInterpolation => 2 + (arg & 1),
        Op::BuildList
        | Op::BuildSet
        | Op::BuildSlice
        | Op::BuildString
        | Op::BuildTuple
        | Op::Copy
        | Op::RaiseVarargs
        | Op::Swap => arg,
        Op::BuildMap => 2 * arg,
        Op::Call => 2 + arg,
        Op::CallKw => 3 + arg,
        Op::DictMerge => 4 + arg,
        Op::DictUpdate | Op::ListAppend | Op::ListExtend | Op::SetAdd | Op::SetUpdate | Op::Reraise => 1 + arg,
        Op::MapAdd => 2 + arg,
        Op::WithExceptStart => 5,
        Op::CallFunctionEx | Op::StoreSlice => 4,
        Op::BinarySlice | Op::LoadSuperAttr | Op::MatchClass | Op::StoreSubscr => 3,
        Op::BinaryOp
        | Op::BuildTemplate
        | Op::CallIntrinsic2
        | Op::CheckEgMatch
        | Op::CheckExcMatch
        | Op::CompareOp
        | Op::ContainsOp
        | Op::DeleteSubscr
        | Op::EndAsyncFor
        | Op::EndSend
        | Op::FormatWithSpec
        | Op::ImportName
        | Op::IsOp
        | Op::MatchKeys
        | Op::Send
        | Op::SetFunctionAttribute
        | Op::StoreAttr
        | Op::StoreFastStoreFast => 2,
        Op::CallIntrinsic1
        | Op::ConvertValue
        | Op::DeleteAttr
        | Op::EndFor
        | Op::ExitInitCheck
        | Op::FormatSimple
        | Op::ForIter
        | Op::GetAiter
        | Op::GetAnext
        | Op::GetAwaitable
        | Op::GetIter
        | Op::GetLen
        | Op::GetYieldFromIter
        | Op::ImportFrom
        | Op::JumpIfFalse
        | Op::JumpIfTrue
        | Op::LoadAttr
        | Op::LoadFromDictOrDeref
        | Op::LoadFromDictOrGlobals
        | Op::LoadSpecial
        | Op::MakeFunction
        | Op::MatchMapping
        | Op::MatchSequence
        | Op::PopExcept
        | Op::PopJumpIfFalse
        | Op::PopJumpIfNone
        | Op::PopJumpIfNotNone
        | Op::PopJumpIfTrue
        | Op::PopTop
        | Op::PushExcInfo
        | Op::ReturnValue
        | Op::StoreDeref
        | Op::StoreFast
        | Op::StoreFastLoadFast
        | Op::StoreFastMaybeNull
        | Op::StoreGlobal
        | Op::StoreName
        | Op::ToBool
        | Op::UnaryInvert
        | Op::UnaryNegative
        | Op::UnaryNot
        | Op::UnpackEx
        | Op::UnpackSequence
        | Op::YieldValue => 1,
        _ => 0,
    }
}

/// Turns loads whose variable outlives the loaded value to loads that borrow.
///
/// Mirrors CPython 3.14: `optimize_load_fast`.
pub(super) fn optimize(graph: &mut Graph) {
    if !graph.has(LOAD_FAST) {
        return;
    }
    let mut worklist = graph.start_traversal();
    let mut stack = Vec::with_capacity(64);
    graph[BlockId::ENTRY].start_depth = 0;
    graph.visit(BlockId::ENTRY, &mut worklist);
    while let Some(id) = worklist.pop() {
        if graph[id].has(LOAD_FAST) {
            let depth = graph[id].start_depth.max(0) as usize;
            let target = graph.target;
            follow_block(graph.instrs_mut_but_no_nops(id), depth, target, &mut stack);
        }
        visit_following(graph, id, &mut worklist);
    }
    graph.worklist = worklist;
}

/// Lets the loads of one block borrow. `stack` is memory.
pub(super) fn follow_block<I: Operation>(
    instrs: &mut [I],
    depth: usize,
    target: &'static Target,
    stack: &mut Vec<Ref>,
) -> StackDepths {
    let known = depth.min(stack.len());
    stack[..known].fill(UNKNOWN);
    stack.resize(depth.max(stack.len()), UNKNOWN);
    Simulation { instrs, stack, depth, target }.run()
}

/// Visits where control goes on behind a block.
fn visit_following(graph: &mut Graph, id: BlockId, worklist: &mut Vec<BlockId>) {
    let range = graph[id].range();
    // A jump is the last instruction, or the last but a NOT_TAKEN.
    let first = if graph[id].has(PUSHES_BLOCK) { range.start } else { range.end.saturating_sub(2).max(range.start) };
    for i in first..range.end {
        let instr = graph.code[i];
        if graph.class(instr.op) & HAS_TARGET != 0 {
            graph.visit(instr.target(), worklist);
        }
    }
    let falls_through = match graph.last(id) {
        Some(last) => graph.class(last.op) & NO_FALLTHROUGH == 0,
        // Up to 3.14 an empty block does not pass control on here: what only it leads to stays as it is.
        None => graph.target.features.borrow_pass_is_mended,
    };
    let next = graph[id].next;
    if next.is_some() && falls_through {
        graph.visit(next, worklist);
    }
}
