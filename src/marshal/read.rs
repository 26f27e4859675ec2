//! Marshal streams to code objects, whoever wrote them: any bytes give a code object or an error.

use super::type_code::{self, FLAG_REF, MAX_DEPTH};
use crate::object::{CodeObject, Const, ConstCache, ConstId, Int, PyStr};
use crate::source::{Interner, NameId, known};
use crate::target::Target;
use num_bigint::{BigInt, Sign};
use rustc_hash::FxHashMap;
use std::cell::Cell;
use std::fmt;

/// Why a stream cannot be read, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReadError {
    pub message: &'static str,
    /// Bytes from the start of the stream.
    pub offset: usize,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {})", self.message, self.offset)
    }
}

impl std::error::Error for ReadError {}

type Result<T> = std::result::Result<T, ReadError>;

/// Reads a stream of formats 3 to 6 that holds a code object of 3.11 or later.
///
/// Equal constants become one in `consts`, and names are interned. Strings that the stream calls interned keep the address of
/// their name, unless their text says it already: see [`ConstCache::add_name`].
pub fn read_code<'a>(
    data: &'a [u8],
    target: &Target,
    names: &mut Interner<'a>,
    consts: &mut ConstCache<'a>,
) -> Result<&'a CodeObject<'a>> {
    let characters_are_interned = target.features.interned_static_strings;
    let mut reader = Reader {
        data,
        at: 0,
        references: Vec::new(),
        flagged: false,
        depth: 0,
        names,
        consts,
        characters_are_interned,
        name_consts: FxHashMap::default(),
    };
    match reader.value()? {
        Value::Code(code) => Ok(code),
        _ => Err(ReadError { message: "not a code object", offset: 0 }),
    }
}

/// A tuple, and what was made of it so far, so that shared tuples are converted once.
struct TupleValue<'a> {
    items: &'a [Value<'a>],
    id: Cell<Option<ConstId>>,
    names: Cell<Option<&'a [NameId]>>,
    ids: Cell<Option<&'a [ConstId]>>,
}

#[derive(Clone, Copy)]
enum Value<'a> {
    Const(ConstId),
    Str { text: &'a PyStr, interned: bool },
    Bytes(&'a [u8]),
    Tuple(&'a TupleValue<'a>),
    Code(&'a CodeObject<'a>),
}

struct Reader<'r, 'a> {
    data: &'a [u8],
    at: usize,
    /// Objects that may be referred to; absent while they are read.
    references: Vec<Option<Value<'a>>>,
    /// Whether the object that is being read carries FLAG_REF.
    flagged: bool,
    depth: u32,
    /// See [`PyStr::unshared_percent`].
    characters_are_interned: bool,
    /// The constants that are names, which differ from equal strings that are not: a tuple of constants that equals one of names
    /// has the names.
    name_consts: FxHashMap<NameId, ConstId>,
    names: &'r mut Interner<'a>,
    consts: &'r mut ConstCache<'a>,
}

impl<'a> Reader<'_, 'a> {
    fn fail<T>(&self, message: &'static str) -> Result<T> {
        Err(ReadError { message, offset: self.at })
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        match self.data.get(self.at..).and_then(|rest| rest.get(..count)) {
            Some(bytes) => {
                self.at += count;
                Ok(bytes)
            }
            None => self.fail("marshal data too short"),
        }
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn long(&mut self) -> Result<i32> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    /// A count of things that take at least one byte each, so that no stream asks for more memory than it is long.
    fn size(&mut self) -> Result<usize> {
        let size = self.long()?;
        match usize::try_from(size) {
            Ok(size) if size <= self.data.len() - self.at => Ok(size),
            Ok(_) => self.fail("marshal data too short"),
            Err(_) => self.fail("bad marshal data (size out of range)"),
        }
    }

    fn value(&mut self) -> Result<Value<'a>> {
        if self.depth >= MAX_DEPTH {
            return self.fail("recursion limit exceeded");
        }
        self.depth += 1;
        let byte = self.byte()?;
        let code = byte & !FLAG_REF;
        let slot = if byte & FLAG_REF != 0 && code != type_code::REF {
            self.references.push(None);
            Some(self.references.len() - 1)
        } else {
            None
        };
        self.flagged = slot.is_some();
        let value = self.object(code)?;
        if let Some(slot) = slot {
            self.references[slot] = Some(value);
        }
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self, code: u8) -> Result<Value<'a>> {
        let constant = match code {
            type_code::NONE => Const::None,
            type_code::FALSE => Const::False,
            type_code::TRUE => Const::True,
            type_code::ELLIPSIS => Const::Ellipsis,
            type_code::INT => Const::Int(Int::Small(self.long()? as i64)),
            type_code::INT64 => Const::Int(Int::Small(i64::from_le_bytes(self.array()?))),
            type_code::LONG => Const::Int(self.big_integer()?),
            type_code::BINARY_FLOAT => Const::Float(f64::from_le_bytes(self.array()?)),
            type_code::FLOAT => Const::Float(self.text_float()?),
            type_code::BINARY_COMPLEX => {
                Const::Complex { real: f64::from_le_bytes(self.array()?), imag: f64::from_le_bytes(self.array()?) }
            }
            type_code::COMPLEX => Const::Complex { real: self.text_float()?, imag: self.text_float()? },
            type_code::BYTES => {
                let size = self.size()?;
                return Ok(Value::Bytes(self.take(size)?));
            }
            type_code::SHORT_ASCII | type_code::SHORT_ASCII_INTERNED => {
                let size = self.byte()? as usize;
                return self.string(size, code == type_code::SHORT_ASCII_INTERNED, true);
            }
            type_code::ASCII | type_code::ASCII_INTERNED | type_code::UNICODE | type_code::INTERNED => {
                let size = self.size()?;
                let interned = matches!(code, type_code::ASCII_INTERNED | type_code::INTERNED);
                let ascii = matches!(code, type_code::ASCII | type_code::ASCII_INTERNED);
                return self.string(size, interned, ascii);
            }
            type_code::SMALL_TUPLE => {
                let size = self.byte()? as usize;
                return self.tuple(size);
            }
            type_code::TUPLE => {
                let size = self.size()?;
                return self.tuple(size);
            }
            type_code::FROZENSET => {
                let size = self.size()?;
                let mut items = Vec::with_capacity(size);
                for _ in 0..size {
                    items.push(self.constant()?);
                }
                return Ok(Value::Const(self.consts.add_frozen_set(items)));
            }
            type_code::SLICE => Const::Slice([self.constant()?, self.constant()?, self.constant()?]),
            type_code::CODE => return self.code(),
            type_code::REF => {
                let index = self.long()?;
                let known = usize::try_from(index).ok().and_then(|index| self.references.get(index));
                return match known {
                    Some(Some(value)) => Ok(*value),
                    _ => self.fail("bad marshal data (invalid reference)"),
                };
            }
            _ => return self.fail("bad marshal data (unknown type code)"),
        };
        Ok(Value::Const(self.consts.add(constant)))
    }

    fn constant(&mut self) -> Result<ConstId> {
        let value = self.value()?;
        self.const_of(value)
    }

    /// The entry of the table of constants.
    fn const_of(&mut self, value: Value<'a>) -> Result<ConstId> {
        Ok(match value {
            Value::Const(id) => id,
            // A text that is interned for what it is needs no name; any other was interned for being a name.
            Value::Str { text, interned: true } if !super::refs::is_name_like(text) => match text.as_str() {
                Some(name) => {
                    let name = self.names.intern_borrowed(name);
                    self.const_of_name(name)
                }
                None => self.consts.add(Const::Str(text)),
            },
            Value::Str { text, .. } => self.consts.add(Const::Str(text)),
            Value::Bytes(bytes) => self.consts.add(Const::Bytes(bytes)),
            Value::Code(code) => self.consts.add(Const::Code(code)),
            Value::Tuple(tuple) => {
                if let Some(id) = tuple.id.get() {
                    return Ok(id);
                }
                // References can nest tuples deeper than the stream itself is.
                if self.depth >= MAX_DEPTH {
                    return self.fail("recursion limit exceeded");
                }
                self.depth += 1;
                let ids = self.consts_of(tuple)?;
                self.depth -= 1;
                let id = self.consts.add(Const::Tuple(ids));
                tuple.id.set(Some(id));
                id
            }
        })
    }

    fn consts_of(&mut self, tuple: &'a TupleValue<'a>) -> Result<&'a [ConstId]> {
        if let Some(ids) = tuple.ids.get() {
            return Ok(ids);
        }
        let mut ids = Vec::with_capacity(tuple.items.len());
        for &item in tuple.items {
            ids.push(self.const_of(item)?);
        }
        let ids: &[ConstId] = self.consts.arena().alloc_slice_copy(&ids);
        tuple.ids.set(Some(ids));
        Ok(ids)
    }

    fn string(&mut self, size: usize, interned: bool, ascii: bool) -> Result<Value<'a>> {
        let bytes = self.take(size)?;
        let valid = if ascii { bytes.is_ascii() } else { is_utf8_with_surrogates(bytes) };
        if !valid {
            return self.fail("bad marshal data (not a string)");
        }
        let text = if bytes == b"%" && !interned && (self.characters_are_interned || !self.flagged) {
            PyStr::unshared_percent()
        } else {
            PyStr::from_bytes(bytes)
        };
        Ok(Value::Str { text, interned })
    }

    fn tuple(&mut self, size: usize) -> Result<Value<'a>> {
        let mut items = Vec::with_capacity(size);
        for _ in 0..size {
            items.push(self.value()?);
        }
        let arena = self.consts.arena();
        let items = arena.alloc_slice_copy(&items);
        let (id, names, ids) = (Cell::new(None), Cell::new(None), Cell::new(None));
        Ok(Value::Tuple(arena.alloc(TupleValue { items, id, names, ids })))
    }

    fn big_integer(&mut self) -> Result<Int<'a>> {
        let count = self.long()?;
        let size = count.unsigned_abs() as usize * 2;
        let bytes = self.take(size)?;
        let mut digits = Vec::with_capacity(size / 4 + 1);
        let (mut bits, mut held) = (0u64, 0);
        for pair in bytes.chunks_exact(2) {
            let digit = u16::from_le_bytes([pair[0], pair[1]]);
            if digit > 0x7fff {
                return self.fail("bad marshal data (digit out of range in long)");
            }
            bits |= (digit as u64) << held;
            held += 15;
            if held >= 32 {
                digits.push(bits as u32);
                bits >>= 32;
                held -= 32;
            }
        }
        digits.push(bits as u32);
        let sign = if count < 0 { Sign::Minus } else { Sign::Plus };
        Ok(Int::from_big(self.consts.arena(), &BigInt::from_slice(sign, &digits)))
    }

    fn text_float(&mut self) -> Result<f64> {
        let size = self.byte()? as usize;
        let bytes = self.take(size)?;
        match std::str::from_utf8(bytes).ok().and_then(|text| text.trim().parse().ok()) {
            Some(value) => Ok(value),
            None => self.fail("bad marshal data (not a float)"),
        }
    }

    fn code(&mut self) -> Result<Value<'a>> {
        let argcount = self.long()? as u32;
        let posonlyargcount = self.long()? as u32;
        let kwonlyargcount = self.long()? as u32;
        let stacksize = self.long()? as u32;
        let flags = self.long()? as u32;
        let code = self.bytes_value()?;
        let Value::Tuple(consts) = self.value()? else {
            return self.fail("bad marshal data (constants are no tuple)");
        };
        let names = self.names_value()?;
        let localsplusnames = self.names_value()?;
        let localspluskinds = self.bytes_value()?;
        if localsplusnames.len() != localspluskinds.len() || !code.len().is_multiple_of(2) {
            return self.fail("bad marshal data (malformed code object)");
        }
        let filename = match self.value()? {
            Value::Str { text, .. } => text,
            _ => return self.fail("bad marshal data (file name is no string)"),
        };
        let name = self.name_value()?;
        let qualname = self.value()?;
        let consts = self.consts_with_qualified_name(consts, qualname)?;
        let qualname = self.name_of(qualname)?;
        let firstlineno = self.long()?;
        let linetable = self.bytes_value()?;
        let exceptiontable = self.bytes_value()?;
        Ok(Value::Code(self.consts.arena().alloc(CodeObject {
            argcount,
            posonlyargcount,
            kwonlyargcount,
            stacksize,
            flags,
            code,
            consts,
            names,
            localsplusnames,
            localspluskinds,
            filename,
            name,
            qualname,
            firstlineno,
            linetable,
            exceptiontable,
            // Nothing else tells an annotation scope from a function that is called so.
            has_own_locals_tuple: name == known::ANNOTATE
                && posonlyargcount == 1
                && localsplusnames.first() == Some(&known::FORMAT),
        })))
    }

    /// The constants of a code object. If its qualified name is one of them, not interned, that is the name in place of its text.
    fn consts_with_qualified_name(&mut self, tuple: &'a TupleValue<'a>, qualname: Value<'a>) -> Result<&'a [ConstId]> {
        let consts = self.consts_of(tuple)?;
        let Value::Str { text, interned: false } = qualname else { return Ok(consts) };
        let is_it = |id: &ConstId| match self.consts.get(*id) {
            Const::Str(value) => std::ptr::eq(value.as_bytes(), text.as_bytes()),
            _ => false,
        };
        let (Some(position), Some(name)) = (consts.iter().position(is_it), text.as_str()) else { return Ok(consts) };
        let name = self.names.intern_borrowed(name);
        if std::ptr::eq(self.names.text(name).as_bytes(), text.as_bytes()) {
            return Ok(consts);
        }
        let consts = self.consts.arena().alloc_slice_copy(consts);
        consts[position] = self.const_of_name(name);
        // Another class of the same name may have the same tuple.
        tuple.ids.set(Some(consts));
        Ok(consts)
    }

    /// The constant that was made from a name.
    fn const_of_name(&mut self, name: NameId) -> ConstId {
        let text = Const::Str(PyStr::new(self.names.text(name)));
        *self.name_consts.entry(name).or_insert_with(|| self.consts.add_distinct(text))
    }

    fn bytes_value(&mut self) -> Result<&'a [u8]> {
        match self.value()? {
            Value::Bytes(bytes) => Ok(bytes),
            _ => self.fail("bad marshal data (bytes expected)"),
        }
    }

    fn name_value(&mut self) -> Result<NameId> {
        let value = self.value()?;
        self.name_of(value)
    }

    fn name_of(&mut self, value: Value<'a>) -> Result<NameId> {
        match value {
            Value::Str { text, .. } => match text.as_str() {
                Some(text) => Ok(self.names.intern_borrowed(text)),
                None => self.fail("bad marshal data (name with surrogates)"),
            },
            _ => self.fail("bad marshal data (name expected)"),
        }
    }

    fn names_value(&mut self) -> Result<&'a [NameId]> {
        let Value::Tuple(tuple) = self.value()? else {
            return self.fail("bad marshal data (tuple of names expected)");
        };
        if let Some(names) = tuple.names.get() {
            return Ok(names);
        }
        let mut names = Vec::with_capacity(tuple.items.len());
        for &item in tuple.items {
            names.push(self.name_of(item)?);
        }
        let names: &[NameId] = self.consts.arena().alloc_slice_copy(&names);
        tuple.names.set(Some(names));
        Ok(names)
    }
}

/// Whether bytes are UTF-8 but for surrogates, which may be encoded like other characters.
fn is_utf8_with_surrogates(mut bytes: &[u8]) -> bool {
    loop {
        match std::str::from_utf8(bytes) {
            Ok(_) => return true,
            Err(error) => {
                bytes = &bytes[error.valid_up_to()..];
                match bytes {
                    [0xed, 0xa0..=0xbf, 0x80..=0xbf, rest @ ..] => bytes = rest,
                    _ => return false,
                }
            }
        }
    }
}
