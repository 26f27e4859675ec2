//! Loading, storing and deleting names.

use super::CodeGenerator;
use crate::ast::ExprContext;
use crate::diagnostics::Result;
use crate::ir::OrderedSet;
use crate::object::{CodeObject, local_kind};
use crate::source::{Location, NameId, known};
use crate::symtable::{BlockType, NameScope};
use crate::target::Op;

/// Where code finds a name (CPython's `_PyCompile_optype`).
enum NameAccess {
    Fast,
    Global,
    Deref,
    Name,
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_nameop`.
    pub(crate) fn emit_name_access(&mut self, location: Location, name: NameId, ctx: ExprContext) -> Result<()> {
        let mangled = self.maybe_mangle(name);
        let scope = self.scope().scope_of(mangled);
        let (access, arg) = self.resolve_name(mangled, scope);
        let op = match (access, ctx) {
            (NameAccess::Deref, ExprContext::Load) => self.prepare_deref_load(location),
            (NameAccess::Deref, ExprContext::Store) => Op::StoreDeref,
            (NameAccess::Deref, ExprContext::Del) => Op::DeleteDeref,
            (NameAccess::Fast, ExprContext::Load) => Op::LoadFast,
            (NameAccess::Fast, ExprContext::Store) => Op::StoreFast,
            (NameAccess::Fast, ExprContext::Del) => Op::DeleteFast,
            (NameAccess::Global, ExprContext::Load) => {
                if self.scope().can_see_class_scope && scope == NameScope::GlobalImplicit {
                    self.emit_classdict(location);
                    Op::LoadFromDictOrGlobals
                } else {
                    Op::LoadGlobal
                }
            }
            (NameAccess::Global, ExprContext::Store) => Op::StoreGlobal,
            (NameAccess::Global, ExprContext::Del) => Op::DeleteGlobal,
            (NameAccess::Name, ExprContext::Load) => {
                let inlined_in_class = self.scope().block == BlockType::Class && self.unit.in_inlined_comprehension > 0;
                if inlined_in_class { Op::LoadGlobal } else { Op::LoadName }
            }
            (NameAccess::Name, ExprContext::Store) => Op::StoreName,
            (NameAccess::Name, ExprContext::Del) => Op::DeleteName,
        };
        // The low bit of LOAD_GLOBAL asks for a NULL besides the value, which the graph's builder may set later.
        let arg = if op == Op::LoadGlobal { arg << 1 } else { arg };
        self.emit_arg(op, arg, location);
        Ok(())
    }

    /// How a free variable or cell is read here; what the instruction expects on the stack is pushed.
    fn prepare_deref_load(&mut self, location: Location) -> Op {
        if self.scope().block == BlockType::Class && self.cx.target.has(Op::LoadClassderef) {
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
    fn resolve_name(&mut self, mangled: NameId, scope: NameScope) -> (NameAccess, u32) {
        let function_like = self.scope().is_function_like();
        match scope {
            NameScope::Free => return (NameAccess::Deref, self.freevar_argument(mangled)),
            NameScope::Cell => return (NameAccess::Deref, self.cellvar_argument(mangled)),
            NameScope::Local
                if function_like || self.unit.metadata.fasthidden.get(&mangled).copied().unwrap_or(false) =>
            {
                return (NameAccess::Fast, position(&mut self.unit.metadata.varnames, mangled));
            }
            _ => {}
        }
        let access = match scope {
            NameScope::GlobalImplicit if function_like => NameAccess::Global,
            NameScope::GlobalExplicit => NameAccess::Global,
            _ => NameAccess::Name,
        };
        (access, position(&mut self.unit.metadata.names, mangled))
    }

    /// The argument that means a cell.
    pub(crate) fn cellvar_argument(&mut self, name: NameId) -> u32 {
        position(&mut self.unit.metadata.cellvars, name)
    }

    /// The argument that means a free variable: free variables are counted behind the cells.
    pub(crate) fn freevar_argument(&mut self, name: NameId) -> u32 {
        self.unit.metadata.cellvars.len() as u32 + position(&mut self.unit.metadata.freevars, name)
    }

    /// Where a name of an inner code object's closure lives here, among cells and free variables.
    ///
    /// Mirrors CPython 3.14: `_PyCompile_LookupArg`, `_PyCompile_GetRefType`.
    pub(crate) fn closure_argument(&mut self, code: &CodeObject<'a>, name: NameId) -> Result<u32> {
        let implicit = matches!(name, known::CLASS | known::CLASSDICT | known::CONDITIONAL_ANNOTATIONS);
        let in_class = self.scope().block == BlockType::Class && implicit;
        let scope = if in_class { NameScope::Cell } else { self.scope().scope_of(name) };
        let metadata = &self.unit.metadata;
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
            names.text(self.unit.metadata.name),
            names.text(code.name),
            free.join(", ")
        )
    }
}

/// The place of a name in a table, to which it is added if it was not there (CPython's `_PyCompile_DictAddObj`).
fn position(table: &mut OrderedSet<NameId>, name: NameId) -> u32 {
    table.insert_full(name).0 as u32
}
