//! Instructions as bytes: how wide each is, how far each jump goes, which of them share an entry of the location table.

use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::ir::{FinalInstruction, Jump, OptimizedCode};
use crate::source::Location;
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

/// The bytes of a code object, and what the tables need to know of them. Used again from unit to unit.
#[derive(Default)]
pub(super) struct Bytecode {
    /// Starts with `co_code`.
    room: Vec<u8>,
    /// Where instructions are moved to when jumps turn out wider or narrower.
    moved: Vec<u8>,
    /// Starts with [`Bytecode::offsets`].
    offsets: Vec<u32>,
    /// How many instructions there are.
    count: usize,
    /// Starts with [`Bytecode::runs`].
    runs: Vec<u32>,
    runs_end: usize,
}

/// An instruction in one release: the opcode, and above it how many bytes it takes with its inline cache.
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
        let length = 2 * (1 + info.caches as usize);
        assert!(length <= Shape::LONGEST);
        if info.is_pseudo() {
            return Shape(Shape::UNKNOWN);
        }
        Shape(info.number as u32 | (length as u32) << 8)
    }

    #[inline]
    const fn number(self) -> u8 {
        self.0 as u8
    }

    /// Bytes without prefixes.
    #[inline]
    const fn length(self) -> usize {
        (self.0 >> 8) as u8 as usize
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
    /// The bytes of `co_code`.
    pub fn bytes(&self) -> &[u8] {
        let units = self.offsets().last().copied().unwrap_or(0);
        &self.room[..units as usize * 2]
    }

    /// Where each instruction starts, its `EXTENDED_ARG` prefixes included, in code units of two bytes; then the number of all.
    pub fn offsets(&self) -> &[u32] {
        &self.offsets[..=self.count]
    }

    /// The ends of the runs of instructions that share an entry of the location table.
    pub fn runs(&self) -> &[u32] {
        &self.runs[..self.runs_end]
    }

    /// Whether it is so long that its memory is not worth keeping.
    pub fn is_huge(&self) -> bool {
        self.offsets.capacity() > super::MOST_KEPT
    }

    /// Writes the instructions and gives jumps their arguments. Mirrors CPython 3.14: `resolve_jump_offsets`, `write_instr`.
    ///
    /// All is written with the arguments that jumps are taken to have: where several sets of sizes are consistent that start decides
    /// which one is found. Nearly always it is as wide as the real ones, which then only have to be put in.
    pub fn write(&mut self, code: &mut OptimizedCode, target: &Target) -> Result<()> {
        let OptimizedCode { instructions, jumps, .. } = code;
        let shapes = shapes(target);
        let seen = self.write_guessed(instructions, target.features.location_entries_are_shared, shapes)?;
        if seen & Shape::UNKNOWN != 0 {
            return Err(unknown_instruction(instructions, target));
        }
        let (room, offsets) = (self.room.as_mut_slice(), &self.offsets[..=self.count]);
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
                room[start + 1] = arg as u8;
            } else if prefixes(guess) == prefixes(arg) {
                put(&mut room[start..offsets[jump.at as usize + 1] as usize * 2], instruction, shapes);
            } else {
                is_settled = false;
            }
        }
        if is_settled { Ok(()) } else { self.settle(jumps, instructions, target) }
    }

    /// Computes offsets and arguments in turns until both agree, where the sizes of the first round do not hold, and moves the
    /// instructions to where they belong then.
    #[inline(never)]
    fn settle(&mut self, jumps: &[Jump], instructions: &mut [FinalInstruction], target: &Target) -> Result<()> {
        let (offsets, shapes) = (&mut self.offsets[..=self.count], shapes(target));
        let width = |jump: &Jump| {
            let (op, at) = (instructions[jump.at as usize].op, jump.at as usize);
            offsets[at + 1] - offsets[at] - shapes[op as usize].length() as u32 / 2
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
        for ((jump, &width), &first_width) in jumps.iter().zip(&widths).zip(&first_widths) {
            let (start, end) = (offsets[jump.at as usize] as usize * 2, offsets[jump.at as usize + 1] as usize * 2);
            let count = start - moved.len();
            moved.extend_from_slice(&self.room[done..done + count]);
            moved.resize(end, 0);
            put(&mut moved[start..], &instructions[jump.at as usize], shapes);
            done += count + (end - start) + 2 * first_width as usize - 2 * width as usize;
        }
        moved.extend_from_slice(&self.room[done..done + total - moved.len()]);
        if self.room.len() < total {
            self.room.resize(total, 0);
        }
        self.room[..total].copy_from_slice(&moved);
        self.moved = moved;
        Ok(())
    }

    /// Finds the runs once more, after locations have changed.
    pub fn find_runs(&mut self, instructions: &[FinalInstruction], target: &Target) {
        self.runs_end = 0;
        for (i, instruction) in instructions.iter().enumerate() {
            let next = instructions.get(i + 1).filter(|_| target.features.location_entries_are_shared);
            if next.is_none_or(|next| instruction.location != next.location) {
                self.runs[self.runs_end] = i as u32 + 1;
                self.runs_end += 1;
            }
        }
    }

    /// Writes all instructions as they are; gives their shapes, joined.
    fn write_guessed(
        &mut self,
        instructions: &[FinalInstruction],
        shares_entries: bool,
        shapes: &[Shape; Op::COUNT],
    ) -> Result<u32> {
        /// So many instructions are written without a look at how much room is left.
        const AT_ONCE: usize = 1 << 10;
        let count = instructions.len();
        self.count = count;
        if self.offsets.len() <= count {
            self.offsets.resize(2 * count + 1, 0);
            self.runs.resize(2 * count + 1, 0);
        }
        let write = if shares_entries { Progress::write::<true> } else { Progress::write::<false> };
        let first = instructions.first().map_or(Location::NONE, |first| first.location);
        // Where runs are single instructions, the first one counts as another than the one before it, which there is not.
        let run = if shares_entries { 0 } else { usize::MAX };
        let mut progress = Progress { count: 0, at: 0, run, seen: 0, last: first };
        for chunk in instructions.chunks(AT_ONCE) {
            let wanted = progress.at + chunk.len() * Shape::LONGEST_WITH_PREFIXES;
            if self.room.len() < wanted {
                self.room.resize(wanted.max(self.room.len() * 2), 0);
            }
            write(&mut progress, chunk, &mut self.offsets[..count], &mut self.runs, &mut self.room, shapes);
            check_length(progress.at)?;
        }
        self.offsets[count] = (progress.at / 2) as u32;
        self.runs_end = if count == 0 { 0 } else { progress.run + 1 };
        Ok(progress.seen)
    }
}

/// How far the writing of instructions is.
struct Progress {
    /// Instructions.
    count: usize,
    /// Bytes.
    at: usize,
    /// The number of the run that the last instruction belongs to.
    run: usize,
    /// The shapes of all instructions, joined.
    seen: u32,
    /// The location of the last instruction; at first that of the first one.
    last: Location,
}

impl Progress {
    /// Writes more instructions.
    #[inline(never)]
    fn write<const SHARED: bool>(
        &mut self,
        instructions: &[FinalInstruction],
        offsets: &mut [u32],
        runs: &mut [u32],
        room: &mut [u8],
        shapes: &[Shape; Op::COUNT],
    ) {
        let &mut Progress { count, mut at, mut run, mut seen, last } = self;
        let mut previous = &last;
        let offsets = &mut offsets[count..count + instructions.len()];
        assert!(runs.len() > count + instructions.len());
        assert!(room.len() >= at && room.len() - at >= instructions.len() * Shape::LONGEST_WITH_PREFIXES);
        for (i, instruction) in instructions.iter().enumerate() {
            // SAFETY: there are as many offsets as instructions.
            unsafe { *offsets.get_unchecked_mut(i) = (at / 2) as u32 };
            // Whether neighbours have one location nobody could foretell, so that it is not asked but counted.
            run = run.wrapping_add((!SHARED | !same(&instruction.location, previous)) as usize);
            previous = &instruction.location;
            // SAFETY: it has grown by one an instruction at most, and there is a place more than there are instructions.
            unsafe { *runs.get_unchecked_mut(run) = (count + i) as u32 + 1 };
            let shape = shapes[instruction.op as usize];
            seen |= shape.0;
            if instruction.arg > 0xff {
                at += put_prefixes(&mut room[at..], instruction.arg, shapes);
            }
            // SAFETY: no instruction takes more than `LONGEST_WITH_PREFIXES` bytes, and there was room for as many for each; where this
            // one has prefixes they are counted in.
            unsafe {
                let place = room.as_mut_ptr().add(at);
                place.write(shape.number());
                place.add(1).write(instruction.arg as u8);
                place.add(2).cast::<[u8; Shape::LONGEST - 2]>().write([0; Shape::LONGEST - 2]);
            }
            at += shape.length();
        }
        *self = Progress { count: count + instructions.len(), at, run, seen, last: *previous };
    }
}

/// Whether two locations are one, all four numbers looked at together rather than one after the other until one differs.
#[inline(always)]
fn same(a: &Location, b: &Location) -> bool {
    const LENGTH: usize = size_of::<Location>();
    const { assert!(LENGTH == 4 * size_of::<i32>()) };
    // SAFETY: a location is four numbers and nothing between them, so that all its bytes have a value.
    let bytes = |location: &Location| unsafe { std::ptr::from_ref(location).cast::<[u8; LENGTH]>().read() };
    bytes(a) == bytes(b)
}

/// Refuses code that is longer than CPython takes.
fn check_length(bytes: usize) -> Result<()> {
    if bytes > MOST_BYTES {
        return Err(CompileError::new(ErrorKind::OverflowError, None, "code: co_code larger than INT_MAX"));
    }
    Ok(())
}

/// Writes the `EXTENDED_ARG` of an argument and gives their length.
#[cold]
fn put_prefixes(room: &mut [u8], arg: u32, shapes: &[Shape; Op::COUNT]) -> usize {
    let count = prefixes(arg) as usize;
    let number = shapes[Op::ExtendedArg as usize].number();
    for (i, unit) in room.as_chunks_mut().0.iter_mut().take(count).enumerate() {
        *unit = [number, (arg >> (8 * (count - i))) as u8];
    }
    2 * count
}

/// Puts an instruction and its prefixes in their place; the inline cache behind them is there already.
fn put(place: &mut [u8], instruction: &FinalInstruction, shapes: &[Shape; Op::COUNT]) {
    let shape = shapes[instruction.op as usize];
    let width = place.len().saturating_sub(shape.length()) / 2;
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
