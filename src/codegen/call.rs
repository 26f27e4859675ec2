//! Calls.

use super::display::{SequenceShape, is_starred};
use super::emit::NameShape;
use super::expression::update_start_location_to_match_attr;
use super::infer_type::infer_type;
use super::intrinsic::{STACK_USE_GUIDELINE, common_constant, unary};
use super::{CodeGenerator, super_call::SuperCall};
use crate::ast::{CmpOp, Expr, ExprContext, ExprKind, Exprs, Keyword};
use crate::diagnostics::Result;
use crate::ir::LabelId;
use crate::object::{ConstCache, ConstId};
use crate::source::{Location, NameId, known};
use crate::symtable::{ScopeKey, ScopePart};
use crate::target::{Op, OpInfo};
use rustc_hash::FxHashMap;

/// Up to this many keywords are compared with each other rather than put in a table.
const FEW_KEYWORDS: usize = 12;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// The expression, a call of `func`, counts as a level of the tree. Mirrors CPython 3.14: `codegen_call`.
    #[inline]
    pub(super) fn visit_call(&mut self, e: &'a Expr<'a>, func: &'a Expr<'a>) -> Result<()> {
        match func.kind {
            ExprKind::Attribute { ctx: ExprContext::Load, .. } => self.visit_method_call(e, func),
            _ => self.visit_plain_call(e, func),
        }
    }

    /// A call of anything but a method.
    #[inline(never)]
    fn visit_plain_call(&mut self, e: &'a Expr<'a>, func: &'a Expr<'a>) -> Result<()> {
        let ExprKind::Call { args, keywords, .. } = e.kind else {
            return self.internal_error("a call was expected");
        };
        if keywords.len() > 1 {
            self.validate_keywords(keywords)?;
        }
        self.enter_recursion()?;
        if !matches!(func.kind, ExprKind::Name { .. } | ExprKind::Attribute { .. }) {
            self.check_caller(func);
        }
        let null_is_first = !self.target.features.null_follows_callable;
        if null_is_first {
            self.set_cursor(func.location);
            self.emit(Op::PushNull, func.location);
            self.set_cursor(e.location);
        }
        self.visit_expr(func)?;
        let end = match args {
            [generator] if keywords.is_empty() && matches!(generator.kind, ExprKind::GeneratorExp { .. }) => {
                self.try_builtin_of_generator(func, generator)?
            }
            _ => None,
        };
        if !null_is_first {
            self.emit(Op::PushNull, func.location);
        }
        if args.len() <= STACK_USE_GUIDELINE && keywords.is_empty() && !args.iter().any(|arg| is_starred(arg)) {
            for arg in args {
                self.visit_expr(arg)?;
            }
            self.emit_call(args.len() as u32, &e.location);
        } else {
            self.call_with_valid(e.location, 0, args, None, keywords)?;
        }
        if let Some(end) = end {
            self.use_label(end);
        }
        self.leave_recursion();
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_validate_keywords`.
    fn validate_keywords(&self, keywords: &[Keyword<'_>]) -> Result<()> {
        match repeated_keyword(keywords) {
            Some(repeated) => self.refuse_keyword(repeated),
            None => Ok(()),
        }
    }

    #[cold]
    fn refuse_keyword(&self, repeated: &Keyword<'_>) -> Result<()> {
        let name = repeated.arg.map_or("", |name| self.cx.names.text(name));
        self.error(repeated.location, format!("keyword argument repeated: {name}"))
    }

    /// Mirrors CPython 3.14: `check_caller`.
    #[inline(never)]
    fn check_caller(&mut self, e: &Expr<'_>) {
        let suspicious = matches!(
            e.kind,
            ExprKind::Constant { .. }
                | ExprKind::Tuple { .. }
                | ExprKind::List { .. }
                | ExprKind::ListComp { .. }
                | ExprKind::Dict { .. }
                | ExprKind::DictComp { .. }
                | ExprKind::Set { .. }
                | ExprKind::SetComp { .. }
                | ExprKind::GeneratorExp { .. }
                | ExprKind::JoinedStr { .. }
                | ExprKind::TemplateStr { .. }
                | ExprKind::FormattedValue { .. }
                | ExprKind::Interpolation { .. }
        );
        if suspicious && let Some(name) = infer_type(e) {
            self.warn(e.location, format!("'{name}' object is not callable; perhaps you missed a comma?"));
        }
    }

    /// Whether a name is imported at the top of the module; methods of modules are not worth the instruction for methods.
    ///
    /// Mirrors CPython 3.14: `is_import_originated`.
    fn is_import_originated(&mut self, e: &Expr<'_>) -> bool {
        let ExprKind::Name { id, .. } = e.kind else { return false };
        self.is_imported(id)
    }

    /// Whether a call of an attribute of `value` needs no bound method.
    #[inline]
    fn may_be_method_call(&mut self, value: &Expr<'_>, args: Exprs<'a>, keywords: &'a [Keyword<'a>]) -> bool {
        if self.is_import_originated(value) || args.iter().any(|arg| is_starred(arg)) {
            return false;
        }
        match keywords {
            [] => STACK_USE_GUIDELINE > args.len(),
            _ => {
                STACK_USE_GUIDELINE > args.len() + keywords.len() + 1
                    && !keywords.iter().any(|keyword| keyword.arg.is_none())
            }
        }
    }

    /// A call of a method that makes no bound method. Mirrors CPython 3.14: `maybe_optimize_method_call`.
    #[inline(never)]
    fn visit_method_call(&mut self, e: &'a Expr<'a>, func: &'a Expr<'a>) -> Result<()> {
        let (ExprKind::Call { args, keywords, .. }, ExprKind::Attribute { value, attr, .. }) = (e.kind, func.kind)
        else {
            return self.internal_error("a call of an attribute was expected");
        };
        if !self.may_be_method_call(value, args, keywords) {
            return self.visit_plain_call(e, func);
        }
        if keywords.len() > 1 {
            self.validate_keywords(keywords)?;
        }
        self.enter_recursion()?;
        match value.kind {
            ExprKind::Call { keywords: [], .. } => self.load_method_of_call(func, value, attr)?,
            _ => {
                self.visit_expr(value)?;
                self.emit_attribute(Op::LoadAttr, NameShape::METHOD, func, attr);
            }
        }
        for arg in args {
            self.visit_expr(arg)?;
        }
        if keywords.is_empty() && e.location.line == func.location.end_line && !self.follows_cursor {
            self.leave_recursion();
            self.emit_call(args.len() as u32, &e.location);
            return Ok(());
        }
        let op = if keywords.is_empty() { Op::Call } else { self.visit_method_keywords(func, attr, keywords)? };
        self.leave_recursion();
        let count = (args.len() + keywords.len()) as u32;
        if e.location.line == func.location.end_line {
            self.set_cursor(e.location);
            self.emit_arg(op, count, e.location);
        } else {
            let location = update_start_location_to_match_attr(e.location, func, self.cx.names, attr);
            self.set_cursor(location);
            self.emit_arg(op, count, location);
        }
        Ok(())
    }

    /// Pushes a method of what a call gives, which may be one of `super`.
    #[inline(never)]
    fn load_method_of_call(&mut self, func: &'a Expr<'a>, value: &'a Expr<'a>, attr: NameId) -> Result<()> {
        match self.optimizable_super_call(value, attr) {
            Some(super_call) => {
                self.load_super_method(func.location, &super_call, attr)?;
                let at_attr = update_start_location_to_match_attr(func.location, func, self.cx.names, attr);
                self.emit(Op::Nop, at_attr);
            }
            None => {
                self.visit_expr(value)?;
                self.emit_attribute(Op::LoadAttr, NameShape::METHOD, func, attr);
            }
        }
        Ok(())
    }

    /// Pushes the keyword arguments of a call of a method, and gives the instruction of such a call.
    #[inline(never)]
    fn visit_method_keywords(&mut self, func: &'a Expr<'a>, attr: NameId, keywords: &'a [Keyword<'a>]) -> Result<Op> {
        self.visit_keywords(keywords)?;
        let at_attr = update_start_location_to_match_attr(func.location, func, self.cx.names, attr);
        Ok(self.name_keywords(at_attr, keywords))
    }

    #[inline(never)]
    fn load_super_method(&mut self, location: Location, call: &SuperCall<'a>, attr: NameId) -> Result<()> {
        self.load_args_for_super(call)?;
        let shape = if call.has_args() { NameShape::SUPER_METHOD } else { NameShape::ZERO_SUPER_METHOD };
        self.emit_name(Op::LoadSuperAttr, attr, shape, location);
        Ok(())
    }

    /// Emits `any`, `all`, `tuple` (and from 3.15 on `list` and `set`) of a generator expression as a loop that runs if the name is still the builtin.
    ///
    /// The function is on the stack. Gives the label to be placed behind the ordinary call. Mirrors CPython 3.14:
    /// `maybe_optimize_function_call`.
    #[inline(never)]
    fn try_builtin_of_generator(&mut self, func: &'a Expr<'a>, generator: &'a Expr<'a>) -> Result<Option<LabelId>> {
        let ExprKind::Name { id, .. } = func.kind else { return Ok(None) };
        if !self.target.features.builtins_of_generators_inlined {
            return Ok(None);
        }
        let Some(scope) = self.table.lookup(ScopeKey::new(generator, ScopePart::Body)) else {
            return self.internal_error("a scope is missing from the symbol table");
        };
        if self.table.scope(scope).is_coroutine {
            return Ok(None);
        }
        let loops_over_more = self.target.features.list_and_set_of_generator_are_loops;
        // What is loaded, what the result is if the loop ends, and what jump continues the loop.
        let (builtin, exhausted) = match id {
            known::ALL_FUNCTION => (common_constant::BUILTIN_ALL, Some((ConstCache::TRUE, Op::PopJumpIfTrue))),
            known::ANY => (common_constant::BUILTIN_ANY, Some((ConstCache::FALSE, Op::PopJumpIfFalse))),
            known::TUPLE => (common_constant::BUILTIN_TUPLE, None),
            known::LIST if loops_over_more => (common_constant::BUILTIN_LIST, None),
            known::SET if loops_over_more => (common_constant::BUILTIN_SET, None),
            _ => return Ok(None),
        };
        let location = func.location;
        let end = self.new_label();
        let skip = self.new_label();
        self.emit_copy(1, location);
        self.emit_arg(Op::LoadCommonConstant, builtin, location);
        self.emit_compare(location, CmpOp::Is);
        self.emit_jump(Op::PopJumpIfFalse, skip, location);
        self.emit(Op::PopTop, location);
        let (build, add) = if id == known::SET { (Op::BuildSet, Op::SetAdd) } else { (Op::BuildList, Op::ListAppend) };
        if exhausted.is_none() {
            self.emit_arg(build, 0, location);
        }
        self.visit_expr(generator)?;
        let repeat = self.new_label();
        let cleanup = self.new_label();
        self.emit_null_index(location);
        self.use_label(repeat);
        self.emit_jump(Op::ForIter, cleanup, location);
        match exhausted {
            None => {
                self.emit_arg(add, 1 + self.target.iterator_entries(), location);
                self.emit_jump(Op::Jump, repeat, location);
            }
            Some((_, jump)) => {
                self.emit_to_bool(location);
                self.emit_jump(jump, repeat, location);
            }
        }
        self.emit(Op::PopIter, Location::NONE);
        if let Some((result, _)) = exhausted {
            self.emit_const_id(opposite(result), location);
        }
        self.emit_jump(Op::Jump, end, location);
        self.use_label(cleanup);
        self.emit(Op::EndFor, Location::NONE);
        self.emit(Op::PopIter, Location::NONE);
        match exhausted {
            None if id == known::TUPLE => self.emit_arg(Op::CallIntrinsic1, unary::LIST_TO_TUPLE, location),
            None => {}
            Some((result, _)) => self.emit_const_id(result, location),
        }
        self.emit_jump(Op::Jump, end, location);
        self.use_label(skip);
        Ok(Some(end))
    }

    fn visit_keywords(&mut self, keywords: &'a [Keyword<'a>]) -> Result<()> {
        for keyword in keywords {
            self.visit_expr(keyword.value)?;
        }
        Ok(())
    }

    /// Pushes the names of the keyword arguments. Mirrors CPython 3.14: `codegen_call_simple_kw_helper`.
    fn emit_keyword_names(&mut self, location: Location, keywords: &[Keyword<'_>]) {
        let names = self.keyword_names(keywords);
        self.emit_const_id(names, location);
    }

    fn keyword_names(&mut self, keywords: &[Keyword<'_>]) -> ConstId {
        self.names_tuple(keywords.iter().filter_map(|keyword| keyword.arg))
    }

    /// Tells a call the names of its keyword arguments, and gives the instruction of such a call.
    fn name_keywords(&mut self, location: Location, keywords: &[Keyword<'_>]) -> Op {
        if !self.target.has(Op::KwNames) {
            self.emit_keyword_names(location, keywords);
            return Op::CallKw;
        }
        let names = self.keyword_names(keywords);
        let place = self.const_place(names);
        self.emit_arg(Op::KwNames, place, location);
        Op::Call
    }

    /// Calls what is on the stack with `pushed` arguments that are there too and these.
    ///
    /// `injected` is a name that becomes the last positional argument. Mirrors CPython 3.14: `codegen_call_helper_impl`.
    pub(super) fn call_with(
        &mut self,
        location: Location,
        pushed: u32,
        args: Exprs<'a>,
        injected: Option<NameId>,
        keywords: &'a [Keyword<'a>],
    ) -> Result<()> {
        self.validate_keywords(keywords)?;
        self.call_with_valid(location, pushed, args, injected, keywords)
    }

    /// The same where no keyword is repeated.
    fn call_with_valid(
        &mut self,
        location: Location,
        pushed: u32,
        args: Exprs<'a>,
        injected: Option<NameId>,
        keywords: &'a [Keyword<'a>],
    ) -> Result<()> {
        let injected_count = usize::from(injected.is_some() && !self.target.features.generic_base_is_injected);
        let needs_collections = args.len() + injected_count + keywords.len() * 2 > STACK_USE_GUIDELINE
            || args.iter().any(|arg| is_starred(arg))
            || keywords.iter().any(|keyword| keyword.arg.is_none());
        if needs_collections {
            return self.call_with_collections(location, pushed, args, injected, keywords);
        }
        self.visit_exprs(args)?;
        let mut count = pushed + args.len() as u32;
        if let Some(name) = injected {
            self.emit_name_access(location, name, ExprContext::Load)?;
            count += 1;
        }
        if keywords.is_empty() {
            self.emit_arg(Op::Call, count, location);
        } else {
            self.visit_keywords(keywords)?;
            let op = self.name_keywords(location, keywords);
            self.emit_arg(op, count + keywords.len() as u32, location);
        }
        Ok(())
    }

    /// Calls with a tuple and a dict of the arguments. Mirrors CPython 3.14: `codegen_call_helper_impl` from `ex_call` on.
    fn call_with_collections(
        &mut self,
        location: Location,
        pushed: u32,
        args: Exprs<'a>,
        injected: Option<NameId>,
        keywords: &'a [Keyword<'a>],
    ) -> Result<()> {
        match *args {
            [Expr { kind: ExprKind::Starred { value, .. }, .. }] if pushed == 0 => self.visit_expr(value)?,
            _ => self.build_sequence(location, args, injected, pushed, SequenceShape::TUPLE)?,
        }
        if !keywords.is_empty() {
            self.build_keywords(location, keywords)?;
        }
        if self.target.op(Op::CallFunctionEx).has(OpInfo::ARG) {
            self.emit_arg(Op::CallFunctionEx, !keywords.is_empty() as u32, location);
            return Ok(());
        }
        if keywords.is_empty() {
            self.emit(Op::PushNull, location);
        }
        self.emit(Op::CallFunctionEx, location);
        Ok(())
    }

    /// Builds the dict of keyword arguments, some of which are `**value`.
    fn build_keywords(&mut self, location: Location, keywords: &'a [Keyword<'a>]) -> Result<()> {
        let mut have_dict = false;
        // The named ones since this one wait for being built together.
        let mut start = 0;
        for (i, keyword) in keywords.iter().enumerate() {
            if keyword.arg.is_some() {
                continue;
            }
            if start < i {
                self.merge_keywords(location, &keywords[start..i], &mut have_dict)?;
            }
            if !have_dict {
                self.emit_arg(Op::BuildMap, 0, location);
                have_dict = true;
            }
            self.visit_expr(keyword.value)?;
            self.emit_arg(Op::DictMerge, 1, location);
            start = i + 1;
        }
        if start < keywords.len() {
            self.merge_keywords(location, &keywords[start..], &mut have_dict)?;
        }
        Ok(())
    }

    /// Builds a dict of named arguments and adds it to the one below, if there is one.
    ///
    /// Mirrors CPython 3.14: `codegen_subkwargs`.
    fn merge_keywords(&mut self, location: Location, keywords: &'a [Keyword<'a>], have_dict: &mut bool) -> Result<()> {
        let big = keywords.len() * 2 > STACK_USE_GUIDELINE;
        if !big && keywords.len() > 1 && self.target.has(Op::BuildConstKeyMap) {
            self.visit_keywords(keywords)?;
            self.emit_keyword_names(location, keywords);
            self.emit_arg(Op::BuildConstKeyMap, keywords.len() as u32, location);
        } else {
            if big {
                self.emit_arg(Op::BuildMap, 0, Location::NONE);
            }
            for keyword in keywords {
                if let Some(name) = keyword.arg {
                    self.emit_name_const(name, location);
                }
                self.visit_expr(keyword.value)?;
                if big {
                    self.emit_arg(Op::MapAdd, 1, Location::NONE);
                }
            }
            if !big {
                self.emit_arg(Op::BuildMap, keywords.len() as u32, location);
            }
        }
        if *have_dict {
            self.emit_arg(Op::DictMerge, 1, location);
        }
        *have_dict = true;
        Ok(())
    }
}

/// The first repetition of the first keyword that is repeated.
fn repeated_keyword<'k, 'a>(keywords: &'k [Keyword<'a>]) -> Option<&'k Keyword<'a>> {
    if keywords.len() <= FEW_KEYWORDS {
        return keywords.iter().enumerate().find_map(|(i, keyword)| {
            let name = keyword.arg?;
            keywords[i + 1..].iter().find(|other| other.arg == Some(name))
        });
    }
    let mut first_places: FxHashMap<NameId, usize> = FxHashMap::default();
    let mut found: Option<(usize, &Keyword<'a>)> = None;
    for (i, keyword) in keywords.iter().enumerate() {
        let Some(name) = keyword.arg else { continue };
        let place = *first_places.entry(name).or_insert(i);
        if place != i && found.is_none_or(|(earlier, _)| place < earlier) {
            found = Some((place, keyword));
        }
    }
    found.map(|(_, keyword)| keyword)
}

fn opposite(truth: ConstId) -> ConstId {
    if truth == ConstCache::TRUE { ConstCache::FALSE } else { ConstCache::TRUE }
}
