//! `co_linetable`: the source location of each instruction.

use super::bytecode::Bytecode;
use crate::ir::FinalInstruction;
use crate::source::Location;
use crate::target::{OpInfo, Target};
use std::hint::select_unpredictable;

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

/// Writes the table, in `buffer`, which is used again and again. Mirrors CPython 3.14: `assemble_location_info`.
pub(super) fn write<'b>(
    instructions: &mut [FinalInstruction],
    bytecode: &mut Bytecode,
    firstlineno: i32,
    target: &Target,
    buffer: &'b mut Vec<u8>,
) -> &'b [u8] {
    let mut length = write_entries(instructions, bytecode, firstlineno, buffer);
    if length.is_none() {
        resolve_next(instructions, target);
        bytecode.find_runs(instructions, target);
        length = write_entries(instructions, bytecode, firstlineno, buffer);
    }
    &buffer[..length.unwrap_or(0)]
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

/// Writes the entries and gives their length; nothing as soon as an instruction asks for the location of the next one.
fn write_entries(
    instructions: &[FinalInstruction],
    bytecode: &Bytecode,
    firstlineno: i32,
    buffer: &mut Vec<u8>,
) -> Option<usize> {
    // An entry for each run and for each full eight code units is the most there can be.
    let longest = (bytecode.runs().len() + bytecode.bytes().len() / 2 / MAX_UNITS as usize + 1) * MAX_ENTRY;
    if buffer.len() < longest {
        buffer.resize(longest, 0);
    }
    let (offsets, runs) = (bytecode.offsets(), bytecode.runs());
    assert!(runs.last().is_none_or(|&last| last as usize == instructions.len() && offsets.len() > instructions.len()));
    // The line of the last entry that has one.
    let mut line = firstlineno;
    let (mut at, mut start) = (0, 0);
    for &end in runs {
        // SAFETY: a run ends behind one of the instructions, the last one behind the last of them: no other goes further.
        let (location, end) =
            unsafe { (&instructions.get_unchecked(end as usize - 1).location, *offsets.get_unchecked(end as usize)) };
        let units = end - start;
        start = end;
        let delta = location.line.wrapping_sub(line) as u32;
        let (column, end_column) = (location.column as u32, location.end_column as u32);
        if location.end_line != location.line || delta > 2 || (column | end_column) > 127 {
            if location.line == Location::NEXT.line {
                return None;
            }
            at = write_rare(buffer, at, location, units, line);
            line = if location.line == Location::NONE.line { line } else { location.line };
            continue;
        }
        line = location.line;
        if units > MAX_UNITS {
            at = write_several(buffer, at, delta, column, end_column, units);
            continue;
        }
        let (entry, length) = within_line(units, delta, column, end_column);
        debug_assert!(buffer.len() >= at + MAX_ENTRY);
        // SAFETY: the buffer has room for as many entries as there can be, each of any length.
        unsafe { buffer.as_mut_ptr().add(at).cast::<[u8; 4]>().write(entry.to_le_bytes()) };
        at += length;
    }
    Some(at)
}

/// Writes the entries of a run that one does not cover, for columns below 128 of one line; gives their end.
#[inline(never)]
fn write_several(buffer: &mut [u8], at: usize, delta: u32, column: u32, end_column: u32, units: u32) -> usize {
    let (entry, length) = within_line(MAX_UNITS, delta, column, end_column);
    put(buffer, at, entry.to_le_bytes());
    repeat_within_line(buffer, at + length, column, end_column, units - MAX_UNITS)
}

/// Writes the further entries of such a run.
#[inline]
fn repeat_within_line(buffer: &mut [u8], mut at: usize, column: u32, end_column: u32, mut units: u32) -> usize {
    let (entry, length) = within_line(1, 0, column, end_column);
    while units > 0 {
        put(buffer, at, (entry + units.min(MAX_UNITS) - 1).to_le_bytes());
        at += length;
        units = units.saturating_sub(MAX_UNITS);
    }
    at
}

/// An entry for columns below 128 of a line that is at most two behind that of the last entry, and how many bytes it takes.
///
/// Nearly all have one of the two forms for that. Which of them it is is not asked, as nobody could foretell the answer: both are made.
#[inline(always)]
fn within_line(units: u32, delta: u32, column: u32, end_column: u32) -> (u32, usize) {
    let first = 0x80 + units - 1;
    let width = end_column.wrapping_sub(column);
    // The line of the last entry, a column below 80 and a width below 16.
    let is_short = delta | width >> 4 | (column + 48) >> 7 == 0;
    // The upper bits of the column stay where they are, the lower three go beside the width.
    let short = column.wrapping_mul(0x1001) & 0x7078 | width << 8;
    let one_line = (end_column << 8 | column) << 8 | (form::ONE_LINE as u32 + delta) << 3;
    (first | select_unpredictable(is_short, short, one_line), 3 - is_short as usize)
}

/// Puts bytes where they belong.
#[inline]
fn put<const N: usize>(buffer: &mut [u8], at: usize, bytes: [u8; N]) {
    if let Some(room) = buffer.get_mut(at..).and_then(|rest| rest.first_chunk_mut()) {
        *room = bytes;
    }
}

/// Writes the entries of a run that has none of the short forms, at first; gives their end.
#[inline]
fn write_rare(buffer: &mut [u8], at: usize, location: &Location, units: u32, last_line: i32) -> usize {
    if units <= MAX_UNITS {
        return write_long(buffer, at, location, units, last_line);
    }
    let at = write_long(buffer, at, location, MAX_UNITS, last_line);
    write_further(buffer, at, location, units - MAX_UNITS)
}

/// Writes the further entries of such a run.
#[inline(never)]
fn write_further(buffer: &mut [u8], mut at: usize, location: &Location, mut units: u32) -> usize {
    let &Location { line, end_line, column, end_column } = location;
    if line == end_line && (column | end_column) as u32 <= 127 {
        return repeat_within_line(buffer, at, column as u32, end_column as u32, units);
    }
    while units > 0 {
        at = write_long(buffer, at, location, units.min(MAX_UNITS), line);
        units = units.saturating_sub(MAX_UNITS);
    }
    at
}

/// Writes one entry of any form but the short ones, and gives its end. Mirrors CPython 3.14: `write_location_info_entry`.
#[inline(never)]
fn write_long(buffer: &mut [u8], at: usize, location: &Location, units: u32, last_line: i32) -> usize {
    let &Location { line, end_line, column, end_column } = location;
    let first = |form: u8| [0x80 | form << 3 | (units - 1) as u8];
    if line == Location::NONE.line {
        put(buffer, at, first(form::NONE));
        return at + 1;
    }
    let delta = line.wrapping_sub(last_line);
    let zigzag = delta.unsigned_abs() << 1 | (delta < 0) as u32;
    if (column < 0 || end_column < 0) && (end_line == line || end_line < 0) {
        put(buffer, at, first(form::NO_COLUMNS));
        return put_varints(buffer, at + 1, [zigzag]);
    }
    put(buffer, at, first(form::LONG));
    let lines = end_line.wrapping_sub(line) as u32;
    put_varints(buffer, at + 1, [zigzag, lines, column.wrapping_add(1) as u32, end_column.wrapping_add(1) as u32])
}

/// Writes numbers of up to six bytes each and gives their end.
#[inline]
fn put_varints<const N: usize>(buffer: &mut [u8], at: usize, values: [u32; N]) -> usize {
    const { assert!(N <= 4) };
    if values.iter().fold(0, |all, value| all | value) >= 1 << 12 {
        return values.iter().fold(at, |at, &value| put_long_varint(buffer, at, value));
    }
    // One or two bytes each.
    let (mut bytes, mut bits) = (0, 0);
    for value in values {
        let has_more = (value >= 64) as u32;
        bytes |= ((value & 0x3f | has_more << 6 | value >> 6 << 8) as u64) << bits;
        bits += 8 + 8 * has_more;
    }
    put(buffer, at, bytes.to_le_bytes());
    at + bits as usize / 8
}

#[cold]
fn put_long_varint(buffer: &mut [u8], mut at: usize, mut value: u32) -> usize {
    while value >= 64 {
        put(buffer, at, [(0x40 | value & 0x3f) as u8]);
        value >>= 6;
        at += 1;
    }
    put(buffer, at, [value as u8]);
    at + 1
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
