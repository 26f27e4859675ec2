//! Statements: docstrings, and jumps out of `finally` blocks.

use super::Preprocessor;
use crate::ast::{
    ClassDef, ExceptHandler, Expr, ExprKind, FunctionDef, Stmt, StmtKind, Stmts, Try, WithItem, docstring,
};
use crate::diagnostics::Warning;
use crate::source::Location;

/// The innermost block around a statement that matters to PEP 765. Mirrors CPython 3.14: `ControlFlowInFinallyContext`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Enclosing {
    Nothing,
    Finally,
    FunctionBody,
    /// A loop in a `finally` block hides that block even from `return`.
    LoopBody,
}

impl<'a> Preprocessor<'_, 'a> {
    /// The body of a module, class or function, which may begin with a docstring.
    ///
    /// Mirrors CPython 3.14: `astfold_body`, `remove_docstring`.
    pub(super) fn body(&mut self, stmts: Stmts<'a>) -> Option<Stmts<'a>> {
        let had_docstring = docstring(stmts).is_some();
        if !had_docstring {
            let visited = self.stmts(stmts);
            return self.without_docstring(visited.unwrap_or(stmts)).or(visited);
        }
        if !self.removes_docstrings {
            return self.stmts(stmts);
        }
        let kept: Stmts<'a> = match stmts {
            [only] => self.arena.alloc_slice_copy(&[self.pass_in_place_of(only)]),
            _ => &stmts[1..],
        };
        let visited = self.stmts(kept).unwrap_or(kept);
        Some(self.without_docstring(visited).unwrap_or(visited))
    }

    fn pass_in_place_of(&self, docstring: &Stmt<'a>) -> &'a Stmt<'a> {
        let Location { line, column, .. } = docstring.location;
        let location = Location::new(line, line, column, column + "pass".len() as i32);
        self.arena.alloc(Stmt { kind: StmtKind::Pass, location })
    }

    /// Keeps a string that has become the first statement from being taken for a docstring.
    fn without_docstring(&self, stmts: Stmts<'a>) -> Option<Stmts<'a>> {
        let (&first, rest) = stmts.split_first()?;
        let StmtKind::Expr { value } = first.kind else { return None };
        docstring(stmts)?;
        let location = first.location;
        let values = self.arena.alloc_slice_copy(&[value]);
        let value = self.arena.alloc(Expr { kind: ExprKind::JoinedStr { values }, location });
        let first: &'a Stmt<'a> = self.arena.alloc(Stmt { kind: StmtKind::Expr { value }, location });
        let mut copy = bumpalo::collections::Vec::with_capacity_in(stmts.len(), self.arena);
        copy.push(first);
        copy.extend_from_slice(rest);
        Some(copy.into_bump_slice())
    }

    pub(super) fn stmts(&mut self, list: Stmts<'a>) -> Option<Stmts<'a>> {
        self.sequence(list, Self::stmt)
    }

    /// Mirrors CPython 3.14: `astfold_stmt`.
    #[inline]
    fn stmt(&mut self, s: &'a Stmt<'a>) -> Option<&'a Stmt<'a>> {
        if let Some(lines) = self.lines
            && lines.first().is_none_or(|&line| line > s.location.end_line)
        {
            return None;
        }
        self.noted_stmt(s)
    }

    /// A statement that is not passed by at first sight.
    fn noted_stmt(&mut self, s: &'a Stmt<'a>) -> Option<&'a Stmt<'a>> {
        if let Some(mut lines) = self.lines {
            let first_line = first_line(s);
            while let Some((&line, rest)) = lines.split_first()
                && line < first_line
            {
                lines = rest;
            }
            self.lines = Some(lines);
            if lines.first().is_none_or(|&line| line > s.location.end_line) {
                return None;
            }
        }
        let kind = self.deeper(|pass| pass.stmt_kind(s))?;
        Some(self.arena.alloc(Stmt { kind, location: s.location }))
    }

    fn stmt_kind(&mut self, s: &'a Stmt<'a>) -> Option<StmtKind<'a>> {
        use StmtKind::*;
        match s.kind {
            Expr { value } => rebuild!(value = self.expr(value) => Expr { value }),
            Assign { targets, value } => rebuild!(targets = self.exprs(targets), value = self.expr(value)
                => Assign { targets, value }),
            AugAssign { target, op, value } => rebuild!(target = self.expr(target), value = self.expr(value)
                => AugAssign { target, op, value }),
            AnnAssign { target, annotation, value, simple } => self.ann_assign(target, annotation, value, simple),
            Return { value } => {
                self.before_jump("return", s.location);
                rebuild!(value = self.opt_expr(value) => Return { value })
            }
            Break => {
                self.before_jump("break", s.location);
                None
            }
            Continue => {
                self.before_jump("continue", s.location);
                None
            }
            If { test, body, orelse } => rebuild!(
                test = self.expr(test), body = self.stmts(body), orelse = self.stmts(orelse)
                => If { test, body, orelse }),
            For { is_async, target, iter, body, orelse } => rebuild!(
                target = self.expr(target), iter = self.loop_iter(iter, is_async),
                body = self.within(Enclosing::LoopBody, |pass| pass.stmts(body)), orelse = self.stmts(orelse)
                => For { is_async, target, iter, body, orelse }),
            While { test, body, orelse } => rebuild!(
                test = self.expr(test),
                body = self.within(Enclosing::LoopBody, |pass| pass.stmts(body)), orelse = self.stmts(orelse)
                => While { test, body, orelse }),
            With { is_async, items, body } => rebuild!(items = self.with_items(items), body = self.stmts(body)
                => With { is_async, items, body }),
            Try(t) => self.try_statement(t),
            FunctionDef(function) => self.function_def(function),
            ClassDef(class) => self.class_def(class),
            Delete { targets } => rebuild!(targets = self.exprs(targets) => Delete { targets }),
            TypeAlias { name, type_params, value } => rebuild!(
                name = self.expr(name), type_params = self.type_params(type_params), value = self.expr(value)
                => TypeAlias { name, type_params, value }),
            Match { subject, cases } => rebuild!(subject = self.expr(subject), cases = self.match_cases(cases)
                => Match { subject, cases }),
            Raise { exc, cause } => rebuild!(exc = self.opt_expr(exc), cause = self.opt_expr(cause)
                => Raise { exc, cause }),
            Assert { test, msg } => rebuild!(test = self.expr(test), msg = self.opt_expr(msg) => Assert { test, msg }),
            Import { .. } | ImportFrom { .. } | Global { .. } | Nonlocal { .. } | Pass => None,
        }
    }

    /// What a `for` loops over.
    fn loop_iter(&mut self, iter: &'a Expr<'a>, is_async: bool) -> Option<&'a Expr<'a>> {
        let changed = self.expr(iter);
        if is_async { changed } else { self.fold_iter(changed.unwrap_or(iter)).or(changed) }
    }

    fn function_def(&mut self, function: &'a FunctionDef<'a>) -> Option<StmtKind<'a>> {
        let FunctionDef { is_async, name, args, body, decorator_list, returns, type_params } = *function;
        let changed = rebuild!(
            type_params = self.type_params(type_params),
            args = self.arguments(args),
            body = self.within(Enclosing::FunctionBody, |pass| pass.body(body)),
            decorator_list = self.exprs(decorator_list),
            returns = self.annotation(returns)
            => FunctionDef { is_async, name, args, body, decorator_list, returns, type_params })?;
        Some(StmtKind::FunctionDef(self.arena.alloc(changed)))
    }

    fn class_def(&mut self, class: &'a ClassDef<'a>) -> Option<StmtKind<'a>> {
        let ClassDef { name, bases, keywords, body, decorator_list, type_params } = *class;
        let changed = rebuild!(
            type_params = self.type_params(type_params),
            bases = self.exprs(bases),
            keywords = self.keywords(keywords),
            body = self.body(body),
            decorator_list = self.exprs(decorator_list)
            => ClassDef { name, bases, keywords, body, decorator_list, type_params })?;
        Some(StmtKind::ClassDef(self.arena.alloc(changed)))
    }

    fn ann_assign(
        &mut self,
        target: &'a Expr<'a>,
        annotation: &'a Expr<'a>,
        value: Option<&'a Expr<'a>>,
        simple: bool,
    ) -> Option<StmtKind<'a>> {
        rebuild!(
            target = self.expr(target),
            annotation = if self.visits_annotations { self.expr(annotation) } else { None },
            value = self.opt_expr(value)
            => StmtKind::AnnAssign { target, annotation, value, simple })
    }

    fn with_items(&mut self, items: &'a [WithItem<'a>]) -> Option<&'a [WithItem<'a>]> {
        self.sequence(items, |pass, item| {
            let WithItem { context_expr, optional_vars } = item;
            rebuild!(context_expr = pass.expr(context_expr), optional_vars = pass.opt_expr(optional_vars)
                => WithItem { context_expr, optional_vars })
        })
    }

    fn try_statement(&mut self, t: &'a Try<'a>) -> Option<StmtKind<'a>> {
        let Try { is_star, body, handlers, orelse, finalbody } = *t;
        let changed = rebuild!(
            body = self.stmts(body),
            handlers = self.handlers(handlers),
            orelse = self.stmts(orelse),
            finalbody = self.within(Enclosing::Finally, |pass| pass.stmts(finalbody))
            => Try { is_star, body, handlers, orelse, finalbody })?;
        Some(StmtKind::Try(self.arena.alloc(changed)))
    }

    fn handlers(&mut self, handlers: &'a [ExceptHandler<'a>]) -> Option<&'a [ExceptHandler<'a>]> {
        self.sequence(handlers, |pass, handler| {
            let ExceptHandler { type_, name, body, location } = handler;
            rebuild!(type_ = pass.opt_expr(type_), body = pass.stmts(body)
                => ExceptHandler { type_, name, body, location })
        })
    }

    /// Visits a block in which a jump leaves something else than outside of it.
    fn within<T>(&mut self, enclosing: Enclosing, visit: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.enclosing, enclosing);
        let result = visit(self);
        self.enclosing = outer;
        result
    }

    /// Warns of a jump out of a `finally` block. Mirrors CPython 3.14: `before_return`, `before_loop_exit`.
    fn before_jump(&mut self, keyword: &str, location: Location) {
        if self.enclosing == Enclosing::Finally && self.warns_of_finally_exits {
            let message = format!("'{keyword}' in a 'finally' block");
            self.warnings.push(Warning { category: "SyntaxWarning", message, location });
        }
    }
}

/// The line that a statement starts on, its decorators included.
fn first_line(s: &Stmt<'_>) -> i32 {
    let decorators = match s.kind {
        StmtKind::FunctionDef(function) => function.decorator_list,
        StmtKind::ClassDef(class) => class.decorator_list,
        _ => &[],
    };
    decorators.first().map_or(s.location.line, |decorator| decorator.location.line)
}
