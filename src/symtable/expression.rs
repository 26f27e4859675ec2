//! The first pass over expressions, comprehensions among them.

use super::build::{Builder, check_name};
use super::{BlockType, ComprehensionType, ScopeKey, ScopePart, Symbol};
use crate::ast::{Comprehension, Expr, ExprContext, ExprKind, Exprs, Keyword};
use crate::diagnostics::{CompileError, Result};
use crate::source::{Location, NameId, known};
use std::slice::from_ref;

impl<'a> Builder<'_, 'a> {
    /// Visits expressions, in order.
    #[inline]
    pub fn visit_exprs(&mut self, exprs: Exprs<'a>) -> Result<()> {
        match exprs {
            [] => Ok(()),
            [first, rest @ ..] => self.visit_expr_and_more(first, rest),
        }
    }

    /// Visits an expression where there is one.
    pub fn visit_optional(&mut self, expr: Option<&'a Expr<'a>>) -> Result<()> {
        if let Some(expr) = expr { self.visit_expr(expr) } else { Ok(()) }
    }

    /// Mirrors CPython 3.14: `symtable_visit_expr`.
    #[inline]
    pub fn visit_expr(&mut self, expr: &'a Expr<'a>) -> Result<()> {
        match expr.kind {
            ExprKind::Constant { .. } => Ok(()),
            _ => self.visit_expr_and_more(expr, &[]),
        }
    }

    #[inline(never)]
    fn visit_expr_and_more(&mut self, first: &'a Expr<'a>, rest: Exprs<'a>) -> Result<()> {
        self.visit_all(first, rest)
    }

    /// Visits an expression and then others, each with all that is in it.
    ///
    /// This goes down the tree without calling itself, but for rare kinds of nodes: whatever follows what is visited at the moment is on
    /// a stack of sequences.
    #[inline(always)]
    pub fn visit_all(&mut self, first: &'a Expr<'a>, rest: Exprs<'a>) -> Result<()> {
        let bottom = self.pending.len();
        let (mut expr, mut rest) = (first, rest);
        loop {
            match &expr.kind {
                ExprKind::Name { id, ctx } => self.visit_name(*id, *ctx, &expr.location)?,
                ExprKind::Constant { .. } => {}
                ExprKind::Attribute { value, attr, ctx } => {
                    if *attr == known::DEBUG {
                        self.check_attribute(*attr, expr.location, *ctx)?;
                    }
                    expr = value;
                    continue;
                }
                ExprKind::Call { func, args, keywords: [] } => {
                    rest = self.put_off(rest, args);
                    expr = func;
                    continue;
                }
                ExprKind::Subscript { value: first, slice: second, .. }
                | ExprKind::BinOp { left: first, right: second, .. } => {
                    rest = self.put_off(rest, from_ref(second));
                    expr = first;
                    continue;
                }
                ExprKind::Compare { left, comparators, .. } => {
                    rest = self.put_off(rest, comparators);
                    expr = left;
                    continue;
                }
                ExprKind::UnaryOp { operand: value, .. }
                | ExprKind::Starred { value, .. }
                | ExprKind::FormattedValue { value, format_spec: None, .. } => {
                    expr = value;
                    continue;
                }
                ExprKind::Set { elts: values }
                | ExprKind::List { elts: values, .. }
                | ExprKind::Tuple { elts: values, .. }
                | ExprKind::BoolOp { values, .. }
                | ExprKind::JoinedStr { values }
                | ExprKind::TemplateStr { values } => {
                    if !values.is_empty() {
                        rest = self.put_off(rest, values);
                    }
                }
                _ => self.visit_rare_expr(expr)?,
            }
            if rest.is_empty() {
                if self.pending.len() <= bottom {
                    return Ok(());
                }
                rest = self.pending.pop().unwrap_or_default();
            }
            // What is put off is not empty.
            let Some((next, others)) = rest.split_first() else { return Ok(()) };
            (expr, rest) = (next, others);
        }
    }

    /// Puts off what follows until `within` is visited, which is returned.
    #[inline(always)]
    fn put_off(&mut self, rest: Exprs<'a>, within: Exprs<'a>) -> Exprs<'a> {
        if !rest.is_empty() {
            if self.pending.len() == self.pending.capacity() {
                self.make_room();
            }
            // SAFETY: there is room now, or there was, and a vector is never longer than its capacity.
            unsafe { std::hint::assert_unchecked(self.pending.len() < self.pending.capacity()) };
            self.pending.push(rest);
        }
        within
    }

    #[cold]
    #[inline(never)]
    fn make_room(&mut self) {
        self.pending.reserve(64);
    }

    #[cold]
    fn check_attribute(&self, attr: NameId, location: Location, ctx: ExprContext) -> Result<()> {
        if ctx != ExprContext::Del || self.target.features.attributes_named_debug_stay {
            check_name(attr, location, ctx)?;
        }
        Ok(())
    }

    /// The kinds of expressions that are not visited at once.
    #[inline(never)]
    fn visit_rare_expr(&mut self, expr: &'a Expr<'a>) -> Result<()> {
        self.descend()?;
        self.visit_rare_kind(expr)?;
        self.leave();
        Ok(())
    }

    #[inline(always)]
    fn visit_rare_kind(&mut self, expr: &'a Expr<'a>) -> Result<()> {
        match expr.kind {
            ExprKind::NamedExpr { target, value } => {
                self.refuse_in_annotation("named expression", expr.location)?;
                self.visit_named_expr(expr.location, target, value)
            }
            ExprKind::Lambda { args, body } => {
                self.refuse_in_class_annotation_scope("lambda", expr.location)?;
                self.visit_defaults(args)?;
                let key = ScopeKey::new(expr, ScopePart::Body);
                self.enter_block(self.scope_names.lambda, BlockType::Function, key, expr.location)?;
                self.visit_arguments(args)?;
                self.visit_expr(body)?;
                self.exit_block();
                Ok(())
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.visit_expr(test)?;
                self.visit_expr(body)?;
                self.visit_expr(orelse)
            }
            ExprKind::Dict { keys, values } => {
                keys.iter().flatten().try_for_each(|key| self.visit_expr(key))?;
                self.visit_exprs(values)
            }
            ExprKind::ListComp { elt, generators } => {
                self.visit_comprehensions(expr, ComprehensionType::List, generators, elt, None)
            }
            ExprKind::SetComp { elt, generators } => {
                self.visit_comprehensions(expr, ComprehensionType::Set, generators, elt, None)
            }
            ExprKind::DictComp { key, value, generators } => {
                self.visit_comprehensions(expr, ComprehensionType::Dict, generators, key, value)
            }
            ExprKind::GeneratorExp { elt, generators } => {
                self.visit_comprehensions(expr, ComprehensionType::Generator, generators, elt, None)
            }
            ExprKind::Yield { value } => self.visit_yield(expr, value),
            ExprKind::YieldFrom { value } => self.visit_yield(expr, Some(value)),
            ExprKind::Await { value } => self.visit_await(expr, value),
            ExprKind::Call { func, args, keywords } => {
                self.visit_expr(func)?;
                self.visit_exprs(args)?;
                self.visit_keywords(keywords)
            }
            ExprKind::FormattedValue { value, format_spec, .. }
            | ExprKind::Interpolation { value, format_spec, .. } => {
                self.visit_expr(value)?;
                self.visit_optional(format_spec)
            }
            ExprKind::Slice { lower, upper, step } => {
                self.visit_optional(lower)?;
                self.visit_optional(upper)?;
                self.visit_optional(step)
            }
            ExprKind::Name { .. }
            | ExprKind::Constant { .. }
            | ExprKind::Attribute { .. }
            | ExprKind::Subscript { .. }
            | ExprKind::BinOp { .. }
            | ExprKind::Compare { .. }
            | ExprKind::UnaryOp { .. }
            | ExprKind::Starred { .. }
            | ExprKind::Set { .. }
            | ExprKind::List { .. }
            | ExprKind::Tuple { .. }
            | ExprKind::BoolOp { .. }
            | ExprKind::JoinedStr { .. }
            | ExprKind::TemplateStr { .. } => Ok(()),
        }
    }

    #[inline]
    fn visit_name(&mut self, id: NameId, ctx: ExprContext, location: &Location) -> Result<()> {
        let flag = if ctx == ExprContext::Load { Symbol::USE } else { Symbol::DEF_LOCAL };
        if self.try_note(id, flag) { Ok(()) } else { self.visit_new_name(id, ctx, location) }
    }

    /// A name that the scope may not have.
    #[inline(never)]
    fn visit_new_name(&mut self, id: NameId, ctx: ExprContext, location: &Location) -> Result<()> {
        let flag = if ctx == ExprContext::Load { Symbol::USE } else { Symbol::DEF_LOCAL };
        if self.try_enter(id, flag) { Ok(()) } else { self.visit_rare_name(id, flag, ctx, location) }
    }

    /// A name on which more depends.
    #[inline(never)]
    fn visit_rare_name(&mut self, id: NameId, flag: u32, ctx: ExprContext, location: &Location) -> Result<()> {
        if self.block().in_unevaluated_annotation {
            return Ok(());
        }
        self.add_def_ctx(id, flag, *location, ctx)?;
        // `super` without arguments finds the class by the cell `__class__`.
        if id == known::SUPER && ctx == ExprContext::Load && self.scope().is_function_like() {
            self.add_def(known::CLASS, Symbol::USE, *location)?;
        }
        Ok(())
    }

    /// The keywords of a call or class.
    #[inline(never)]
    pub fn visit_keywords(&mut self, keywords: &'a [Keyword<'a>]) -> Result<()> {
        for keyword in keywords {
            if let Some(arg) = keyword.arg {
                check_name(arg, keyword.location, ExprContext::Store)?;
            }
        }
        keywords.iter().try_for_each(|keyword| self.visit_expr(keyword.value))
    }

    fn visit_yield(&mut self, expr: &'a Expr<'a>, value: Option<&'a Expr<'a>>) -> Result<()> {
        self.refuse_in_annotation("yield expression", expr.location)?;
        self.visit_optional(value)?;
        let scope = self.scope();
        scope.is_generator = true;
        let message = match scope.comprehension {
            ComprehensionType::None => return Ok(()),
            ComprehensionType::List => "'yield' inside list comprehension",
            ComprehensionType::Set => "'yield' inside set comprehension",
            ComprehensionType::Dict => "'yield' inside dict comprehension",
            ComprehensionType::Generator => "'yield' inside generator expression",
        };
        Err(CompileError::syntax(expr.location, message))
    }

    fn visit_await(&mut self, expr: &'a Expr<'a>, value: &'a Expr<'a>) -> Result<()> {
        self.refuse_in_annotation("await expression", expr.location)?;
        let refuses = self.target.features.symtable_refuses_async;
        if refuses && !self.scope().is_function_like() {
            return Err(CompileError::syntax(expr.location, "'await' outside function"));
        }
        if refuses && !self.is_async_def() && self.scope().comprehension == ComprehensionType::None {
            return Err(CompileError::syntax(expr.location, "'await' outside async function"));
        }
        self.visit_expr(value)?;
        self.scope().is_coroutine = true;
        Ok(())
    }

    /// Mirrors CPython 3.14: `IS_ASYNC_DEF`.
    fn is_async_def(&mut self) -> bool {
        let scope = self.scope();
        scope.block == BlockType::Function && scope.is_coroutine
    }

    /// Mirrors CPython 3.14: `symtable_raise_if_annotation_block`.
    fn refuse_in_annotation(&mut self, what: &str, location: Location) -> Result<()> {
        let open = self.block();
        let message = match open.block {
            BlockType::Annotation => format!("{what} cannot be used within an annotation"),
            BlockType::TypeVariable => format!("{what} cannot be used within {}", open.description),
            BlockType::TypeAlias => format!("{what} cannot be used within a type alias"),
            BlockType::TypeParameters => format!("{what} cannot be used within the definition of a generic"),
            BlockType::Function | BlockType::Class | BlockType::Module => return Ok(()),
        };
        Err(CompileError::syntax(location, message))
    }

    /// What makes a function may not stand where names are looked up in a class, in releases that could not compile it.
    fn refuse_in_class_annotation_scope(&mut self, what: &str, location: Location) -> Result<()> {
        if self.scope().can_see_class_scope && !self.target.features.functions_in_class_annotation_scopes {
            let message = format!("Cannot use {what} in annotation scope within class scope");
            return Err(CompileError::syntax(location, message));
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `symtable_handle_namedexpr`.
    fn visit_named_expr(&mut self, location: Location, target: &'a Expr<'a>, value: &'a Expr<'a>) -> Result<()> {
        if self.block().comprehension_iterables > 0 {
            let message = "assignment expression cannot be used in a comprehension iterable expression";
            return Err(CompileError::syntax(location, message));
        }
        if self.scope().comprehension != ComprehensionType::None
            && let ExprKind::Name { id, .. } = target.kind
        {
            self.extend_named_expr_scope(id, target.location)?;
        }
        self.visit_expr(value)?;
        self.visit_expr(target)
    }

    /// An assignment expression within a comprehension binds in the scope around it.
    ///
    /// Mirrors CPython 3.14: `symtable_extend_namedexpr_scope`.
    fn extend_named_expr_scope(&mut self, name: NameId, location: Location) -> Result<()> {
        for at in (0..=self.innermost()).rev() {
            let id = self.open(at).scope;
            if self.table.scope(id).comprehension != ComprehensionType::None {
                let flags = self.lookup_named_expr_target(at, name);
                let is_bound = flags & Symbol::DEF_LOCAL != 0;
                if flags & Symbol::DEF_COMP_ITER != 0
                    && (is_bound || !self.target.features.iteration_targets_hold_other_names)
                {
                    let name = self.names.text(name);
                    let message =
                        format!("assignment expression cannot rebind comprehension iteration variable '{name}'");
                    return Err(CompileError::syntax(location, message));
                }
                continue;
            }
            let place = match self.open(at).block {
                BlockType::Function => {
                    let is_global = self.lookup_named_expr_target(at, name) & Symbol::DEF_GLOBAL != 0;
                    let flag = if is_global { Symbol::DEF_GLOBAL } else { Symbol::DEF_NONLOCAL };
                    self.add_def(name, flag, location)?;
                    self.record_directive(name, location);
                    return self.add_def_in(at, name, Symbol::DEF_LOCAL, location);
                }
                BlockType::Module => {
                    self.add_def(name, Symbol::DEF_GLOBAL, location)?;
                    self.record_directive(name, location);
                    return self.add_def_in(at, name, Symbol::DEF_GLOBAL, location);
                }
                // Passed by: what an annotation's comprehension binds is looked for further out.
                BlockType::Annotation => continue,
                BlockType::Class => "in a class body",
                BlockType::TypeParameters => "within the definition of a generic",
                BlockType::TypeAlias => "in a type alias",
                BlockType::TypeVariable => "in a TypeVar bound",
            };
            let message = format!("assignment expression within a comprehension cannot be used {place}");
            return Err(CompileError::syntax(location, message));
        }
        Ok(())
    }

    /// What a scope knows of the target, which before gh-96497 was looked up as it is written, whatever the class around it.
    fn lookup_named_expr_target(&mut self, at: usize, name: NameId) -> u32 {
        if self.target.features.named_expression_targets_are_mangled {
            self.lookup_in(at, name)
        } else {
            self.find_in(at, name).unwrap_or(0)
        }
    }

    /// Mirrors CPython 3.14: `symtable_handle_comprehension`.
    fn visit_comprehensions(
        &mut self,
        expr: &'a Expr<'a>,
        kind: ComprehensionType,
        generators: &'a [Comprehension<'a>],
        elt: &'a Expr<'a>,
        value: Option<&'a Expr<'a>>,
    ) -> Result<()> {
        let Some((outermost, inner)) = generators.split_first() else { return Ok(()) };
        self.refuse_in_class_annotation_scope("comprehension", expr.location)?;
        // The outermost iterable is evaluated in the scope around the comprehension.
        self.block().comprehension_iterables += 1;
        self.visit_expr(outermost.iter)?;
        self.block().comprehension_iterables -= 1;

        let name = match kind {
            ComprehensionType::List => self.scope_names.list,
            ComprehensionType::Set => self.scope_names.set,
            ComprehensionType::Dict => self.scope_names.dict,
            ComprehensionType::Generator | ComprehensionType::None => self.scope_names.generator,
        };
        let is_generator = kind == ComprehensionType::Generator;
        let key = ScopeKey::new(expr, ScopePart::Body);
        self.enter_block(name, BlockType::Function, key, expr.location)?;
        self.scope().comprehension = kind;
        if outermost.is_async {
            self.scope().is_coroutine = true;
        }
        self.add_parameter(known::DOT_ZERO, &expr.location)?;
        self.set_in_comprehension_target(true);
        self.visit_expr(outermost.target)?;
        self.set_in_comprehension_target(false);
        self.visit_exprs(outermost.ifs)?;
        for generator in inner {
            self.visit_comprehension(generator)?;
        }
        self.visit_optional(value)?;
        self.visit_expr(elt)?;
        let scope = self.scope();
        scope.is_generator = is_generator;
        let is_async = scope.is_coroutine && !is_generator;
        self.exit_block();
        if is_async {
            let refuses = self.target.features.symtable_refuses_async;
            if refuses && !self.is_async_def() && self.scope().comprehension == ComprehensionType::None {
                let message = "asynchronous comprehension outside of an asynchronous function";
                return Err(CompileError::syntax(expr.location, message));
            }
            self.scope().is_coroutine = true;
        }
        Ok(())
    }

    /// A `for` after the first. Mirrors CPython 3.14: `symtable_visit_comprehension`.
    fn visit_comprehension(&mut self, generator: &'a Comprehension<'a>) -> Result<()> {
        self.set_in_comprehension_target(true);
        self.visit_expr(generator.target)?;
        self.set_in_comprehension_target(false);
        self.block().comprehension_iterables += 1;
        self.visit_expr(generator.iter)?;
        self.block().comprehension_iterables -= 1;
        self.visit_exprs(generator.ifs)?;
        if generator.is_async {
            self.scope().is_coroutine = true;
        }
        Ok(())
    }
}
