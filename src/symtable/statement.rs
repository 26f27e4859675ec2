//! The first pass over statements.

use super::build::{Builder, check_name};
use super::future::LATE_FUTURE;
use super::{BlockType, ScopeKey, ScopePart, Symbol, SymbolTable};
use crate::ast::{
    Alias, Arguments, ClassDef, ExceptHandler, Expr, ExprContext, ExprKind, FunctionDef, MatchCase, Pattern,
    PatternKind, Patterns, Stmt, StmtKind, Stmts, Try, WithItem, docstring,
};
use crate::diagnostics::{CompileError, Result};
use crate::source::{Location, NameId, known};
use std::slice::from_ref;

impl<'a> Builder<'_, 'a> {
    /// Visits statements, in order.
    pub fn visit_stmts(&mut self, stmts: Stmts<'a>) -> Result<()> {
        self.descend()?;
        for stmt in stmts {
            self.visit_stmt(stmt)?;
        }
        self.leave();
        Ok(())
    }

    /// Visits statements that may not be executed, which matters to annotations among them.
    #[inline]
    fn visit_conditional(&mut self, visit: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let outer = std::mem::replace(&mut self.block().is_conditional, true);
        visit(self)?;
        self.block().is_conditional = outer;
        Ok(())
    }

    /// Mirrors CPython 3.14: `symtable_visit_stmt`.
    #[inline(always)]
    fn visit_stmt(&mut self, stmt: &'a Stmt<'a>) -> Result<()> {
        // All expressions of the frequent kinds are visited by one piece of code.
        let (first, rest) = match &stmt.kind {
            StmtKind::Expr { value } => (*value, [].as_slice()),
            StmtKind::Assign { targets: [target], value } => (*target, from_ref(value)),
            StmtKind::Return { value: Some(value) } => {
                self.scope().returns_value = true;
                (*value, [].as_slice())
            }
            StmtKind::If { test, .. } | StmtKind::While { test, .. } => (*test, [].as_slice()),
            StmtKind::AugAssign { target, value, .. } => (*target, from_ref(value)),
            _ => return self.visit_other_stmt(stmt),
        };
        self.visit_all(first, rest)?;
        match stmt.kind {
            StmtKind::If { body, orelse, .. } | StmtKind::While { body, orelse, .. } => {
                self.visit_branches(body, orelse)
            }
            _ => Ok(()),
        }
    }

    #[inline(never)]
    fn visit_branches(&mut self, body: Stmts<'a>, orelse: Stmts<'a>) -> Result<()> {
        self.visit_conditional(|this| {
            this.visit_stmts(body)?;
            if orelse.is_empty() { Ok(()) } else { this.visit_stmts(orelse) }
        })
    }

    #[inline(never)]
    fn visit_other_stmt(&mut self, stmt: &'a Stmt<'a>) -> Result<()> {
        match stmt.kind {
            StmtKind::Return { value: None } | StmtKind::Pass | StmtKind::Break | StmtKind::Continue => Ok(()),
            StmtKind::FunctionDef(def) => self.visit_function_def(def, stmt.location),
            _ => self.visit_rare_stmt(stmt),
        }
    }

    /// The kinds of statements that are not visited at once.
    #[inline(never)]
    fn visit_rare_stmt(&mut self, stmt: &'a Stmt<'a>) -> Result<()> {
        let location = stmt.location;
        match stmt.kind {
            StmtKind::ClassDef(def) => self.visit_class_def(def, location),
            StmtKind::TypeAlias { name, type_params, value } => self.visit_type_alias(stmt, name, type_params, value),
            StmtKind::Delete { targets } => self.visit_exprs(targets),
            StmtKind::Assign { targets, value } => {
                self.visit_exprs(targets)?;
                self.visit_expr(value)
            }
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                self.visit_ann_assign(location, target, annotation, value, simple)
            }
            StmtKind::For { is_async, target, iter, body, orelse } => {
                if is_async {
                    self.require_coroutine("'async for' outside async function", location)?;
                }
                self.visit_expr(target)?;
                self.visit_expr(iter)?;
                self.visit_conditional(|this| {
                    this.visit_stmts(body)?;
                    this.visit_stmts(orelse)
                })
            }
            StmtKind::Match { subject, cases } => {
                self.visit_expr(subject)?;
                self.visit_conditional(|this| cases.iter().try_for_each(|case| this.visit_match_case(case)))
            }
            StmtKind::Raise { exc, cause } => {
                if let Some(exc) = exc {
                    self.visit_expr(exc)?;
                    self.visit_optional(cause)?;
                }
                Ok(())
            }
            StmtKind::Try(statement) => self.visit_try(statement),
            StmtKind::Assert { test, msg } => {
                self.visit_expr(test)?;
                self.visit_optional(msg)
            }
            StmtKind::Import { names, is_lazy } => {
                if is_lazy {
                    self.check_lazy_import("import", location)?;
                }
                names.iter().try_for_each(|alias| self.visit_alias(alias))
            }
            StmtKind::ImportFrom { module, names, level, is_lazy } => {
                if is_lazy {
                    self.check_lazy_import("from ... import", location)?;
                    if names.iter().any(|alias| alias.name == known::STAR) {
                        return Err(CompileError::syntax(location, "lazy from ... import * is not allowed"));
                    }
                }
                names.iter().try_for_each(|alias| self.visit_alias(alias))?;
                self.check_import_from(module, level, location)
            }
            StmtKind::Global { names } => self.visit_directive(names, Symbol::DEF_GLOBAL, "global", location),
            StmtKind::Nonlocal { names } => self.visit_directive(names, Symbol::DEF_NONLOCAL, "nonlocal", location),
            StmtKind::With { is_async, items, body } => {
                if is_async {
                    self.require_coroutine("'async with' outside async function", location)?;
                }
                self.visit_conditional(|this| {
                    items.iter().try_for_each(|item| this.visit_with_item(item))?;
                    this.visit_stmts(body)
                })
            }
            StmtKind::FunctionDef(_)
            | StmtKind::Return { .. }
            | StmtKind::AugAssign { .. }
            | StmtKind::While { .. }
            | StmtKind::If { .. }
            | StmtKind::Expr { .. }
            | StmtKind::Pass
            | StmtKind::Break
            | StmtKind::Continue => Ok(()),
        }
    }

    #[inline(never)]
    fn visit_function_def(&mut self, def: &'a FunctionDef<'a>, location: Location) -> Result<()> {
        self.add_binding(def.name, Symbol::DEF_LOCAL, location)?;
        self.visit_defaults(def.args)?;
        self.visit_exprs(def.decorator_list)?;
        let is_generic = !def.type_params.is_empty();
        if is_generic {
            // CPython's parser gives an empty sequence of defaults rather than none, so they always count as present.
            let has_kw_defaults = def.args.kw_defaults.iter().any(Option::is_some);
            let key = ScopeKey::new(def, ScopePart::TypeParams);
            self.enter_type_param_block(def.name, key, location)?;
            self.add_def(known::DOT_DEFAULTS, Symbol::DEF_PARAM, location)?;
            if has_kw_defaults {
                self.add_def(known::DOT_KWDEFAULTS, Symbol::DEF_PARAM, location)?;
            }
            self.visit_type_params(def.type_params)?;
        }
        // The scope is made before its annotations are visited and opened after.
        let key = ScopeKey::new(def, ScopePart::Body);
        let id = self.new_scope(def.name, BlockType::Function, key, location);
        self.table.scope_mut(id).has_docstring = docstring(def.body).is_some();
        self.visit_function_annotations(id, def.args, def.returns, location)?;
        self.enter_scope(id, true);
        self.scope().is_coroutine = def.is_async;
        self.visit_arguments(def.args)?;
        self.visit_stmts(def.body)?;
        self.exit_block();
        if is_generic {
            self.exit_block();
        }
        Ok(())
    }

    #[inline(never)]
    fn visit_class_def(&mut self, def: &'a ClassDef<'a>, location: Location) -> Result<()> {
        self.add_binding(def.name, Symbol::DEF_LOCAL, location)?;
        self.visit_exprs(def.decorator_list)?;
        let outer_private = self.private;
        let is_generic = !def.type_params.is_empty();
        let mut outer_mangled = Default::default();
        if is_generic {
            let key = ScopeKey::new(def, ScopePart::TypeParams);
            self.enter_type_param_block(def.name, key, location)?;
            // Set where the tuple of type parameters is made, used where the bases are built.
            for name in [known::DOT_TYPE_PARAMS, known::DOT_GENERIC_BASE] {
                self.add_def(name, Symbol::DEF_LOCAL, location)?;
                self.add_def(name, Symbol::USE, location)?;
            }
            self.private = Some(def.name);
            let id = self.block().scope;
            outer_mangled = (std::mem::take(&mut self.mangled), std::mem::replace(&mut self.mangled_scopes, vec![id]));
            self.block().mangles_few = true;
            self.visit_type_params(def.type_params)?;
        }
        self.visit_exprs(def.bases)?;
        self.visit_keywords(def.keywords)?;
        let key = ScopeKey::new(def, ScopePart::Body);
        self.enter_block(def.name, BlockType::Class, key, location)?;
        self.private = Some(def.name);
        if is_generic {
            self.add_def(known::TYPE_PARAMS, Symbol::DEF_LOCAL, location)?;
            self.add_def(known::DOT_TYPE_PARAMS, Symbol::USE, location)?;
        }
        self.scope().has_docstring = docstring(def.body).is_some();
        self.visit_stmts(def.body)?;
        self.exit_block();
        if is_generic {
            self.exit_block();
            let mangled = std::mem::replace(&mut self.mangled, outer_mangled.0);
            let mangled = self.arena.alloc_slice_copy(mangled.as_slice());
            mangled.sort_unstable();
            for id in std::mem::replace(&mut self.mangled_scopes, outer_mangled.1) {
                self.table.scope_mut(id).mangled_names = Some(mangled);
            }
        }
        self.private = outer_private;
        Ok(())
    }

    #[inline(never)]
    fn visit_ann_assign(
        &mut self,
        location: Location,
        target: &'a Expr<'a>,
        annotation: &'a Expr<'a>,
        value: Option<&'a Expr<'a>>,
        simple: bool,
    ) -> Result<()> {
        self.scope().annotations_used = true;
        if let ExprKind::Name { id, .. } = target.kind {
            let flags = self.lookup(id);
            let is_module = self.block().scope == SymbolTable::MODULE;
            if flags & (Symbol::DEF_GLOBAL | Symbol::DEF_NONLOCAL) != 0 && !is_module && simple {
                let what = if flags & Symbol::DEF_GLOBAL != 0 { "global" } else { "nonlocal" };
                let message = format!("annotated name '{}' can't be {what}", self.names.text(id));
                return Err(CompileError::syntax(location, message));
            }
            if simple {
                self.add_def(id, Symbol::DEF_ANNOT | Symbol::DEF_LOCAL, target.location)?;
            } else if value.is_some() {
                self.add_def(id, Symbol::DEF_LOCAL, target.location)?;
            }
        } else {
            self.visit_expr(target)?;
        }
        self.visit_annotation(annotation)?;
        self.visit_optional(value)
    }

    /// `global` and `nonlocal`.
    #[inline(never)]
    fn visit_directive(&mut self, names: &'a [NameId], flag: u32, what: &str, location: Location) -> Result<()> {
        for &name in names {
            let flags = self.lookup(name);
            let text = self.names.text(name);
            let message = if flags & Symbol::DEF_PARAM != 0 {
                format!("name '{text}' is parameter and {what}")
            } else if flags & Symbol::USE != 0 {
                format!("name '{text}' is used prior to {what} declaration")
            } else if flags & Symbol::DEF_ANNOT != 0 {
                format!("annotated name '{text}' can't be {what}")
            } else if flags & Symbol::DEF_LOCAL != 0 {
                format!("name '{text}' is assigned to before {what} declaration")
            } else {
                self.add_def(name, flag, location)?;
                self.record_directive(name, location);
                continue;
            };
            return Err(CompileError::syntax(location, message));
        }
        Ok(())
    }

    #[inline(never)]
    fn visit_try(&mut self, statement: &'a Try<'a>) -> Result<()> {
        let outer = std::mem::replace(&mut self.block().is_in_try, true);
        self.visit_conditional(|this| {
            this.visit_stmts(statement.body)?;
            let else_last = this.target.features.else_names_follow_handlers;
            if !else_last {
                this.visit_stmts(statement.orelse)?;
            }
            statement.handlers.iter().try_for_each(|handler| this.visit_except_handler(handler))?;
            if else_last {
                this.visit_stmts(statement.orelse)?;
            }
            this.visit_stmts(statement.finalbody)
        })?;
        self.block().is_in_try = outer;
        Ok(())
    }

    /// Mirrors CPython 3.15: `check_lazy_import_context`.
    fn check_lazy_import(&mut self, what: &str, location: Location) -> Result<()> {
        let place = match self.block() {
            block if block.is_in_try => "try/except blocks",
            block if block.block == BlockType::Function => "functions",
            block if block.block == BlockType::Class => "classes",
            _ => return Ok(()),
        };
        Err(CompileError::syntax(location, format!("lazy {what} not allowed inside {place}")))
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler<'a>) -> Result<()> {
        self.visit_optional(handler.type_)?;
        if let Some(name) = handler.name {
            self.add_binding(name, Symbol::DEF_LOCAL, handler.location)?;
        }
        self.visit_stmts(handler.body)
    }

    fn visit_with_item(&mut self, item: &'a WithItem<'a>) -> Result<()> {
        self.visit_expr(item.context_expr)?;
        self.visit_optional(item.optional_vars)
    }

    #[inline(never)]
    fn visit_match_case(&mut self, case: &'a MatchCase<'a>) -> Result<()> {
        self.visit_pattern(case.pattern)?;
        self.visit_optional(case.guard)?;
        self.visit_stmts(case.body)
    }

    fn visit_patterns(&mut self, patterns: Patterns<'a>) -> Result<()> {
        patterns.iter().try_for_each(|pattern| self.visit_pattern(pattern))
    }

    /// Mirrors CPython 3.14: `symtable_visit_pattern`.
    fn visit_pattern(&mut self, pattern: &'a Pattern<'a>) -> Result<()> {
        self.descend()?;
        let location = pattern.location;
        let captured = match pattern.kind {
            PatternKind::MatchValue { value } => {
                self.visit_expr(value)?;
                None
            }
            PatternKind::MatchSingleton { .. } => None,
            PatternKind::MatchSequence { patterns } | PatternKind::MatchOr { patterns } => {
                self.visit_patterns(patterns)?;
                None
            }
            PatternKind::MatchStar { name } => name,
            PatternKind::MatchMapping { keys, patterns, rest } => {
                self.visit_exprs(keys)?;
                self.visit_patterns(patterns)?;
                rest
            }
            PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns } => {
                self.visit_expr(cls)?;
                self.visit_patterns(patterns)?;
                for (&attr, pattern) in kwd_attrs.iter().zip(kwd_patterns) {
                    check_name(attr, pattern.location, ExprContext::Store)?;
                }
                self.visit_patterns(kwd_patterns)?;
                None
            }
            PatternKind::MatchAs { pattern, name } => {
                if let Some(pattern) = pattern {
                    self.visit_pattern(pattern)?;
                }
                name
            }
        };
        if let Some(name) = captured {
            self.add_def(name, Symbol::DEF_LOCAL, location)?;
        }
        self.leave();
        Ok(())
    }

    /// Mirrors CPython 3.14: `symtable_visit_alias`.
    fn visit_alias(&mut self, alias: &'a Alias) -> Result<()> {
        let name = alias.asname.unwrap_or(alias.name);
        if name == known::STAR {
            if self.block().block != BlockType::Module {
                return Err(CompileError::syntax(alias.location, "import * only allowed at module level"));
            }
            return Ok(());
        }
        // `import a.b` binds `a`.
        let text = self.names.text(name);
        let bound = match memchr::memchr(b'.', text.as_bytes()) {
            Some(dot) => self.names.intern_borrowed(&text[..dot]),
            None => name,
        };
        self.add_binding(bound, Symbol::DEF_IMPORT, alias.location)
    }

    /// Mirrors CPython 3.14: `check_import_from`.
    fn check_import_from(&self, module: Option<NameId>, level: u32, location: Location) -> Result<()> {
        let last = self.future.location;
        let is_late =
            location.line > last.line || (location.line == last.end_line && location.column > last.end_column);
        if module == Some(known::FUTURE) && (level == 0 || !self.target.features.relative_future_imports) && is_late {
            return Err(CompileError::syntax(location, LATE_FUTURE));
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `symtable_raise_if_not_coroutine`.
    fn require_coroutine(&mut self, message: &str, location: Location) -> Result<()> {
        let is_checked_later = !self.target.features.symtable_refuses_async;
        if is_checked_later || self.scope().is_coroutine {
            Ok(())
        } else {
            Err(CompileError::syntax(location, message))
        }
    }

    /// The parameters of a function or lambda, from within. Mirrors CPython 3.14: `symtable_visit_arguments`.
    pub fn visit_arguments(&mut self, args: &'a Arguments<'a>) -> Result<()> {
        for params in [args.posonlyargs, args.args, args.kwonlyargs] {
            for arg in params {
                self.add_parameter(arg.arg, &arg.location)?;
            }
        }
        if let Some(arg) = args.vararg {
            self.add_parameter(arg.arg, &arg.location)?;
            self.scope().has_varargs = true;
        }
        if let Some(arg) = args.kwarg {
            self.add_parameter(arg.arg, &arg.location)?;
            self.scope().has_varkeywords = true;
        }
        Ok(())
    }

    /// The defaults of a function or lambda, which belong to the scope around it.
    pub fn visit_defaults(&mut self, args: &'a Arguments<'a>) -> Result<()> {
        self.visit_exprs(args.defaults)?;
        args.kw_defaults.iter().flatten().try_for_each(|default| self.visit_expr(default))
    }
}
