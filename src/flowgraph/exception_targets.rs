//! Which handler each instruction's exceptions go to.

use super::block::{BlockId, Graph};
use super::op_class::{JUMP, POPS_BLOCK, PUSHES_BLOCK, TELLS_OF_HANDLER};
use crate::diagnostics::Result;
use crate::target::{Op, OpInfo, Target};
use std::ops::Range;

/// The argument of `RESUME` at the start of a function.
const RESUME_AT_FUNC_START: u32 = 0;
/// The argument of `RESUME` at the start of a generator expression, before the generator is made.
const RESUME_AT_GEN_EXPR_START: u32 = 4;

/// A stack of handlers as a list whose tails are shared, so that following two branches costs no copy.
#[derive(Default)]
pub(super) struct HandlerStack {
    nodes: Vec<Node>,
}

#[derive(Clone, Copy)]
struct Node {
    handler: BlockId,
    below: u32,
    depth: u32,
}

impl HandlerStack {
    const EMPTY: u32 = 0;

    fn clear(&mut self) {
        self.nodes.clear();
        self.nodes.push(Node { handler: BlockId::NONE, below: Self::EMPTY, depth: 0 });
    }

    fn push(&mut self, below: u32, handler: BlockId) -> u32 {
        let depth = self.get(below).depth + 1;
        self.nodes.push(Node { handler, below, depth });
        self.nodes.len() as u32 - 1
    }

    fn get(&self, at: u32) -> Node {
        self.nodes[at as usize]
    }
}

/// Gives every instruction its handler and every handler its mark.
///
/// Mirrors CPython 3.14: `mark_except_handlers` and `label_exception_targets`.
pub(super) fn run(graph: &mut Graph) -> Result<()> {
    // Where there is no handler, all that remains is what a new instruction has: none.
    if !graph.has(PUSHES_BLOCK | POPS_BLOCK) {
        return Ok(());
    }
    mark_except_handlers(graph);
    label_exception_targets(graph);
    Ok(())
}

fn mark_except_handlers(graph: &mut Graph) {
    let view = graph.view();
    for at in 0..view.blocks.len() {
        if !view.blocks[at].has(PUSHES_BLOCK) {
            continue;
        }
        for instr in &view.code[view.blocks[at].range()] {
            if view.classes[instr.op as usize] & PUSHES_BLOCK != 0 {
                view.blocks[instr.target().0 as usize].except_handler = true;
            }
        }
    }
}

fn label_exception_targets(graph: &mut Graph) {
    let rules = Rules::of(graph.target);
    let mut worklist = graph.start_traversal();
    let mut stacks = std::mem::take(&mut graph.lists.handlers);
    stacks.clear();
    let mut entry_stack = std::mem::take(&mut graph.scratch);
    entry_stack.clear();
    entry_stack.resize(graph.blocks.len(), HandlerStack::EMPTY);
    graph.visit(BlockId::ENTRY, &mut worklist);
    while let Some(id) = worklist.pop() {
        let mut stack = entry_stack[id.0 as usize];
        if graph[id].has(PUSHES_BLOCK | POPS_BLOCK | TELLS_OF_HANDLER) {
            stack = label_block(
                graph,
                id,
                stack,
                &rules,
                |graph, target, stack| {
                    if !graph[target].visited {
                        entry_stack[target.0 as usize] = stack;
                        graph.visit(target, &mut worklist);
                    }
                },
                &mut stacks,
            );
        } else {
            let handler = stacks.get(stack).handler;
            if handler.is_some() {
                graph.instrs_mut_but_no_nops(id).iter_mut().for_each(|instr| instr.except = handler);
            }
            if let Some(target) = graph.last_jump(id)
                && !graph[target].visited
            {
                entry_stack[target.0 as usize] = stack;
                graph.visit(target, &mut worklist);
            }
        }
        let next = graph[id].next;
        if next.is_some() && !graph[next].visited && graph.has_fallthrough(id) {
            entry_stack[next.0 as usize] = stack;
            graph.visit(next, &mut worklist);
        }
    }
    (graph.worklist, graph.scratch, graph.lists.handlers) = (worklist, entry_stack, stacks);
}

/// What depends on the release.
struct Rules {
    /// `YIELD_VALUE` says how many handlers are around it.
    yield_tells: bool,
    /// `RESUME` says that only the generator's own handler is around it, by this bit.
    resume_tells: Option<u32>,
    /// `POP_BLOCK` is gone once it has done its work here.
    pop_block_goes: bool,
}

impl Rules {
    fn of(target: &Target) -> Rules {
        let resume_tells = target.features.resume_tells_of_handlers;
        Rules {
            yield_tells: !resume_tells && target.op(Op::YieldValue).has(OpInfo::ARG),
            resume_tells: resume_tells.then(|| target.resume_depth1()),
            pop_block_goes: target.features.pop_block_goes_first,
        }
    }
}

/// Labels a block in which the handler may change; gives the handlers at its end.
fn label_block(
    graph: &mut Graph,
    id: BlockId,
    mut stack: u32,
    rules: &Rules,
    mut enter: impl FnMut(&mut Graph, BlockId, u32),
    stacks: &mut HandlerStack,
) -> u32 {
    let mut handler = stacks.get(stack).handler;
    let mut last_yield_depth = None;
    let classes = graph.classes();
    let Range { start: mut next, end } = graph[id].range();
    loop {
        // Most have a handler and nothing to say of it.
        const TELLING: u64 = PUSHES_BLOCK | POPS_BLOCK | TELLS_OF_HANDLER | JUMP;
        for instr in &mut graph.code[next..end] {
            if classes[instr.op as usize] & TELLING != 0 {
                break;
            }
            instr.except = handler;
            next += 1;
        }
        if next == end {
            break;
        }
        let i = next;
        next += 1;
        let instr = graph.code[i];
        let class = graph.class(instr.op);
        if class & PUSHES_BLOCK != 0 {
            let target = instr.target();
            enter(graph, target, stack);
            if matches!(instr.op, Op::SetupWith | Op::SetupCleanup) {
                graph[target].preserve_lasti = true;
            }
            stack = stacks.push(stack, target);
            handler = target;
            continue;
        }
        let slot = &mut graph.code[i];
        if class & POPS_BLOCK != 0 {
            stack = stacks.get(stack).below;
            handler = stacks.get(stack).handler;
            if rules.pop_block_goes {
                slot.set_nop();
                graph.note_nop(id);
            }
            continue;
        }
        slot.except = handler;
        match (instr.op, rules.resume_tells) {
            (Op::YieldValue, _) if rules.yield_tells => slot.arg = stacks.get(stack).depth,
            (Op::YieldValue, _) => last_yield_depth = Some(stacks.get(stack).depth),
            (Op::Resume, Some(depth1)) if !matches!(instr.arg, RESUME_AT_FUNC_START | RESUME_AT_GEN_EXPR_START) => {
                if last_yield_depth == Some(1) {
                    slot.arg |= depth1;
                }
                last_yield_depth = None;
            }
            (Op::ReturnGenerator, _) => slot.except = BlockId::NONE,
            _ => {}
        }
        if class & JUMP != 0 {
            enter(graph, instr.target(), stack);
        }
    }
    stack
}
