//! `co_exceptiontable`: which instructions are covered by which handler.

use crate::ir::{ExceptHandlerInfo, HandlerChange, Room};

/// One range of the table, in code units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExceptionTableEntry {
    pub start: u32,
    pub end: u32,
    pub target: u32,
    /// The stack depth to unwind to.
    pub depth: u32,
    pub preserve_lasti: bool,
}

/// No entry is longer: four numbers of up to six bytes.
const MAX_ENTRY: usize = 24;

/// Mirrors CPython 3.14: `assemble_exception_table`.
///
/// Neighbours with the same handler make one entry; the handler alone decides, as in CPython.
pub(super) fn write<'a>(handlers: &[HandlerChange], offsets: &[u32], room: &mut Room<'a>) -> &'a [u8] {
    let out = room.reserve(0, (handlers.len() + 1) * MAX_ENTRY);
    let mut current: Option<ExceptHandlerInfo> = None;
    let (mut at, mut start) = (0, 0);
    for change in handlers {
        if change.handler.map(|h| h.target) != current.map(|h| h.target) {
            let end = offsets[change.at as usize];
            at += put_entry(&mut out[at..], offsets, current, start, end);
            start = end;
            current = change.handler;
        }
    }
    at += put_entry(&mut out[at..], offsets, current, start, offsets.last().copied().unwrap_or(0));
    room.take(at)
}

/// Writes an entry if there is a handler, and gives its length.
fn put_entry(out: &mut [u8], offsets: &[u32], handler: Option<ExceptHandlerInfo>, start: u32, end: u32) -> usize {
    let Some(handler) = handler else { return 0 };
    let items =
        [start, end - start, offsets[handler.target as usize], handler.depth << 1 | handler.preserve_lasti as u32];
    let mut at = 0;
    if items.iter().fold(0, |all, item| all | item) >= 1 << 12 {
        items.iter().for_each(|&item| at += put_item(&mut out[at..], item));
    } else if let Some(out) = out.first_chunk_mut() {
        // One or two bytes each.
        let (mut bytes, mut bits) = (0, 0);
        for item in items {
            let has_two = (item >= 64) as u32;
            let item = if has_two != 0 { 0x40 | item >> 6 | (item & 0x3f) << 8 } else { item };
            bytes |= (item as u64) << bits;
            bits += 8 + 8 * has_two;
        }
        *out = bytes.to_le_bytes();
        at = bits as usize / 8;
    }
    // The first byte of an entry carries the top bit.
    out[0] |= 0x80;
    at
}

/// Six bits a byte, the highest first; gives their number.
///
/// Mirrors CPython 3.14: `assemble_emit_exception_table_item`.
fn put_item(out: &mut [u8], value: u32) -> usize {
    let mut at = 0;
    for shift in [24, 18, 12, 6] {
        if value >> shift != 0 {
            out[at] = (value >> shift & 0x3f) as u8 | 0x40;
            at += 1;
        }
    }
    out[at] = (value & 0x3f) as u8;
    at + 1
}

/// Reads a table back; what cannot be read ends it.
pub fn read_exception_table(table: &[u8]) -> Vec<ExceptionTableEntry> {
    let mut bytes = table.iter().copied();
    let mut item = || -> Option<u32> {
        let mut byte = bytes.next()?;
        let mut value = (byte & 0x3f) as u32;
        while byte & 0x40 != 0 {
            byte = bytes.next()?;
            value = value << 6 | (byte & 0x3f) as u32;
        }
        Some(value)
    };
    let mut entries = Vec::new();
    while let (Some(start), Some(size), Some(target), Some(depth)) = (item(), item(), item(), item()) {
        entries.push(ExceptionTableEntry {
            start,
            end: start.saturating_add(size),
            target,
            depth: depth >> 1,
            preserve_lasti: depth & 1 != 0,
        });
    }
    entries
}
