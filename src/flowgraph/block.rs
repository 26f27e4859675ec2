//! Basic blocks, the graph of them, and what the passes ask of an instruction.

use crate::ir::Instruction;
use crate::source::Location;
use crate::target::{Op, OpInfo, Target};
use std::cell::RefCell;
use std::ops::{Index, IndexMut};

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
    pub arg: u32,
    pub location: Location,
    /// Where it jumps, or the handler that it sets up.
    pub target: BlockId,
    /// The handler of the exceptions that it raises.
    pub except: BlockId,
}

impl Instr {
    /// An instruction without target or handler.
    pub const fn new(op: Op, arg: u32, location: Location) -> Instr {
        Instr { op, arg, location, target: BlockId::NONE, except: BlockId::NONE }
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

    #[inline]
    pub fn line(&self) -> i32 {
        self.location.line
    }
}

/// A run of instructions that control enters at the first and leaves at the last.
#[derive(Debug)]
pub(super) struct Block {
    /// The instructions, then what is left of those that were removed: see [`Block::push`].
    slots: Vec<Instr>,
    used: usize,
    /// The block that control falls through to.
    pub next: BlockId,
    /// Whether the block had a label: some jump went to it once.
    pub labelled: bool,
    pub predecessors: i32,
    /// The stack depth on entry; `i32::MIN` until it is known.
    pub start_depth: i32,
    /// The handler's frame keeps the offset of the instruction that raised.
    pub preserve_lasti: bool,
    pub visited: bool,
    pub except_handler: bool,
    pub cold: bool,
    pub warm: bool,
    /// Whether some instruction sets up or ends a handler's range, or did.
    pub has_set_ups: bool,
    /// Whether there may be a `NOP`.
    may_have_nops: bool,
    /// Bit i is set if local variable i may have no value on entry.
    pub unsafe_locals: u64,
}

impl Block {
    fn new(slots: Vec<Instr>) -> Block {
        Block {
            slots,
            used: 0,
            next: BlockId::NONE,
            labelled: false,
            predecessors: 0,
            start_depth: 0,
            preserve_lasti: false,
            visited: false,
            except_handler: false,
            cold: false,
            warm: false,
            has_set_ups: false,
            may_have_nops: true,
            unsafe_locals: 0,
        }
    }

    #[inline]
    pub fn instrs(&self) -> &[Instr] {
        &self.slots[..self.used]
    }

    #[inline]
    pub fn instrs_mut(&mut self) -> &mut [Instr] {
        self.may_have_nops = true;
        &mut self.slots[..self.used]
    }

    /// The instructions for a pass that makes no `NOP` of any.
    #[inline]
    pub fn instrs_mut_but_no_nops(&mut self) -> &mut [Instr] {
        &mut self.slots[..self.used]
    }

    /// Whether there is a `NOP`; known without looking if there was none and nobody could make one since.
    #[inline]
    pub fn find_nops(&mut self) -> bool {
        self.may_have_nops = self.may_have_nops && self.instrs().iter().any(|instr| instr.op == Op::Nop);
        self.may_have_nops
    }

    #[inline]
    pub const fn len(&self) -> usize {
        self.used
    }

    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.used == 0
    }

    #[inline]
    pub fn last(&self) -> Option<&Instr> {
        self.instrs().last()
    }

    #[inline]
    pub fn last_mut(&mut self) -> Option<&mut Instr> {
        self.instrs_mut().last_mut()
    }

    /// Appends an instruction.
    ///
    /// CPython 3.14's `basicblock_addop` does not set the handler, so that an instruction put where a removed one was takes
    /// over that one's handler, while it has none in a fresh place. The exception table shows the difference.
    #[inline]
    pub fn push(&mut self, op: Op, arg: u32, location: Location, target: BlockId) {
        let mut instr = Instr { target, ..Instr::new(op, arg, location) };
        self.has_set_ups |= is_block_push(op) || op == Op::PopBlock;
        self.may_have_nops |= op == Op::Nop;
        match self.slots.get_mut(self.used) {
            Some(slot) => {
                instr.except = slot.except;
                *slot = instr;
            }
            None => self.slots.push(instr),
        }
        self.used += 1;
    }

    /// Appends whole instructions, handlers included.
    pub fn extend_from(&mut self, instrs: &[Instr]) {
        self.may_have_nops = true;
        for &instr in instrs {
            self.has_set_ups |= is_block_push(instr.op) || instr.op == Op::PopBlock;
            match self.slots.get_mut(self.used) {
                Some(slot) => *slot = instr,
                None => self.slots.push(instr),
            }
            self.used += 1;
        }
    }

    /// Appends instructions of codegen to a block that nothing was ever removed from.
    pub fn fill(&mut self, instructions: &[Instruction]) {
        self.slots.extend(instructions.iter().map(|i| Instr::new(i.op, i.arg, i.location)));
        self.used = self.slots.len();
        self.has_set_ups |= instructions.iter().any(|i| is_block_push(i.op) || i.op == Op::PopBlock);
    }

    /// Inserts a whole instruction.
    pub fn insert(&mut self, at: usize, instr: Instr) {
        self.extend_from(&[instr]);
        self.instrs_mut()[at..].rotate_right(1);
    }

    /// Forgets the instructions from `len` on.
    pub fn truncate(&mut self, len: usize) {
        self.used = self.used.min(len);
    }

    /// Forgets what is left of removed instructions, so that [`Block::push`] inherits nothing from them.
    pub fn wipe_removed(&mut self) {
        self.slots.truncate(self.used);
    }

    /// Whether the last instruction never lets control reach the next block.
    #[inline]
    pub fn no_fallthrough(&self) -> bool {
        self.last().is_some_and(|last| is_scope_exit(last.op) || is_unconditional_jump(last.op))
    }

    #[inline]
    pub fn has_fallthrough(&self) -> bool {
        !self.no_fallthrough()
    }

    pub fn exits_scope(&self) -> bool {
        self.last().is_some_and(|last| is_scope_exit(last.op))
    }

    pub fn has_no_line(&self) -> bool {
        self.instrs().iter().all(|instr| instr.line() < 0)
    }

    pub fn has_eval_break(&self) -> bool {
        self.instrs().iter().any(|instr| is_eval_break(instr.op))
    }
}

/// The blocks of a code unit, linked by [`Block::next`] from [`BlockId::ENTRY`] on.
pub(super) struct Graph {
    pub blocks: Vec<Block>,
    pub target: &'static Target,
    /// A worklist that the passes share.
    pub worklist: Vec<BlockId>,
    /// Whether any block has, or had, an instruction that sets up or ends a handler's range.
    pub has_set_ups: bool,
    /// Whether any instruction takes a local variable's value away.
    pub unbinds_locals: bool,
    /// Lists of instructions that no block uses.
    spare: Vec<Vec<Instr>>,
}

/// What is left of a graph for the next one of the thread.
#[derive(Default)]
struct Remains {
    blocks: Vec<Block>,
    worklist: Vec<BlockId>,
    spare: Vec<Vec<Instr>>,
}

thread_local! {
    static REMAINS: RefCell<Remains> = RefCell::default();
}

/// Longer lists are not kept, so that one huge block does not hold memory for ever.
const MOST_KEPT: usize = 1 << 14;

impl Graph {
    /// A graph with an empty entry block.
    pub fn new(target: &'static Target) -> Graph {
        let Remains { blocks, worklist, spare } = REMAINS.take();
        let mut graph = Graph { blocks, target, worklist, has_set_ups: false, unbinds_locals: false, spare };
        graph.add_block();
        graph
    }

    /// A new block that is not linked yet.
    pub fn add_block(&mut self) -> BlockId {
        let slots = self.spare.pop().unwrap_or_default();
        self.blocks.push(Block::new(slots));
        BlockId(self.blocks.len() as u32 - 1)
    }

    #[inline]
    pub fn info(&self, op: Op) -> &'static OpInfo {
        self.target.op(op)
    }

    /// Whether an instruction may jump.
    #[inline]
    pub fn is_jump(&self, op: Op) -> bool {
        self.info(op).has(OpInfo::JUMP)
    }

    /// Whether an instruction has a target: a jump, or the set-up of a handler.
    #[inline]
    pub fn has_target(&self, op: Op) -> bool {
        self.info(op).has_any(OpInfo::JUMP | OpInfo::EXC)
    }

    /// Whether an instruction must be the last of its block.
    #[inline]
    pub fn is_terminator(&self, op: Op) -> bool {
        self.is_jump(op) || is_scope_exit(op)
    }

    /// Where the last instruction of a block jumps; no other instruction does until jumps are normalised.
    #[inline]
    pub fn last_jump(&self, id: BlockId) -> Option<BlockId> {
        self[id].last().filter(|last| self.is_jump(last.op)).map(|last| last.target)
    }

    /// The first block from `id` on that has instructions.
    pub fn next_nonempty(&self, mut id: BlockId) -> BlockId {
        while id.is_some() && self[id].is_empty() {
            id = self[id].next;
        }
        id
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

impl Drop for Graph {
    fn drop(&mut self) {
        let mut spare = std::mem::take(&mut self.spare);
        let mut blocks = std::mem::take(&mut self.blocks);
        for block in blocks.drain(..) {
            let mut slots = block.slots;
            if (1..=MOST_KEPT).contains(&slots.capacity()) && spare.len() < MOST_KEPT {
                slots.clear();
                spare.push(slots);
            }
        }
        let remains = Remains { blocks, worklist: std::mem::take(&mut self.worklist), spare };
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

/// Whether an instruction sets up a handler.
#[inline]
pub(super) const fn is_block_push(op: Op) -> bool {
    matches!(op, Op::SetupFinally | Op::SetupWith | Op::SetupCleanup)
}

/// Whether an instruction always jumps.
#[inline]
pub(super) const fn is_unconditional_jump(op: Op) -> bool {
    matches!(op, Op::Jump | Op::JumpNoInterrupt | Op::JumpForward | Op::JumpBackward | Op::JumpBackwardNoInterrupt)
}

/// Whether an instruction leaves the code object.
#[inline]
pub(super) const fn is_scope_exit(op: Op) -> bool {
    matches!(op, Op::ReturnValue | Op::ReturnConst | Op::RaiseVarargs | Op::Reraise)
}

/// Whether the interpreter looks for signals at an instruction.
#[inline]
const fn is_eval_break(op: Op) -> bool {
    matches!(op, Op::Call | Op::CallKw | Op::CallFunctionEx | Op::Jump | Op::JumpBackward | Op::Resume)
}

/// Whether an instruction loads a constant.
#[inline]
pub(super) const fn loads_const(target: &Target, op: Op) -> bool {
    match op {
        Op::LoadConst | Op::LoadSmallInt => true,
        Op::LoadCommonConstant => target.features.common_values,
        _ => false,
    }
}
