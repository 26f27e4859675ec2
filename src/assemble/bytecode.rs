//! Instructions as bytes: how wide each is, how far each jump goes, where each handler lies.

use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::ir::{FinalInstruction, Jump, OptimizedCode};
use crate::target::{Op, Target};
use bumpalo::Bump;

/// How often offsets are computed with sizes that may shrink before they may only grow. CPython has no bound; no code that was
/// ever seen needs more than a few rounds, and growth alone always ends.
const FREE_ROUNDS: u32 = 64;

/// How many `EXTENDED_ARG` an argument needs.
#[inline]
const fn prefixes(arg: u32) -> u32 {
    (arg > 0xff) as u32 + (arg > 0xffff) as u32 + (arg > 0xff_ffff) as u32
}

/// Finds the place of each instruction and gives jumps their arguments.
///
/// `offsets` becomes where each instruction starts, its `EXTENDED_ARG` prefixes included, in code units of two bytes; the number
/// of all code units follows. Mirrors CPython 3.14: `resolve_jump_offsets`.
///
/// At first a jump is as wide as CPython's guess for its argument: where several sets of sizes are consistent the start decides
/// which one is found. Nearly always the first offsets are the last.
pub(super) fn lay_out(code: &mut OptimizedCode, target: &Target, offsets: &mut Vec<u32>) -> Result<()> {
    let OptimizedCode { instructions, jumps, .. } = code;
    let mut offset = 0u32;
    let mut numbers = 0;
    offsets.clear();
    offsets.extend(instructions.iter().map(|instruction| {
        let info = target.op(instruction.op);
        numbers |= info.number;
        let start = offset;
        offset = offset.saturating_add(prefixes(instruction.arg) + 1 + info.caches as u32);
        start
    }));
    offsets.push(offset);
    if numbers > u8::MAX as u16 {
        return Err(unknown_instruction(instructions, target));
    }
    if jumps.is_empty() {
        return Ok(());
    }
    if jumps.iter().any(|jump| jump.target as usize >= instructions.len()) {
        return Err(CompileError::new(ErrorKind::SystemError, None, "a jump leaves its code object"));
    }
    if resolve(jumps, instructions, offsets, target, |_, _, _| {}) {
        settle(jumps, instructions, offsets, target);
    }
    Ok(())
}

/// The error for a pseudo-instruction that the graph has left, or an instruction that the release lacks.
fn unknown_instruction(instructions: &[FinalInstruction], target: &Target) -> Box<CompileError> {
    let op = instructions.iter().map(|instruction| instruction.op).find(|&op| target.op(op).is_pseudo());
    let name = op.map_or("an instruction", |op| Op::NAMES[op as usize]);
    CompileError::new(ErrorKind::SystemError, None, format!("{name} reached the assembler"))
}

/// Computes the jumps' arguments from the offsets; whether one needs another number of prefixes than it had, which `resize` is
/// told of with the old and the new number.
#[inline]
fn resolve(
    jumps: &[Jump],
    instructions: &mut [FinalInstruction],
    offsets: &[u32],
    target: &Target,
    mut resize: impl FnMut(usize, u32, u32),
) -> bool {
    let mut changed = false;
    for jump in jumps {
        let at = jump.at as usize;
        let instruction = &mut instructions[at];
        let (end, goal) = (offsets[at + 1], offsets[jump.target as usize]);
        let mut arg = end.abs_diff(goal);
        if instruction.op == Op::EndAsyncFor {
            // The loop's end stores the way to its `END_SEND`, which is a fixed way behind the `SEND` it jumps to.
            arg = end.saturating_sub(goal).saturating_sub(target.end_send_offset());
        }
        let (old, new) = (prefixes(instruction.arg), prefixes(arg));
        instruction.arg = arg;
        if new != old {
            resize(at, old, new);
            changed = true;
        }
    }
    changed
}

/// Computes offsets and arguments in turns until both agree, where the sizes of the first round do not hold.
fn settle(jumps: &[Jump], instructions: &mut [FinalInstruction], offsets: &mut [u32], target: &Target) {
    let mut sizes: Vec<u32> = offsets.array_windows().map(|[start, end]| end - start).collect();
    // The jumps know their new arguments already, but the sizes are still those of the guesses.
    for jump in jumps {
        let at = jump.at as usize;
        let instruction = &instructions[at];
        sizes[at] = prefixes(instruction.arg) + 1 + target.op(instruction.op).caches as u32;
    }
    for round in 1.. {
        let mut offset = 0u32;
        for (start, &size) in offsets.iter_mut().zip(sizes.iter().chain(&[0])) {
            *start = offset;
            offset = offset.saturating_add(size);
        }
        let mut resized = false;
        resolve(jumps, instructions, offsets, target, |at, old, new| {
            if new > old || round < FREE_ROUNDS {
                sizes[at] = sizes[at] - old + new;
                resized = true;
            }
        });
        if !resized {
            return;
        }
    }
}

/// The bytes of `co_code`. Mirrors CPython 3.14: `write_instr`.
pub(super) fn write<'a>(
    instructions: &[FinalInstruction],
    offsets: &[u32],
    target: &Target,
    arena: &'a Bump,
) -> Result<&'a [u8]> {
    let total = offsets.last().copied().unwrap_or(0) as usize;
    if total > i32::MAX as usize / 2 {
        return Err(CompileError::new(ErrorKind::OverflowError, None, "code: co_code larger than INT_MAX"));
    }
    // Inline caches are zeros.
    let units = arena.alloc_slice_fill_copy(total, [0u8; 2]);
    let extended = target.op(Op::ExtendedArg).number as u8;
    for (instruction, [start, end]) in instructions.iter().zip(offsets.array_windows()) {
        let info = target.op(instruction.op);
        let mut at = *start as usize;
        let last = (end - info.caches as u32) as usize - 1;
        while at < last {
            units[at] = [extended, (instruction.arg >> (8 * (last - at))) as u8];
            at += 1;
        }
        units[at] = [info.number as u8, instruction.arg as u8];
    }
    Ok(units.as_flattened())
}
