//! Which parts of a code object are one Python object, and which objects have more than one owner.
//!
//! `marshal.dumps` gives a reference number to every object whose reference count is not one, and to interned strings. What counts
//! are the references that are left when the compiler's own tables are gone: from tuples, frozensets and code objects. The rules
//! below say which objects CPython's compiler merges; they hold for 3.11 to 3.15:
//!
//! - The table of constants (`const_cache_insert`) merges equal constants, and also the tuples `co_consts`, `co_names` and
//!   `co_localsplusnames` and the bytes `co_linetable` and `co_exceptiontable`, with each other and with constants.
//! - Names are interned: one object for each text. A constant of ASCII letters, digits and underscores is interned with its code
//!   object (`intern_constants`) and so is the same object as a name of that text. Other constants are objects of their own, save
//!   those that were made from a name, such as a class body's `__qualname__`: see [`ConstCache::add_name`].
//! - A frozenset with a string that `intern_constants` replaces is copied for each tuple that holds it.
//! - The parts of a constant slice are merged with nothing.
//! - Small integers, the empty string, bytes and tuple, single Latin-1 characters and single bytes are immortal.

use super::merged::Merged;
use super::type_code::MAX_DEPTH;
use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::object::{CodeObject, Const, ConstCache, ConstId, Int, PyStr};
use crate::source::{Interner, NameId, NameKey};
use crate::target::Target;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Stands for "none yet" in the dense arrays.
pub(super) const NONE: u32 = u32::MAX;
/// The bytes object without any is always the first.
const EMPTY_BYTES: u32 = 0;
/// In `equal_name`: not looked up yet.
const UNKNOWN: u32 = u32::MAX - 1;

/// Where the items of a tuple come from.
#[derive(Clone, Copy)]
pub(super) enum TupleItems<'a> {
    Consts(&'a [ConstId]),
    /// All items are interned, because the tuple is the `co_names` or `co_localsplusnames` of some code object.
    Names(&'a [NameId]),
}

/// One tuple object.
pub(super) struct TupleObject<'a> {
    pub items: TupleItems<'a>,
    pub holders: u32,
    /// Its number in the stream, once it is written.
    pub reference: u32,
}

/// One bytes object that CPython would merge with equal ones.
pub(super) struct BytesObject<'a> {
    pub value: &'a [u8],
    pub holders: u32,
    pub reference: u32,
}

/// The parts of a code object that may be shared.
#[derive(Clone, Copy)]
pub(super) struct CodeParts<'a> {
    pub code: &'a CodeObject<'a>,
    pub consts: u32,
    pub names: u32,
    pub localsplusnames: u32,
    pub linetable: u32,
    pub exceptiontable: u32,
    /// How `co_qualname` is written.
    pub qualname: QualifiedName,
}

/// Which object a code object's qualified name is.
#[derive(Clone, Copy)]
pub(super) enum QualifiedName {
    /// The interned string.
    Name(NameId),
    /// The constant that a class body stores as `__qualname__`.
    Const(ConstId),
    /// A string that nothing else holds.
    Own(NameId),
}

/// What is known of a qualified name from the code objects visited so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum QualifiedNameState {
    Unseen,
    /// The constant of the first class is the string itself.
    Constant,
    /// The string was interned before there was a constant.
    Apart,
}

/// What is known of a constant.
#[derive(Clone, Copy)]
pub(super) struct ConstState {
    /// Its owners. Those of tuples and bytes also count where other objects are the same one, in their own lists.
    pub holders: u32,
    /// The number of its tuple, bytes or code; for a string that is written as one, of the name.
    pub part: u32,
    /// Its number in the stream, once it is written.
    pub reference: u32,
    /// The name with the same text.
    equal_name: u32,
}

/// What is known of a name.
#[derive(Clone, Copy)]
pub(super) struct NameState {
    /// Its number in the stream, once it is written.
    pub reference: u32,
    /// What is known of it as a qualified name.
    qualified: QualifiedNameState,
}

/// All objects below a code object, with how many owners each has.
pub(super) struct Objects<'s, 'a> {
    pub consts: &'s ConstCache<'a>,
    pub names: &'s Interner<'a>,
    pub target: &'s Target,
    pub const_states: Vec<ConstState>,
    pub name_states: Vec<NameState>,
    pub tuples: Vec<TupleObject<'a>>,
    pub bytes: Vec<BytesObject<'a>>,
    pub codes: Vec<CodeParts<'a>>,
    merged_tuples: Merged,
    merged_bytes: Merged,
}

/// The hash of a row of numbers.
#[inline]
fn hash_of(numbers: impl Iterator<Item = u32>) -> u64 {
    let mut hasher = FxHasher::default();
    numbers.for_each(|number| hasher.write_u32(number));
    hasher.finish()
}

/// What a name counts as in the hash of a tuple, where constants count as their numbers.
#[inline]
const fn name_in_tuple(name: u32) -> u32 {
    !name
}

impl<'s, 'a> Objects<'s, 'a> {
    /// Counts everything below a code object, which becomes the first of `codes`.
    pub fn count(
        root: &'a CodeObject<'a>,
        names: &'s Interner<'a>,
        consts: &'s ConstCache<'a>,
        target: &'s Target,
    ) -> Result<Objects<'s, 'a>> {
        let unseen = ConstState { holders: 0, part: NONE, reference: NONE, equal_name: UNKNOWN };
        let unseen_name = NameState { reference: NONE, qualified: QualifiedNameState::Unseen };
        let mut bytes = Vec::with_capacity(64);
        bytes.push(BytesObject { value: &[], holders: 0, reference: NONE });
        let mut objects = Objects {
            consts,
            names,
            target,
            const_states: vec![unseen; consts.len()],
            name_states: vec![unseen_name; names.len()],
            tuples: Vec::with_capacity(64),
            bytes,
            codes: Vec::with_capacity(32),
            merged_tuples: Merged::new(consts.len()),
            merged_bytes: Merged::new(consts.len() / 2),
        };
        objects.visit_code(root, 1)?;
        Ok(objects)
    }

    fn visit_code(&mut self, code: &'a CodeObject<'a>, depth: u32) -> Result<u32> {
        check_depth(depth)?;
        let number = self.codes.len() as u32;
        let qualname = QualifiedName::Name(code.qualname);
        let (consts, names, localsplusnames, linetable, exceptiontable) = (0, 0, 0, 0, 0);
        self.codes.push(CodeParts { code, consts, names, localsplusnames, linetable, exceptiontable, qualname });
        let qualname = self.hold_qualified_name(code);
        let consts = self.hold_tuple_of_consts(code.consts, depth + 1)?;
        let names = self.hold_tuple_of_names(code.names);
        let localsplusnames = if code.has_own_locals_tuple {
            self.own_tuple_of_names(code.localsplusnames)
        } else {
            self.hold_tuple_of_names(code.localsplusnames)
        };
        let linetable = self.hold_bytes(code.linetable);
        let exceptiontable = self.hold_bytes(code.exceptiontable);
        self.codes[number as usize] =
            CodeParts { code, consts, names, localsplusnames, linetable, exceptiontable, qualname };
        Ok(number)
    }

    /// Finds out which object a qualified name is, and whether the `__qualname__` of its class is the same one.
    ///
    /// The constant is the string that the compiler made for the class. From 3.13 on the code object interns it, unless an equal
    /// string is interned already: for a function of the same qualified name, or for the class itself if the interpreter uses it.
    /// Before, the code object keeps the string as it is; but a second class finds the first one's constant.
    fn hold_qualified_name(&mut self, code: &CodeObject<'a>) -> QualifiedName {
        if code.qualname == code.name {
            return QualifiedName::Name(code.qualname);
        }
        let text = self.names.text(code.qualname);
        let constant = code.consts.iter().copied().find(|&id| match self.consts.get(id) {
            Const::Str(value) => std::ptr::eq(value.as_bytes().as_ptr(), text.as_ptr()),
            _ => false,
        });
        let state = &mut self.name_states[code.qualname.index()].qualified;
        if self.target.features.interned_code_strings {
            if *state == QualifiedNameState::Unseen {
                *state = match constant {
                    Some(_) if !self.target.interns_at_start(text) => QualifiedNameState::Constant,
                    _ => QualifiedNameState::Apart,
                };
            }
            return QualifiedName::Name(code.qualname);
        }
        match constant {
            Some(id) if *state == QualifiedNameState::Unseen => {
                *state = QualifiedNameState::Constant;
                self.const_states[id.index()].holders += 1;
                QualifiedName::Const(id)
            }
            _ => QualifiedName::Own(code.qualname),
        }
    }

    /// Counts the items of a tuple or a frozenset.
    fn visit_items(&mut self, items: &'a [ConstId], depth: u32) -> Result<()> {
        if !items.is_empty() {
            check_depth(depth)?;
        }
        for &id in items {
            self.const_states[id.index()].holders += 1;
            if let Const::Bytes(_) | Const::Tuple(_) | Const::FrozenSet(_) | Const::Code(_) = self.consts.get_ref(id) {
                self.visit_parts(id, depth)?;
            }
        }
        Ok(())
    }

    /// Counts what belongs to a constant that has parts or is counted elsewhere.
    fn visit_parts(&mut self, id: ConstId, depth: u32) -> Result<()> {
        let i = id.index();
        let state = self.const_states[i];
        match self.consts.get(id) {
            Const::Bytes(value) => {
                let mut part = state.part;
                if part == NONE {
                    part = self.bytes_number(value);
                    self.const_states[i].part = part;
                }
                self.bytes[part as usize].holders += 1;
            }
            Const::Tuple(items) => {
                if state.part == NONE {
                    self.const_states[i].part = self.hold_tuple_of_consts(items, depth)?;
                } else {
                    self.tuples[state.part as usize].holders += 1;
                }
            }
            Const::FrozenSet(items) if state.holders == 1 || self.is_copied(items) => {
                self.visit_items(items, depth + 1)?;
            }
            Const::Code(code) if state.part == NONE => {
                self.const_states[i].part = self.visit_code(code, depth)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn hold_tuple_of_consts(&mut self, items: &'a [ConstId], depth: u32) -> Result<u32> {
        // Only a tuple of nothing but strings can equal a tuple of names, so only there the texts have to be looked up.
        let is_strings = items.iter().all(|&id| matches!(self.consts.get_ref(id), Const::Str(_)));
        let hash = if is_strings {
            hash_of(items.iter().map(|&id| self.equal_name(id).map_or(id.0, |name| name_in_tuple(name.0))))
        } else {
            hash_of(items.iter().map(|id| id.0))
        };
        let (number, is_new) = self.tuple_number(hash, TupleItems::Consts(items));
        if is_new {
            check_depth(depth)?;
            self.visit_items(items, depth + 1)?;
        }
        Ok(number)
    }

    fn hold_tuple_of_names(&mut self, items: &'a [NameId]) -> u32 {
        let hash = hash_of(items.iter().map(|name| name_in_tuple(name.0)));
        let (number, is_new) = self.tuple_number(hash, TupleItems::Names(items));
        if !is_new && let TupleItems::Consts(strings) = self.tuples[number as usize].items {
            // CPython interns the items in place, so that the tuple lets go of the constants it was made of.
            for &string in strings {
                self.const_states[string.index()].holders -= 1;
            }
            self.tuples[number as usize].items = TupleItems::Names(items);
        }
        number
    }

    /// A tuple that is merged with none, not even an equal one.
    fn own_tuple_of_names(&mut self, items: &'a [NameId]) -> u32 {
        self.tuples.push(TupleObject { items: TupleItems::Names(items), holders: 1, reference: NONE });
        self.tuples.len() as u32 - 1
    }

    /// The tuple with these items, with one more owner, and whether it is new.
    fn tuple_number(&mut self, hash: u64, items: TupleItems<'a>) -> (u32, bool) {
        let Objects { tuples, merged_tuples, const_states, .. } = self;
        let new = tuples.len() as u32;
        // What is looked for here has been looked up for the hash.
        let equal = |id: &ConstId, name: &NameId| const_states[id.index()].equal_name == name.0;
        let number = merged_tuples.find_or_insert(hash, new, |number| match (tuples[number as usize].items, items) {
            (TupleItems::Consts(a), TupleItems::Consts(b)) => a == b,
            (TupleItems::Names(a), TupleItems::Names(b)) => a == b,
            (TupleItems::Consts(consts), TupleItems::Names(names))
            | (TupleItems::Names(names), TupleItems::Consts(consts)) => {
                consts.len() == names.len() && consts.iter().zip(names).all(|(id, name)| equal(id, name))
            }
        });
        if number != new {
            self.tuples[number as usize].holders += 1;
            return (number, false);
        }
        self.tuples.push(TupleObject { items, holders: 1, reference: NONE });
        (number, true)
    }

    fn hold_bytes(&mut self, value: &'a [u8]) -> u32 {
        let number = self.bytes_number(value);
        self.bytes[number as usize].holders += 1;
        number
    }

    /// The merged bytes object of a value, with no owner more than it has.
    #[inline]
    pub fn bytes_number(&mut self, value: &'a [u8]) -> u32 {
        // As are most tables of exceptions.
        if value.is_empty() { EMPTY_BYTES } else { self.other_bytes_number(value) }
    }

    fn other_bytes_number(&mut self, value: &'a [u8]) -> u32 {
        let Objects { bytes, merged_bytes, .. } = self;
        let mut hasher = FxHasher::default();
        hasher.write(value);
        let new = bytes.len() as u32;
        let number = merged_bytes.find_or_insert(hasher.finish(), new, |n| bytes[n as usize].value == value);
        if number == new {
            self.bytes.push(BytesObject { value, holders: 0, reference: NONE });
        }
        number
    }

    /// The name that has the text of a string constant.
    #[inline]
    pub fn equal_name(&mut self, id: ConstId) -> Option<NameId> {
        let name = match self.const_states[id.index()].equal_name {
            UNKNOWN => self.look_up_name(id),
            name => name,
        };
        (name != NONE).then_some(NameId(name))
    }

    #[inline(never)]
    fn look_up_name(&mut self, id: ConstId) -> u32 {
        let name = match self.consts.get_ref(id) {
            Const::Str(value) if value.byte_len() <= NameKey::SHORT => {
                let key = NameKey::short(&padded(value.as_bytes()), value.byte_len());
                self.names.find_short(key).map_or(NONE, |name| name.0)
            }
            Const::Str(value) if may_be_name(value.as_bytes()) => {
                self.names.find_bytes(value.as_bytes()).map_or(NONE, |name| name.0)
            }
            _ => NONE,
        };
        self.const_states[id.index()].equal_name = name;
        name
    }

    /// Whether a string constant was made from a name rather than from a literal, so that it is the name's own object.
    pub fn is_made_from_name(&mut self, id: ConstId) -> bool {
        let Const::Str(value) = self.consts.get(id) else { return false };
        let Some(name) = self.equal_name(id) else { return false };
        let text = self.names.text(name);
        std::ptr::eq(text.as_ptr(), value.as_bytes().as_ptr())
            && self.name_states[name.index()].qualified != QualifiedNameState::Apart
    }

    /// Whether a string constant is interned.
    pub fn is_interned(&mut self, id: ConstId, text: &PyStr) -> bool {
        if is_name_like(text) {
            return true;
        }
        let features = &self.target.features;
        if is_single_character(text) {
            // Before, an identifier interned the character, and every `import *` the star.
            return features.interned_static_strings || text.as_bytes() == b"*" || self.equal_name(id).is_some();
        }
        // The one name among constants that may be no identifier is the qualified name.
        self.is_made_from_name(id) && (features.interned_code_strings || !text.as_bytes().contains(&b'.'))
    }

    /// Whether each tuple that holds this frozenset holds a copy of its own: `intern_constants` makes one where interning gives
    /// another object for one of the strings, which it does where the text was interned before: as an identifier of this file or by
    /// the interpreter itself.
    pub fn is_copied(&mut self, items: &[ConstId]) -> bool {
        items.iter().any(|&item| match self.consts.get(item) {
            Const::Str(value) => {
                let known = || value.as_str().is_some_and(|word| self.target.interns_at_start(word));
                if value.byte_len() <= 1 {
                    // There is one string of one character, or a frozen module has brought another, which names are then.
                    return is_name_like(value) && !value.is_empty() && known() && !self.is_made_from_name(item);
                }
                is_name_like(value) && !self.is_made_from_name(item) && (known() || self.equal_name(item).is_some())
            }
            _ => false,
        })
    }

    /// Whether a constant is one of the objects that the interpreter made once and for all.
    pub fn is_immortal(&self, value: &Const<'_>) -> bool {
        match value {
            Const::Int(Int::Small(value)) => (-5..=self.target.small_int_max()).contains(value),
            Const::Str(value) => value.is_empty() || is_single_character(value),
            Const::Bytes(value) => value.len() <= 1,
            Const::Tuple(items) => items.is_empty(),
            _ => false,
        }
    }
}

/// Refuses what lies too deep, in CPython's words.
fn check_depth(depth: u32) -> Result<()> {
    if depth <= MAX_DEPTH {
        return Ok(());
    }
    Err(CompileError::new(ErrorKind::ValueError, None, "object too deeply nested to marshal"))
}

/// A text of at most 16 bytes with zeros behind it, put together of its ends, which may overlap.
fn padded(text: &[u8]) -> [u8; 16] {
    let shift = |length: usize| 8 * (text.len() - length) as u32;
    let value = if let (Some(&first), Some(&last)) = (text.first_chunk(), text.last_chunk()) {
        u64::from_le_bytes(first) as u128 | (u64::from_le_bytes(last) as u128) << shift(8)
    } else if let (Some(&first), Some(&last)) = (text.first_chunk(), text.last_chunk()) {
        (u32::from_le_bytes(first) as u64 | (u32::from_le_bytes(last) as u64) << shift(4)) as u128
    } else {
        text.iter().rev().fold(0, |value, &byte| value << 8 | byte as u32) as u128
    };
    value.to_le_bytes()
}

/// Whether a text can be that of a name, as far as that is easy to see. The one kind of name with spaces is that of an annotation
/// scope, `<generic parameters of ...>`, alone or within a qualified name.
fn may_be_name(text: &[u8]) -> bool {
    !matches!(text.iter().find(|&&b| b <= b' ' || b == b'<'), Some(b' ' | b'\n'))
}

/// The bytes of names without other characters than ASCII has.
static NAME_LIKE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
        byte += 1;
    }
    table
};

/// Whether a string is interned as a constant. Mirrors CPython 3.14: `should_intern_string`.
pub(super) fn is_name_like(value: &PyStr) -> bool {
    value.as_bytes().iter().all(|&b| NAME_LIKE[b as usize])
}

/// Whether a string is the interpreter's own of one character of Latin-1.
pub(super) fn is_single_character(value: &PyStr) -> bool {
    match value.as_bytes() {
        [_] => !value.is_unshared_percent(),
        [first, _] => matches!(first, 0xc2 | 0xc3),
        _ => false,
    }
}
