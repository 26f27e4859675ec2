//! `co_linetable`: the source location of each instruction.

use super::bytecode::Layout;
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

/// Mirrors CPython 3.14: `assemble_location_info`.
pub(super) fn write(instructions: &[FinalInstruction], layout: &Layout, firstlineno: i32, target: &Target) -> Vec<u8> {
    let resolved = resolve_next(instructions, target);
    let mut writer = Writer { out: Vec::with_capacity(instructions.len() * 3), line: firstlineno };
    let mut current = Location::NONE;
    let mut units = 0;
    let mut add = |location: Location, size: u32| {
        if location != current {
            writer.push(current, units);
            current = location;
            units = 0;
        }
        units += size;
    };
    match &resolved {
        Some(all) => all.iter().zip(&layout.sizes).for_each(|(&location, &size)| add(location, size)),
        None => instructions.iter().zip(&layout.sizes).for_each(|(i, &size)| add(i.location, size)),
    }
    writer.push(current, units);
    writer.out
}

/// Gives instructions that ask for it the location of the one that follows; nothing where none asks.
fn resolve_next(instructions: &[FinalInstruction], target: &Target) -> Option<Vec<Location>> {
    if !instructions.iter().any(|i| i.location.line == Location::NEXT.line) {
        return None;
    }
    let mut locations: Vec<Location> = instructions.iter().map(|i| i.location).collect();
    let mut following = Location::NONE;
    for (location, instruction) in locations.iter_mut().zip(instructions).rev() {
        if *location == Location::NEXT {
            *location = if is_terminator(instruction, target) { Location::NONE } else { following };
        }
        following = *location;
    }
    Some(locations)
}

/// Whether an instruction may go elsewhere than to the next one. Mirrors CPython 3.14: `IS_TERMINATOR_OPCODE`.
fn is_terminator(instruction: &FinalInstruction, target: &Target) -> bool {
    use crate::target::Op;
    matches!(instruction.op, Op::ReturnValue | Op::ReturnConst | Op::RaiseVarargs | Op::Reraise)
        || target.op(instruction.op).has(OpInfo::JUMP)
}

struct Writer {
    out: Vec<u8>,
    /// The line of the last entry that has one.
    line: i32,
}

impl Writer {
    fn push(&mut self, location: Location, mut units: u32) {
        // Four numbers of at most six bytes each; most entries need two or three bytes.
        self.out.reserve(32);
        while units > MAX_UNITS {
            self.push_entry(location, MAX_UNITS);
            units -= MAX_UNITS;
        }
        if units > 0 {
            self.push_entry(location, units);
        }
    }

    /// Mirrors CPython 3.14: `write_location_info_entry`.
    fn push_entry(&mut self, location: Location, units: u32) {
        let Location { line, end_line, column, end_column } = location;
        if line == Location::NONE.line {
            self.push_start(form::NONE, units);
            return;
        }
        let delta = line.wrapping_sub(self.line);
        if column < 0 || end_column < 0 {
            if end_line == line || end_line < 0 {
                self.push_start(form::NO_COLUMNS, units);
                self.push_signed(delta);
                self.line = line;
                return;
            }
        } else if end_line == line {
            if delta == 0 && column < 80 && end_column >= column && end_column - column < 16 {
                self.push_start((column >> 3) as u8, units);
                self.out.push(((column & 7) << 4 | (end_column - column)) as u8);
                return;
            }
            if (0..3).contains(&delta) && column < 128 && end_column < 128 {
                self.push_start(form::ONE_LINE + delta as u8, units);
                self.out.extend_from_slice(&[column as u8, end_column as u8]);
                self.line = line;
                return;
            }
        }
        self.push_start(form::LONG, units);
        self.push_signed(delta);
        self.push_varint(end_line.wrapping_sub(line) as u32);
        self.push_varint(column.wrapping_add(1) as u32);
        self.push_varint(end_column.wrapping_add(1) as u32);
        self.line = line;
    }

    #[inline]
    fn push_start(&mut self, form: u8, units: u32) {
        self.out.push(0x80 | form << 3 | (units - 1) as u8);
    }

    fn push_varint(&mut self, mut value: u32) {
        while value >= 64 {
            self.out.push(0x40 | (value & 0x3f) as u8);
            value >>= 6;
        }
        self.out.push(value as u8);
    }

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
