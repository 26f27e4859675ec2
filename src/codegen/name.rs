//! Loading, storing and deleting names.

use super::CodeGenerator;
use crate::ast::ExprContext;
use crate::diagnostics::Result;
use crate::ir::OrderedSet;
use crate::object::{CodeObject, local_kind};
use crate::source::{Location, NameId, known};
use crate::symtable::{BlockType, NameScope, Scope, is_class_cell};
use crate::target::Op;

/// Where code finds a name (CPython's `_PyCompile_optype`).
#[derive(Clone, Copy, PartialEq)]
enum NameAccess {
    Fast,
    Global,
    Deref,
    Name,
}

/// The instructions that load, store and delete a name, by [`NameAccess`] and [`ExprContext`].
const ACCESS: [[Op; 3]; 4] = [
    [Op::LoadFast, Op::StoreFast, Op::DeleteFast],
    [Op::LoadGlobal, Op::StoreGlobal, Op::DeleteGlobal],
    [Op::LoadDeref, Op::StoreDeref, Op::DeleteDeref],
    [Op::LoadName, Op::StoreName, Op::DeleteName],
];

/// How the current unit accesses a name, in one number: what the access is, whether the name has a place, and that place.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct KnownAccess(u32);

impl KnownAccess {
    /// Set where the name gets its place when it is first accessed.
    const HAS_NO_PLACE: u32 = 4;

    /// That more is needed to access the name than one instruction: nothing is known.
    pub(super) const IS_SPECIAL: KnownAccess = KnownAccess(KnownAccess::HAS_NO_PLACE | NameAccess::Deref as u32 | 8);

    #[inline]
    const fn new(access: NameAccess, place: u32) -> KnownAccess {
        KnownAccess(place << 3 | access as u32)
    }

    #[inline]
    const fn without_place(access: NameAccess) -> KnownAccess {
        KnownAccess(access as u32 | KnownAccess::HAS_NO_PLACE)
    }

    #[inline]
    const fn has_place(self) -> bool {
        self.0 & KnownAccess::HAS_NO_PLACE == 0
    }

    /// That to the first of the local variables, or to one so many places behind it.
    #[inline]
    pub(super) const fn to_local(place: u32) -> KnownAccess {
        KnownAccess::new(NameAccess::Fast, place)
    }

    /// Whether it is one to a local variable that has no place yet.
    #[inline]
    pub(super) fn is_to_local(self) -> bool {
        self == KnownAccess::without_place(NameAccess::Fast)
    }

    /// Whether it is one by a name in `co_names`.
    #[inline]
    pub(super) const fn is_by_name(self) -> bool {
        matches!(self.0 & 3, 1 | 3)
    }

    /// The same access, which has no place yet, with a place.
    #[inline]
    pub(super) const fn with_place(self, place: u32) -> KnownAccess {
        KnownAccess(place << 3 | self.0 & 3)
    }

    /// The same access, if it is one to a cell that has no place yet; with a place.
    #[inline]
    pub(super) fn placed_cell(self, place: u32) -> Option<KnownAccess> {
        (self == KnownAccess::without_place(NameAccess::Deref)).then(|| self.with_place(place))
    }
}

/// What decides how a unit accesses the names of its scope.
#[derive(Clone, Copy)]
struct AccessRules {
    is_function_like: bool,
    in_class: bool,
    can_see_class_scope: bool,
    in_comprehension: bool,
}

impl AccessRules {
    #[inline]
    fn of(scope: &Scope, in_comprehension: bool) -> AccessRules {
        AccessRules {
            is_function_like: scope.is_function_like(),
            in_class: scope.block == BlockType::Class,
            can_see_class_scope: scope.can_see_class_scope,
            in_comprehension,
        }
    }

    /// How names of this scope are accessed, those aside that are fast locals of a comprehension.
    const fn access(self, scope: NameScope) -> NameAccess {
        match scope {
            NameScope::Local if self.is_function_like => NameAccess::Fast,
            NameScope::Free | NameScope::Cell => NameAccess::Deref,
            NameScope::GlobalImplicit if self.is_function_like => NameAccess::Global,
            NameScope::GlobalExplicit => NameAccess::Global,
            _ => NameAccess::Name,
        }
    }

    /// Whether a name that is accessed in this way is loaded by the one instruction for that.
    const fn loads_plainly(self, access: NameAccess, scope: NameScope) -> bool {
        match access {
            NameAccess::Fast => true,
            NameAccess::Global => !(self.can_see_class_scope && matches!(scope, NameScope::GlobalImplicit)),
            NameAccess::Deref => !self.in_class && !self.can_see_class_scope,
            NameAccess::Name => !self.in_class || !self.in_comprehension,
        }
    }

    const fn plain_accesses(self) -> PlainAccesses {
        use NameScope::*;
        let scopes = [Unknown, Local, GlobalExplicit, GlobalImplicit, Free, Cell];
        let mut found = [KnownAccess::IS_SPECIAL; 6];
        let mut i = 0;
        while i < scopes.len() {
            let access = self.access(scopes[i]);
            if self.loads_plainly(access, scopes[i]) {
                found[scopes[i] as usize] = KnownAccess::without_place(access);
            }
            i += 1;
        }
        found
    }
}

/// For each [`NameScope`] how a unit without comprehensions accesses names of it, if each access is one instruction.
pub(super) type PlainAccesses = [KnownAccess; 6];

/// By what sort of scope it is.
static PLAIN_ACCESSES: [PlainAccesses; 8] = {
    let mut all = [[KnownAccess::IS_SPECIAL; 6]; 8];
    let mut i = 0;
    while i < all.len() {
        let (is_function_like, in_class, can_see_class_scope) = (i & 1 != 0, i & 2 != 0, i & 4 != 0);
        let in_comprehension = false;
        all[i] = AccessRules { is_function_like, in_class, can_see_class_scope, in_comprehension }.plain_accesses();
        i += 1;
    }
    all
};

/// What is known of the names of a unit that starts.
pub(super) fn plain_accesses(scope: &Scope) -> &'static PlainAccesses {
    let AccessRules { is_function_like, in_class, can_see_class_scope, .. } = AccessRules::of(scope, false);
    &PLAIN_ACCESSES[is_function_like as usize | (in_class as usize) << 1 | (can_see_class_scope as usize) << 2]
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_nameop`.
    #[inline]
    pub(crate) fn emit_name_access(&mut self, location: Location, name: NameId, ctx: ExprContext) -> Result<()> {
        self.emit_name_at(&location, name, ctx)
    }

    /// The same with the location where it is.
    #[inline(always)]
    pub(super) fn emit_name_at(&mut self, location: &Location, name: NameId, ctx: ExprContext) -> Result<()> {
        match self.unit.lookups.access(name) {
            Some(known) if known.has_place() => self.emit_known_access(known, ctx, location),
            _ => self.emit_first_access(location, name, ctx),
        }
        Ok(())
    }

    #[inline]
    fn emit_known_access(&mut self, known: KnownAccess, ctx: ExprContext, location: &Location) {
        self.emit_access(ACCESS[(known.0 & 3) as usize][ctx as usize], known.0 >> 3, location);
    }

    /// An access to a name that has no place in the unit yet.
    #[inline(never)]
    fn emit_first_access(&mut self, location: &Location, name: NameId, ctx: ExprContext) {
        match self.first_access(name) {
            Some(known) => self.emit_known_access(known, ctx, location),
            None => self.emit_unknown_access(location, name, ctx),
        }
    }

    /// The same where nothing is known of the name.
    #[inline(never)]
    fn emit_unknown_access(&mut self, location: &Location, name: NameId, ctx: ExprContext) {
        if !self.cx.names.is_private(name)
            && let Some(known) = self.first_mangled_access(name)
        {
            return self.emit_known_access(known, ctx, location);
        }
        let mangled = self.maybe_mangle(name);
        let own = self.scope();
        let scope = own.scope_of(mangled);
        let rules = AccessRules::of(own, self.unit.in_inlined_comprehension > 0);
        let (access, arg) = self.resolve_name(mangled, scope, rules);
        let mut op = ACCESS[access as usize][ctx as usize];
        if rules.loads_plainly(access, scope) {
            let known = KnownAccess::new(access, arg);
            let name_count = self.cx.names.len();
            self.unit.lookups.remember_access(mangled, known, name_count);
            if name != mangled {
                self.unit.lookups.has_mangled = true;
                self.unit.lookups.remember_access(name, known, name_count);
            }
        } else if ctx == ExprContext::Load {
            op = match access {
                NameAccess::Deref => self.prepare_deref_load(*location),
                NameAccess::Global => {
                    self.emit_classdict(*location);
                    Op::LoadFromDictOrGlobals
                }
                NameAccess::Name | NameAccess::Fast => Op::LoadGlobal,
            };
        }
        self.emit_access(op, arg, location);
    }

    #[inline]
    fn emit_access(&mut self, op: Op, arg: u32, location: &Location) {
        // The low bit of LOAD_GLOBAL asks for a NULL besides the value, which the graph's builder may set later.
        self.push(op, arg << (op == Op::LoadGlobal) as u32, location);
    }

    /// The place of a (mangled) name among the local variables, which it gets if it has none.
    fn local_place(&mut self, name: NameId) -> u32 {
        position(&mut self.unit.code.metadata.varnames, name)
    }

    /// How a free variable or cell is read here; what the instruction expects on the stack is pushed.
    fn prepare_deref_load(&mut self, location: Location) -> Op {
        if self.scope().block == BlockType::Class && self.target.has(Op::LoadClassderef) {
            return Op::LoadClassderef;
        }
        if self.scope().block == BlockType::Class && self.unit.in_inlined_comprehension == 0 {
            self.emit(Op::LoadLocals, location);
            Op::LoadFromDictOrDeref
        } else if self.scope().can_see_class_scope {
            self.emit_classdict(location);
            Op::LoadFromDictOrDeref
        } else {
            Op::LoadDeref
        }
    }

    /// Mirrors CPython 3.14: `codegen_load_classdict_freevar`, whose argument is the place among the free variables alone.
    pub(crate) fn emit_classdict(&mut self, location: Location) {
        let arg = self.freevar_argument(known::CLASSDICT);
        self.emit_arg(Op::LoadDeref, arg, location);
    }

    /// Mirrors CPython 3.14: `_PyCompile_ResolveNameop`.
    fn resolve_name(&mut self, mangled: NameId, scope: NameScope, rules: AccessRules) -> (NameAccess, u32) {
        let is_hidden = || self.unit.code.metadata.fasthidden.get(&mangled).copied().unwrap_or(false);
        let access = match rules.access(scope) {
            NameAccess::Name if scope == NameScope::Local && is_hidden() => NameAccess::Fast,
            access => access,
        };
        let place = match access {
            NameAccess::Fast => self.local_place(mangled),
            NameAccess::Deref if scope == NameScope::Free => self.freevar_argument(mangled),
            NameAccess::Deref => self.cellvar_argument(mangled),
            NameAccess::Global | NameAccess::Name => self.name_place(mangled),
        };
        (access, place)
    }

    /// The argument that means a cell.
    pub(crate) fn cellvar_argument(&mut self, name: NameId) -> u32 {
        position(&mut self.unit.code.metadata.cellvars, name)
    }

    /// The argument that means a free variable: free variables are counted behind the cells.
    pub(crate) fn freevar_argument(&mut self, name: NameId) -> u32 {
        self.unit.code.metadata.cellvars.len() as u32 + position(&mut self.unit.code.metadata.freevars, name)
    }

    /// Where a name of an inner code object's closure lives here, among cells and free variables.
    ///
    /// Mirrors CPython 3.14: `_PyCompile_LookupArg`, `_PyCompile_GetRefType`.
    pub(crate) fn closure_argument(&mut self, code: &CodeObject<'a>, name: NameId) -> Result<u32> {
        let implicit = is_class_cell(name, self.target);
        let in_class = self.scope().block == BlockType::Class && implicit;
        let scope = if in_class { NameScope::Cell } else { self.scope().scope_of(name) };
        let metadata = &self.unit.code.metadata;
        let place = match scope {
            NameScope::Cell => metadata.cellvars.get_index_of(&name),
            _ => metadata.freevars.get_index_of(&name).map(|place| metadata.cellvars.len() + place),
        };
        match place {
            Some(place) => Ok(place as u32),
            None => self.internal_error(&self.missing_closure_message(code, name, scope)),
        }
    }

    /// What CPython says of a name that is nowhere. That happens to `__class__` in a class's comprehension before
    /// `class_cells_reach_through_comprehensions`.
    #[cold]
    fn missing_closure_message(&self, code: &CodeObject<'a>, name: NameId, scope: NameScope) -> String {
        let names = &*self.cx.names;
        let number = match scope {
            NameScope::Unknown => 0,
            NameScope::Local => 1,
            NameScope::GlobalExplicit => 2,
            NameScope::GlobalImplicit => 3,
            NameScope::Free => 4,
            NameScope::Cell => 5,
        };
        let free: Vec<String> = code
            .localsplusnames
            .iter()
            .zip(code.localspluskinds)
            .filter(|(_, kind)| *kind & local_kind::FREE != 0)
            .map(|(&name, _)| format!("'{}'", names.text(name)))
            .collect();
        let comma = if free.len() == 1 { "," } else { "" };
        format!(
            "compiler_lookup_arg(name='{}') with reftype={number} failed in {}; freevars of code {}: ({}{comma})",
            names.text(name),
            names.text(self.unit.code.metadata.name),
            names.text(code.name),
            free.join(", ")
        )
    }
}

/// The place of a name in a table, to which it is added if it was not there (CPython's `_PyCompile_DictAddObj`).
fn position(table: &mut OrderedSet<NameId>, name: NameId) -> u32 {
    table.insert_full(name).0 as u32
}
