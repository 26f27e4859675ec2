//! Comprehensions that run in the frame around them (PEP 709): the names they bind are put aside and restored.

use super::CodeGenerator;
use super::frame_block::FrameBlockKind;
use crate::diagnostics::Result;
use crate::ir::LabelId;
use crate::source::{Location, NameId};
use crate::symtable::{BlockType, NameScope, ScopeId, Symbol, SymbolTable};
use crate::target::Op;

/// What must be undone behind the comprehension (CPython's `_PyCompile_InlinedComprehensionState`).
pub(super) struct InlinedComprehension {
    /// The outer symbols that the comprehension's have replaced.
    outer_symbols: Vec<(NameId, Symbol)>,
    /// The names that are fast locals within the comprehension only.
    fast_hidden: Vec<NameId>,
    /// The names whose values are on the stack.
    pushed_locals: Vec<NameId>,
    /// Where the values are restored if an exception leaves the comprehension.
    cleanup: LabelId,
}

/// A name whose value is put aside.
#[derive(Clone, Copy)]
struct PushedLocal {
    name: NameId,
    /// The comprehension needs a new cell for it.
    is_cell: bool,
    is_free_outside: bool,
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `push_inlined_comprehension_state`.
    pub(super) fn push_inlined_comprehension(
        &mut self,
        location: Location,
        id: ScopeId,
    ) -> Result<InlinedComprehension> {
        let symbols: Vec<(NameId, Symbol)> = self.table.scope(id).symbols.iter().collect();
        let mut state = InlinedComprehension {
            outer_symbols: Vec::new(),
            fast_hidden: Vec::new(),
            pushed_locals: Vec::new(),
            cleanup: LabelId::NONE,
        };
        let in_class_block = self.scope().block == BlockType::Class && self.unit.in_inlined_comprehension == 0;
        let pushes_all = in_class_block && !self.target.features.class_names_stay_in_comprehensions;
        let pushed: Vec<PushedLocal> = symbols
            .iter()
            .filter(|(_, symbol)| pushes_all || is_bound_in_comprehension(*symbol))
            .map(|&(name, symbol)| PushedLocal {
                name,
                is_cell: symbol.scope == NameScope::Cell,
                // Where a class block's names are not pushed, it sees the comprehension's symbol already.
                is_free_outside: (pushes_all || !in_class_block) && self.scope().scope_of(name) == NameScope::Free,
            })
            .collect();
        self.tweak_inlined_scopes(&symbols, in_class_block, &mut state);
        self.push_inlined_locals(location, &pushed, &mut state)?;
        Ok(state)
    }

    /// Lets the current scope see names as the comprehension does.
    ///
    /// Mirrors CPython 3.14: `_PyCompile_TweakInlinedComprehensionScopes`.
    fn tweak_inlined_scopes(
        &mut self,
        symbols: &[(NameId, Symbol)],
        in_class_block: bool,
        state: &mut InlinedComprehension,
    ) {
        let function_like = self.scope().is_function_like();
        self.unit.in_inlined_comprehension += 1;
        self.inlined_in_module += (self.unit.scope == SymbolTable::MODULE) as u32;
        let outer_scope = self.table.scope_mut(self.unit.scope);
        let fasthidden = &mut self.unit.code.metadata.fasthidden;
        let lookups = &mut self.unit.lookups;
        // In a class all names are accessed in other ways within a comprehension.
        let forgets_all = outer_scope.block == BlockType::Class || lookups.has_mangled;
        if forgets_all {
            lookups.forget_accesses();
        }
        for &(name, symbol) in symbols {
            let outer = outer_scope.symbol(name);
            // A name that is free in the comprehension is looked up as around it. One that is free around it and a cell
            // within cannot be both in one function, and free serves for both.
            let differs = symbol.scope != outer.scope
                && symbol.scope != NameScope::Free
                && !(symbol.scope == NameScope::Cell && outer.scope == NameScope::Free);
            if differs || in_class_block {
                outer_scope.symbols.insert(name, symbol);
                state.outer_symbols.push((name, outer));
            }
            let bound_here = is_bound_in_comprehension(symbol) || in_class_block;
            if !forgets_all && (differs || bound_here) {
                lookups.forget_access(name);
            }
            if bound_here && !function_like && fasthidden.insert(name, true) != Some(true) {
                state.fast_hidden.push(name);
            }
        }
    }

    /// Pushes the values, or cells, of the names that the comprehension binds.
    ///
    /// Mirrors CPython 3.14: `codegen_push_inlined_comprehension_locals`. There the test for a class block comes when the
    /// comprehension is entered already, so that it never holds.
    /// The handler counts as a nested block in the newest patch of each release, since the flow graph has room for no more.
    fn push_inlined_locals(
        &mut self,
        location: Location,
        pushed: &[PushedLocal],
        state: &mut InlinedComprehension,
    ) -> Result<()> {
        for &PushedLocal { name, is_cell, is_free_outside } in pushed {
            self.emit_local(Op::LoadFastAndClear, name, location);
            if is_cell {
                let cell = self.maybe_mangle(name);
                let arg = if is_free_outside { self.freevar_argument(cell) } else { self.cellvar_argument(cell) };
                self.emit_arg(Op::MakeCell, arg, location);
            }
            state.pushed_locals.push(name);
        }
        if !state.pushed_locals.is_empty() {
            // The outermost iterator comes back to the top. That the values change places is undone when they are restored.
            self.emit_swap(state.pushed_locals.len() as u32 + 1, location);
            state.cleanup = self.new_label();
            if self.cx.target.features.inlined_comprehensions_are_blocks {
                self.push_frame_block(location, FrameBlockKind::TryExcept, LabelId::NONE, state.cleanup)?;
            }
            self.emit_jump(Op::SetupFinally, state.cleanup, location);
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `pop_inlined_comprehension_state`.
    pub(super) fn pop_inlined_comprehension(&mut self, location: Location, state: InlinedComprehension) {
        if !state.pushed_locals.is_empty() {
            if self.cx.target.features.inlined_comprehensions_are_blocks {
                self.pop_frame_block();
            }
            self.emit(Op::PopBlock, Location::NONE);
            let end = self.new_label();
            self.emit_inner_jump(end, Location::NONE);
            self.use_label(state.cleanup);
            // The incomplete result is below the exception.
            self.emit_swap(2, Location::NONE);
            self.emit(Op::PopTop, Location::NONE);
            self.restore_inlined_locals(location, &state.pushed_locals);
            self.emit_arg(Op::Reraise, 0, Location::NONE);
            self.use_label(end);
            self.restore_inlined_locals(location, &state.pushed_locals);
        }
        self.revert_inlined_scopes(state);
    }

    /// Mirrors CPython 3.14: `restore_inlined_comprehension_locals`.
    fn restore_inlined_locals(&mut self, location: Location, pushed_locals: &[NameId]) {
        self.emit_swap(pushed_locals.len() as u32 + 1, location);
        for &name in pushed_locals.iter().rev() {
            self.emit_local(Op::StoreFastMaybeNull, name, location);
        }
    }

    /// Mirrors CPython 3.14: `_PyCompile_RevertInlinedComprehensionScopes`.
    fn revert_inlined_scopes(&mut self, state: InlinedComprehension) {
        self.unit.in_inlined_comprehension -= 1;
        self.inlined_in_module -= (self.unit.scope == SymbolTable::MODULE) as u32;
        let scope = self.table.scope_mut(self.unit.scope);
        let lookups = &mut self.unit.lookups;
        if scope.block == BlockType::Class || lookups.has_mangled {
            lookups.forget_accesses();
        } else {
            let replaced = state.outer_symbols.iter().map(|&(name, _)| name);
            replaced.chain(state.pushed_locals.iter().copied()).for_each(|name| lookups.forget_access(name));
        }
        for (name, symbol) in state.outer_symbols {
            scope.symbols.insert(name, symbol);
        }
        for name in state.fast_hidden {
            // False rather than absent: the assembler marks names that were fast locals for a while as hidden.
            self.unit.code.metadata.fasthidden.insert(name, false);
        }
    }

    /// An instruction whose argument is the place of a name among the local variables.
    fn emit_local(&mut self, op: Op, name: NameId, location: Location) {
        let name = self.maybe_mangle(name);
        let (index, _) = self.unit.code.metadata.varnames.insert_full(name);
        self.emit_arg(op, index as u32, location);
    }
}

/// Whether a name is bound in the comprehension itself, rather than by `:=` in the scope around.
fn is_bound_in_comprehension(symbol: Symbol) -> bool {
    symbol.flags & Symbol::DEF_LOCAL != 0 && symbol.flags & Symbol::DEF_NONLOCAL == 0
}
