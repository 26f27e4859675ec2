//! `co_linetable`: the source location of each instruction.

use super::lanes::{LANES, Lanes};
use crate::ir::{FinalInstruction, Room};
use crate::source::Location;
use crate::target::{OpInfo, Target};

/// Codes of an entry's form, besides the short forms 0 to 9.
mod form {
    pub const ONE_LINE: u8 = 10;
    pub const NO_COLUMNS: u8 = 13;
    pub const LONG: u8 = 14;
    pub const NONE: u8 = 15;
}

/// The most code units that one entry covers.
const MAX_UNITS: u32 = 8;
/// No entry is longer: a byte, four numbers of up to six, and what is written behind the end of the last.
const MAX_ENTRY: usize = 32;

/// Numbers of runs that entries are made of at a time.
type Group = [u32; LANES];
/// So many runs are written without a look at how much room is left.
const BLOCK: usize = 64 * LANES;

/// What is used again from unit to unit.
pub(super) struct Scratch {
    /// Of the instructions that were looked at last.
    pub runs: Runs,
    made: Made,
}

/// What is made of a block of runs by [`make_entries`].
struct Made {
    /// The first entry of each run, or zero where it has another form.
    entries: [Group; BLOCK / LANES],
    /// The entry for what is behind eight code units, or zero.
    further: [Group; BLOCK / LANES],
    /// How many code units each run has.
    units: [Group; BLOCK / LANES],
    /// How far its line is from that of the run before.
    deltas: [Group; BLOCK / LANES],
}

impl Scratch {
    /// Without memory yet.
    pub const fn new() -> Scratch {
        let none = [[0; LANES]; BLOCK / LANES];
        let runs = Runs { lasts: Vec::new(), count: 0, args: 0 };
        Scratch { runs, made: Made { entries: none, further: none, units: none, deltas: none } }
    }
}

/// Runs of instructions that have one location, and so share entries of the table.
pub(super) struct Runs {
    /// The last instruction of each run; behind that of the last one it is there again until there are whole groups.
    lasts: Vec<u32>,
    count: usize,
    /// The arguments of all instructions, joined.
    pub args: u32,
}

impl Runs {
    /// Finds the runs of instructions.
    pub fn find(&mut self, instructions: &[FinalInstruction], target: &Target) {
        let length = instructions.len();
        if self.lasts.len() < length + LANES {
            self.lasts.resize(2 * length + LANES, 0);
        }
        let (lasts, shares_entries) = (self.lasts.as_mut_slice(), target.features.location_entries_are_shared);
        (self.count, self.args) = (0, 0);
        let Some(first) = instructions.first() else { return };
        let (mut run, mut args, mut previous) = (0, 0, &first.location);
        for (i, instruction) in instructions.iter().enumerate() {
            // Whether neighbours have one location nobody could foretell, so that it is not asked but counted.
            run += !same(&instruction.location, previous) as usize;
            previous = &instruction.location;
            args |= instruction.arg;
            // SAFETY: there are no more runs than instructions, and places for more.
            unsafe { *lasts.get_unchecked_mut(run) = i as u32 };
        }
        if !shares_entries {
            lasts.iter_mut().zip(0..length as u32).for_each(|(last, i)| *last = i);
            run = length - 1;
        }
        lasts[run + 1..][..LANES].fill(length as u32 - 1);
        (self.count, self.args) = (run + 1, args);
    }

    /// With the offsets at which the instructions start, and behind them where the last one ends.
    fn with<'i>(&'i self, instructions: &'i [FinalInstruction], offsets: &'i [u32]) -> PlacedRuns<'i> {
        let (lasts, _) = self.lasts[..self.count.next_multiple_of(LANES)].as_chunks();
        let is_there = |&[.., last]: &Group| (last as usize) < instructions.len();
        assert!(offsets.len() > instructions.len() && lasts.last().is_none_or(is_there));
        PlacedRuns { lasts, count: self.count, instructions, offsets }
    }
}

/// Runs, and what they consist of.
struct PlacedRuns<'i> {
    lasts: &'i [Group],
    count: usize,
    instructions: &'i [FinalInstruction],
    offsets: &'i [u32],
}

impl<'i> PlacedRuns<'i> {
    /// The location of a run that ends with this instruction.
    #[inline(always)]
    fn location(&self, last: u32) -> &'i Location {
        debug_assert!((last as usize) < self.instructions.len());
        // SAFETY: `find` enters the instructions' numbers in ascending order, and the highest has been looked at.
        unsafe { &self.instructions.get_unchecked(last as usize).location }
    }

    /// Where such a run ends.
    #[inline(always)]
    fn end(&self, last: u32) -> u32 {
        debug_assert!((last as usize) < self.instructions.len() && self.instructions.len() < self.offsets.len());
        // SAFETY: as above, and there is an offset more.
        unsafe { *self.offsets.get_unchecked(last as usize + 1) }
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

/// Writes the table of instructions, whose runs are found, that start at these offsets. Mirrors CPython 3.14: `assemble_location_info`.
pub(super) fn write<'a>(
    instructions: &mut [FinalInstruction],
    offsets: &[u32],
    firstlineno: i32,
    target: &Target,
    scratch: &mut Scratch,
    room: &mut Room<'a>,
) -> &'a [u8] {
    let Scratch { runs, made } = scratch;
    let mut length = write_entries(&runs.with(instructions, offsets), firstlineno, made, room);
    if length.is_none() {
        resolve_next(instructions, target);
        runs.find(instructions, target);
        length = write_entries(&runs.with(instructions, offsets), firstlineno, made, room);
    }
    room.take(length.unwrap_or(0))
}

/// Gives instructions that ask for it the location of the one that follows.
#[cold]
fn resolve_next(instructions: &mut [FinalInstruction], target: &Target) {
    let mut following = Location::NONE;
    for instruction in instructions.iter_mut().rev() {
        if instruction.location == Location::NEXT {
            instruction.location = if is_terminator(instruction, target) { Location::NONE } else { following };
        }
        following = instruction.location;
    }
}

/// Whether an instruction may go elsewhere than to the next one. Mirrors CPython 3.14: `IS_TERMINATOR_OPCODE`.
fn is_terminator(instruction: &FinalInstruction, target: &Target) -> bool {
    use crate::target::Op;
    matches!(instruction.op, Op::ReturnValue | Op::ReturnConst | Op::RaiseVarargs | Op::Reraise)
        || target.op(instruction.op).has(OpInfo::JUMP)
}

/// Writes the entries and gives their length; nothing where an instruction asks for the location of the next one.
fn write_entries(runs: &PlacedRuns<'_>, firstlineno: i32, made: &mut Made, room: &mut Room<'_>) -> Option<usize> {
    let mut left = runs.count;
    let (mut at, mut before) = (0, Before { line: firstlineno, end: 0 });
    // The line before the first run of the last ones without line.
    let mut kept_line = firstlineno;
    for lasts in runs.lasts.chunks(BLOCK / LANES) {
        let after = make_entries(runs, lasts, before, made);
        let lasts = lasts.as_flattened();
        // An entry for each run and for each full eight code units is the most there can be.
        let most = lasts.len() + (after.end - before.end) as usize / MAX_UNITS as usize + 1;
        let bytes = &mut room.reserve(at, most * MAX_ENTRY)[at..];
        let mut out = Out(bytes.as_mut_ptr());
        let count = left.min(BLOCK);
        let (lasts, entries) = (&lasts[..count], &made.entries.as_flattened()[..count]);
        let (further, units) = (&made.further.as_flattened()[..count], &made.units.as_flattened()[..count]);
        let deltas = &made.deltas.as_flattened()[..count];
        for i in 0..count {
            if entries[i] != 0 {
                out = out.put_entry(entries[i]).put_entry(further[i]);
                continue;
            }
            let (location, mut delta) = (runs.location(lasts[i]), deltas[i] as i32);
            if location.line.wrapping_sub(delta) < 0 {
                delta = location.line.wrapping_sub(kept_line);
            }
            if location.line < 0 {
                if location.line == Location::NEXT.line {
                    return None;
                }
                kept_line = location.line.wrapping_sub(delta);
                if units[i] <= MAX_UNITS && location.line == Location::NONE.line {
                    out = out.put_first(form::NONE, units[i]);
                    continue;
                }
            }
            out = out.put_rare(location, units[i], delta);
        }
        at += out.0.addr() - bytes.as_ptr().addr();
        left -= count;
        before = after;
    }
    Some(at)
}

/// Where the run before ends, and its line.
#[derive(Clone, Copy)]
struct Before {
    line: i32,
    end: u32,
}

/// Makes the entries of runs of up to 16 code units that have columns below 128 of one line, which is at most two behind that of the
/// run before.
///
/// The length of an entry is its fourth byte. Which of the two forms an entry has is not asked, as nobody could foretell the answer:
/// both are made, for several runs at a time.
#[inline(never)]
fn make_entries(runs: &PlacedRuns<'_>, lasts: &[Group], before: Before, made: &mut Made) -> Before {
    let (mut lines_before, mut ends_before) = (Lanes::all(before.line as u32), Lanes::all(before.end));
    let lasts = &lasts[..lasts.len().min(BLOCK / LANES)];
    for (i, &[a, b, c, d]) in lasts.iter().enumerate() {
        let ends = Lanes::new([runs.end(a), runs.end(b), runs.end(c), runs.end(d)]);
        let [a, b, c, d] = [runs.location(a), runs.location(b), runs.location(c), runs.location(d)];
        let columns = Lanes::transpose([lanes_of(a), lanes_of(b), lanes_of(c), lanes_of(d)]);
        let (run_units, last_lines) = (ends - ends.behind(ends_before), columns[0].behind(lines_before));
        let within_line = within_line(columns, last_lines, run_units);
        made.entries[i] = within_line[0].array();
        made.further[i] = within_line[1].array();
        made.units[i] = run_units.array();
        made.deltas[i] = (columns[0] - last_lines).array();
        (lines_before, ends_before) = (columns[0], ends);
    }
    Before { line: lines_before.array()[LANES - 1] as i32, end: ends_before.array()[LANES - 1] }
}

#[inline(always)]
fn lanes_of(location: &Location) -> Lanes {
    let &Location { line, end_line, column, end_column } = location;
    Lanes::new([line as u32, end_line as u32, column as u32, end_column as u32])
}

/// The entries of a group of runs; see [`make_entries`].
#[inline(always)]
fn within_line([line, end_line, column, end_column]: [Lanes; 4], last_line: Lanes, units: Lanes) -> [Lanes; 2] {
    const SHORT: u32 = 0x80 | 2 << 24;
    const ONE_LINE: u32 = 0x80 | (form::ONE_LINE as u32) << 3 | 3 << 24;
    let most = Lanes::all(MAX_UNITS - 1);
    let delta = line - last_line;
    let rest = units - Lanes::all(1);
    let has_other_form = (line ^ end_line) | (column | end_column).shr::<7>() | rest.shr::<4>();
    // Its sign says that the line is none of the three, or that there is none to count from.
    let is_far = delta | (Lanes::all(2) - delta) | last_line;
    let is_usual = (has_other_form | is_far.shr::<31>()).is_zero();
    let width = end_column - column;
    // The upper bits of the column stay where they are, the lower three go beside the width.
    let short = (column.shl::<12>() + column) & Lanes::all(0x7078) | width.shl::<8>() | Lanes::all(SHORT);
    let one_line = end_column.shl::<16>() | column.shl::<8>() | Lanes::all(ONE_LINE);
    // A column below 80 and a width below 16.
    let is_short = (width.shr::<4>() | (column + Lanes::all(48)).shr::<7>()).is_zero();
    let same_line = Lanes::select(is_short, short, one_line);
    let first = Lanes::select(delta.is_zero(), same_line, one_line + delta.shl::<3>());
    // Whether one entry covers all.
    let is_all = rest.shr::<3>().is_zero();
    let rest = rest & most;
    let (none, further) = (Lanes::all(0), same_line | rest);
    [Lanes::select(is_all, first | rest, first | most) & is_usual, Lanes::select(is_all, none, further)]
}

/// The entry of one run of a line so many behind the last.
fn within_three_lines(delta: u32, [column, end_column]: [Lanes; 2], units: u32) -> u32 {
    let line = Lanes::all(delta);
    let [entry, _] = within_line([line, line, column, end_column], Lanes::all(0), Lanes::all(units));
    entry.array()[0]
}

/// Whether a location has columns below 128 of one line.
#[inline]
fn fits_line(location: &Location) -> bool {
    location.line == location.end_line && (location.column | location.end_column) as u32 <= 127
}

/// Where entries are written: `write_entries` has reserved [`MAX_ENTRY`] bytes for each.
#[derive(Clone, Copy)]
struct Out(*mut u8);

impl Out {
    /// Writes bytes, of which the first count; gives the place behind these.
    #[inline(always)]
    fn put<const N: usize>(self, bytes: [u8; N], count: usize) -> Out {
        debug_assert!(count <= N);
        // SAFETY: there is room for this entry, and for what is written behind its end.
        unsafe {
            self.0.cast::<[u8; N]>().write(bytes);
            Out(self.0.add(count))
        }
    }

    /// Writes an entry whose fourth byte is its length.
    #[inline(always)]
    fn put_entry(self, entry: u32) -> Out {
        self.put(entry.to_le_bytes(), (entry >> 24) as usize)
    }

    /// Writes the entries of a run of any form.
    #[inline(always)]
    fn put_rare(self, location: &Location, units: u32, delta: i32) -> Out {
        let &Location { line, column, end_column, .. } = location;
        if units > MAX_UNITS || (column | end_column | line) < 0 || fits_line(location) && delta as u32 <= 2 {
            return self.put_several(location, units, delta);
        }
        self.put_long(location, units, delta)
    }

    /// The same for a run that may be long, or of one of the usual forms.
    #[inline(never)]
    fn put_several(mut self, location: &Location, mut units: u32, mut delta: i32) -> Out {
        let &Location { line, end_line, column, end_column } = location;
        while units > 0 {
            let first = units.min(MAX_UNITS);
            self = if line == Location::NONE.line {
                self.put_first(form::NONE, first)
            } else if fits_line(location) && delta as u32 <= 2 {
                let columns = [Lanes::all(column as u32), Lanes::all(end_column as u32)];
                self.put_entry(within_three_lines(delta as u32, columns, first))
            } else if (column < 0 || end_column < 0) && (end_line == line || end_line < 0) {
                self.put_first(form::NO_COLUMNS, first).put_varint(zigzag(delta))
            } else {
                self.put_long(location, first, delta)
            };
            (units, delta) = (units - first, 0);
        }
        self
    }

    /// Writes the first byte of an entry.
    #[inline(always)]
    fn put_first(self, form: u8, units: u32) -> Out {
        self.put([0x80 | form << 3 | (units - 1) as u8], 1)
    }

    /// Writes an entry that says all. Mirrors CPython 3.14: `write_location_info_long_form`.
    #[inline(always)]
    fn put_long(self, location: &Location, units: u32, delta: i32) -> Out {
        let lines = location.end_line.wrapping_sub(location.line) as u32;
        let (column, end_column) = (location.column as u32, location.end_column as u32);
        let numbers = [zigzag(delta), lines, column.wrapping_add(1), end_column.wrapping_add(1)];
        self.put_first(form::LONG, units).put_varints(numbers)
    }

    /// Writes numbers, six bits a byte, the lowest first.
    #[inline(always)]
    fn put_varints(mut self, values: [u32; 4]) -> Out {
        let [first, second, third, last] = values;
        if first | second | third | last >= 1 << 12 {
            return self.put_long_varints(values);
        }
        // One or two bytes each: made side by side, 16 bits for each, and written over one another.
        const EACH: u64 = 0x0001_0001_0001_0001;
        let values = (first | second << 16) as u64 | ((third | last << 16) as u64) << 32;
        let mut has_two = (values + EACH * (0x1000 - 64)) >> 12 & EACH;
        let mut numbers = values & (EACH * 0x3f) | (values & (EACH * 0xfc0)) << 2 | has_two << 6;
        for _ in 0..4 {
            self = self.put((numbers as u16).to_le_bytes(), 1 + (has_two & 1) as usize);
            numbers >>= 16;
            has_two >>= 16;
        }
        self
    }

    #[cold]
    #[inline(never)]
    fn put_long_varints(self, values: [u32; 4]) -> Out {
        values.into_iter().fold(self, Out::put_varint)
    }

    fn put_varint(mut self, mut value: u32) -> Out {
        while value >= 64 {
            self = self.put([(0x40 | value & 0x3f) as u8], 1);
            value >>= 6;
        }
        self.put([value as u8], 1)
    }
}

/// A number with its sign as the lowest bit.
#[inline(always)]
fn zigzag(value: i32) -> u32 {
    value.unsigned_abs() << 1 | (value < 0) as u32
}

/// One entry read back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LocationTableEntry {
    /// Code units that it covers.
    pub units: u32,
    /// [`Location::NONE`] for the form without a location; columns of -1 where the entry has none.
    pub location: Location,
}

/// Reads a table back; what cannot be read ends it. Mirrors CPython 3.14: `advance_with_locations`.
pub fn read_location_table(table: &[u8], firstlineno: i32) -> Vec<LocationTableEntry> {
    let mut entries = Vec::new();
    let mut line = firstlineno;
    let mut at = 0;
    while let Some(&first) = table.get(at) {
        at += 1;
        let Some(location) = read_entry(table, &mut at, first >> 3 & 15, &mut line) else { break };
        entries.push(LocationTableEntry { units: (first & 7) as u32 + 1, location });
    }
    entries
}

fn read_entry(table: &[u8], at: &mut usize, code: u8, line: &mut i32) -> Option<Location> {
    Some(match code {
        form::NONE => Location::NONE,
        form::LONG => {
            *line = line.wrapping_add(read_signed(table, at)?);
            let end_line = line.wrapping_add(read_varint(table, at)? as i32);
            let column = (read_varint(table, at)? as i32).wrapping_sub(1);
            let end_column = (read_varint(table, at)? as i32).wrapping_sub(1);
            Location::new(*line, end_line, column, end_column)
        }
        form::NO_COLUMNS => {
            *line = line.wrapping_add(read_signed(table, at)?);
            Location::new(*line, *line, -1, -1)
        }
        form::ONE_LINE..form::NO_COLUMNS => {
            *line = line.wrapping_add((code - form::ONE_LINE) as i32);
            let (column, end_column) = (read_byte(table, at)?, read_byte(table, at)?);
            Location::new(*line, *line, column, end_column)
        }
        group => {
            let byte = read_byte(table, at)?;
            let column = (group as i32) << 3 | byte >> 4;
            Location::new(*line, *line, column, column + (byte & 15))
        }
    })
}

fn read_byte(table: &[u8], at: &mut usize) -> Option<i32> {
    let byte = *table.get(*at)?;
    *at += 1;
    Some(byte as i32)
}

fn read_varint(table: &[u8], at: &mut usize) -> Option<u32> {
    let mut value = 0u32;
    let mut shift = 0;
    loop {
        let byte = read_byte(table, at)? as u32;
        value |= (byte & 0x3f).checked_shl(shift).unwrap_or(0);
        if byte & 0x40 == 0 {
            return Some(value);
        }
        shift += 6;
    }
}

fn read_signed(table: &[u8], at: &mut usize) -> Option<i32> {
    let value = read_varint(table, at)?;
    let half = (value >> 1) as i32;
    Some(if value & 1 != 0 { -half } else { half })
}
