//! From a sequence of instructions with labels to blocks.

use super::block::{BlockId, Graph};
use super::malformed;
use crate::diagnostics::Result;
use crate::ir::{Instruction, InstructionSequence};
use crate::source::Location;
use crate::target::{Op, OpInfo, Target};

const NO_BLOCK: u32 = u32::MAX;
/// Marks an instruction that is jumped to and whose block is not known yet.
const TARGET: u32 = u32::MAX - 1;

struct Builder {
    graph: Graph,
    current: BlockId,
    terminated: bool,
}

impl Builder {
    fn start_block(&mut self) {
        let id = self.graph.add_block();
        let current = self.current;
        self.graph[current].next = id;
        self.current = id;
        self.terminated = false;
    }

    /// Makes the next instruction the first of a block, and gives that block.
    ///
    /// Mirrors CPython 3.14: `cfg_builder_maybe_start_new_block` for a label.
    fn use_label(&mut self) -> BlockId {
        let block = &self.graph[self.current];
        if self.terminated || !block.is_empty() || block.labelled {
            self.start_block();
        }
        let current = self.current;
        self.graph[current].labelled = true;
        current
    }

    fn fill(&mut self, instructions: &[Instruction], last: Op) {
        if self.terminated {
            self.start_block();
        }
        self.graph.unbinds_locals |= instructions.iter().any(|i| unbinds_local(i.op));
        let current = self.current;
        self.graph[current].fill(instructions);
        self.terminated = self.graph.is_terminator(last);
    }

    #[inline]
    fn push(&mut self, op: Op, arg: u32, location: Location) {
        if self.terminated {
            self.start_block();
        }
        self.graph.unbinds_locals |= unbinds_local(op);
        let current = self.current;
        self.graph[current].push(op, arg, location, BlockId::NONE);
        self.terminated = self.graph.is_terminator(op);
    }
}

/// Whether an instruction leaves a local variable without value, or may.
const fn unbinds_local(op: Op) -> bool {
    matches!(op, Op::DeleteFast | Op::LoadFastAndClear | Op::StoreFastMaybeNull)
}

/// Builds the graph of a sequence, with the code for annotations in its place and jumps that know their blocks.
///
/// Mirrors CPython 3.14: `_PyCfg_FromInstructionSequence` and `translate_jump_labels_to_targets`.
pub(super) fn from_instruction_sequence(sequence: &InstructionSequence, target: &'static Target) -> Result<Graph> {
    let mut builder = Builder { graph: Graph::new(target), current: BlockId::ENTRY, terminated: false };
    let mut block_of = vec![NO_BLOCK; sequence.instructions.len()];
    for instr in &sequence.instructions {
        if builder.graph.has_target(instr.op) {
            let place = sequence.labels.get(instr.arg as usize).copied().unwrap_or(u32::MAX);
            let Some(mark) = block_of.get_mut(place as usize) else {
                return Err(malformed("jump to a label that stands nowhere"));
            };
            *mark = TARGET;
        }
    }
    let mut i = 0;
    while let Some(instr) = sequence.instructions.get(i) {
        if instr.op == Op::AnnotationsPlaceholder {
            if let Some(annotations) = &sequence.annotations_code {
                for instr in &annotations.instructions {
                    if builder.graph.has_target(instr.op) {
                        return Err(malformed("jump in the code for annotations"));
                    }
                    builder.push(instr.op, instr.arg, instr.location);
                }
            }
            i += 1;
            continue;
        }
        if block_of[i] == TARGET {
            block_of[i] = builder.use_label().0;
        }
        // All up to the next label or terminator goes to the same block.
        let mut end = i + 1;
        let mut last = instr.op;
        while !builder.graph.is_terminator(last)
            && let Some(next) = sequence.instructions.get(end)
            && block_of[end] != TARGET
            && next.op != Op::AnnotationsPlaceholder
        {
            last = next.op;
            end += 1;
        }
        builder.fill(&sequence.instructions[i..end], last);
        i = end;
    }
    let mut graph = builder.graph;
    for block in &mut graph.blocks {
        graph.has_set_ups |= block.has_set_ups;
        let block_has_set_ups = block.has_set_ups;
        let instrs = block.instrs_mut();
        // Without handlers only the last instruction can have a target.
        let start = if block_has_set_ups { 0 } else { instrs.len().saturating_sub(1) };
        for instr in &mut instrs[start..] {
            if target.op(instr.op).has_any(OpInfo::JUMP | OpInfo::EXC) {
                instr.target = BlockId(block_of[sequence.labels[instr.arg as usize] as usize]);
                instr.arg = 0;
                if instr.target.0 == TARGET {
                    return Err(malformed("jump to the place of the annotations"));
                }
            }
        }
    }
    if graph[BlockId::ENTRY].is_empty() {
        return Err(malformed("code without instructions"));
    }
    Ok(graph)
}
