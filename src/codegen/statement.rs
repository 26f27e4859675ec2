//! Statements: which function compiles which, and the simplest of them.

use super::{CodeGenerator, ScopeType};
use crate::ast::{Expr, ExprKind, Stmt, StmtKind, Stmts};
use crate::diagnostics::Result;
use crate::source::Location;
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// A block of statements.
    pub(crate) fn visit_stmts(&mut self, stmts: Stmts<'a>) -> Result<()> {
        self.enter_recursion()?;
        for stmt in stmts {
            self.visit_stmt(stmt)?;
        }
        self.leave_recursion();
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_visit_stmt`.
    #[inline(always)]
    fn visit_stmt(&mut self, s: &'a Stmt<'a>) -> Result<()> {
        self.set_cursor(s.location);
        match s.kind {
            StmtKind::Assign { targets: [target], value } => {
                self.visit_expr(value)?;
                self.visit_expr(target)
            }
            StmtKind::Expr { value } => self.visit_expr_stmt(s.location, value),
            _ => self.visit_stmt_kind(s),
        }
    }

    #[inline(never)]
    fn visit_stmt_kind(&mut self, s: &'a Stmt<'a>) -> Result<()> {
        let location = s.location;
        match s.kind {
            StmtKind::FunctionDef(def) => self.visit_function_def(s, def),
            StmtKind::ClassDef(def) => self.visit_class_def(s, def),
            StmtKind::TypeAlias { .. } => self.visit_type_alias(s),
            StmtKind::Return { value } => self.visit_return(location, value),
            StmtKind::Delete { targets } => self.visit_exprs(targets),
            StmtKind::Assign { targets, value } => self.visit_assign(location, targets, value),
            StmtKind::AugAssign { target, op, value } => self.visit_aug_assign(location, target, op, value),
            StmtKind::AnnAssign { .. } => self.visit_ann_assign(s),
            StmtKind::For { is_async: false, target, iter, body, orelse } => {
                self.conditionally(|this| this.visit_for(location, target, iter, body, orelse))
            }
            StmtKind::For { is_async: true, target, iter, body, orelse } => {
                self.require_async_function("'async for' outside async function", location)?;
                self.conditionally(|this| this.visit_async_for(location, target, iter, body, orelse))
            }
            StmtKind::While { test, body, orelse } => {
                self.conditionally(|this| this.visit_while(location, test, body, orelse))
            }
            StmtKind::If { test, body, orelse } => {
                self.conditionally(|this| this.visit_if(location, test, body, orelse))
            }
            StmtKind::With { is_async: false, items, body } => self.conditionally(|this| this.visit_with(items, body)),
            StmtKind::With { is_async: true, items, body } => {
                self.require_async_function("'async with' outside async function", location)?;
                self.conditionally(|this| this.visit_async_with(items, body))
            }
            StmtKind::Match { subject, cases } => self.conditionally(|this| this.visit_match(subject, cases)),
            StmtKind::Raise { exc, cause } => self.visit_raise(location, exc, cause),
            StmtKind::Try(try_) => self.conditionally(|this| this.visit_try(location, try_)),
            StmtKind::Assert { test, msg } => self.visit_assert(location, test, msg),
            StmtKind::Import { names, is_lazy } => self.visit_import(location, names, is_lazy),
            StmtKind::ImportFrom { module, names, level, is_lazy } => {
                self.visit_import_from(location, module, names, level, is_lazy)
            }
            // The symbol table has dealt with them.
            StmtKind::Global { .. } | StmtKind::Nonlocal { .. } => Ok(()),
            StmtKind::Expr { value } => self.visit_expr_stmt(location, value),
            StmtKind::Pass => {
                self.emit(Op::Nop, location);
                Ok(())
            }
            StmtKind::Break => self.visit_break(location),
            StmtKind::Continue => self.visit_continue(location),
        }
    }

    /// Refuses a statement outside of `async def`, unless the symbol table has seen to that.
    fn require_async_function(&self, message: &str, location: Location) -> Result<()> {
        let is_checked = self.target.features.symtable_refuses_async;
        if is_checked || self.unit.scope_type == ScopeType::AsyncFunction {
            Ok(())
        } else {
            self.error(location, message)
        }
    }

    /// Compiles what may not run, which annotated assignments in it have to know.
    ///
    /// Mirrors CPython 3.14: `CODEGEN_COND_BLOCK`, `_PyCompile_EnterConditionalBlock`.
    fn conditionally(&mut self, visit: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.unit.in_conditional_block += 1;
        visit(self)?;
        // After an error the current unit may be another.
        self.unit.in_conditional_block -= 1;
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_stmt_expr`.
    #[inline(always)]
    fn visit_expr_stmt(&mut self, location: Location, value: &'a Expr<'a>) -> Result<()> {
        if let ExprKind::Constant { .. } = value.kind {
            // Its value goes nowhere, but its line can be traced.
            self.emit(Op::Nop, location);
            return Ok(());
        }
        self.visit_expr(value)?;
        self.unset_cursor();
        self.emit(Op::PopTop, Location::NONE);
        Ok(())
    }

    #[inline(never)]
    fn visit_raise(
        &mut self,
        location: Location,
        exc: Option<&'a Expr<'a>>,
        cause: Option<&'a Expr<'a>>,
    ) -> Result<()> {
        let mut count = 0;
        if let Some(exc) = exc {
            self.visit_expr(exc)?;
            count += 1;
            if let Some(cause) = cause {
                self.visit_expr(cause)?;
                count += 1;
            }
        }
        self.emit_arg(Op::RaiseVarargs, count, location);
        Ok(())
    }
}
