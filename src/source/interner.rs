//! Names as small numbers: each identifier of a file is stored once and compared by its [`NameId`].

use bumpalo::Bump;
use std::sync::LazyLock;

/// The number of a name in a file's [`Interner`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NameId(pub u32);

impl NameId {
    /// The number as an index.
    #[inline]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What tells one name from another without a look at its text: a short name is its own key.
///
/// Up to 15 bytes stand in it as they are, with their number in the last byte. Of a longer name it has the first eight bytes and a hash
/// of the others, and 255 in the last byte: such names may differ in spite of equal keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NameKey {
    low: u64,
    high: u64,
}

/// What makes the key of sixteen bytes of which the first few are the name, by the length of that: which bits count in the lower half and
/// in the upper, and what comes to these.
static KEY_PARTS: [[u64; NameKey::SHORT + 1]; 3] = {
    let mut parts = [[0; NameKey::SHORT + 1]; 3];
    let mut length = 1;
    while length <= NameKey::SHORT {
        let mask = (1u128 << (8 * length)) - 1;
        parts[0][length] = mask as u64;
        parts[1][length] = (mask >> 64) as u64;
        parts[2][length] = (length as u64) << 56;
        length += 1;
    }
    parts
};

impl NameKey {
    /// The length of the longest name that is its own key.
    pub const SHORT: usize = 15;
    const LONG_MARK: u64 = 0xFF << 56;
    /// Odd numbers without a pattern: digits of pi.
    const MIX: [u64; 2] = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7345];

    /// The key of the name that the first `length` bytes are, which are at most [`NameKey::SHORT`].
    #[inline]
    pub fn short(bytes: &[u8; 16], length: usize) -> NameKey {
        let value = u128::from_le_bytes(*bytes);
        let [low, high, mark] = &KEY_PARTS;
        NameKey { low: value as u64 & low[length], high: (value >> 64) as u64 & high[length] | mark[length] }
    }

    /// The key of any name.
    pub fn of(text: &[u8]) -> NameKey {
        if text.len() <= NameKey::SHORT {
            return NameKey::of_short(text);
        }
        let Some((first, rest)) = text.split_first_chunk::<8>() else { return NameKey::of_short(text) };
        let mix = |hash: u64, word: &[u8; 8]| {
            (hash ^ u64::from_le_bytes(*word)).wrapping_mul(NameKey::MIX[0]).rotate_left(29)
        };
        let (words, _) = rest.as_chunks::<8>();
        let mut hash = words.iter().fold(text.len() as u64, mix);
        if let Some(last) = text.last_chunk::<8>() {
            hash = mix(hash, last);
        }
        NameKey { low: u64::from_le_bytes(*first), high: hash >> 8 | NameKey::LONG_MARK }
    }

    /// The key of a name of at most [`NameKey::SHORT`] bytes. What is read of it twice falls into the same place.
    #[inline]
    fn of_short(text: &[u8]) -> NameKey {
        let mark = (text.len() as u64) << 56;
        if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
            let behind = u64::from_le_bytes(*last).unbounded_shr(8 * (16 - text.len() as u32));
            return NameKey { low: u64::from_le_bytes(*first), high: behind | mark };
        }
        let low = if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (text.len() - 4))
        } else {
            let at = |i: usize| text.get(i).map_or(0, |&byte| u64::from(byte) << (8 * i));
            at(0) | at(1) | at(2)
        };
        NameKey { low, high: mark }
    }

    /// The first eight bytes of the name, the first of them lowest; zeros behind its end.
    #[inline]
    pub const fn first_bytes(self) -> u64 {
        self.low
    }

    /// The bytes of the name, with zeros behind them, and how many they are, if it is its own key.
    #[inline]
    pub const fn short_text(self) -> Option<(u128, usize)> {
        if self.is_long() {
            return None;
        }
        let bytes = ((self.high & !NameKey::LONG_MARK) as u128) << 64 | self.low as u128;
        Some((bytes, (self.high >> 56) as usize))
    }

    #[inline]
    const fn is_long(self) -> bool {
        self.high >= NameKey::LONG_MARK
    }

    #[inline]
    const fn hash(self) -> usize {
        let product = self.low as u128 * (self.high ^ NameKey::MIX[1]) as u128;
        (product as u64 ^ (product >> 64) as u64) as usize
    }
}

/// A name that has a number.
#[derive(Clone, Copy)]
struct Entry<'a> {
    key: NameKey,
    text: &'a str,
}

/// All names of one file: identifiers after NFKC, mangled names, qualified names.
pub struct Interner<'a> {
    arena: &'a Bump,
    /// By number.
    names: Vec<Entry<'a>>,
    /// Open addressing: the number of a name, or 0, which is that of the empty name. A power of two long, and three quarters of it or
    /// more are zeros.
    slots: Vec<u32>,
    /// One less than the number of slots.
    mask: usize,
}

/// The known names, numbered and entered: what every interner starts with a copy of.
struct Known {
    names: Vec<Entry<'static>>,
    slots: Vec<u32>,
}

const FIRST_SLOTS: usize = 2048;
/// How many slots there are at least for each name.
const SLOTS_PER_NAME: usize = 4;

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    // The empty name is found without being looked up.
    let mut known = Known { names: vec![Entry { key: NameKey::of(b""), text: "" }], slots: vec![0; FIRST_SLOTS] };
    for (i, text) in known::ALL.iter().enumerate().skip(1) {
        let key = NameKey::of(text.as_bytes());
        debug_assert!(known.names.iter().all(|name| name.text != *text), "{text} is listed twice");
        known.names.push(Entry { key, text });
        enter(&mut known.slots, key, i as u32);
    }
    known
});

/// Puts the number of a name that has none yet into its slot.
fn enter(slots: &mut [u32], key: NameKey, id: u32) {
    let mask = slots.len() - 1;
    let mut slot = key.hash() & mask;
    while slots[slot] != 0 {
        slot = (slot + 1) & mask;
    }
    slots[slot] = id;
}

impl<'a> Interner<'a> {
    /// An interner that holds the names of [`known`] and nothing else.
    pub fn new(arena: &'a Bump) -> Interner<'a> {
        let known = &*KNOWN;
        let mut names = Vec::with_capacity(FIRST_SLOTS / SLOTS_PER_NAME);
        names.extend_from_slice(&known.names);
        Interner { arena, names, slots: known.slots.clone(), mask: FIRST_SLOTS - 1 }
    }

    /// The arena that the texts live in.
    pub fn arena(&self) -> &'a Bump {
        self.arena
    }

    /// The number of a name, given one if it had none. The text is copied to the arena.
    pub fn intern(&mut self, text: &str) -> NameId {
        let arena = self.arena;
        let key = NameKey::of(text.as_bytes());
        match self.look_up(key, |found| !key.is_long() || found == text) {
            Ok(id) => id,
            Err(slot) => self.push(key, slot, arena.alloc_str(text)),
        }
    }

    /// The same for a text that lives as long as the arena, which is not copied.
    pub fn intern_borrowed(&mut self, text: &'a str) -> NameId {
        let key = NameKey::of(text.as_bytes());
        match self.look_up(key, |found| !key.is_long() || found == text) {
            Ok(id) => id,
            Err(slot) => self.push(key, slot, text),
        }
    }

    /// The number of a name of at most [`NameKey::SHORT`] bytes, or the free slot that is its.
    #[inline(always)]
    pub fn find_short(&self, key: NameKey) -> Result<NameId, usize> {
        self.look_up(key, |_| true)
    }

    /// Gives a number to a name for which there is this free slot.
    #[inline(never)]
    pub fn add_short(&mut self, key: NameKey, slot: usize, text: &'a str) -> NameId {
        self.push(key, slot, text)
    }

    /// The number of a name, or the free slot that is its. `is_it` says whether a name of the same key is the one.
    #[inline(always)]
    fn look_up(&self, key: NameKey, is_it: impl Fn(&str) -> bool) -> Result<NameId, usize> {
        let mut slot = key.hash() & self.mask;
        loop {
            // SAFETY: the mask leaves no number that is too large, and only numbers of names are put into slots. This is done for each
            // name of a text.
            let (id, found) = unsafe {
                let id = *self.slots.get_unchecked(slot);
                (id, self.names.get_unchecked(id as usize))
            };
            if found.key == key && is_it(found.text) {
                return Ok(NameId(id));
            }
            if id == 0 {
                return Err(slot);
            }
            slot = (slot + 1) & self.mask;
        }
    }

    #[inline]
    fn push(&mut self, key: NameKey, slot: usize, text: &'a str) -> NameId {
        let id = self.names.len() as u32;
        self.names.push(Entry { key, text });
        self.slots[slot] = id;
        if self.names.len() * SLOTS_PER_NAME > self.slots.len() {
            self.grow();
        }
        NameId(id)
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let length = self.slots.len() * 2;
        self.slots.clear();
        self.slots.resize(length, 0);
        self.mask = length - 1;
        for (i, name) in self.names.iter().enumerate().skip(1) {
            enter(&mut self.slots, name.key, i as u32);
        }
    }

    /// The number of a name that is there already.
    pub fn find(&self, text: &str) -> Option<NameId> {
        self.find_bytes(text.as_bytes())
    }

    /// The same for bytes that may be those of no text.
    pub fn find_bytes(&self, text: &[u8]) -> Option<NameId> {
        let key = NameKey::of(text);
        self.look_up(key, |found| !key.is_long() || found.as_bytes() == text).ok()
    }

    /// What tells a name from others; a short one's is its text.
    #[inline]
    pub fn key(&self, id: NameId) -> NameKey {
        self.names[id.index()].key
    }

    /// A name's text.
    #[inline]
    pub fn text(&self, id: NameId) -> &'a str {
        self.names[id.index()].text
    }

    /// Whether a name starts with two underscores, as all do that mangling changes.
    #[inline]
    pub fn is_dunder(&self, id: NameId) -> bool {
        self.key(id).first_bytes() as u16 == u16::from_le_bytes(*b"__")
    }

    /// Whether it does not end with two besides.
    #[inline]
    pub fn is_private(&self, id: NameId) -> bool {
        self.is_dunder(id) && !self.text(id).ends_with("__")
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none; never true, as the known names are always there.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// The names that the compiler itself speaks of, with the same number in every file.
pub mod known {
    use super::NameId;

    macro_rules! known {
        ($($id:ident = $text:literal;)*) => {
            #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
            enum Order { $($id,)* }
            $(pub const $id: NameId = NameId(Order::$id as u32);)*
            /// Their texts, by number, and those of the keywords.
            pub const ALL: &[&str] = &[$($text,)*
                "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
                "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise",
                "return", "try", "while", "with", "yield",
            ];
            /// The numbers of the keywords, in the order of their bytes.
            pub const KEYWORDS: std::ops::Range<u32> = [$($text,)*].len() as u32..ALL.len() as u32;
        };
    }

    known! {
        EMPTY = "";
        MODULE = "<module>";
        LAMBDA = "<lambda>";
        GENEXPR = "<genexpr>";
        LISTCOMP = "<listcomp>";
        SETCOMP = "<setcomp>";
        DICTCOMP = "<dictcomp>";
        TOP = "top";
        DOT_ZERO = ".0";
        DOT_DEFAULTS = ".defaults";
        DOT_KWDEFAULTS = ".kwdefaults";
        DOT_TYPE_PARAMS = ".type_params";
        DOT_GENERIC_BASE = ".generic_base";
        DOT_FORMAT = ".format";
        FORMAT = "format";
        ANNOTATE = "__annotate__";
        ANNOTATE_FUNC = "__annotate_func__";
        ANNOTATIONS = "__annotations__";
        CONDITIONAL_ANNOTATIONS = "__conditional_annotations__";
        CLASS = "__class__";
        CLASSCELL = "__classcell__";
        CLASSDICT = "__classdict__";
        CLASSDICTCELL = "__classdictcell__";
        TYPE_PARAMS = "__type_params__";
        STATIC_ATTRIBUTES = "__static_attributes__";
        FIRSTLINENO = "__firstlineno__";
        MODULE_DUNDER = "__module__";
        QUALNAME = "__qualname__";
        NAME = "__name__";
        DOC = "__doc__";
        DEBUG = "__debug__";
        FUTURE = "__future__";
        SUPER = "super";
        SELF = "self";
        UNDERSCORE = "_";
        MATCH = "match";
        CASE = "case";
        TYPE = "type";
        LAZY = "lazy";
        PRINT = "print";
        EXEC = "exec";
        ASSERTION_ERROR = "AssertionError";
        NOT_IMPLEMENTED_ERROR = "NotImplementedError";
        TUPLE = "tuple";
        LIST = "list";
        SET = "set";
        ALL_FUNCTION = "all";
        ANY = "any";
        JOIN = "join";
        STAR = "*";
        GENERIC = "Generic";
        BUILD_CLASS = "__build_class__";
    }
}

#[cfg(test)]
mod tests {
    use super::NameKey;

    #[test]
    fn a_short_name_has_one_key() {
        let text = b"abcdefghijklmno_";
        for length in 0..=NameKey::SHORT {
            let key = NameKey::of(&text[..length]);
            assert_eq!(key, NameKey::short(text, length), "{length}");
            let mut bytes = [0; 16];
            bytes[..length].copy_from_slice(&text[..length]);
            assert_eq!(key.short_text(), Some((u128::from_le_bytes(bytes), length)));
        }
    }
}
