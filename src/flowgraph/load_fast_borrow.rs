//! Loads of local variables that may borrow the frame's reference.

use super::block::{BlockId, Graph, Instr};
use super::op_class::{HAS_TARGET, LOAD_FAST, NO_FALLTHROUGH, PUSHES_BLOCK};
use crate::target::{Op, PythonVersion, Target};

/// The reference is on the stack when the variable is overwritten.
const SUPPORT_KILLED: u8 = 1;
/// The reference goes to a variable.
const STORED_AS_LOCAL: u8 = 2;
/// The reference is on the stack at the end of the block.
const REF_UNCONSUMED: u8 = 4;

const NO_INSTR: u32 = u32::MAX;
const NO_LOCAL: u32 = u32::MAX;

/// A value on the stack: which instruction of the block loaded it, and of which variable it is the value.
#[derive(Clone, Copy)]
struct Ref {
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
    /// How many it gives, and one more where the argument has this bit.
    gives: u8,
    gives_arg: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It takes and gives as the row says.
    Plain,
    LoadFast,
    StoreFast,
    /// [`Simulation::special`] knows.
    Special,
}

static SHAPES: [[Shape; Op::COUNT]; 5] = [
    shapes(Target::of(PythonVersion::ALL[0])),
    shapes(Target::of(PythonVersion::ALL[1])),
    shapes(Target::of(PythonVersion::ALL[2])),
    shapes(Target::of(PythonVersion::ALL[3])),
    shapes(Target::of(PythonVersion::ALL[4])),
];

const fn shapes(target: &Target) -> [Shape; Op::COUNT] {
    let mut table = [Shape { kind: Kind::Special, takes: 0, takes_arg: 0, gives: 0, gives_arg: 0 }; Op::COUNT];
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
    let mut shape = Shape { kind: Kind::Special, takes: takes as u8, takes_arg, gives: 0, gives_arg };
    if matches!(op, Op::LoadFast) {
        shape.kind = Kind::LoadFast;
    } else if matches!(op, Op::StoreFast) {
        shape.kind = Kind::StoreFast;
    } else if gives >= 0 && !is_special(target, op) {
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
        | Op::LoadAttr
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

/// The stack while one block is followed, and what is known of its instructions.
#[derive(Default)]
struct Simulation {
    stack: Vec<Ref>,
    flags: Vec<u8>,
}

impl Simulation {
    fn start(&mut self, depth: i32, instr_count: usize) {
        self.stack.clear();
        self.stack.resize(depth.max(0) as usize, UNKNOWN);
        self.flags.clear();
        self.flags.resize(instr_count, 0);
    }

    #[inline]
    fn push(&mut self, instr: u32, local: u32) {
        self.stack.push(Ref { instr, local });
    }

    #[inline]
    fn push_new(&mut self, count: u32) {
        for _ in 0..count {
            self.stack.push(UNKNOWN);
        }
    }

    #[inline]
    fn pop(&mut self) -> Ref {
        self.stack.pop().unwrap_or(UNKNOWN)
    }

    #[inline]
    fn pop_many(&mut self, count: u32) {
        self.stack.truncate(self.stack.len().saturating_sub(count as usize));
    }

    #[inline]
    fn flag(&mut self, instr: u32, flag: u8) {
        // Out of range for values that no instruction of the block has loaded.
        if let Some(flags) = self.flags.get_mut(instr as usize) {
            *flags |= flag;
        }
    }

    /// Mirrors CPython 3.14: `kill_local`.
    fn kill(&mut self, local: u32) {
        for i in 0..self.stack.len() {
            if self.stack[i].local == local {
                self.flag(self.stack[i].instr, SUPPORT_KILLED);
            }
        }
    }

    /// Mirrors CPython 3.14: `store_local`.
    fn store(&mut self, local: u32) {
        let value = self.pop();
        self.kill(local);
        self.flag(value.instr, STORED_AS_LOCAL);
    }

    /// Follows a block from its start to its end.
    fn run(&mut self, instrs: &[Instr], target: &Target) {
        let shapes = &SHAPES[target.version as usize];
        for (at, instr) in instrs.iter().enumerate() {
            let shape = &shapes[instr.op as usize];
            match shape.kind {
                Kind::Plain => {
                    self.pop_many(shape.takes as u32 + (instr.arg & shape.takes_arg));
                    self.push_new(shape.gives as u32 + (instr.arg & shape.gives_arg));
                }
                Kind::LoadFast => self.push(at as u32, instr.arg),
                Kind::StoreFast => self.store(instr.arg),
                Kind::Special => self.special(*instr, at as u32, target),
            }
        }
        for i in 0..self.stack.len() {
            self.flag(self.stack[i].instr, REF_UNCONSUMED);
        }
    }

    fn special(&mut self, instr: Instr, at: u32, target: &Target) {
        let (op, arg) = (instr.op, instr.arg);
        match op {
            Op::DeleteFast => self.kill(arg),
            Op::LoadFastAndClear => {
                self.kill(arg);
                self.push_new(1);
            }
            Op::LoadFastLoadFast => {
                self.push(at, arg >> 4);
                self.push(at, arg & 15);
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
                let index = self.stack.len().wrapping_sub(arg as usize);
                let copied = self.stack.get(index).copied().unwrap_or(UNKNOWN);
                self.stack.push(copied);
            }
            Op::Swap => {
                if let Some(index) = self.stack.len().checked_sub(arg as usize)
                    && index < self.stack.len()
                {
                    let top = self.stack.len() - 1;
                    self.stack.swap(index, top);
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
                self.stack.push(top);
            }
            Op::CheckExcMatch | Op::Send => {
                self.pop();
                self.push_new(1);
            }
            Op::ForIter => self.push_new(1),
            Op::LoadAttr | Op::LoadSuperAttr => {
                let this = self.pop();
                if op == Op::LoadSuperAttr {
                    self.pop_many(2);
                }
                self.push_new(1);
                if arg & 1 != 0 {
                    self.stack.push(this);
                }
            }
            Op::LoadSpecial | Op::PushExcInfo => {
                let top = self.pop();
                self.push_new(1);
                self.stack.push(top);
            }
            Op::SetupFinally | Op::SetupWith | Op::SetupCleanup => {}
            _ if pushes_without_popping(target, op) => self.push_without_popping(instr, target),
            _ => {
                self.pop_many(popped(target, op, arg));
                self.push_new(pushed(target, op, arg).max(0) as u32);
            }
        }
    }

    /// What an instruction adds on top of its operands, which stay.
    fn push_without_popping(&mut self, instr: Instr, target: &Target) {
        let pushed = target.op(instr.op).stack_effect(instr.arg, false).max(0) as u32;
        if target.features.borrow_pass_is_mended {
            return self.push_new(pushed);
        }
        for number in 0..pushed {
            // Up to 3.14 CPython takes the number of the pushed value for that of the instruction: a loop variable of the same
            // name hides it. What becomes of the value is thus blamed on the first instructions of the block.
            self.push(number, NO_LOCAL);
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
    let mut simulation = Simulation::default();
    graph[BlockId::ENTRY].start_depth = 0;
    graph.visit(BlockId::ENTRY, &mut worklist);
    while let Some(id) = worklist.pop() {
        if graph[id].has(LOAD_FAST) {
            simulation.start(graph[id].start_depth, graph[id].len());
            simulation.run(graph.instrs(id), graph.target);
            for (instr, &flags) in graph.instrs_mut_but_no_nops(id).iter_mut().zip(&simulation.flags) {
                if flags == 0 {
                    instr.op = match instr.op {
                        Op::LoadFast => Op::LoadFastBorrow,
                        Op::LoadFastLoadFast => Op::LoadFastBorrowLoadFastBorrow,
                        op => op,
                    };
                }
            }
        }
        visit_following(graph, id, &mut worklist);
    }
    graph.worklist = worklist;
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
