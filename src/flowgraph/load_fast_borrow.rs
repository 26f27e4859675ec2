//! Loads of local variables that may borrow the frame's reference.

use super::block::{BlockId, Graph, Instr, is_block_push, is_scope_exit, is_unconditional_jump};
use crate::target::{Op, Target};

/// The reference is on the stack when the variable is overwritten.
const SUPPORT_KILLED: u8 = 1;
/// The reference goes to a variable.
const STORED_AS_LOCAL: u8 = 2;
/// The reference is on the stack at the end of the block.
const REF_UNCONSUMED: u8 = 4;

const NO_INSTR: u32 = u32::MAX;
const NO_LOCAL: u32 = u32::MAX;

/// A value on the stack: which instruction of the block put it there, and of which variable it is the value.
#[derive(Clone, Copy)]
struct Ref {
    instr: u32,
    local: u32,
}

const UNKNOWN: Ref = Ref { instr: NO_INSTR, local: NO_LOCAL };

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

    fn push(&mut self, instr: u32, local: u32) {
        self.stack.push(Ref { instr, local });
    }

    fn pop(&mut self) -> Ref {
        self.stack.pop().unwrap_or(UNKNOWN)
    }

    fn pop_many(&mut self, count: usize) {
        self.stack.truncate(self.stack.len().saturating_sub(count));
    }

    /// Mirrors CPython 3.14: `kill_local`.
    fn kill(&mut self, local: u32) {
        for r in &self.stack {
            if r.local == local && r.instr != NO_INSTR {
                self.flags[r.instr as usize] |= SUPPORT_KILLED;
            }
        }
    }

    /// Mirrors CPython 3.14: `store_local`.
    fn store(&mut self, local: u32) {
        let value = self.pop();
        self.kill(local);
        if value.instr != NO_INSTR {
            self.flags[value.instr as usize] |= STORED_AS_LOCAL;
        }
    }
}

/// How many values an instruction takes from the stack. Mirrors CPython 3.14: `_PyOpcode_num_popped`.
fn popped(target: &Target, op: Op, arg: u32) -> u32 {
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
    let mut worklist = graph.start_traversal();
    let mut simulation = Simulation::default();
    graph[BlockId::ENTRY].start_depth = 0;
    graph.visit(BlockId::ENTRY, &mut worklist);
    while let Some(id) = worklist.pop() {
        let loads = graph[id].instrs().iter().any(|instr| matches!(instr.op, Op::LoadFast | Op::LoadFastLoadFast));
        if loads {
            simulation.start(graph[id].start_depth, graph[id].len());
            for i in 0..graph[id].len() {
                let instr = graph[id].instrs()[i];
                simulate(graph, instr, i as u32, &mut simulation, &mut worklist);
            }
        } else {
            // Nothing to change here, but control may go on from here to where there is.
            for i in 0..graph[id].len() {
                let instr = graph[id].instrs()[i];
                if graph.has_target(instr.op) {
                    graph.visit(instr.target, &mut worklist);
                }
            }
        }
        let next = graph[id].next;
        let falls_through = match graph[id].last() {
            Some(last) => !is_unconditional_jump(last.op) && !is_scope_exit(last.op),
            // Up to 3.14 an empty block does not pass control on here: what only it leads to stays as it is.
            None => graph.target.features.borrow_pass_is_mended,
        };
        if next.is_some() && falls_through {
            graph.visit(next, &mut worklist);
        }
        if !loads {
            continue;
        }
        for r in &simulation.stack {
            if r.instr != NO_INSTR {
                simulation.flags[r.instr as usize] |= REF_UNCONSUMED;
            }
        }
        for (instr, &flags) in graph[id].instrs_mut_but_no_nops().iter_mut().zip(&simulation.flags) {
            if flags == 0 {
                instr.op = match instr.op {
                    Op::LoadFast => Op::LoadFastBorrow,
                    Op::LoadFastLoadFast => Op::LoadFastBorrowLoadFastBorrow,
                    op => op,
                };
            }
        }
    }
    graph.worklist = worklist;
}

fn simulate(graph: &mut Graph, instr: Instr, at: u32, s: &mut Simulation, worklist: &mut Vec<BlockId>) {
    let (op, arg) = (instr.op, instr.arg);
    match op {
        Op::DeleteFast => s.kill(arg),
        Op::LoadFast => s.push(at, arg),
        Op::LoadFastAndClear => {
            s.kill(arg);
            s.push(at, arg);
        }
        Op::LoadFastLoadFast => {
            s.push(at, arg >> 4);
            s.push(at, arg & 15);
        }
        Op::StoreFast => s.store(arg),
        Op::StoreFastLoadFast => {
            s.store(arg >> 4);
            s.push(at, arg & 15);
        }
        Op::StoreFastStoreFast => {
            s.store(arg >> 4);
            s.store(arg & 15);
        }
        Op::Copy => {
            let index = s.stack.len().wrapping_sub(arg as usize);
            let copied = s.stack.get(index).copied().unwrap_or(UNKNOWN);
            s.stack.push(copied);
        }
        Op::Swap => {
            if let Some(index) = s.stack.len().checked_sub(arg as usize)
                && index < s.stack.len()
            {
                let top = s.stack.len() - 1;
                s.stack.swap(index, top);
            }
        }
        Op::FormatSimple
        | Op::GetAnext
        | Op::GetLen
        | Op::GetYieldFromIter
        | Op::ImportFrom
        | Op::MatchKeys
        | Op::MatchMapping
        | Op::MatchSequence
        | Op::WithExceptStart => push_without_popping(graph, s, instr, at),
        Op::GetIter if graph.target.features.iterator_pairs => push_without_popping(graph, s, instr, at),
        Op::DictMerge
        | Op::DictUpdate
        | Op::ListAppend
        | Op::ListExtend
        | Op::MapAdd
        | Op::Reraise
        | Op::SetAdd
        | Op::SetUpdate => s.pop_many((-graph.info(op).stack_effect(arg, false)).max(0) as usize),
        Op::EndSend | Op::SetFunctionAttribute => {
            let top = s.pop();
            let below = if op == Op::EndSend { graph.target.iterator_entries() } else { 1 };
            s.pop_many(below as usize);
            s.stack.push(top);
        }
        Op::CheckExcMatch => {
            s.pop();
            s.push(at, NO_LOCAL);
        }
        Op::ForIter => {
            graph.visit(instr.target, worklist);
            s.push(at, NO_LOCAL);
        }
        Op::LoadAttr | Op::LoadSuperAttr => {
            let this = s.pop();
            if op == Op::LoadSuperAttr {
                s.pop_many(2);
            }
            s.push(at, NO_LOCAL);
            if arg & 1 != 0 {
                s.stack.push(this);
            }
        }
        Op::LoadSpecial | Op::PushExcInfo => {
            let top = s.pop();
            s.push(at, NO_LOCAL);
            s.stack.push(top);
        }
        Op::Send => {
            graph.visit(instr.target, worklist);
            s.pop();
            s.push(at, NO_LOCAL);
        }
        _ => {
            if graph.has_target(op) {
                graph.visit(instr.target, worklist);
            }
            if !is_block_push(op) {
                let popped = popped(graph.target, op, arg);
                let pushed = graph.info(op).stack_effect(arg, false) + popped as i32;
                s.pop_many(popped as usize);
                for _ in 0..pushed {
                    s.push(at, NO_LOCAL);
                }
            }
        }
    }
}

/// What an instruction adds on top of its operands, which stay.
fn push_without_popping(graph: &Graph, s: &mut Simulation, instr: Instr, at: u32) {
    let pushed = graph.info(instr.op).stack_effect(instr.arg, false).max(0) as u32;
    for number in 0..pushed {
        // Up to 3.14 CPython takes the number of the pushed value for that of the instruction: a loop variable of the same
        // name hides it. What becomes of the value is thus blamed on the first instructions of the block.
        s.push(if graph.target.features.borrow_pass_is_mended { at } else { number }, NO_LOCAL);
    }
}
