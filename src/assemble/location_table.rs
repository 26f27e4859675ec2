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

/// Writes the table, in `buffer`, which is used again and again. Mirrors CPython 3.14: `assemble_location_info`.
pub(super) fn write<'b>(
    instructions: &[FinalInstruction],
    offsets: &[u32],
    firstlineno: i32,
    target: &Target,
    buffer: &'b mut Vec<u8>,
) -> &'b [u8] {
    let mut writer = Writer { buffer, at: 0, line: firstlineno };
    let shares = target.features.location_entries_are_shared;
    let mut start = 0;
    while let Some(first) = instructions.get(start) {
        let (location, mut end) = match first.location {
            location if location.line != Location::NEXT.line => (location, start + 1),
            _ => resolve_next(instructions, start, target),
        };
        while shares && let Some(next) = instructions.get(end) {
            if same(next.location, location) {
                end += 1;
            } else if next.location.line == Location::NEXT.line
                && let (found, after) = resolve_next(instructions, end, target)
                && found == location
            {
                end = after;
            } else {
                break;
            }
        }
        if shares {
            writer.push(location, offsets[end] - offsets[start]);
        } else {
            offsets[start..=end].array_windows().for_each(|[start, end]| writer.push(location, end - start));
        }
        start = end;
    }
    let Writer { buffer, at, .. } = writer;
    &buffer[..at]
}

/// Whether two locations are one, all four numbers looked at together rather than one after the other until one differs.
#[inline]
fn same(a: Location, b: Location) -> bool {
    let pair = |low: i32, high: i32| low as u32 as u64 | (high as u64) << 32;
    let lines = pair(a.line, a.end_line) ^ pair(b.line, b.end_line);
    let columns = pair(a.column, a.end_column) ^ pair(b.column, b.end_column);
    lines | columns == 0
}

/// The location of an instruction that asks for that of the next one, and the index behind the last of those that share it.
#[cold]
fn resolve_next(instructions: &[FinalInstruction], first: usize, target: &Target) -> (Location, usize) {
    let mut i = first;
    while let Some(instruction) = instructions.get(i) {
        if instruction.location != Location::NEXT {
            return (instruction.location, i);
        }
        i += 1;
        if is_terminator(instruction, target) {
            break;
        }
    }
    (Location::NONE, i)
}

/// Whether an instruction may go elsewhere than to the next one. Mirrors CPython 3.14: `IS_TERMINATOR_OPCODE`.
fn is_terminator(instruction: &FinalInstruction, target: &Target) -> bool {
    use crate::target::Op;
    matches!(instruction.op, Op::ReturnValue | Op::ReturnConst | Op::RaiseVarargs | Op::Reraise)
        || target.op(instruction.op).has(OpInfo::JUMP)
}

struct Writer<'b> {
    /// Longer than what is written, so that bytes are put in place rather than appended.
    buffer: &'b mut Vec<u8>,
    /// How much is written.
    at: usize,
    /// The line of the last entry that has one.
    line: i32,
}

/// No entry is longer: a byte and four numbers of up to six.
const MAX_ENTRY: usize = 32;

impl Writer<'_> {
    /// Mirrors CPython 3.14: `assemble_emit_location`.
    #[inline]
    fn push(&mut self, location: Location, mut units: u32) {
        while units > 0 {
            let covered = units.min(MAX_UNITS);
            self.push_entry(location, 0x80 | (covered - 1));
            units -= covered;
        }
    }

    /// The place of the next entry.
    #[inline]
    fn room(&mut self) -> &mut [u8; MAX_ENTRY] {
        if self.buffer.len() < self.at + MAX_ENTRY {
            self.grow();
        }
        match self.buffer[self.at..].first_chunk_mut() {
            Some(room) => room,
            None => unreachable!("the buffer has just been made longer"),
        }
    }

    #[cold]
    fn grow(&mut self) {
        self.buffer.resize((self.at + MAX_ENTRY) * 2, 0);
    }

    /// Mirrors CPython 3.14: `write_location_info_entry`.
    #[inline]
    fn push_entry(&mut self, location: Location, start: u32) {
        let Location { line, end_line, column, end_column } = location;
        let delta = line.wrapping_sub(self.line) as u32;
        let (column, end_column) = (column as u32, end_column as u32);
        // Nearly all have one of the two forms that take a place within a line. They are written without asking which of the two
        // it is, as nobody could foretell the answer.
        if end_line == line && delta < 3 && (column | end_column) < 128 {
            let width = end_column.wrapping_sub(column);
            let is_short = (delta == 0) & (column < 80) & (width < 16);
            let short = start | column >> 3 << 3 | (column & 7) << 12 | width << 8;
            let one_line = start | (form::ONE_LINE as u32 + delta) << 3 | column << 8 | end_column << 16;
            let bytes = if is_short { short } else { one_line };
            self.room()[..4].copy_from_slice(&bytes.to_le_bytes());
            self.at += 3 - is_short as usize;
            self.line = line;
        } else {
            self.push_rare(location, start as u8);
        }
    }

    #[inline(never)]
    fn push_rare(&mut self, location: Location, start: u8) {
        let Location { line, end_line, column, end_column } = location;
        if line == Location::NONE.line {
            self.push_byte(start | form::NONE << 3);
            return;
        }
        let delta = line.wrapping_sub(self.line);
        self.line = line;
        if (column < 0 || end_column < 0) && (end_line == line || end_line < 0) {
            self.push_byte(start | form::NO_COLUMNS << 3);
            self.push_signed(delta);
            return;
        }
        self.push_byte(start | form::LONG << 3);
        self.push_signed(delta);
        self.push_varint(end_line.wrapping_sub(line) as u32);
        self.push_varint(column.wrapping_add(1) as u32);
        self.push_varint(end_column.wrapping_add(1) as u32);
    }

    #[inline]
    fn push_byte(&mut self, byte: u8) {
        self.room()[0] = byte;
        self.at += 1;
    }

    #[inline]
    fn push_varint(&mut self, mut value: u32) {
        while value >= 64 {
            self.push_byte(0x40 | (value & 0x3f) as u8);
            value >>= 6;
        }
        self.push_byte(value as u8);
    }

    #[inline]
    fn push_signed(&mut self, value: i32) {
        self.push_varint(if value < 0 { value.unsigned_abs() << 1 | 1 } else { (value as u32) << 1 });
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
