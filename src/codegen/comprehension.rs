//! Comprehensions and generator expressions. Those that run in the frame around them are completed by
//! [`super::inlined_comprehension`].

use super::intrinsic::{resume, unary};
use super::{CodeGenerator, FrameBlockKind, ParameterCounts, ScopeType};
use crate::ast::{Comprehension, Expr, ExprKind};
use crate::diagnostics::Result;
use crate::ir::LabelId;
use crate::source::{Location, NameId, known};
use crate::symtable::{ScopeKey, ScopePart};
use crate::target::Op;

/// The four forms.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ComprehensionForm {
    Generator,
    List,
    Set,
    Dict,
}

impl ComprehensionForm {
    /// The name of the code object that the comprehension becomes, unless it is inlined.
    fn name(self) -> NameId {
        match self {
            ComprehensionForm::Generator => known::GENEXPR,
            ComprehensionForm::List => known::LISTCOMP,
            ComprehensionForm::Set => known::SETCOMP,
            ComprehensionForm::Dict => known::DICTCOMP,
        }
    }

    /// The instruction that makes the empty container; a generator has none.
    fn build(self) -> Option<Op> {
        match self {
            ComprehensionForm::Generator => None,
            ComprehensionForm::List => Some(Op::BuildList),
            ComprehensionForm::Set => Some(Op::BuildSet),
            ComprehensionForm::Dict => Some(Op::BuildMap),
        }
    }
}

/// Where a generator of a comprehension finds what it goes over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum IterPlace {
    /// In the parameter of the code object for the outermost generator, nowhere yet for the others.
    Local,
    IterableOnStack,
    IteratorOnStack,
}

/// What a comprehension consists of, and its location.
#[derive(Clone, Copy)]
struct Parts<'a> {
    form: ComprehensionForm,
    location: Location,
    generators: &'a [Comprehension<'a>],
    elt: &'a Expr<'a>,
    /// Of a dict comprehension: the value, where `elt` is the key.
    value: Option<&'a Expr<'a>>,
}

impl<'a> Parts<'a> {
    fn of(e: &'a Expr<'a>) -> Option<Parts<'a>> {
        let (form, elt, value, generators) = match e.kind {
            ExprKind::GeneratorExp { elt, generators } => (ComprehensionForm::Generator, elt, None, generators),
            ExprKind::ListComp { elt, generators } => (ComprehensionForm::List, elt, None, generators),
            ExprKind::SetComp { elt, generators } => (ComprehensionForm::Set, elt, None, generators),
            ExprKind::DictComp { key, value, generators } => (ComprehensionForm::Dict, key, value, generators),
            _ => return None,
        };
        Some(Parts { form, location: e.location, generators, elt, value })
    }
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_comprehension`.
    pub(super) fn visit_comprehension(&mut self, e: &'a Expr<'a>) -> Result<()> {
        let Some(parts) = Parts::of(e) else {
            return self.internal_error("a comprehension of an unknown form");
        };
        let [outermost, ..] = parts.generators else {
            return self.internal_error("a comprehension without a generator");
        };
        let key = ScopeKey::new(e, ScopePart::Body);
        let Some(id) = self.table.lookup(key) else {
            return self.internal_error("a scope is missing from the symbol table");
        };
        let location = e.location;
        let makes_iterator = self.target.features.comprehension_makes_iterator;
        let is_checked = self.target.features.symtable_refuses_async || parts.form == ComprehensionForm::Generator;
        if !is_checked && self.table.scope(id).is_coroutine && !self.awaits() {
            return self.error(e.location, "asynchronous comprehension outside of an asynchronous function");
        }
        if self.table.scope(id).is_inlined_comprehension {
            self.visit_outermost_iterable(outermost)?;
            let state = self.push_inlined_comprehension(location, id)?;
            if let Some(build) = parts.form.build() {
                self.emit_arg(build, 0, location);
                self.emit_swap(2, location);
            }
            let place = if makes_iterator { IterPlace::IterableOnStack } else { IterPlace::IteratorOnStack };
            self.visit_generator(&parts, 0, 0, place)?;
            self.pop_inlined_comprehension(location, state);
            return Ok(());
        }
        let is_async = self.table.scope(id).is_coroutine;
        // The outermost iterable, or an iterator over it, is the one argument.
        let counts = ParameterCounts { args: 1, ..ParameterCounts::default() };
        self.enter_scope_id(parts.form.name(), ScopeType::Comprehension, id, location.line, None, counts, None);
        self.set_cursor(location);
        let mut place = IterPlace::Local;
        if makes_iterator && parts.form == ComprehensionForm::Generator {
            self.insert_iterator_before_generator(outermost);
            place = IterPlace::IteratorOnStack;
        }
        if let Some(build) = parts.form.build() {
            self.emit_arg(build, 0, location);
        }
        self.visit_generator(&parts, 0, 0, place)?;
        if parts.form == ComprehensionForm::Generator {
            self.wrap_in_stop_iteration_handler();
        } else {
            self.emit(Op::ReturnValue, location);
        }
        let code = self.exit_scope(true)?;
        self.make_closure(location, code, 0)?;
        self.visit_outermost_iterable(outermost)?;
        self.emit_arg(Op::Call, 0, location);
        if is_async && parts.form != ComprehensionForm::Generator {
            self.emit_await(location);
        }
        Ok(())
    }

    /// The outermost iterable, up to 3.14 made an iterator at once. Mirrors CPython 3.14: `codegen_comprehension_iter`.
    fn visit_outermost_iterable(&mut self, generator: &Comprehension<'a>) -> Result<()> {
        self.visit_expr(generator.iter)?;
        if !self.target.features.comprehension_makes_iterator {
            self.emit_get_iter(generator);
        }
        Ok(())
    }

    fn emit_get_iter(&mut self, generator: &Comprehension<'a>) {
        let op = if generator.is_async { Op::GetAiter } else { Op::GetIter };
        self.emit(op, generator.iter.location);
    }

    /// A generator expression makes its outermost iterator before its generator. Mirrors CPython 3.15: `codegen_comprehension`.
    fn insert_iterator_before_generator(&mut self, outermost: &Comprehension<'a>) {
        let location = outermost.iter.location;
        let get = if outermost.is_async { Op::GetAiter } else { Op::GetIter };
        let seq = self.seq();
        seq.insert(0, Op::Resume, resume::AT_GEN_EXPR_START, Location::NONE);
        seq.insert(1, Op::LoadFast, 0, location);
        seq.insert(2, get, 0, location);
    }

    /// The loop of one generator and those within it. Mirrors CPython 3.14: `codegen_comprehension_generator`.
    fn visit_generator(&mut self, parts: &Parts<'a>, index: usize, depth: u32, place: IterPlace) -> Result<()> {
        self.enter_recursion()?;
        if parts.generators[index].is_async {
            self.visit_async_generator(parts, index, depth, place)?;
        } else {
            self.visit_sync_generator(parts, index, depth, place)?;
        }
        self.leave_recursion();
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_sync_comprehension_generator`.
    fn visit_sync_generator(
        &mut self,
        parts: &Parts<'a>,
        index: usize,
        mut depth: u32,
        place: IterPlace,
    ) -> Result<()> {
        let start = self.new_label();
        let if_cleanup = self.new_label();
        let anchor = self.new_label();
        let generator = &parts.generators[index];
        let mut loops = true;
        // Up to 3.14 the caller has made the iterator of the outermost generator.
        let mut is_iterator = place == IterPlace::IteratorOnStack;
        if place == IterPlace::Local {
            if index == 0 {
                self.emit_arg(Op::LoadFast, 0, parts.location);
                is_iterator = !self.target.features.comprehension_makes_iterator;
            } else if let Some(only) = only_element(generator.iter) {
                // `for y in [f(x)]` is an assignment in disguise.
                self.visit_expr(only)?;
                loops = false;
            } else {
                self.visit_expr(generator.iter)?;
            }
        }
        if loops {
            if !is_iterator {
                self.emit_get_iter(generator);
            }
            if self.target.comprehensions_iterate_iterators() {
                self.emit_get_iter(generator);
            }
            depth += self.target.iterator_entries();
            self.use_label(start);
            self.emit_jump(Op::ForIter, anchor, generator.iter.location);
        }
        self.visit_expr(generator.target)?;
        let element = self.visit_conditions_and_element(parts, index, depth, if_cleanup)?;
        self.use_label(if_cleanup);
        if loops {
            self.emit_jump(Op::Jump, start, element);
            self.use_label(anchor);
            // A generator that is exhausted goes to the first of the two, any other iterator behind it.
            self.emit_for_end(Location::NONE);
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_async_comprehension_generator`.
    fn visit_async_generator(&mut self, parts: &Parts<'a>, index: usize, depth: u32, place: IterPlace) -> Result<()> {
        let location = parts.location;
        let start = self.new_label();
        let send = self.new_label();
        let except = self.new_label();
        let if_cleanup = self.new_label();
        let generator = &parts.generators[index];
        let mut is_iterator = place == IterPlace::IteratorOnStack;
        if place == IterPlace::Local {
            if index == 0 {
                self.emit_arg(Op::LoadFast, 0, location);
                is_iterator = !self.target.features.comprehension_makes_iterator;
            } else {
                self.visit_expr(generator.iter)?;
            }
        }
        if !is_iterator {
            self.emit_get_iter(generator);
        }
        self.use_label(start);
        self.push_frame_block(location, FrameBlockKind::AsyncComprehensionGenerator, start, LabelId::NONE)?;
        self.emit_jump(Op::SetupFinally, except, location);
        self.emit(Op::GetAnext, location);
        self.emit_null_index(location);
        self.emit_none(location);
        if self.async_loops_end_with_send() {
            self.use_label(send);
        }
        self.emit_yield_from(location, true);
        self.emit(Op::PopBlock, location);
        self.visit_expr(generator.target)?;
        let element = self.visit_conditions_and_element(parts, index, depth + 1, if_cleanup)?;
        self.use_label(if_cleanup);
        self.emit_jump(Op::Jump, start, element);
        self.pop_frame_block();
        self.use_label(except);
        self.emit_async_for_end(send, location);
        Ok(())
    }

    /// The conditions of a generator, then the next generator, or after the last one the element.
    ///
    /// Gives the location of the element, which the jump back to the loop's start takes.
    fn visit_conditions_and_element(
        &mut self,
        parts: &Parts<'a>,
        index: usize,
        depth: u32,
        if_cleanup: LabelId,
    ) -> Result<Location> {
        for condition in parts.generators[index].ifs {
            self.jump_if(parts.location, condition, if_cleanup, false)?;
        }
        if index + 1 < parts.generators.len() {
            self.visit_generator(parts, index + 1, depth, IterPlace::Local)?;
            return Ok(parts.elt.location);
        }
        self.visit_element(parts, depth)
    }

    /// Yields the element or adds it to the container, which is below `depth` iterators.
    fn visit_element(&mut self, parts: &Parts<'a>, depth: u32) -> Result<Location> {
        let location = parts.elt.location;
        // PEP 798: a starred element adds all of its own.
        let (elt, unpacks) = match parts.elt.kind {
            ExprKind::Starred { value, .. } => (value, true),
            _ => (parts.elt, false),
        };
        self.visit_expr(elt)?;
        match (parts.form, parts.value) {
            (ComprehensionForm::Generator, _) if unpacks => self.emit_yield_each(location),
            (ComprehensionForm::Generator, _) => {
                self.emit_yield(location);
                self.emit(Op::PopTop, location);
            }
            (ComprehensionForm::List, _) => {
                let op = if unpacks { Op::ListExtend } else { Op::ListAppend };
                self.emit_arg(op, depth + 1, location);
            }
            (ComprehensionForm::Set, _) => {
                let op = if unpacks { Op::SetUpdate } else { Op::SetAdd };
                self.emit_arg(op, depth + 1, location);
            }
            (ComprehensionForm::Dict, None) => self.emit_arg(Op::DictUpdate, depth + 1, location),
            (ComprehensionForm::Dict, Some(value)) => {
                self.visit_expr(value)?;
                let location = location.to(value.location);
                self.emit_arg(Op::MapAdd, depth + 1, location);
                return Ok(location);
            }
        }
        Ok(location)
    }

    /// Yields each element of the iterable on the stack.
    fn emit_yield_each(&mut self, location: Location) {
        let start = self.new_label();
        let end = self.new_label();
        self.emit_arg(Op::GetIter, 0, location);
        self.use_label(start);
        self.emit_jump(Op::ForIter, end, location);
        self.emit_yield(location);
        self.emit(Op::PopTop, location);
        self.emit_jump(Op::Jump, start, Location::NONE);
        self.use_label(end);
        self.emit_for_end(Location::NONE);
    }

    /// Ends a generator or coroutine: a `StopIteration` that leaves it becomes a `RuntimeError` (PEP 479).
    ///
    /// Mirrors CPython 3.14: `codegen_wrap_in_stopiteration_handler`.
    pub(super) fn wrap_in_stop_iteration_handler(&mut self) {
        if !self.target.features.stop_iteration_is_caught_by_code {
            return;
        }
        let handler = self.new_label();
        // The handler is for what the generator runs, not for what makes it.
        let start =
            self.seq().instructions.iter().take(8).position(|i| i.op == Op::ReturnGenerator).map_or(0, |at| at + 2);
        self.seq().insert_jump(start, Op::SetupCleanup, handler, Location::NONE);
        self.emit_none(Location::NONE);
        self.emit(Op::ReturnValue, Location::NONE);
        self.use_label(handler);
        self.emit_arg(Op::CallIntrinsic1, unary::STOPITERATION_ERROR, Location::NONE);
        self.emit_arg(Op::Reraise, 1, Location::NONE);
    }
}

/// The element of a list or tuple that has just one, not starred.
fn only_element<'a>(e: &'a Expr<'a>) -> Option<&'a Expr<'a>> {
    match e.kind {
        ExprKind::List { elts: &[elt], .. } | ExprKind::Tuple { elts: &[elt], .. }
            if !super::display::is_starred(elt) =>
        {
            Some(elt)
        }
        _ => None,
    }
}
