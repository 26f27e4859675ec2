//! Which handler each instruction's exceptions go to.

use super::block::{BlockId, Graph, is_block_push};
use crate::diagnostics::Result;
use crate::target::Op;

/// The argument of `RESUME` at the start of a function.
const RESUME_AT_FUNC_START: u32 = 0;
/// The argument of `RESUME` at the start of a generator expression, before the generator is made.
const RESUME_AT_GEN_EXPR_START: u32 = 4;

/// A stack of handlers as a list whose tails are shared, so that following two branches costs no copy.
struct HandlerStack {
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

    fn new() -> HandlerStack {
        HandlerStack { nodes: vec![Node { handler: BlockId::NONE, below: Self::EMPTY, depth: 0 }] }
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
    if !graph.has_set_ups {
        return Ok(());
    }
    mark_except_handlers(graph);
    label_exception_targets(graph);
    Ok(())
}

fn mark_except_handlers(graph: &mut Graph) {
    for at in 0..graph.blocks.len() {
        if !graph.blocks[at].has_set_ups {
            continue;
        }
        for i in 0..graph.blocks[at].len() {
            let instr = graph.blocks[at].instrs()[i];
            if is_block_push(instr.op) {
                graph[instr.target].except_handler = true;
            }
        }
    }
}

fn label_exception_targets(graph: &mut Graph) {
    let resume_depth1 = graph.target.resume_depth1();
    let mut worklist = graph.start_traversal();
    let mut stacks = HandlerStack::new();
    let mut entry_stack = vec![HandlerStack::EMPTY; graph.blocks.len()];
    graph.visit(BlockId::ENTRY, &mut worklist);
    while let Some(id) = worklist.pop() {
        let mut stack = entry_stack[id.0 as usize];
        let mut handler = stacks.get(stack).handler;
        let mut last_yield_depth = None;
        for i in 0..graph[id].len() {
            let instr = graph[id].instrs()[i];
            if is_block_push(instr.op) {
                if !graph[instr.target].visited {
                    entry_stack[instr.target.0 as usize] = stack;
                    graph.visit(instr.target, &mut worklist);
                }
                if matches!(instr.op, Op::SetupWith | Op::SetupCleanup) {
                    graph[instr.target].preserve_lasti = true;
                }
                stack = stacks.push(stack, instr.target);
                handler = instr.target;
                continue;
            }
            if instr.op == Op::PopBlock {
                stack = stacks.get(stack).below;
                handler = stacks.get(stack).handler;
                graph[id].instrs_mut()[i].set_nop();
                continue;
            }
            let jumps = graph.is_jump(instr.op);
            let slot = &mut graph[id].instrs_mut_but_no_nops()[i];
            slot.except = handler;
            match instr.op {
                Op::YieldValue => last_yield_depth = Some(stacks.get(stack).depth),
                Op::Resume if !matches!(instr.arg, RESUME_AT_FUNC_START | RESUME_AT_GEN_EXPR_START) => {
                    if last_yield_depth == Some(1) {
                        slot.arg |= resume_depth1;
                    }
                    last_yield_depth = None;
                }
                Op::ReturnGenerator => slot.except = BlockId::NONE,
                _ => {}
            }
            if jumps && !graph[instr.target].visited {
                entry_stack[instr.target.0 as usize] = stack;
                graph.visit(instr.target, &mut worklist);
            }
        }
        let next = graph[id].next;
        if graph[id].has_fallthrough() && next.is_some() && !graph[next].visited {
            entry_stack[next.0 as usize] = stack;
            graph.visit(next, &mut worklist);
        }
    }
    graph.worklist = worklist;
}
