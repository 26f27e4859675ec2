//! The stack depth on entry of each block, and the greatest depth.

use super::block::{BlockId, Graph, View};
use super::op_class::{HAS_TARGET, JUMP, NO_FALLTHROUGH, Operation, PUSHES_BLOCK};
use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::object::flags;
use crate::target::{Op, OpInfo, PythonVersion, Target};

fn invalid(message: &str) -> Box<CompileError> {
    CompileError::new(ErrorKind::ValueError, None, message)
}

#[inline(always)]
fn enter(view: &mut View<'_>, id: BlockId, depth: i32, worklist: &mut Vec<BlockId>) -> bool {
    let block = &mut view[id];
    if block.start_depth >= 0 && block.start_depth != depth {
        return false;
    }
    if block.start_depth < depth && block.start_depth < 100 {
        block.start_depth = depth;
        worklist.push(id);
    }
    true
}

/// What an instruction does to the depth where it goes on to the next one: `base + k * (arg & mask)`, nearly always.
#[derive(Clone, Copy)]
struct Effect {
    mask: u32,
    base: i8,
    k: i8,
    /// It is none of this kind.
    is_odd: bool,
}

static EFFECTS: [[Effect; Op::COUNT]; 5] = [
    effects(Target::of(PythonVersion::ALL[0])),
    effects(Target::of(PythonVersion::ALL[1])),
    effects(Target::of(PythonVersion::ALL[2])),
    effects(Target::of(PythonVersion::ALL[3])),
    effects(Target::of(PythonVersion::ALL[4])),
];

const fn effects(target: &Target) -> [Effect; Op::COUNT] {
    let mut table = [Effect { mask: 0, base: 0, k: 0, is_odd: false }; Op::COUNT];
    let mut i = 0;
    while i < Op::COUNT {
        table[i] = effect_of(target.op(Op::ALL[i]));
        i += 1;
    }
    table
}

/// Finds the formula of an instruction by trying a few arguments.
const fn effect_of(info: &OpInfo) -> Effect {
    const TRIED: [u32; 12] = [0, 1, 2, 3, 4, 5, 7, 8, 15, 256, 257, 770];
    const MASKS: [u32; 2] = [1, u32::MAX];
    let base = info.stack_effect(0, false);
    let k = info.stack_effect(1, false) - base;
    let mut effect = Effect { mask: 0, base: base as i8, k: k as i8, is_odd: true };
    let mut m = 0;
    while m < MASKS.len() {
        let mut fits = true;
        let mut i = 0;
        while i < TRIED.len() {
            fits &= info.stack_effect(TRIED[i], false) == base + k * (TRIED[i] & MASKS[m]) as i32;
            i += 1;
        }
        if fits {
            effect.mask = MASKS[m];
            effect.is_odd = false;
        }
        m += 1;
    }
    effect
}

/// The formulas of a release.
#[derive(Clone, Copy)]
pub(super) struct Effects {
    table: &'static [Effect; Op::COUNT],
    target: &'static Target,
}

impl Effects {
    #[inline(always)]
    pub fn of(target: &'static Target) -> Effects {
        Effects { table: &EFFECTS[target.version as usize], target }
    }

    /// The effect, nearly always without asking anything whose answer nobody could foretell.
    #[inline(always)]
    pub fn get(self, op: Op, arg: u32) -> i32 {
        let effect = self.table[op as usize];
        if effect.is_odd {
            return self.target.op(op).stack_effect(arg, false);
        }
        (effect.k as i32).wrapping_mul((arg & effect.mask) as i32).wrapping_add(effect.base as i32)
    }
}

/// The depths of a block.
pub(super) struct Depths {
    before_last: i32,
    pub after: i32,
    /// Negative if some depth is.
    pub signs: i32,
    /// The greatest before an instruction.
    pub greatest: i32,
}

/// Follows a block whose instructions all go on to the next one, but for the last. A function of its own has registers for all.
#[inline(never)]
pub(super) fn follow<I: Operation>(instrs: &[I], effects: Effects, depth: i32) -> Depths {
    let (mut before, mut after, mut signs, mut greatest) = (depth, depth, depth, depth);
    for instr in instrs {
        before = after;
        // Whether it is greater nobody could foretell.
        let more = before.wrapping_sub(greatest);
        greatest += more & !(more >> 31);
        after += effects.get(instr.op(), instr.arg());
        signs |= after;
    }
    Depths { before_last: before, after, signs, greatest }
}

/// The greatest depth in code that is one block.
pub(super) fn of_block<I: Operation>(instrs: &[I], target: &'static Target) -> Result<u32> {
    let walk = follow(instrs, Effects::of(target), 0);
    if walk.signs < 0 {
        return Err(invalid("Invalid CFG, stack underflow"));
    }
    Ok(walk.greatest as u32)
}

/// Mirrors CPython 3.14: `calculate_stackdepth`, which looks at the depth before each instruction only, and 3.12's
/// `_PyCfg_Stackdepth`, which looks at the depth after it and where it jumps.
pub(super) fn calculate(graph: &mut Graph, entry_depth: i32) -> Result<u32> {
    let target = graph.target;
    let counts_before = target.features.stack_depth_counts_before;
    let effects = Effects::of(target);
    let mut worklist = std::mem::take(&mut graph.worklist);
    worklist.clear();
    let mut view = graph.view();
    for block in view.blocks.iter_mut() {
        block.start_depth = i32::MIN;
    }
    let mut greatest = 0;
    let mut consistent = enter(&mut view, BlockId::ENTRY, entry_depth, &mut worklist);
    while let Some(id) = worklist.pop() {
        let block = &view[id];
        let (mut depth, mut next) = (block.start_depth, block.next);
        let mut signs = 0;
        if counts_before {
            let range = block.range();
            let mut start = range.start;
            if block.has(PUSHES_BLOCK) {
                // Without handlers only the last instruction may have a target.
                while let Some(run) =
                    view.code[start..range.end].iter().position(|i| view.classes[i.op as usize] & PUSHES_BLOCK != 0)
                {
                    let walk = follow(&view.code[start..start + run], effects, depth);
                    (depth, signs, greatest) = (walk.after, signs | walk.signs, greatest.max(walk.greatest));
                    let instr = view.code[start + run];
                    let depth_there = depth + target.op(instr.op).stack_effect(instr.arg, true);
                    consistent &= enter(&mut view, instr.target(), depth_there, &mut worklist);
                    start += run + 1;
                }
            }
            let instrs = &view.code[start..range.end];
            let walk = follow(instrs, effects, depth);
            (depth, signs, greatest) = (walk.after, signs | walk.signs, greatest.max(walk.greatest));
            if let Some(&last) = instrs.last() {
                let class = view.classes[last.op as usize];
                if class & JUMP != 0 && last.op != Op::EndAsyncFor {
                    let depth_there = walk.before_last + target.op(last.op).stack_effect(last.arg, true);
                    consistent &= enter(&mut view, last.target(), depth_there, &mut worklist);
                }
                if class & NO_FALLTHROUGH != 0 {
                    next = BlockId::NONE;
                }
            }
        } else {
            for i in view[id].range() {
                let instr = view.code[i];
                let class = view.classes[instr.op as usize];
                let after = if class & PUSHES_BLOCK != 0 { depth } else { depth + effects.get(instr.op, instr.arg) };
                signs |= after;
                greatest = greatest.max(after);
                if class & HAS_TARGET != 0 && instr.op != Op::EndAsyncFor {
                    let depth_there = depth + target.op(instr.op).stack_effect(instr.arg, true);
                    greatest = greatest.max(depth_there);
                    consistent &= enter(&mut view, instr.target(), depth_there, &mut worklist);
                }
                depth = after;
                if class & NO_FALLTHROUGH != 0 {
                    next = BlockId::NONE;
                    break;
                }
            }
        }
        if signs < 0 {
            return Err(invalid("Invalid CFG, stack underflow"));
        }
        if next.is_some() {
            consistent &= enter(&mut view, next, depth, &mut worklist);
        }
        if !consistent {
            return Err(invalid("Invalid CFG, inconsistent stackdepth"));
        }
    }
    graph.worklist = worklist;
    Ok(greatest as u32)
}

/// Mirrors CPython 3.11: `stackdepth`, which looks at the depth behind each instruction, and where it jumps.
pub(super) fn calculate_greatest(graph: &mut Graph, code_flags: u32) -> u32 {
    for block in &mut graph.blocks {
        block.start_depth = i32::MIN;
    }
    let is_generator = code_flags & (flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR) != 0;
    let mut worklist = Vec::new();
    let mut greatest = 0;
    deepen(graph, BlockId::ENTRY, is_generator as i32, &mut worklist);
    while let Some(id) = worklist.pop() {
        let mut depth = graph[id].start_depth;
        for i in graph[id].range() {
            let instr = graph.code[i];
            let info = graph.info(instr.op);
            let after = depth + info.stack_effect(instr.arg, false);
            greatest = greatest.max(after);
            if graph.has_target(instr.op) {
                let depth_there = depth + info.stack_effect(instr.arg, true);
                greatest = greatest.max(depth_there);
                deepen(graph, instr.target(), depth_there, &mut worklist);
            }
            depth = after;
        }
        let next = graph[id].next;
        if next.is_some() && graph.has_fallthrough(id) {
            deepen(graph, next, depth, &mut worklist);
        }
    }
    greatest as u32
}

fn deepen(graph: &mut Graph, id: BlockId, depth: i32, worklist: &mut Vec<BlockId>) {
    let block = &mut graph[id];
    if block.start_depth < depth && block.start_depth < 100 {
        block.start_depth = depth;
        worklist.push(id);
    }
}
