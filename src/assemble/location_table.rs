//! `co_linetable`: the source location of each instruction.

use crate::ir::FinalInstruction;
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

/// Writes the table, in `buffer`, which is used again and again. Mirrors CPython 3.14: `assemble_location_info`.
pub(super) fn write<'b>(
    instructions: &mut [FinalInstruction],
    offsets: &[u32],
    firstlineno: i32,
    target: &Target,
    buffer: &'b mut Vec<u8>,
) -> &'b [u8] {
    // An entry for each instruction and for each full run of code units is the most there can be.
    let longest = (instructions.len() + (offsets[instructions.len()] / MAX_UNITS) as usize + 1) * MAX_ENTRY;
    if buffer.len() < longest {
        buffer.resize(longest, 0);
    }
    let write =
        if target.features.location_entries_are_shared { write_entries::<true> } else { write_entries::<false> };
    let mut length = write(instructions, offsets, firstlineno, buffer);
    if length.is_none() {
        resolve_next(instructions, target);
        length = write(instructions, offsets, firstlineno, buffer);
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
fn write_entries<const SHARED: bool>(
    instructions: &[FinalInstruction],
    offsets: &[u32],
    firstlineno: i32,
    buffer: &mut [u8],
) -> Option<usize> {
    // The line of the last entry that has one.
    let mut line = firstlineno;
    let mut at = 0;
    let mut start = 0;
    while let Some(FinalInstruction { location, .. }) = instructions.get(start) {
        let mut end = start + 1;
        while SHARED && instructions.get(end).is_some_and(|next| same(&next.location, location)) {
            end += 1;
        }
        let mut units = offsets[end] - offsets[start];
        start = end;
        loop {
            let first = 0x80 | (units.min(MAX_UNITS) - 1);
            let delta = location.line.wrapping_sub(line) as u32;
            let (column, end_column) = (location.column as u32, location.end_column as u32);
            // Nearly all have one of the two forms that take a place within a line. They are written without asking which of the
            // two it is, as nobody could foretell the answer.
            if location.end_line == location.line && delta < 3 && (column | end_column) < 128 {
                let width = end_column.wrapping_sub(column);
                let is_short = (delta == 0) & (column < 80) & (width < 16);
                let short = first | column >> 3 << 3 | (column & 7) << 12 | width << 8;
                let one_line = first | (form::ONE_LINE as u32 + delta) << 3 | column << 8 | end_column << 16;
                put(buffer, at, if is_short { short } else { one_line }.to_le_bytes());
                at += 3 - is_short as usize;
                line = location.line;
            } else if location.line == Location::NEXT.line {
                return None;
            } else {
                at = write_rare(buffer, at, location, first, line);
                line = if location.line == Location::NONE.line { line } else { location.line };
            }
            if units <= MAX_UNITS {
                break;
            }
            units -= MAX_UNITS;
        }
    }
    Some(at)
}

/// Whether two locations are one, all four numbers looked at together rather than one after the other until one differs.
#[inline]
fn same(a: &Location, b: &Location) -> bool {
    let pair = |low: i32, high: i32| low as u32 as u64 | (high as u64) << 32;
    let lines = pair(a.line, a.end_line) ^ pair(b.line, b.end_line);
    let columns = pair(a.column, a.end_column) ^ pair(b.column, b.end_column);
    lines | columns == 0
}

/// Puts bytes where they belong.
#[inline]
fn put<const N: usize>(buffer: &mut [u8], at: usize, bytes: [u8; N]) {
    if let Some(room) = buffer.get_mut(at..).and_then(|rest| rest.first_chunk_mut()) {
        *room = bytes;
    }
}

/// Writes an entry that has none of the short forms, and gives its end. Mirrors CPython 3.14: `write_location_info_entry`.
#[inline(never)]
fn write_rare(buffer: &mut [u8], at: usize, location: &Location, first: u32, last_line: i32) -> usize {
    let &Location { line, end_line, column, end_column } = location;
    let mut packed = Packed::default();
    if line == Location::NONE.line {
        packed.push(first | (form::NONE as u32) << 3);
        return packed.put(buffer, at);
    }
    let delta = line.wrapping_sub(last_line);
    let delta = if delta < 0 { delta.unsigned_abs() << 1 | 1 } else { (delta as u32) << 1 };
    if (column < 0 || end_column < 0) && (end_line == line || end_line < 0) {
        packed.push(first | (form::NO_COLUMNS as u32) << 3);
        packed.push_varint(delta);
        return packed.put(buffer, at);
    }
    packed.push(first | (form::LONG as u32) << 3);
    packed.push_varint(delta);
    let at = packed.put(buffer, at);
    let mut packed = Packed::default();
    packed.push_varint(end_line.wrapping_sub(line) as u32);
    let at = packed.put(buffer, at);
    let mut packed = Packed::default();
    packed.push_varint(column.wrapping_add(1) as u32);
    let at = packed.put(buffer, at);
    let mut packed = Packed::default();
    packed.push_varint(end_column.wrapping_add(1) as u32);
    packed.put(buffer, at)
}

/// Up to 8 bytes of an entry.
#[derive(Default)]
struct Packed {
    bytes: u64,
    bits: u32,
}

impl Packed {
    /// Appends a byte.
    #[inline]
    fn push(&mut self, byte: u32) {
        self.bytes |= (byte as u64) << self.bits;
        self.bits += 8;
    }

    /// Appends a number of up to six bytes.
    #[inline]
    fn push_varint(&mut self, mut value: u32) {
        while value >= 64 {
            self.push(0x40 | value & 0x3f);
            value >>= 6;
        }
        self.push(value);
    }

    /// Writes the bytes and gives their end.
    #[inline]
    fn put(self, buffer: &mut [u8], at: usize) -> usize {
        put(buffer, at, self.bytes.to_le_bytes());
        at + self.bits as usize / 8
    }
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
