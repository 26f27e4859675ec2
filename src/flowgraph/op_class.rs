//! What the passes ask of an instruction, as bits in a table: for each release one word an instruction.
//!
//! The words of a block's instructions, joined, say which passes have anything to do there ([`super::block::Block::classes`]).

use super::block::Instr;
use crate::ir::FinalInstruction;
use crate::target::{Op, OpInfo, PythonVersion, Target};

/// It may jump.
pub(super) const JUMP: u64 = 1 << 0;
/// It sets up a handler.
pub(super) const PUSHES_BLOCK: u64 = 1 << 1;
/// It ends a handler's range.
pub(super) const POPS_BLOCK: u64 = 1 << 2;
/// It leaves the code object.
pub(super) const EXITS: u64 = 1 << 3;
/// It always jumps.
pub(super) const UNCONDITIONAL: u64 = 1 << 4;
/// It is a `NOP`.
pub(super) const NOP: u64 = 1 << 5;
/// Its argument is an index of the constants.
pub(super) const CONST: u64 = 1 << 6;
/// It loads a constant, whether from the list or not.
pub(super) const LOADS_CONST: u64 = 1 << 7;
/// The interpreter looks for signals at it.
pub(super) const EVAL_BREAK: u64 = 1 << 8;
/// It leaves a local variable without value, or may.
pub(super) const UNBINDS: u64 = 1 << 9;
/// It loads, stores or unbinds a local variable.
pub(super) const LOCAL: u64 = 1 << 10;
/// Its argument is the number of a cell or free variable.
pub(super) const CELL: u64 = 1 << 11;
/// It stands for another instruction from the end of the passes on.
pub(super) const PSEUDO: u64 = 1 << 12;
/// Whatever is next to it, it may be replaced by something better.
pub(super) const REWRITTEN: u64 = 1 << 13;
/// It is a `SWAP`.
pub(super) const SWAP: u64 = 1 << 14;
/// It is a `POP_TOP`.
pub(super) const POP_TOP: u64 = 1 << 15;
/// It loads a local variable, or will when it is converted.
pub(super) const LOAD_FAST: u64 = 1 << 16;
/// It jumps and leaves its condition on the stack.
pub(super) const KEEPS_CONDITION: u64 = 1 << 17;
/// It has a say in which handler it has, or tells of it.
pub(super) const TELLS_OF_HANDLER: u64 = 1 << 18;
/// It is `ANNOTATIONS_PLACEHOLDER`.
pub(super) const HOLDS_PLACE: u64 = 1 << 19;

/// What passes look for in the word of a block.
pub(super) const PASSES: u64 = (1 << 20) - 1;

/// Of a block: some instruction has no line.
pub(super) const NO_LINE: u64 = 1 << 24;
/// Of a block: some instruction has the location of the next one.
pub(super) const NEXT_LINE: u64 = 1 << 26;
/// Of a block: its instructions need not all have the same handler.
pub(super) const MIXED_HANDLERS: u64 = 1 << 25;

/// The first of two instructions that can be replaced by less, in four kinds; the second has its bit [`PAIR_SHIFT`] further up.
const STORES: u64 = 1 << 32;
const CALLABLES: u64 = 1 << 33;
const BOOLS: u64 = 1 << 34;
const TESTED_CONSTS: u64 = 1 << 35;
/// The first of a pair with whatever is behind it: it has [`REWRITTEN`].
const ALONE: u64 = 1 << 36;
/// Loads and stores of local variables, of which two are joined to one.
const FASTS: u64 = 1 << 37;
/// A load whose value is popped at once, or where nothing may be between the two in the end.
const POPPED: u64 = 1 << 38;
const PAIR_SHIFT: u32 = 8;
const FIRST_OF_PAIR: u64 = STORES | CALLABLES | BOOLS | TESTED_CONSTS;
const OF_BLOCK_SHIFT: u32 = 16;

/// Of a block: a constant is loaded and tested at once.
pub(super) const TESTS_CONST: u64 = TESTED_CONSTS << OF_BLOCK_SHIFT;
/// Of a block: two neighbours may be replaced by less.
pub(super) const PAIR: u64 = (STORES | CALLABLES | BOOLS) << OF_BLOCK_SHIFT;

/// A jump, or the set-up of a handler: it has a target.
pub(super) const HAS_TARGET: u64 = JUMP | PUSHES_BLOCK;
/// It must be the last of its block.
pub(super) const TERMINATOR: u64 = JUMP | EXITS;
/// Control never goes on behind it.
pub(super) const NO_FALLTHROUGH: u64 = EXITS | UNCONDITIONAL;

/// Whether an instruction, or it and the one behind it, may be replaced by less.
#[inline(always)]
pub(super) const fn is_candidate(first: u64, second: u64) -> bool {
    first & second >> PAIR_SHIFT & (STORES | CALLABLES | BOOLS | ALONE) != 0
}

/// Whether two instructions, or the first of them alone, may be replaced or removed.
#[inline(always)]
pub(super) const fn is_pair(first: u64, second: u64) -> bool {
    first & second >> PAIR_SHIFT & (FIRST_OF_PAIR | ALONE | POPPED) != 0
}

/// Whether a constant is loaded and tested at once.
#[inline(always)]
pub(super) const fn tests_const(first: u64, second: u64) -> bool {
    first & second >> PAIR_SHIFT & TESTED_CONSTS != 0
}

/// Whether a value may be loaded and popped at once.
#[inline(always)]
pub(super) const fn pops_load(first: u64, second: u64) -> bool {
    first & second >> PAIR_SHIFT & POPPED != 0
}

/// Whether two instructions load and store local variables, so that one may do the work of both.
#[inline(always)]
pub(super) const fn joins_fast(first: u64, second: u64) -> bool {
    first & second >> PAIR_SHIFT & FASTS != 0
}

/// Whether two instructions are the load of a global variable and of the `NULL` behind what is called.
#[inline(always)]
pub(super) const fn is_global_and_null(first: u64, second: u64) -> bool {
    first & second >> PAIR_SHIFT & CALLABLES != 0
}

/// What is behind the last instruction of a block.
pub(super) const NOTHING: u64 = ALONE << PAIR_SHIFT;

/// An instruction within the graph or behind it, for the passes that follow the stack.
pub(super) trait Operation {
    fn op(&self) -> Op;
    fn arg(&self) -> u32;
    fn set_op(&mut self, op: Op);
}

macro_rules! operations {
    ($($instruction:ty),*) => {
        $(
            impl Operation for $instruction {
                #[inline(always)]
                fn op(&self) -> Op {
                    self.op
                }

                #[inline(always)]
                fn arg(&self) -> u32 {
                    self.arg
                }

                #[inline(always)]
                fn set_op(&mut self, op: Op) {
                    self.op = op;
                }
            }
        )*
    };
}

operations!(Instr, FinalInstruction);

/// A word for each instruction.
pub(super) type Classes = [u64; Op::COUNT];

/// Joins the words of instructions that follow each other.
#[derive(Clone, Copy, Default)]
pub(super) struct Joined {
    all: u64,
    pairs: u64,
    previous: u64,
}

impl Joined {
    #[inline]
    pub fn add(&mut self, class: u64) {
        self.all |= class;
        self.pairs |= self.previous & (class >> PAIR_SHIFT);
        self.previous = class;
    }

    /// What a block of these instructions is.
    #[inline]
    pub fn of_block(self) -> u64 {
        self.all | (self.pairs & FIRST_OF_PAIR) << OF_BLOCK_SHIFT
    }
}

/// The words of a release.
#[inline]
pub(super) fn of(target: &Target) -> &'static Classes {
    &CLASSES[target.version as usize]
}

static CLASSES: [Classes; 5] = [
    table(Target::of(PythonVersion::ALL[0])),
    table(Target::of(PythonVersion::ALL[1])),
    table(Target::of(PythonVersion::ALL[2])),
    table(Target::of(PythonVersion::ALL[3])),
    table(Target::of(PythonVersion::ALL[4])),
];

const fn table(target: &Target) -> Classes {
    let mut classes = [0; Op::COUNT];
    let mut i = 0;
    while i < Op::COUNT {
        classes[i] = class(target, Op::ALL[i]);
        i += 1;
    }
    classes
}

const fn class(target: &Target, op: Op) -> u64 {
    let info = target.op(op);
    let mut class = by_name(op) | pairs(target, op) | NOTHING;
    if info.has(OpInfo::JUMP) {
        class |= JUMP;
    }
    if info.has(OpInfo::CONST) {
        class |= CONST;
    }
    if matches!(op, Op::LoadCommonConstant) && target.features.common_values {
        class |= LOADS_CONST;
    }
    if matches!(op, Op::LoadClosure) && info.is_pseudo() {
        class |= PSEUDO | LOAD_FAST;
    }
    if is_rewritten(target, op) {
        class |= REWRITTEN | ALONE;
    }
    class
}

const fn by_name(op: Op) -> u64 {
    match op {
        Op::SetupFinally | Op::SetupWith | Op::SetupCleanup => PUSHES_BLOCK | PSEUDO,
        Op::PopBlock => POPS_BLOCK | PSEUDO,
        Op::Jump | Op::JumpBackward => UNCONDITIONAL | EVAL_BREAK,
        Op::JumpNoInterrupt | Op::JumpForward | Op::JumpBackwardNoInterrupt => UNCONDITIONAL,
        Op::ReturnValue | Op::ReturnConst | Op::RaiseVarargs | Op::Reraise => EXITS,
        Op::Call | Op::CallKw | Op::CallFunctionEx => EVAL_BREAK,
        Op::Resume => EVAL_BREAK | TELLS_OF_HANDLER,
        Op::YieldValue | Op::ReturnGenerator => TELLS_OF_HANDLER,
        Op::Nop => NOP,
        Op::LoadConst | Op::LoadSmallInt => LOADS_CONST,
        Op::StoreFastMaybeNull => UNBINDS | LOCAL | PSEUDO,
        Op::DeleteFast | Op::LoadFastAndClear => UNBINDS | LOCAL,
        Op::StoreFast | Op::LoadFastCheck => LOCAL,
        Op::LoadFast => LOCAL | LOAD_FAST,
        Op::LoadFastLoadFast => LOAD_FAST,
        Op::MakeCell
        | Op::LoadClosure
        | Op::LoadDeref
        | Op::StoreDeref
        | Op::DeleteDeref
        | Op::LoadFromDictOrDeref
        | Op::LoadClassderef => CELL,
        Op::Swap => SWAP,
        Op::PopTop => POP_TOP,
        Op::JumpIfFalse | Op::JumpIfTrue => KEEPS_CONDITION,
        Op::AnnotationsPlaceholder => HOLDS_PLACE,
        _ => 0,
    }
}

/// Whether the pass over single instructions may change this one, whatever is behind it.
const fn is_rewritten(target: &Target, op: Op) -> bool {
    match op {
        Op::BuildTuple | Op::Swap => true,
        Op::PushNull => !target.features.null_follows_callable,
        Op::BuildList
        | Op::BuildSet
        | Op::UnaryNot
        | Op::UnaryInvert
        | Op::UnaryNegative
        | Op::CallIntrinsic1
        | Op::ListAppend
        | Op::SetAdd
        | Op::BinaryOp => target.features.fold_in_flowgraph,
        _ => false,
    }
}

/// Of which pairs an instruction may be the first or the second.
const fn pairs(target: &Target, op: Op) -> u64 {
    const fn second(first: u64) -> u64 {
        first << PAIR_SHIFT
    }
    match op {
        Op::StoreFast => STORES | FASTS | second(STORES | FASTS),
        Op::LoadFast => FASTS | second(FASTS),
        Op::Nop | Op::LoadCommonConstant => POPPED,
        Op::PopTop => second(POPPED),
        Op::LoadGlobal => CALLABLES,
        Op::PushNull => second(CALLABLES),
        Op::CompareOp | Op::ContainsOp => BOOLS,
        Op::IsOp => BOOLS | second(TESTED_CONSTS),
        Op::ToBool => BOOLS | second(BOOLS | TESTED_CONSTS),
        Op::UnaryNot => BOOLS | second(BOOLS),
        Op::LoadConst | Op::LoadSmallInt | Op::Copy => TESTED_CONSTS | POPPED,
        Op::PopJumpIfFalse | Op::PopJumpIfTrue | Op::JumpIfFalse | Op::JumpIfTrue => second(TESTED_CONSTS),
        Op::ReturnValue if target.has(Op::ReturnConst) => second(TESTED_CONSTS),
        _ => 0,
    }
}
