//! The table's entries: one scope each, with what is known of the names in it.

use super::{SymbolMap, SymbolTable};
use crate::source::{Location, NameId};
use bumpalo::Bump;

/// The number of a scope in its [`super::SymbolTable`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ScopeId(pub u32);

/// Which part of a node opens a scope. One node may open several: a function with type parameters and annotations opens three.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ScopePart {
    /// The body of a module, function, class, lambda, comprehension or type alias.
    Body,
    /// The type parameters of a function, class or type alias.
    TypeParams,
    /// A type parameter's bound.
    Bound,
    /// A type parameter's default.
    Default,
}

/// How the symbol table is asked for a scope: a node of the tree, by its address, and a part of it.
///
/// | scope | node | part |
/// |---|---|---|
/// | module | the `&Module` that the table was built from | `Body` |
/// | function | the `&'a FunctionDef` within its statement | `Body` |
/// | type parameters of a function | the same | `TypeParams` |
/// | class | the `&'a ClassDef` within its statement | `Body` |
/// | type parameters of a class | the same | `TypeParams` |
/// | lambda, comprehension, generator expression | the `&'a Expr` | `Body` |
/// | type alias | the `&'a Stmt` | `Body` |
/// | type parameters of an alias | the same | `TypeParams` |
/// | bound or constraints of a type parameter | the `&TypeParam` within the slice | `Bound` |
/// | default of a type parameter | the same | `Default` |
///
/// The annotations of the body of a module, a class or a function have no key: they are the owner's
/// [`Scope::annotation_block`]; nor have those of its parameters and its result, which are its [`Scope::signature_block`].
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct ScopeKey {
    /// The node's address and the number of the part; 0 for a scope that is not asked for.
    number: u64,
}

impl ScopeKey {
    /// The key of a part of a node.
    pub fn new<T>(node: &T, part: ScopePart) -> ScopeKey {
        const { assert!(align_of::<T>() >= 8 && ScopePart::Default as u64 + 1 < 8) };
        ScopeKey { number: std::ptr::from_ref(node) as u64 + part as u64 + 1 }
    }

    /// A number that scatters well in its upper bits.
    #[inline]
    pub(super) const fn hash(self) -> u64 {
        self.number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

/// CPython's `_Py_block_ty`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BlockType {
    Function,
    Class,
    Module,
    Annotation,
    TypeAlias,
    TypeParameters,
    TypeVariable,
}

/// CPython's `_Py_comprehension_ty`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ComprehensionType {
    None,
    List,
    Dict,
    Set,
    Generator,
}

/// Where a name lives, seen from a scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NameScope {
    /// Not resolved, or not a name of this scope.
    Unknown,
    Local,
    GlobalExplicit,
    GlobalImplicit,
    Free,
    Cell,
}

/// What is known of a name in a scope: flags (CPython's `DEF_*`) and where it lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Symbol {
    pub flags: u32,
    pub scope: NameScope,
}

impl Symbol {
    /// Declared global.
    pub const DEF_GLOBAL: u32 = 1;
    /// Bound in this scope.
    pub const DEF_LOCAL: u32 = 2;
    /// A parameter.
    pub const DEF_PARAM: u32 = 2 << 1;
    /// Declared nonlocal.
    pub const DEF_NONLOCAL: u32 = 2 << 2;
    /// Read.
    pub const USE: u32 = 2 << 3;
    /// Free in an inner class scope.
    pub const DEF_FREE_CLASS: u32 = 2 << 5;
    /// Bound by an import.
    pub const DEF_IMPORT: u32 = 2 << 6;
    /// Annotated.
    pub const DEF_ANNOT: u32 = 2 << 7;
    /// Target of a comprehension's iteration.
    pub const DEF_COMP_ITER: u32 = 2 << 8;
    /// A type parameter.
    pub const DEF_TYPE_PARAM: u32 = 2 << 9;
    /// A cell of an inlined comprehension.
    pub const DEF_COMP_CELL: u32 = 2 << 10;
    /// Bound in any way (CPython's `DEF_BOUND`).
    pub const DEF_BOUND: u32 = Self::DEF_LOCAL | Self::DEF_PARAM | Self::DEF_IMPORT | Self::DEF_TYPE_PARAM;
}

/// One scope (CPython's `PySTEntryObject`).
#[derive(Debug)]
pub struct Scope<'a> {
    /// What the table is asked for it by.
    pub(super) key: ScopeKey,
    pub name: NameId,
    pub block: BlockType,
    pub comprehension: ComprehensionType,
    /// In the order in which the names were first met, which decides the order of some outputs.
    pub symbols: SymbolMap<'a>,
    /// How many of the symbols are parameters (the length of `ste_varnames`).
    pub parameter_count: u32,
    /// The flags that any symbol got in the first pass.
    pub(super) any_flags: u32,
    /// See [`Scope::has_plain_names`].
    pub(super) has_plain_names: bool,
    /// There may be names in it that a class has without binding them.
    pub(super) has_special_names: bool,
    /// The scopes directly within are a list (`ste_children`): its ends, and the next in the list that this scope is in.
    /// No scope has the module's within, so that its number ends a list.
    pub(super) first_child: ScopeId,
    pub(super) last_child: ScopeId,
    pub(super) next_sibling: ScopeId,
    /// For type parameter scopes of a class: the names that mangling applies to, in ascending order; absent where it applies
    /// to all.
    pub mangled_names: Option<&'a [NameId]>,
    /// The scope of this scope's annotations.
    pub annotation_block: Option<ScopeId>,
    /// The scope of the annotations of a function's parameters and result, where they are deferred.
    pub signature_block: Option<ScopeId>,
    pub location: Location,
    pub is_nested: bool,
    pub is_generator: bool,
    pub is_coroutine: bool,
    pub annotations_used: bool,
    pub has_varargs: bool,
    pub has_varkeywords: bool,
    pub returns_value: bool,
    pub needs_class_closure: bool,
    pub needs_classdict: bool,
    pub is_inlined_comprehension: bool,
    pub can_see_class_scope: bool,
    pub has_docstring: bool,
    pub is_method: bool,
    pub has_conditional_annotations: bool,
    /// A function directly in this class has no annotations: the scope that CPython makes for them all the same would need the
    /// class's dictionary.
    pub(super) has_unannotated_functions: bool,
}

impl<'a> Scope<'a> {
    /// A scope of which nothing is known but what it is.
    #[inline]
    pub(super) fn new(arena: &'a Bump, key: ScopeKey, name: NameId, block: BlockType, location: Location) -> Scope<'a> {
        Scope {
            key,
            name,
            block,
            comprehension: ComprehensionType::None,
            symbols: SymbolMap::new(arena),
            parameter_count: 0,
            any_flags: 0,
            has_plain_names: false,
            has_special_names: false,
            first_child: SymbolTable::MODULE,
            last_child: SymbolTable::MODULE,
            next_sibling: SymbolTable::MODULE,
            mangled_names: None,
            annotation_block: None,
            signature_block: None,
            location,
            is_nested: false,
            is_generator: false,
            is_coroutine: false,
            annotations_used: false,
            has_varargs: false,
            has_varkeywords: false,
            returns_value: false,
            needs_class_closure: false,
            needs_classdict: false,
            is_inlined_comprehension: false,
            can_see_class_scope: false,
            has_docstring: false,
            is_method: false,
            has_conditional_annotations: false,
            has_unannotated_functions: false,
        }
    }

    /// What is known of a (mangled) name; nothing is a symbol without flags.
    #[inline]
    pub fn symbol(&self, name: NameId) -> Symbol {
        self.symbols.get(name).copied().unwrap_or(Symbol { flags: 0, scope: NameScope::Unknown })
    }

    /// Where a (mangled) name lives (CPython's `_PyST_GetScope`).
    #[inline]
    pub fn scope_of(&self, name: NameId) -> NameScope {
        self.symbol(name).scope
    }

    /// Whether names here may live in the module's scope because that was said, here or in a class that is looked into.
    #[inline]
    pub fn may_have_explicit_globals(&self) -> bool {
        self.any_flags & Symbol::DEF_GLOBAL != 0 || self.can_see_class_scope
    }

    /// Whether this is a function, class or module without cells and free variables, but for cells that it does not bind, in which no name
    /// is declared global. A function's parameters are its first symbols.
    #[inline]
    pub fn has_plain_names(&self) -> bool {
        self.has_plain_names
    }

    /// Whether this scope has cells that it does not bind.
    #[inline]
    pub fn needs_cells(&self) -> bool {
        self.needs_class_closure | self.needs_classdict | self.has_conditional_annotations
    }

    /// Whether names bound here are fast locals (CPython's `_PyST_IsFunctionLike`).
    #[inline]
    pub fn is_function_like(&self) -> bool {
        !matches!(self.block, BlockType::Module | BlockType::Class)
    }
}
