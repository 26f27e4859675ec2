//! Instructions as bytes: how wide each is, how far each jump goes, where each handler lies.

use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::ir::FinalInstruction;
use crate::target::{Op, Target};

/// How often offsets are computed with sizes that may shrink before they may only grow. CPython has no bound; no code that was
/// ever seen needs more than a few rounds, and growth alone always ends.
const FREE_ROUNDS: u32 = 64;

/// The place and the argument of each instruction, in code units of two bytes.
pub(super) struct Layout {
    /// Where each instruction starts, its `EXTENDED_ARG` prefixes included.
    pub offsets: Vec<u32>,
    /// Code units of each instruction, prefixes and inline cache included.
    pub sizes: Vec<u32>,
    /// Arguments, those of jumps resolved.
    args: Vec<u32>,
    /// Code units in all.
    pub total: u32,
}

/// The opcode that an instruction is written with. The graph normally leaves no pseudo-instruction; a jump whose direction is
/// still open gets it here. Mirrors CPython 3.14: `resolve_unconditional_jumps`.
fn resolved(index: usize, instruction: &FinalInstruction) -> Op {
    let forward = instruction.arg as usize > index;
    match (instruction.op, forward) {
        (Op::Jump | Op::JumpNoInterrupt, true) => Op::JumpForward,
        (Op::Jump, false) => Op::JumpBackward,
        (Op::JumpNoInterrupt, false) => Op::JumpBackwardNoInterrupt,
        (op, _) => op,
    }
}

/// How many `EXTENDED_ARG` an argument needs.
const fn prefixes(arg: u32) -> u32 {
    (arg > 0xff) as u32 + (arg > 0xffff) as u32 + (arg > 0xff_ffff) as u32
}

impl Layout {
    /// Resolves all jumps. Mirrors CPython 3.14: `resolve_jump_offsets`.
    ///
    /// The first round takes the number of the target instruction for the argument, as CPython does: where several sets of sizes
    /// are consistent the start decides which one is found.
    pub fn new(instructions: &[FinalInstruction], target: &Target) -> Result<Layout> {
        let count = instructions.len();
        let mut layout = Layout {
            offsets: vec![0; count],
            sizes: vec![0; count],
            args: instructions.iter().map(|instruction| instruction.arg).collect(),
            total: 0,
        };
        let mut jumps: Vec<u32> = Vec::new();
        let places = layout.sizes.iter_mut().zip(&mut layout.offsets);
        for (i, (instruction, (size, offset))) in instructions.iter().zip(places).enumerate() {
            let mut info = target.op(instruction.op);
            if info.is_pseudo() {
                info = target.op(resolved(i, instruction));
                if info.is_pseudo() {
                    let message = format!("{:?} reached the assembler", instruction.op);
                    return Err(CompileError::new(ErrorKind::SystemError, None, message));
                }
            }
            if info.has(crate::target::OpInfo::JUMP) {
                if instruction.arg as usize >= count {
                    let message = format!("{:?} leaves its code object", instruction.op);
                    return Err(CompileError::new(ErrorKind::SystemError, None, message));
                }
                jumps.push(i as u32);
            }
            *size = prefixes(instruction.arg) + 1 + info.caches as u32;
            *offset = layout.total;
            layout.total = layout.total.saturating_add(*size);
        }
        // The first round has its offsets already.
        if !layout.resolve(&jumps, instructions, target, false) {
            return Ok(layout);
        }
        let mut round = 1;
        loop {
            layout.place();
            if !layout.resolve(&jumps, instructions, target, round >= FREE_ROUNDS) {
                return Ok(layout);
            }
            round += 1;
        }
    }

    /// Adds up the sizes.
    fn place(&mut self) {
        let mut offset = 0u32;
        for (start, &size) in self.offsets.iter_mut().zip(&self.sizes) {
            *start = offset;
            offset = offset.saturating_add(size);
        }
        self.total = offset;
    }

    /// Computes the jumps' arguments from the offsets; whether a size changed, so that the offsets no longer hold.
    fn resolve(&mut self, jumps: &[u32], instructions: &[FinalInstruction], target: &Target, only_grow: bool) -> bool {
        let mut changed = false;
        for &jump in jumps {
            let i = jump as usize;
            let instruction = &instructions[i];
            let end = self.offsets[i] + self.sizes[i];
            let goal = self.offsets[instruction.arg as usize];
            // The loop's end stores the way to its `END_SEND`, which is a fixed way behind the `SEND` it jumps to.
            let arg = if instruction.op == Op::EndAsyncFor {
                end.saturating_sub(goal).saturating_sub(target.end_send_offset())
            } else {
                end.abs_diff(goal)
            };
            let old = prefixes(self.args[i]);
            let new = prefixes(arg);
            let rest = self.sizes[i] - old;
            self.args[i] = arg;
            if new != old && (new > old || !only_grow) {
                self.sizes[i] = rest + new;
                changed = true;
            }
        }
        changed
    }

    /// The bytes of `co_code`. Mirrors CPython 3.14: `write_instr`.
    pub fn bytecode(&self, instructions: &[FinalInstruction], target: &Target) -> Vec<u8> {
        // Inline caches are zeros.
        let mut out = vec![0; self.total as usize * 2];
        let extended = target.op(Op::ExtendedArg).number as u8;
        for (i, instruction) in instructions.iter().enumerate() {
            let mut info = target.op(instruction.op);
            if info.is_pseudo() {
                info = target.op(resolved(i, instruction));
            }
            let arg = self.args[i];
            let mut at = self.offsets[i] as usize * 2;
            for k in (1..self.sizes[i] - info.caches as u32).rev() {
                out[at] = extended;
                out[at + 1] = (arg >> (8 * k)) as u8;
                at += 2;
            }
            out[at] = info.number as u8;
            out[at + 1] = arg as u8;
        }
        out
    }
}
