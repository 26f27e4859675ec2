//! Instructions as bytes: how wide each is, how far each jump goes, which of them share an entry of the location table.

use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::ir::{FinalCode, FinalInstruction, Jump, Room};
use crate::target::{Op, PythonVersion, Target};

/// How often offsets are computed with sizes that may shrink before they may only grow. CPython has no bound; no code that was
/// ever seen needs more than a few rounds, and growth alone always ends.
const FREE_ROUNDS: u32 = 64;

/// The longest `co_code` that CPython takes, in bytes.
const MOST_BYTES: usize = i32::MAX as usize;

/// How many `EXTENDED_ARG` an argument needs.
#[inline]
const fn prefixes(arg: u32) -> u32 {
    (arg > 0xff) as u32 + (arg > 0xffff) as u32 + (arg > 0xff_ffff) as u32
}

/// What the tables need to know of the bytes of a code object. Used again from unit to unit.
pub(super) struct Bytecode {
    /// Starts with [`Bytecode::offsets`].
    offsets: Vec<u32>,
    /// How many instructions there are.
    count: usize,
    /// Where instructions are moved to when jumps turn out wider or narrower.
    moved: Vec<u8>,
}

/// An instruction in one release: the opcode, and above it how many code units it takes with its inline cache.
#[derive(Clone, Copy)]
struct Shape(u32);

impl Shape {
    /// Stands for an instruction that no code object can hold.
    const UNKNOWN: u32 = 1 << 16;
    /// No instruction and its inline cache take more bytes.
    const LONGEST: usize = 24;
    /// With as many `EXTENDED_ARG` as there can be.
    const LONGEST_WITH_PREFIXES: usize = 2 * 3 + Shape::LONGEST;

    const fn new(target: &Target, op: Op) -> Shape {
        let info = target.op(op);
        let units = 1 + info.caches as usize;
        assert!(2 * units <= Shape::LONGEST);
        if info.is_pseudo() {
            return Shape(Shape::UNKNOWN);
        }
        Shape(info.number as u32 | (units as u32) << 8)
    }

    #[inline]
    const fn number(self) -> u8 {
        self.0 as u8
    }

    /// Code units without prefixes.
    #[inline]
    const fn units(self) -> u32 {
        (self.0 >> 8) as u8 as u32
    }
}

static SHAPES: [[Shape; Op::COUNT]; PythonVersion::ALL.len()] = {
    let mut shapes = [[Shape(0); Op::COUNT]; PythonVersion::ALL.len()];
    let mut version = 0;
    while version < shapes.len() {
        let mut op = 0;
        while op < Op::COUNT {
            shapes[version][op] = Shape::new(Target::of(PythonVersion::ALL[version]), Op::ALL[op]);
            op += 1;
        }
        version += 1;
    }
    shapes
};

/// What the instructions are in the release.
#[inline]
fn shapes(target: &Target) -> &'static [Shape; Op::COUNT] {
    &SHAPES[target.version as usize]
}

impl Bytecode {
    /// Without memory yet.
    pub const fn new() -> Bytecode {
        Bytecode { offsets: Vec::new(), count: 0, moved: Vec::new() }
    }

    /// Where each instruction starts, its `EXTENDED_ARG` prefixes included, in code units of two bytes; then the number of all.
    pub fn offsets(&self) -> &[u32] {
        &self.offsets[..=self.count]
    }

    /// The number of all code units.
    fn units(&self) -> usize {
        self.offsets().last().copied().unwrap_or(0) as usize
    }

    /// Whether it is so long that its memory is not worth keeping.
    pub fn is_huge(&self) -> bool {
        self.offsets.capacity() > super::MOST_KEPT
    }

    /// Writes the instructions and gives jumps their arguments; gives `co_code`. Mirrors CPython 3.14: `resolve_jump_offsets`,
    /// `write_instr`.
    ///
    /// All is written with the arguments that jumps are taken to have: where several sets of sizes are consistent that start decides
    /// which one is found. Nearly always it is as wide as the real ones, which then only have to be put in. `args` are the arguments of
    /// all instructions, joined.
    pub fn write<'a>(
        &mut self,
        code: &mut FinalCode,
        args: u32,
        target: &Target,
        room: &mut Room<'a>,
    ) -> Result<&'a [u8]> {
        let FinalCode { instructions, jumps, .. } = code;
        let shapes = shapes(target);
        let seen = self.write_guessed(instructions, args, shapes, room)?;
        if seen & Shape::UNKNOWN != 0 {
            return Err(unknown_instruction(instructions, target));
        }
        if jumps.is_empty() {
            return Ok(room.take(self.units() * 2));
        }
        let (written, offsets) = (room.free(), &self.offsets[..=self.count]);
        let mut is_settled = true;
        for jump in jumps.iter() {
            if jump.target as usize >= instructions.len() {
                return Err(CompileError::new(ErrorKind::SystemError, None, "a jump leaves its code object"));
            }
            let instruction = &mut instructions[jump.at as usize];
            let arg = argument(jump, instruction.op, offsets, target);
            let guess = std::mem::replace(&mut instruction.arg, arg);
            let start = offsets[jump.at as usize] as usize * 2;
            if (guess | arg) <= 0xff {
                written[start + 1] = arg as u8;
            } else if prefixes(guess) == prefixes(arg) {
                put(&mut written[start..offsets[jump.at as usize + 1] as usize * 2], instruction, shapes);
            } else {
                is_settled = false;
            }
        }
        if !is_settled {
            self.settle(jumps, instructions, target, room)?;
        }
        Ok(room.take(self.units() * 2))
    }

    /// Computes offsets and arguments in turns until both agree, where the sizes of the first round do not hold, and moves the
    /// instructions to where they belong then.
    #[inline(never)]
    fn settle(
        &mut self,
        jumps: &[Jump],
        instructions: &mut [FinalInstruction],
        target: &Target,
        room: &mut Room<'_>,
    ) -> Result<()> {
        let first_total = self.units() * 2;
        let (offsets, shapes) = (&mut self.offsets[..=self.count], shapes(target));
        let width = |jump: &Jump| {
            let (op, at) = (instructions[jump.at as usize].op, jump.at as usize);
            offsets[at + 1] - offsets[at] - shapes[op as usize].units()
        };
        // How many prefixes the jumps have where they stand now, and how many they are to have.
        let first_widths: Vec<u32> = jumps.iter().map(width).collect();
        let mut widths = first_widths.clone();
        let mut wanted: Vec<u32> = jumps.iter().map(|jump| prefixes(instructions[jump.at as usize].arg)).collect();
        for round in 1.. {
            shift(offsets, jumps, &mut widths, &wanted);
            let mut is_settled = true;
            for (jump, wanted) in jumps.iter().zip(&mut wanted) {
                let instruction = &mut instructions[jump.at as usize];
                let arg = argument(jump, instruction.op, offsets, target);
                let (old, new) = (prefixes(instruction.arg), prefixes(arg));
                instruction.arg = arg;
                if new > old || new < old && round < FREE_ROUNDS {
                    *wanted = *wanted - old + new;
                    is_settled = false;
                }
            }
            if is_settled {
                break;
            }
        }
        let total = offsets.last().copied().unwrap_or(0) as usize * 2;
        check_length(total)?;
        let mut moved = std::mem::take(&mut self.moved);
        moved.clear();
        moved.reserve(total);
        // How far of the code as it was first written is moved.
        let mut done = 0;
        let written = room.free();
        for ((jump, &width), &first_width) in jumps.iter().zip(&widths).zip(&first_widths) {
            let (start, end) = (offsets[jump.at as usize] as usize * 2, offsets[jump.at as usize + 1] as usize * 2);
            let count = start - moved.len();
            moved.extend_from_slice(&written[done..done + count]);
            moved.resize(end, 0);
            put(&mut moved[start..], &instructions[jump.at as usize], shapes);
            done += count + (end - start) + 2 * first_width as usize - 2 * width as usize;
        }
        moved.extend_from_slice(&written[done..done + total - moved.len()]);
        let written = room.reserve(first_total.min(total), total.saturating_sub(first_total));
        written[..total].copy_from_slice(&moved);
        self.moved = moved;
        Ok(())
    }

    /// Writes all instructions as they are; gives their shapes, joined.
    fn write_guessed(
        &mut self,
        instructions: &[FinalInstruction],
        args: u32,
        shapes: &[Shape; Op::COUNT],
        room: &mut Room<'_>,
    ) -> Result<u32> {
        /// So many instructions are written without a look at how much room is left.
        const AT_ONCE: usize = 1 << 9;
        let count = instructions.len();
        self.count = count;
        if self.offsets.len() <= count {
            self.offsets.resize(2 * count + 1, 0);
        }
        // Arguments of more than a byte are in few units.
        let write = if args > 0xff { write_instructions::<true> } else { write_instructions::<false> };
        let (mut at, mut seen, mut start) = (0, 0, 0);
        while start < count {
            let end = count.min(start + AT_ONCE);
            let bytes = room.reserve(at as usize * 2, (end - start) * Shape::LONGEST_WITH_PREFIXES);
            (at, seen) = write(&instructions[start..end], &mut self.offsets[start..], bytes, (at, seen), shapes);
            check_length(at as usize * 2)?;
            start = end;
        }
        self.offsets[count] = at;
        Ok(seen)
    }
}

/// Writes more instructions where so many code units are written already; gives how many there are then, and the shapes of all
/// instructions, joined.
#[inline(never)]
fn write_instructions<const HAS_PREFIXES: bool>(
    instructions: &[FinalInstruction],
    offsets: &mut [u32],
    bytes: &mut [u8],
    (mut at, mut seen): (u32, u32),
    shapes: &[Shape; Op::COUNT],
) -> (u32, u32) {
    let offsets = &mut offsets[..instructions.len()];
    assert!(bytes.len() >= at as usize * 2 + instructions.len() * Shape::LONGEST_WITH_PREFIXES);
    let bytes = bytes.as_mut_ptr();
    for i in 0..instructions.len() {
        let FinalInstruction { op, arg, .. } = instructions[i];
        offsets[i] = at;
        let shape = shapes[op as usize];
        seen |= shape.0;
        if HAS_PREFIXES && arg > 0xff {
            // SAFETY: as below.
            at += unsafe { put_prefixes(bytes.add(at as usize * 2), arg, shapes) };
        }
        // SAFETY: no instruction takes more than `LONGEST_WITH_PREFIXES` bytes, and there are as many for each.
        unsafe {
            let place = bytes.add(at as usize * 2);
            place.write(shape.number());
            place.add(1).write(arg as u8);
            place.add(2).cast::<[u8; Shape::LONGEST - 2]>().write([0; Shape::LONGEST - 2]);
        }
        at += shape.units();
    }
    (at, seen)
}

/// Refuses code that is longer than CPython takes.
fn check_length(bytes: usize) -> Result<()> {
    if bytes > MOST_BYTES {
        return Err(CompileError::new(ErrorKind::OverflowError, None, "code: co_code larger than INT_MAX"));
    }
    Ok(())
}

/// Writes the `EXTENDED_ARG` of an argument and gives their number.
///
/// # Safety
///
/// There are so many code units at this place.
#[cold]
unsafe fn put_prefixes(place: *mut u8, arg: u32, shapes: &[Shape; Op::COUNT]) -> u32 {
    let count = prefixes(arg);
    let number = shapes[Op::ExtendedArg as usize].number();
    for i in 0..count {
        // SAFETY: the caller says that there is as much.
        unsafe { place.cast::<[u8; 2]>().add(i as usize).write([number, (arg >> (8 * (count - i))) as u8]) };
    }
    count
}

/// Puts an instruction and its prefixes in their place; the inline cache behind them is there already.
fn put(place: &mut [u8], instruction: &FinalInstruction, shapes: &[Shape; Op::COUNT]) {
    let shape = shapes[instruction.op as usize];
    let width = (place.len() / 2).saturating_sub(shape.units() as usize);
    let extended = shapes[Op::ExtendedArg as usize].number();
    let (units, _) = place.as_chunks_mut();
    for (i, unit) in units.iter_mut().enumerate().take(width + 1) {
        let number = if i < width { extended } else { shape.number() };
        // A jump that was not let shrink has more prefixes than bytes.
        *unit = [number, instruction.arg.checked_shr(8 * (width - i) as u32).unwrap_or(0) as u8];
    }
}

/// The error for a pseudo-instruction that the graph has left, or an instruction that the release lacks.
fn unknown_instruction(instructions: &[FinalInstruction], target: &Target) -> Box<CompileError> {
    let op = instructions.iter().map(|instruction| instruction.op).find(|&op| target.op(op).is_pseudo());
    let name = op.map_or("an instruction", |op| Op::NAMES[op as usize]);
    CompileError::new(ErrorKind::SystemError, None, format!("{name} reached the assembler"))
}

/// The argument of a jump between these offsets.
#[inline]
fn argument(jump: &Jump, op: Op, offsets: &[u32], target: &Target) -> u32 {
    let (end, goal) = (offsets[jump.at as usize + 1], offsets[jump.target as usize]);
    if op == Op::EndAsyncFor {
        // The loop's end stores the way to its `END_SEND`, which is a fixed way behind the `SEND` it jumps to.
        return end.saturating_sub(goal).saturating_sub(target.end_send_offset());
    }
    end.abs_diff(goal)
}

/// Moves the offsets behind each jump that gets another number of prefixes.
fn shift(offsets: &mut [u32], jumps: &[Jump], widths: &mut [u32], wanted: &[u32]) {
    let (mut from, mut by) = (0, 0u32);
    for ((jump, width), &wanted) in jumps.iter().zip(widths).zip(wanted) {
        if *width != wanted {
            let behind = jump.at as usize + 1;
            offsets[from..behind].iter_mut().for_each(|offset| *offset = offset.wrapping_add(by));
            by = by.wrapping_add(wanted).wrapping_sub(*width);
            *width = wanted;
            from = behind;
        }
    }
    offsets[from..].iter_mut().for_each(|offset| *offset = offset.wrapping_add(by));
}
