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

/// The bytes of a short key that count, by the length of the name.
static KEY_MASKS: [u128; NameKey::SHORT + 1] = {
    let mut masks = [0; NameKey::SHORT + 1];
    let mut length = 1;
    while length <= NameKey::SHORT {
        masks[length] = (1 << (8 * length)) - 1;
        length += 1;
    }
    masks
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
        let value = u128::from_le_bytes(*bytes) & KEY_MASKS[length];
        NameKey { low: value as u64, high: (value >> 64) as u64 | (length as u64) << 56 }
    }

    /// The key of any name.
    pub fn of(text: &[u8]) -> NameKey {
        let Some((first, rest)) = text.split_first_chunk::<8>().filter(|_| text.len() > NameKey::SHORT) else {
            let mut bytes = [0; 16];
            bytes[..text.len()].copy_from_slice(text);
            return NameKey::short(&bytes, text.len());
        };
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

/// All names of one file: identifiers after NFKC, mangled names, qualified names.
pub struct Interner<'a> {
    arena: &'a Bump,
    names: Vec<&'a str>,
    /// The key of each name.
    keys: Vec<NameKey>,
    /// Open addressing: the number of a name, or 0, which is that of the empty name. A power of two long, and three quarters of it or
    /// more are zeros.
    slots: Vec<u32>,
}

/// The known names, numbered and entered: what every interner starts with a copy of.
struct Known {
    keys: Vec<NameKey>,
    slots: Vec<u32>,
}

const FIRST_SLOTS: usize = 2048;
/// How many slots there are at least for each name.
const SLOTS_PER_NAME: usize = 4;

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let arena = Bump::new();
    // The empty name is found without being looked up.
    let (names, keys) = (vec![""], vec![NameKey::of(b"")]);
    let mut interner = Interner { arena: &arena, names, keys, slots: vec![0; FIRST_SLOTS] };
    for (i, text) in known::ALL.iter().enumerate() {
        let id = interner.intern_borrowed(text);
        debug_assert_eq!(id.index(), i, "{text} is listed twice");
    }
    Known { keys: interner.keys, slots: interner.slots }
});

impl<'a> Interner<'a> {
    /// An interner that holds the names of [`known`] and nothing else.
    pub fn new(arena: &'a Bump) -> Interner<'a> {
        let known = &*KNOWN;
        let mut names = Vec::with_capacity(FIRST_SLOTS / SLOTS_PER_NAME);
        names.extend_from_slice(known::ALL);
        let mut keys = Vec::with_capacity(FIRST_SLOTS / SLOTS_PER_NAME);
        keys.extend_from_slice(&known.keys);
        Interner { arena, names, keys, slots: known.slots.clone() }
    }

    /// The arena that the texts live in.
    pub fn arena(&self) -> &'a Bump {
        self.arena
    }

    /// The number of a name, given one if it had none. The text is copied to the arena.
    pub fn intern(&mut self, text: &str) -> NameId {
        let arena = self.arena;
        let key = NameKey::of(text.as_bytes());
        match self.look_up(key, |found| !key.is_long() || self.text(found) == text) {
            Ok(id) => id,
            Err(slot) => self.push(key, slot, arena.alloc_str(text)),
        }
    }

    /// The same for a text that lives as long as the arena, which is not copied.
    pub fn intern_borrowed(&mut self, text: &'a str) -> NameId {
        let key = NameKey::of(text.as_bytes());
        match self.look_up(key, |found| !key.is_long() || self.text(found) == text) {
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
    fn look_up(&self, key: NameKey, is_it: impl Fn(NameId) -> bool) -> Result<NameId, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = key.hash() & mask;
        loop {
            let id = NameId(self.slots[slot]);
            if self.keys[id.index()] == key && is_it(id) {
                return Ok(id);
            }
            if id == known::EMPTY {
                return Err(slot);
            }
            slot = (slot + 1) & mask;
        }
    }

    #[inline]
    fn push(&mut self, key: NameKey, slot: usize, stored: &'a str) -> NameId {
        let id = self.names.len() as u32;
        self.names.push(stored);
        self.keys.push(key);
        self.slots[slot] = id;
        if self.names.len() * SLOTS_PER_NAME > self.slots.len() {
            self.grow();
        }
        NameId(id)
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        self.slots.clear();
        self.slots.resize(mask + 1, 0);
        for (i, key) in self.keys.iter().enumerate().skip(1) {
            let mut slot = key.hash() & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = i as u32;
        }
    }

    /// The number of a name that is there already.
    pub fn find(&self, text: &str) -> Option<NameId> {
        self.find_bytes(text.as_bytes())
    }

    /// The same for bytes that may be those of no text.
    pub fn find_bytes(&self, text: &[u8]) -> Option<NameId> {
        let key = NameKey::of(text);
        self.look_up(key, |found| !key.is_long() || self.text(found).as_bytes() == text).ok()
    }

    /// What tells a name from others; a short one's is its text.
    #[inline]
    pub fn key(&self, id: NameId) -> NameKey {
        self.keys[id.index()]
    }

    /// A name's text.
    #[inline]
    pub fn text(&self, id: NameId) -> &'a str {
        self.names[id.index()]
    }

    /// Whether a name starts with two underscores, as all do that mangling changes.
    #[inline]
    pub fn is_dunder(&self, id: NameId) -> bool {
        self.keys[id.index()].first_bytes() as u16 == u16::from_le_bytes(*b"__")
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
