//! Code objects to marshal streams.

use super::refs::{NONE, Objects, QualifiedName, TupleItems};
use super::stream::{NOT_ASCII, Stream};
use super::type_code::{self, FLAG_REF};
use crate::diagnostics::Result;
use crate::object::{CodeObject, Const, ConstCache, ConstId, PyStr};
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
    out: &mut Stream,
) -> Result<()> {
    let objects = Objects::count(code, names, consts, target)?;
    let mut writer = Writer { filenames: Vec::with_capacity(1), next_reference: 0, objects, out };
    if !target.root_code_is_unshared() {
        writer.next_reference = 1;
        writer.code(0, FLAG_REF);
    } else {
        writer.code(0, 0);
    }
    Ok(())
}

struct Writer<'w, 's, 'a> {
    out: &'w mut Stream,
    objects: Objects<'s, 'a>,
    /// File names that are no names; as good as always there is one.
    filenames: Vec<(&'a PyStr, u32)>,
    next_reference: u32,
}

/// Gives an object its number, or writes a reference to it if it has one; the flag of its type's byte in the first case.
#[inline]
fn claim(reference: &mut u32, next: &mut u32, out: &mut Stream) -> Option<u8> {
    if *reference != NONE {
        out.reference(*reference);
        return None;
    }
    *reference = *next;
    *next += 1;
    Some(FLAG_REF)
}

impl<'a> Writer<'_, '_, 'a> {
    fn code(&mut self, number: u32, flag: u8) {
        let parts = self.objects.codes[number as usize];
        let code = parts.code;
        let numbers = [code.argcount, code.posonlyargcount, code.kwonlyargcount, code.stacksize, code.flags];
        self.out.code_object(flag, numbers);
        // `_PyCode_GetCode` keeps what it returns, so that it has two owners.
        self.next_reference += 1;
        self.out.bytes_object(code.code, FLAG_REF);
        self.tuple(parts.consts, false);
        self.tuple(parts.names, false);
        self.tuple(parts.localsplusnames, false);
        if code.localspluskinds.is_empty() {
            let number = self.objects.bytes_number(code.localspluskinds);
            self.bytes(number, true);
        } else {
            self.out.bytes_object(code.localspluskinds, 0);
        }
        self.filename(code.filename);
        self.code_names(code, parts.qualname);
        self.out.long(code.firstlineno as u32);
        self.bytes(parts.linetable, false);
        self.bytes(parts.exceptiontable, false);
    }

    /// `co_name` and `co_qualname`.
    fn code_names(&mut self, code: &CodeObject<'a>, qualname: QualifiedName) {
        let text = self.objects.names.text(code.name);
        if !self.objects.target.features.interned_code_strings && text.starts_with("<generic parameters of ") {
            // The one name that is made up for each code object: 3.12 does not intern it, nor is it a static string.
            let is_qualname = code.qualname == code.name;
            self.out.string_object(text.as_bytes(), false, if is_qualname { FLAG_REF } else { 0 });
            if is_qualname {
                self.out.reference(self.next_reference);
                self.next_reference += 1;
                return;
            }
        } else {
            self.name(code.name);
        }
        match qualname {
            QualifiedName::Name(name) => self.name(name),
            QualifiedName::Const(id) => self.constant(id, false),
            QualifiedName::Own(name) => self.out.string_object(self.objects.names.text(name).as_bytes(), false, 0),
        }
    }

    /// A constant; `shared` where something else holds it too for the time of the writing.
    #[inline]
    fn constant(&mut self, id: ConstId, shared: bool) {
        // Most are strings.
        match *self.objects.consts.get_ref(id) {
            Const::Str(text) => self.string_constant(id, text, shared),
            Const::None => self.out.byte(type_code::NONE),
            _ => self.other_constant(id, shared),
        }
    }

    #[inline(never)]
    fn other_constant(&mut self, id: ConstId, shared: bool) {
        let value = self.objects.consts.get(id);
        match value {
            Const::None => self.out.byte(type_code::NONE),
            Const::False => self.out.byte(type_code::FALSE),
            Const::True => self.out.byte(type_code::TRUE),
            Const::Ellipsis => self.out.byte(type_code::ELLIPSIS),
            Const::Bytes(_) => self.bytes(self.objects.const_states[id.index()].part, shared),
            Const::Tuple(_) => self.tuple(self.objects.const_states[id.index()].part, shared),
            Const::FrozenSet(items) if self.objects.is_copied(items) => {
                if shared {
                    self.next_reference += 1;
                }
                self.frozen_set(items, if shared { FLAG_REF } else { 0 });
            }
            _ => {
                let shared =
                    shared || self.objects.const_states[id.index()].holders > 1 || self.objects.is_immortal(&value);
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
        claim(&mut self.objects.const_states[id.index()].reference, &mut self.next_reference, self.out)
    }

    fn unshared(&mut self, id: ConstId, value: Const<'a>, flag: u8) {
        match value {
            Const::Int(value) => self.out.int_object(value, flag),
            Const::Float(value) => self.out.float_object(value, flag),
            Const::Complex { real, imag } => self.out.complex_object(real, imag, flag),
            Const::FrozenSet(items) => self.frozen_set(items, flag),
            Const::Slice(parts) => {
                self.out.byte(type_code::SLICE | flag);
                for part in parts {
                    self.slice_part(part);
                }
            }
            Const::Code(_) => self.code(self.objects.const_states[id.index()].part, flag),
            _ => {}
        }
    }

    /// The parts of a slice are the tree's own objects: merged with nothing, interned by nobody.
    fn slice_part(&mut self, id: ConstId) {
        let value = self.objects.consts.get(id);
        match value {
            Const::Str(text) if !self.objects.is_immortal(&value) => self.out.string_object(text.as_bytes(), false, 0),
            Const::Bytes(bytes) if bytes.len() > 1 => self.out.bytes_object(bytes, 0),
            Const::Bytes(bytes) => {
                let number = self.objects.bytes_number(bytes);
                self.bytes(number, true);
            }
            Const::Int(_) if !self.objects.is_immortal(&value) => self.unshared(id, value, 0),
            Const::Float(_) | Const::Complex { .. } => self.unshared(id, value, 0),
            Const::Tuple(_) | Const::FrozenSet(_) | Const::Slice(_) | Const::Code(_) => {
                // No compiler makes these; the place must not stay empty.
                self.out.byte(type_code::NONE);
            }
            _ => self.constant(id, true),
        }
    }

    /// A string; what has made it a reference or a name once does so always.
    #[inline]
    fn string_constant(&mut self, id: ConstId, text: &'a PyStr, shared: bool) {
        let state = self.objects.const_states[id.index()];
        if state.reference != NONE {
            self.out.reference(state.reference);
        } else if state.part != NONE {
            self.name(NameId(state.part));
        } else {
            self.new_string_constant(id, text, shared);
        }
    }

    #[inline(never)]
    fn new_string_constant(&mut self, id: ConstId, text: &'a PyStr, shared: bool) {
        let interned = self.objects.is_interned(id, text);
        if interned {
            if let Some(name) = self.objects.equal_name(id) {
                self.objects.const_states[id.index()].part = name.0;
                self.name(name);
                return;
            }
            if let Some(at) = self.filenames.iter().position(|(filename, _)| *filename == text) {
                self.known_filename(at);
                return;
            }
        }
        let immortal = self.objects.is_immortal(&Const::Str(text));
        let shared = shared || interned || immortal || self.objects.const_states[id.index()].holders > 1;
        let Some(flag) = self.const_flag(id, shared) else { return };
        self.out.string_object(text.as_bytes(), interned, flag);
    }

    #[inline]
    fn name(&mut self, name: NameId) {
        match self.objects.name_states[name.index()].reference {
            NONE => self.new_name(name),
            reference => self.out.reference(reference),
        }
    }

    /// A name that was not written before.
    #[inline(never)]
    fn new_name(&mut self, name: NameId) {
        let flag = FLAG_REF;
        self.objects.name_states[name.index()].reference = self.next_reference;
        self.next_reference += 1;
        let Objects { names, target, .. } = &self.objects;
        // The compiler's own names, `<lambda>` and the like, are static strings.
        let is_interned = |first: u8| target.features.interned_static_strings || first != b'<';
        if let Some((text, length)) = names.key(name).short_text()
            && text & NOT_ASCII == 0
        {
            self.out.short_ascii_object(text, length, is_interned(text as u8), flag);
            return;
        }
        let text = names.text(name).as_bytes();
        let is_interned = is_interned(text.first().copied().unwrap_or(0));
        self.out.string_object(text, is_interned, flag);
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
        self.out.string_object(text.as_bytes(), self.objects.target.features.interned_code_strings, flag);
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
        self.out.tuple_object(len, flag);
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
        self.out.bytes_object(value, flag);
    }

    /// The elements go in the order of their own dumps; while they are written a list holds them, so that all are shared.
    fn frozen_set(&mut self, items: &[ConstId], flag: u8) {
        self.out.byte_and_long(type_code::FROZENSET | flag, items.len() as u32);
        let mut sorted: Vec<(Vec<u8>, ConstId)> = items.iter().map(|&item| (self.sort_key(item), item)).collect();
        sorted.sort();
        for (_, item) in sorted {
            self.constant(item, true);
        }
    }

    /// What `marshal.dumps` gives for an element alone.
    fn sort_key(&mut self, id: ConstId) -> Vec<u8> {
        let mut out = Stream::default();
        let mut seen = Vec::new();
        let held = self.objects.target.features.marshal_holds_set_elements;
        self.dump_alone(id, held, &mut seen, &mut out);
        out.written().to_vec()
    }

    /// Appends a constant as it would be written with nothing before it but what is in `seen`.
    fn dump_alone(&mut self, id: ConstId, shared: bool, seen: &mut Vec<ConstId>, out: &mut Stream) {
        let value = self.objects.consts.get(id);
        let interned = match value {
            Const::Str(text) => self.objects.is_interned(id, text),
            _ => false,
        };
        let shared = shared || interned || self.objects.is_immortal(&value) || self.owners(id) > 1;
        let mut flag = 0;
        if shared && !matches!(value, Const::None | Const::False | Const::True | Const::Ellipsis) {
            if let Some(at) = seen.iter().position(|&known| known == id) {
                out.reference(at as u32);
                return;
            }
            seen.push(id);
            flag = FLAG_REF;
        }
        match value {
            Const::None => out.byte(type_code::NONE),
            Const::False => out.byte(type_code::FALSE),
            Const::True => out.byte(type_code::TRUE),
            Const::Ellipsis => out.byte(type_code::ELLIPSIS),
            Const::Int(value) => out.int_object(value, flag),
            Const::Float(value) => out.float_object(value, flag),
            Const::Complex { real, imag } => out.complex_object(real, imag, flag),
            Const::Str(text) => out.string_object(text.as_bytes(), interned, flag),
            Const::Bytes(value) => out.bytes_object(value, flag),
            Const::Tuple(items) => {
                out.tuple_object(items.len(), flag);
                for &item in items {
                    self.dump_alone(item, false, seen, out);
                }
            }
            // A set can hold no code; slices and sets within sets come from no compiler.
            Const::FrozenSet(_) | Const::Slice(_) | Const::Code(_) => out.byte(type_code::NULL),
        }
    }

    fn owners(&self, id: ConstId) -> u32 {
        let number = self.objects.const_states[id.index()].part as usize;
        match self.objects.consts.get(id) {
            Const::Bytes(_) => self.objects.bytes.get(number).map_or(0, |bytes| bytes.holders),
            Const::Tuple(_) => self.objects.tuples.get(number).map_or(0, |tuple| tuple.holders),
            _ => self.objects.const_states[id.index()].holders,
        }
    }
}
