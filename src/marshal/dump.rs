//! Code objects as text, and what differs between two of them, for failing tests and for people.

use super::read_code;
use crate::assemble::{read_exception_table, read_location_table};
use crate::object::{CodeObject, Const, ConstCache, ConstId, Int, PyStr};
use crate::source::{Interner, Location, NameId};
use crate::target::{Op, OpInfo, Target};
use bumpalo::Bump;
use std::fmt::Write;

/// What the numbers in code objects stand for. The two sides of a [`diff`] may come from two compilations.
#[derive(Clone, Copy)]
pub struct Tables<'s, 'a> {
    pub names: &'s Interner<'a>,
    pub consts: &'s ConstCache<'a>,
    pub target: &'s Target,
}

/// How deep [`dump`] and [`diff`] follow constants; what lies deeper shows as `...`.
const MAX_DEPTH: u32 = 200;

/// A code object and all code objects within it: fields, instructions with their locations, exception table.
pub fn dump<'a>(code: &CodeObject<'a>, tables: Tables<'_, 'a>) -> String {
    let mut out = String::new();
    dump_into(code, tables, 0, &mut out);
    out
}

fn dump_into<'a>(code: &CodeObject<'a>, tables: Tables<'_, 'a>, depth: u32, out: &mut String) {
    let _ = writeln!(out, "code object {}", tables.names.text(code.qualname));
    for (field, value) in fields(code, tables) {
        let _ = writeln!(out, "  {field}: {value}");
    }
    let _ = writeln!(out, "  instructions:");
    let mut offset = 0;
    for (size, line) in instructions(code, tables) {
        let _ = writeln!(out, "  {offset:>6} {line}");
        offset += size;
    }
    let entries = exception_lines(code);
    if !entries.is_empty() {
        let _ = writeln!(out, "  exception table:");
        for line in entries {
            let _ = writeln!(out, "    {line}");
        }
    }
    if depth >= MAX_DEPTH {
        return;
    }
    for &id in code.consts {
        if let Const::Code(inner) = tables.consts.get(id) {
            out.push('\n');
            dump_into(inner, tables, depth + 1, out);
        }
    }
}

/// One thing that differs between two code objects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeDifference {
    /// The qualified name of the left code object.
    pub code: String,
    /// The `co_*` field, or `instructions`.
    pub field: &'static str,
    /// What there is to see: `-` before the left side's lines, `+` before the right side's.
    pub detail: String,
}

impl std::fmt::Display for CodeDifference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}\n{}", self.code, self.field, self.detail)
    }
}

/// What differs between two code objects, all the way down. Nothing where they would be equal but for marshal's references.
pub fn diff<'a, 'b>(
    left: &CodeObject<'a>,
    left_tables: Tables<'_, 'a>,
    right: &CodeObject<'b>,
    right_tables: Tables<'_, 'b>,
) -> Vec<CodeDifference> {
    let mut found = Vec::new();
    diff_into(left, left_tables, right, right_tables, 0, &mut found);
    found
}

fn diff_into<'a, 'b>(
    left: &CodeObject<'a>,
    left_tables: Tables<'_, 'a>,
    right: &CodeObject<'b>,
    right_tables: Tables<'_, 'b>,
    depth: u32,
    found: &mut Vec<CodeDifference>,
) {
    let name = left_tables.names.text(left.qualname);
    let mut report = |field, detail| found.push(CodeDifference { code: name.to_owned(), field, detail });
    for ((field, a), (_, b)) in fields(left, left_tables).into_iter().zip(fields(right, right_tables)) {
        if a != b {
            report(field, format!("    - {a}\n    + {b}\n"));
        }
    }
    let mut seen = false;
    if left.code != right.code || left.linetable != right.linetable {
        let a: Vec<String> = instructions(left, left_tables).into_iter().map(|(_, line)| line).collect();
        let b: Vec<String> = instructions(right, right_tables).into_iter().map(|(_, line)| line).collect();
        if a != b {
            seen = true;
            report("instructions", differing_lines(&a, &b));
        }
    }
    if left.exceptiontable != right.exceptiontable {
        let (a, b) = (exception_lines(left), exception_lines(right));
        report("co_exceptiontable", differing_lines(&a, &b));
    }
    if !seen && left.code != right.code {
        report("co_code", format!("    - {}\n    + {}\n", hex(left.code), hex(right.code)));
    }
    if !seen && left.linetable != right.linetable {
        report("co_linetable", format!("    - {}\n    + {}\n", hex(left.linetable), hex(right.linetable)));
    }
    if depth >= MAX_DEPTH {
        return;
    }
    let inner = |consts: &'_ [ConstId]| consts.len();
    for i in 0..inner(left.consts).min(inner(right.consts)) {
        let values = (left_tables.consts.get(left.consts[i]), right_tables.consts.get(right.consts[i]));
        if let (Const::Code(a), Const::Code(b)) = values {
            diff_into(a, left_tables, b, right_tables, depth + 1, found);
        }
    }
}

/// What differs between two marshalled code objects, field by field; an error says which of them cannot be read.
pub fn marshalled_differences(left: &[u8], right: &[u8], target: &Target) -> Result<Vec<CodeDifference>, String> {
    let arenas = [Bump::new(), Bump::new()];
    let mut names = [Interner::new(&arenas[0]), Interner::new(&arenas[1])];
    let mut consts = [ConstCache::new(&arenas[0]), ConstCache::new(&arenas[1])];
    let [left_names, right_names] = &mut names;
    let [left_consts, right_consts] = &mut consts;
    let a = read_code(left, target, left_names, left_consts)
        .map_err(|error| format!("the left side cannot be read: {error}\n"))?;
    let b = read_code(right, target, right_names, right_consts)
        .map_err(|error| format!("the right side cannot be read: {error}\n"))?;
    Ok(diff(
        a,
        Tables { names: left_names, consts: left_consts, target },
        b,
        Tables { names: right_names, consts: right_consts, target },
    ))
}

/// What differs between two marshalled code objects: fields and instructions, or, where these agree, the first byte.
pub fn explain_difference(left: &[u8], right: &[u8], target: &Target) -> String {
    match marshalled_differences(left, right, target) {
        Ok(found) if !found.is_empty() => return found.iter().map(CodeDifference::to_string).collect(),
        Ok(_) => {}
        Err(unreadable) => return unreadable,
    }
    let at = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    if at == left.len() && at == right.len() {
        return "nothing\n".to_owned();
    }
    let around = |bytes: &[u8]| bytes[at.saturating_sub(32)..(at + 48).min(bytes.len())].escape_ascii().to_string();
    format!("only references, from byte {at} on\n    - {}\n    + {}\n", around(left), around(right))
}

/// The lines between what two lists have in common at the start and at the end, with some lines around them.
fn differing_lines(a: &[String], b: &[String]) -> String {
    const AROUND: usize = 3;
    const AT_MOST: usize = 40;
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
    let mut out = String::new();
    for line in &a[start.saturating_sub(AROUND)..start] {
        let _ = writeln!(out, "      {line}");
    }
    for (sign, lines) in [('-', &a[start..a.len() - end]), ('+', &b[start..b.len() - end])] {
        for line in lines.iter().take(AT_MOST) {
            let _ = writeln!(out, "    {sign} {line}");
        }
        if lines.len() > AT_MOST {
            let _ = writeln!(out, "    {sign} ... {} more", lines.len() - AT_MOST);
        }
    }
    for line in a[a.len() - end..].iter().take(AROUND) {
        let _ = writeln!(out, "      {line}");
    }
    out
}

/// All fields but those that are shown as instructions.
fn fields<'a>(code: &CodeObject<'a>, tables: Tables<'_, 'a>) -> Vec<(&'static str, String)> {
    let names = |ids: &[NameId]| {
        let texts: Vec<&str> = ids.iter().map(|&id| tables.names.text(id)).collect();
        format!("({})", texts.join(", "))
    };
    let consts: Vec<String> = code.consts.iter().map(|&id| repr(id, tables.consts)).collect();
    vec![
        ("co_argcount", code.argcount.to_string()),
        ("co_posonlyargcount", code.posonlyargcount.to_string()),
        ("co_kwonlyargcount", code.kwonlyargcount.to_string()),
        ("co_stacksize", code.stacksize.to_string()),
        ("co_flags", format!("{:#x}", code.flags)),
        ("co_consts", format!("({})", consts.join(", "))),
        ("co_names", names(code.names)),
        ("co_localsplusnames", names(code.localsplusnames)),
        ("co_localspluskinds", hex(code.localspluskinds)),
        ("co_filename", format!("{:?}", code.filename)),
        ("co_name", tables.names.text(code.name).to_owned()),
        ("co_qualname", tables.names.text(code.qualname).to_owned()),
        ("co_firstlineno", code.firstlineno.to_string()),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn exception_lines(code: &CodeObject<'_>) -> Vec<String> {
    read_exception_table(code.exceptiontable)
        .into_iter()
        .map(|entry| {
            let lasti = if entry.preserve_lasti { " lasti" } else { "" };
            format!("{} to {} -> {} [{}]{lasti}", entry.start * 2, entry.end * 2, entry.target * 2, entry.depth)
        })
        .collect()
}

/// The instructions, each with its size in bytes.
fn instructions<'a>(code: &CodeObject<'a>, tables: Tables<'_, 'a>) -> Vec<(usize, String)> {
    let mut ops = [None; 256];
    for op in Op::ALL {
        let info = tables.target.op(op);
        if info.exists() && !info.is_pseudo() {
            ops[info.number as usize] = Some(op);
        }
    }
    let mut places = Vec::with_capacity(code.code.len() / 2);
    for entry in read_location_table(code.linetable, code.firstlineno) {
        places.extend(std::iter::repeat_n(entry.location, entry.units as usize));
    }
    let units: Vec<(u8, u8)> = code.code.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    let mut lines = Vec::with_capacity(units.len());
    let (mut at, mut start, mut arg) = (0, 0, 0u32);
    while let Some(&(number, low)) = units.get(at) {
        arg = arg << 8 | low as u32;
        let op = ops[number as usize];
        let mut place = place_text(places.get(start).copied());
        at += 1;
        if op == Some(Op::ExtendedArg) {
            continue;
        }
        let line = match op {
            Some(op) => {
                let info = tables.target.op(op);
                let end = (at + info.caches as usize).min(units.len());
                if units[at..end].iter().any(|&unit| unit != (0, 0)) {
                    place.push_str(" (cache not empty)");
                }
                at = end;
                let arg = if info.has(OpInfo::ARG) { arg.to_string() } else { String::new() };
                let text = argument_text(op, arg.parse().unwrap_or(0), code, tables);
                format!("{:<30} {arg:>4} {text}  @{place}", format!("{op:?}"))
            }
            None => format!("<{number}> {arg}  @{place}"),
        };
        lines.push(((at - start) * 2, line));
        start = at;
        arg = 0;
    }
    lines
}

fn place_text(place: Option<Location>) -> String {
    match place {
        None => "?".to_owned(),
        Some(Location::NONE) => "none".to_owned(),
        Some(Location { line, end_line, column, end_column }) => format!("{line}:{column}-{end_line}:{end_column}"),
    }
}

/// What an argument stands for.
fn argument_text<'a>(op: Op, arg: u32, code: &CodeObject<'a>, tables: Tables<'_, 'a>) -> String {
    let info = tables.target.op(op);
    let local = |index: u32| match code.localsplusnames.get(index as usize) {
        Some(&name) => tables.names.text(name).to_owned(),
        None => format!("<local {index}>"),
    };
    if info.has(OpInfo::CONST) {
        return match code.consts.get(arg as usize) {
            Some(&id) => format!("({})", repr(id, tables.consts)),
            None => "(<no such constant>)".to_owned(),
        };
    }
    if info.has(OpInfo::NAME) {
        let shift = match op {
            Op::LoadSuperAttr => 2,
            Op::ImportName if tables.target.features.lazy_imports => 2,
            Op::LoadGlobal => 1,
            // `LOAD_ATTR` loads methods too where the releases have no instruction of its own for that.
            Op::LoadAttr => !tables.target.op(Op::LoadMethod).exists() as u32,
            _ => 0,
        };
        return match code.names.get((arg >> shift) as usize) {
            Some(&name) => format!("({})", tables.names.text(name)),
            None => "(<no such name>)".to_owned(),
        };
    }
    let two = matches!(
        op,
        Op::LoadFastLoadFast | Op::LoadFastBorrowLoadFastBorrow | Op::StoreFastLoadFast | Op::StoreFastStoreFast
    );
    if two {
        return format!("({}, {})", local(arg >> 4), local(arg & 15));
    }
    if info.has(OpInfo::LOCAL) || info.has(OpInfo::FREE) {
        return format!("({})", local(arg));
    }
    String::new()
}

/// A constant as Python would write it; code objects by their lines, so that equal ones look equal.
fn repr(id: ConstId, consts: &ConstCache<'_>) -> String {
    let mut out = String::new();
    repr_into(id, consts, 0, &mut out);
    out
}

fn repr_into(id: ConstId, consts: &ConstCache<'_>, depth: u32, out: &mut String) {
    if depth > MAX_DEPTH {
        out.push_str("...");
        return;
    }
    let list = |items: &[ConstId]| -> Vec<String> {
        items
            .iter()
            .map(|&item| {
                let mut text = String::new();
                repr_into(item, consts, depth + 1, &mut text);
                text
            })
            .collect()
    };
    match consts.get(id) {
        Const::None => out.push_str("None"),
        Const::False => out.push_str("False"),
        Const::True => out.push_str("True"),
        Const::Ellipsis => out.push_str("..."),
        Const::Int(Int::Small(value)) => {
            let _ = write!(out, "{value}");
        }
        Const::Int(Int::Big { negative, digits }) => {
            // Hexadecimal, as decimal digits of a large number take long to find.
            out.push_str(if negative { "-0x" } else { "0x" });
            for digit in digits.iter().rev() {
                let _ = write!(out, "{digit:08x}");
            }
        }
        Const::Float(value) => {
            let _ = write!(out, "{value:?}");
        }
        Const::Complex { real, imag } => {
            let _ = write!(out, "complex({real:?}, {imag:?})");
        }
        Const::Str(text) => repr_string(text, out),
        Const::Bytes(bytes) => {
            let _ = write!(out, "b\"{}\"", bytes.escape_ascii());
        }
        Const::Tuple(items) => {
            let _ = write!(out, "({})", list(items).join(", "));
        }
        Const::FrozenSet(items) => {
            let mut texts = list(items);
            texts.sort_unstable();
            let _ = write!(out, "frozenset({{{}}})", texts.join(", "));
        }
        Const::Slice(parts) => {
            let _ = write!(out, "slice({})", list(&parts).join(", "));
        }
        Const::Code(code) => {
            let _ = write!(out, "<code, line {}>", code.firstlineno);
        }
    }
}

fn repr_string(text: &PyStr, out: &mut String) {
    out.push('\'');
    for c in text.code_points() {
        match char::from_u32(c) {
            Some('\'') => out.push_str("\\'"),
            Some(c) if c == '\\' || c.is_control() => out.extend(c.escape_default()),
            Some(c) => out.push(c),
            None => {
                let _ = write!(out, "\\u{c:04x}");
            }
        }
    }
    out.push('\'');
}
