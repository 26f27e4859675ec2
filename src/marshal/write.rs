//! Code objects to marshal streams.

use super::refs::{NONE, Objects, QualifiedName, TupleItems};
use super::type_code::{self, FLAG_REF};
use crate::diagnostics::Result;
use crate::object::{CodeObject, Const, ConstCache, ConstId, Int, PyStr};
use crate::source::{Interner, NameId};
use crate::target::Target;

/// Appends what `marshal.dumps` gives for this code object right after `compile` returned it.
///
/// Mirrors CPython 3.14: `w_object` of marshal.c. The one error is a nesting that marshal refuses.
pub fn write_code<'a>(
    code: &'a CodeObject<'a>,
    names: &Interner<'a>,
    consts: &ConstCache<'a>,
    target: &Target,
    out: &mut Vec<u8>,
) -> Result<()> {
    let objects = Objects::count(code, names, consts, target)?;
    let mut writer = Writer {
        name_references: vec![NONE; names.len()],
        const_references: vec![NONE; consts.len()],
        filenames: Vec::with_capacity(1),
        next_reference: 0,
        objects,
        out,
    };
    if !target.root_code_is_unshared() {
        writer.next_reference = 1;
        writer.code(0, FLAG_REF);
    } else {
        writer.code(0, 0);
    }
    Ok(())
}

struct Writer<'w, 's, 'a> {
    out: &'w mut Vec<u8>,
    objects: Objects<'s, 'a>,
    name_references: Vec<u32>,
    const_references: Vec<u32>,
    /// File names that are no names; as good as always there is one.
    filenames: Vec<(&'a PyStr, u32)>,
    next_reference: u32,
}

/// Gives an object its number, or writes a reference to it if it has one; the flag of its type's byte in the first case.
fn claim(reference: &mut u32, next: &mut u32, out: &mut Vec<u8>) -> Option<u8> {
    if *reference != NONE {
        out.push(type_code::REF);
        out.extend_from_slice(&reference.to_le_bytes());
        return None;
    }
    *reference = *next;
    *next += 1;
    Some(FLAG_REF)
}

impl<'a> Writer<'_, '_, 'a> {
    fn long(&mut self, value: u32) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    fn code(&mut self, number: u32, flag: u8) {
        let parts = self.objects.codes[number as usize];
        let code = parts.code;
        self.out.push(type_code::CODE | flag);
        self.long(code.argcount);
        self.long(code.posonlyargcount);
        self.long(code.kwonlyargcount);
        self.long(code.stacksize);
        self.long(code.flags);
        // `_PyCode_GetCode` keeps what it returns, so that it has two owners.
        self.next_reference += 1;
        self.raw_bytes(code.code, FLAG_REF);
        self.tuple(parts.consts, false);
        self.tuple(parts.names, false);
        self.tuple(parts.localsplusnames, false);
        if code.localspluskinds.is_empty() {
            let number = self.objects.bytes_number(code.localspluskinds);
            self.bytes(number, true);
        } else {
            self.raw_bytes(code.localspluskinds, 0);
        }
        self.filename(code.filename);
        self.code_names(code, parts.qualname);
        self.long(code.firstlineno as u32);
        self.bytes(parts.linetable, false);
        self.bytes(parts.exceptiontable, false);
    }

    /// `co_name` and `co_qualname`.
    fn code_names(&mut self, code: &CodeObject<'a>, qualname: QualifiedName) {
        let text = self.objects.names.text(code.name);
        if !self.objects.target.features.interned_code_strings && text.starts_with("<generic parameters of ") {
            // The one name that is made up for each code object: 3.12 does not intern it, nor is it a static string.
            let is_qualname = code.qualname == code.name;
            string(self.out, text.as_bytes(), false, if is_qualname { FLAG_REF } else { 0 });
            if is_qualname {
                self.out.push(type_code::REF);
                self.long(self.next_reference);
                self.next_reference += 1;
                return;
            }
        } else {
            self.name(code.name);
        }
        match qualname {
            QualifiedName::Name(name) => self.name(name),
            QualifiedName::Const(id) => self.constant(id, false),
            QualifiedName::Own(name) => string(self.out, self.objects.names.text(name).as_bytes(), false, 0),
        }
    }

    /// A constant; `shared` where something else holds it too for the time of the writing.
    fn constant(&mut self, id: ConstId, shared: bool) {
        let value = self.objects.consts.get(id);
        match value {
            Const::None => self.out.push(type_code::NONE),
            Const::False => self.out.push(type_code::FALSE),
            Const::True => self.out.push(type_code::TRUE),
            Const::Ellipsis => self.out.push(type_code::ELLIPSIS),
            Const::Str(text) => self.string_constant(id, text, shared),
            Const::Bytes(_) => self.bytes(self.objects.part[id.index()], shared),
            Const::Tuple(_) => self.tuple(self.objects.part[id.index()], shared),
            Const::FrozenSet(items) if self.objects.is_copied(items) => {
                if shared {
                    self.next_reference += 1;
                }
                self.frozen_set(items, if shared { FLAG_REF } else { 0 });
            }
            _ => {
                let shared = shared || self.objects.holders[id.index()] > 1 || self.objects.is_immortal(&value);
                let Some(flag) = self.const_flag(id, shared) else { return };
                self.unshared(id, value, flag);
            }
        }
    }

    /// The flag of a constant's type byte; nothing where a reference is all there is to write.
    fn const_flag(&mut self, id: ConstId, shared: bool) -> Option<u8> {
        if !shared {
            return Some(0);
        }
        claim(&mut self.const_references[id.index()], &mut self.next_reference, self.out)
    }

    fn unshared(&mut self, id: ConstId, value: Const<'a>, flag: u8) {
        match value {
            Const::Int(value) => integer(self.out, value, flag),
            Const::Float(value) => {
                self.out.push(type_code::BINARY_FLOAT | flag);
                self.out.extend_from_slice(&value.to_le_bytes());
            }
            Const::Complex { real, imag } => {
                self.out.push(type_code::BINARY_COMPLEX | flag);
                self.out.extend_from_slice(&real.to_le_bytes());
                self.out.extend_from_slice(&imag.to_le_bytes());
            }
            Const::FrozenSet(items) => self.frozen_set(items, flag),
            Const::Slice(parts) => {
                self.out.push(type_code::SLICE | flag);
                for part in parts {
                    self.slice_part(part);
                }
            }
            Const::Code(_) => self.code(self.objects.part[id.index()], flag),
            _ => {}
        }
    }

    /// The parts of a slice are the tree's own objects: merged with nothing, interned by nobody.
    fn slice_part(&mut self, id: ConstId) {
        let value = self.objects.consts.get(id);
        match value {
            Const::Str(text) if !self.objects.is_immortal(&value) => string(self.out, text.as_bytes(), false, 0),
            Const::Bytes(bytes) if bytes.len() > 1 => self.raw_bytes(bytes, 0),
            Const::Bytes(bytes) => {
                let number = self.objects.bytes_number(bytes);
                self.bytes(number, true);
            }
            Const::Int(_) if !self.objects.is_immortal(&value) => self.unshared(id, value, 0),
            Const::Float(_) | Const::Complex { .. } => self.unshared(id, value, 0),
            Const::Tuple(_) | Const::FrozenSet(_) | Const::Slice(_) | Const::Code(_) => {
                // No compiler makes these; the place must not stay empty.
                self.out.push(type_code::NONE);
            }
            _ => self.constant(id, true),
        }
    }

    fn string_constant(&mut self, id: ConstId, text: &'a PyStr, shared: bool) {
        let interned = self.objects.is_interned(id, text);
        if interned {
            if let Some(name) = self.objects.equal_name(id) {
                self.name(name);
                return;
            }
            if let Some(at) = self.filenames.iter().position(|(filename, _)| *filename == text) {
                self.known_filename(at);
                return;
            }
        }
        let immortal = self.objects.is_immortal(&Const::Str(text));
        let shared = shared || interned || immortal || self.objects.holders[id.index()] > 1;
        let Some(flag) = self.const_flag(id, shared) else { return };
        string(self.out, text.as_bytes(), interned, flag);
    }

    fn name(&mut self, name: NameId) {
        let reference = &mut self.name_references[name.index()];
        let Some(flag) = claim(reference, &mut self.next_reference, self.out) else { return };
        let text = self.objects.names.text(name);
        // The compiler's own names, `<lambda>` and the like, are static strings.
        let interned = self.objects.target.features.interned_static_strings || !text.starts_with('<');
        string(self.out, text.as_bytes(), interned, flag);
    }

    /// A file name: interned, or else held by the caller of the compiler too.
    fn filename(&mut self, filename: &'a PyStr) {
        if let Some(at) = self.filenames.iter().position(|(known, _)| std::ptr::eq(*known, filename)) {
            self.known_filename(at);
            return;
        }
        if self.objects.target.features.interned_code_strings
            && let Some(name) = filename.as_str().and_then(|text| self.objects.names.find(text))
        {
            self.name(name);
            return;
        }
        match self.filenames.iter().position(|(known, _)| *known == filename) {
            Some(at) => self.known_filename(at),
            None => {
                self.filenames.push((filename, NONE));
                self.known_filename(self.filenames.len() - 1);
            }
        }
    }

    fn known_filename(&mut self, at: usize) {
        let (text, reference) = &mut self.filenames[at];
        let Some(flag) = claim(reference, &mut self.next_reference, self.out) else { return };
        string(self.out, text.as_bytes(), self.objects.target.features.interned_code_strings, flag);
    }

    fn tuple(&mut self, number: u32, shared: bool) {
        let tuple = &mut self.objects.tuples[number as usize];
        let items = tuple.items;
        let len = match items {
            TupleItems::Consts(items) => items.len(),
            TupleItems::Names(items) => items.len(),
        };
        let mut flag = 0;
        if shared || tuple.holders > 1 || len == 0 {
            let Some(claimed) = claim(&mut tuple.reference, &mut self.next_reference, self.out) else { return };
            flag = claimed;
        }
        if len < 256 {
            self.out.extend_from_slice(&[type_code::SMALL_TUPLE | flag, len as u8]);
        } else {
            self.out.push(type_code::TUPLE | flag);
            self.long(len as u32);
        }
        match items {
            TupleItems::Consts(items) => items.iter().for_each(|&item| self.constant(item, false)),
            TupleItems::Names(items) => items.iter().for_each(|&item| self.name(item)),
        }
    }

    fn bytes(&mut self, number: u32, shared: bool) {
        let bytes = &mut self.objects.bytes[number as usize];
        let value = bytes.value;
        let mut flag = 0;
        if shared || bytes.holders > 1 || value.len() <= 1 {
            let Some(claimed) = claim(&mut bytes.reference, &mut self.next_reference, self.out) else { return };
            flag = claimed;
        }
        self.raw_bytes(value, flag);
    }

    fn raw_bytes(&mut self, value: &[u8], flag: u8) {
        self.out.push(type_code::BYTES | flag);
        self.long(value.len() as u32);
        self.out.extend_from_slice(value);
    }

    /// The elements go in the order of their own dumps; while they are written a list holds them, so that all are shared.
    fn frozen_set(&mut self, items: &[ConstId], flag: u8) {
        self.out.push(type_code::FROZENSET | flag);
        self.long(items.len() as u32);
        let mut sorted: Vec<(Vec<u8>, ConstId)> = items.iter().map(|&item| (self.sort_key(item), item)).collect();
        sorted.sort();
        for (_, item) in sorted {
            self.constant(item, true);
        }
    }

    /// What `marshal.dumps` gives for an element alone.
    fn sort_key(&mut self, id: ConstId) -> Vec<u8> {
        let mut key = Vec::new();
        let mut seen = Vec::new();
        let held = self.objects.target.features.marshal_holds_set_elements;
        self.dump_alone(id, held, &mut seen, &mut key);
        key
    }

    /// Appends a constant as it would be written with nothing before it but what is in `seen`.
    fn dump_alone(&mut self, id: ConstId, shared: bool, seen: &mut Vec<ConstId>, out: &mut Vec<u8>) {
        let value = self.objects.consts.get(id);
        let interned = match value {
            Const::Str(text) => self.objects.is_interned(id, text),
            _ => false,
        };
        let shared = shared || interned || self.objects.is_immortal(&value) || self.owners(id) > 1;
        let mut flag = 0;
        if shared && !matches!(value, Const::None | Const::False | Const::True | Const::Ellipsis) {
            if let Some(at) = seen.iter().position(|&known| known == id) {
                out.push(type_code::REF);
                out.extend_from_slice(&(at as u32).to_le_bytes());
                return;
            }
            seen.push(id);
            flag = FLAG_REF;
        }
        match value {
            Const::None => out.push(type_code::NONE),
            Const::False => out.push(type_code::FALSE),
            Const::True => out.push(type_code::TRUE),
            Const::Ellipsis => out.push(type_code::ELLIPSIS),
            Const::Int(value) => integer(out, value, flag),
            Const::Float(value) => {
                out.push(type_code::BINARY_FLOAT | flag);
                out.extend_from_slice(&value.to_le_bytes());
            }
            Const::Complex { real, imag } => {
                out.push(type_code::BINARY_COMPLEX | flag);
                out.extend_from_slice(&real.to_le_bytes());
                out.extend_from_slice(&imag.to_le_bytes());
            }
            Const::Str(text) => string(out, text.as_bytes(), interned, flag),
            Const::Bytes(value) => {
                out.push(type_code::BYTES | flag);
                out.extend_from_slice(&(value.len() as u32).to_le_bytes());
                out.extend_from_slice(value);
            }
            Const::Tuple(items) => {
                if items.len() < 256 {
                    out.extend_from_slice(&[type_code::SMALL_TUPLE | flag, items.len() as u8]);
                } else {
                    out.push(type_code::TUPLE | flag);
                    out.extend_from_slice(&(items.len() as u32).to_le_bytes());
                }
                for &item in items {
                    self.dump_alone(item, false, seen, out);
                }
            }
            // A set can hold no code; slices and sets within sets come from no compiler.
            Const::FrozenSet(_) | Const::Slice(_) | Const::Code(_) => out.push(type_code::NULL),
        }
    }

    fn owners(&self, id: ConstId) -> u32 {
        let number = self.objects.part[id.index()] as usize;
        match self.objects.consts.get(id) {
            Const::Bytes(_) => self.objects.bytes.get(number).map_or(0, |bytes| bytes.holders),
            Const::Tuple(_) => self.objects.tuples.get(number).map_or(0, |tuple| tuple.holders),
            _ => self.objects.holders[id.index()],
        }
    }
}

/// A string, by the shortest of the forms that fit. Mirrors the `PyUnicode` branch of `w_complex_object`.
fn string(out: &mut Vec<u8>, text: &[u8], interned: bool, flag: u8) {
    let ascii = text.is_ascii();
    if ascii && text.len() < 256 {
        let code = if interned { type_code::SHORT_ASCII_INTERNED } else { type_code::SHORT_ASCII };
        out.extend_from_slice(&[code | flag, text.len() as u8]);
    } else {
        let code = match (ascii, interned) {
            (true, true) => type_code::ASCII_INTERNED,
            (true, false) => type_code::ASCII,
            (false, true) => type_code::INTERNED,
            (false, false) => type_code::UNICODE,
        };
        out.push(code | flag);
        out.extend_from_slice(&(text.len() as u32).to_le_bytes());
    }
    out.extend_from_slice(text);
}

/// An integer: four bytes where they hold it, else digits of 15 bits. Mirrors `w_PyLong`.
fn integer(out: &mut Vec<u8>, value: Int<'_>, flag: u8) {
    let small;
    let (negative, digits): (bool, &[u32]) = match value {
        Int::Small(value) => {
            if let Ok(value) = i32::try_from(value) {
                out.push(type_code::INT | flag);
                out.extend_from_slice(&value.to_le_bytes());
                return;
            }
            let magnitude = value.unsigned_abs();
            small = [magnitude as u32, (magnitude >> 32) as u32];
            (value < 0, &small)
        }
        Int::Big { negative, digits } => (negative, digits),
    };
    out.push(type_code::LONG | flag);
    let length_at = out.len();
    out.extend_from_slice(&[0; 4]);
    let (mut bits, mut held) = (0u64, 0);
    for &digit in digits {
        bits |= (digit as u64) << held;
        held += 32;
        while held >= 15 {
            out.extend_from_slice(&((bits & 0x7fff) as u16).to_le_bytes());
            bits >>= 15;
            held -= 15;
        }
    }
    out.extend_from_slice(&(bits as u16).to_le_bytes());
    // The highest digit is never zero.
    while out.ends_with(&[0, 0]) && out.len() > length_at + 6 {
        out.truncate(out.len() - 2);
    }
    let count = ((out.len() - length_at - 4) / 2) as i32;
    let length = if negative { -count } else { count };
    out[length_at..length_at + 4].copy_from_slice(&length.to_le_bytes());
}
