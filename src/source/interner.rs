//! Names as small numbers: each identifier of a file is stored once and compared by its [`NameId`].

use bumpalo::Bump;
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;

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

/// All names of one file: identifiers after NFKC, mangled names, qualified names.
pub struct Interner<'a> {
    arena: &'a Bump,
    names: Vec<&'a str>,
    table: HashTable<NameId>,
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

impl<'a> Interner<'a> {
    /// An interner that holds the names of [`known`] and nothing else.
    pub fn new(arena: &'a Bump) -> Interner<'a> {
        let mut interner = Interner { arena, names: Vec::with_capacity(512), table: HashTable::with_capacity(512) };
        for (i, text) in known::ALL.iter().enumerate() {
            let id = interner.intern_static(text);
            debug_assert_eq!(id.index(), i, "{text} is listed twice");
        }
        interner
    }

    /// The number of a name, given one if it had none. The text is copied to the arena.
    pub fn intern(&mut self, text: &str) -> NameId {
        let arena = self.arena;
        self.insert(text, |text| arena.alloc_str(text))
    }

    /// The same for a text that lives as long as the arena, which is not copied.
    pub fn intern_borrowed(&mut self, text: &'a str) -> NameId {
        let hashed = hash(text);
        if let Some(&id) = self.table.find(hashed, |&id| self.names[id.index()] == text) {
            return id;
        }
        self.push(hashed, text)
    }

    fn intern_static(&mut self, text: &'static str) -> NameId {
        self.intern_borrowed(text)
    }

    fn insert(&mut self, text: &str, store: impl FnOnce(&str) -> &'a str) -> NameId {
        let hashed = hash(text);
        if let Some(&id) = self.table.find(hashed, |&id| self.names[id.index()] == text) {
            return id;
        }
        self.push(hashed, store(text))
    }

    fn push(&mut self, hashed: u64, stored: &'a str) -> NameId {
        let id = NameId(self.names.len() as u32);
        self.names.push(stored);
        let names = &self.names;
        self.table.insert_unique(hashed, id, |&id| hash(names[id.index()]));
        id
    }

    /// The number of a name that is there already.
    pub fn find(&self, text: &str) -> Option<NameId> {
        self.table.find(hash(text), |&id| self.names[id.index()] == text).copied()
    }

    /// A name's text.
    #[inline]
    pub fn text(&self, id: NameId) -> &'a str {
        self.names[id.index()]
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
            /// Their texts, by number.
            pub const ALL: &[&str] = &[$($text,)*];
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
