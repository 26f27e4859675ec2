//! `if`, and jumping on the truth of an expression, which loops, assertions and conditional expressions share.

use super::CodeGenerator;
use crate::ast::{BoolOp, CmpOp, Expr, ExprKind, Exprs, Stmts, UnaryOp};
use crate::diagnostics::Result;
use crate::ir::LabelId;
use crate::source::Location;
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_if`.
    #[inline(never)]
    pub(crate) fn visit_if(
        &mut self,
        location: Location,
        test: &'a Expr<'a>,
        body: Stmts<'a>,
        orelse: Stmts<'a>,
    ) -> Result<()> {
        let end = self.new_label();
        let next = if orelse.is_empty() { end } else { self.new_label() };
        self.jump_if(location, test, next, false)?;
        self.visit_stmts(body)?;
        if !orelse.is_empty() {
            self.emit_inner_jump(end, Location::NONE);
            self.use_label(next);
            self.visit_stmts(orelse)?;
        }
        self.use_label(end);
        Ok(())
    }

    /// Jumps if the truth of an expression is `condition`, else goes on. Mirrors CPython 3.14: `codegen_jump_if`.
    pub(crate) fn jump_if(
        &mut self,
        location: Location,
        e: &'a Expr<'a>,
        next: LabelId,
        condition: bool,
    ) -> Result<()> {
        self.enter_recursion()?;
        self.jump_if_kind(location, e, next, condition)?;
        self.leave_recursion();
        Ok(())
    }

    fn jump_if_kind(&mut self, location: Location, e: &'a Expr<'a>, next: LabelId, condition: bool) -> Result<()> {
        if let ExprKind::Compare { .. } = e.kind {
            // Stays for what follows the comparison.
            self.set_cursor(e.location);
        }
        match e.kind {
            ExprKind::UnaryOp { op: UnaryOp::Not, operand } => self.jump_if(location, operand, next, !condition),
            ExprKind::BoolOp { op, values } => self.jump_if_bool_op(location, op, values, next, condition),
            ExprKind::IfExp { test, body, orelse } => {
                let end = self.new_label();
                let otherwise = self.new_label();
                self.jump_if(location, test, otherwise, false)?;
                self.jump_if(location, body, next, condition)?;
                self.emit_inner_jump(end, Location::NONE);
                self.use_label(otherwise);
                self.jump_if(location, orelse, next, condition)?;
                self.use_label(end);
                Ok(())
            }
            ExprKind::Compare { left, ops, comparators } if ops.len() > 1 => {
                self.check_compare(e)?;
                self.jump_if_chain(e.location, left, ops, comparators, next, condition)
            }
            _ => {
                self.visit_expr(e)?;
                self.emit_truth_jump(next, condition, e.location);
                Ok(())
            }
        }
    }

    /// `and` and `or` stop at the first operand that decides.
    fn jump_if_bool_op(
        &mut self,
        location: Location,
        op: BoolOp,
        values: Exprs<'a>,
        next: LabelId,
        condition: bool,
    ) -> Result<()> {
        let deciding = op == BoolOp::Or;
        let decided = if deciding == condition { next } else { self.new_label() };
        if let Some((last, others)) = values.split_last() {
            for value in others {
                self.jump_if(location, value, decided, deciding)?;
            }
            self.jump_if(location, last, next, condition)?;
        }
        if decided != next {
            self.use_label(decided);
        }
        Ok(())
    }

    /// `a < b < c` compares until one comparison is false; the operand that the next one would take is dropped then.
    fn jump_if_chain(
        &mut self,
        location: Location,
        left: &'a Expr<'a>,
        ops: &'a [CmpOp],
        comparators: Exprs<'a>,
        next: LabelId,
        condition: bool,
    ) -> Result<()> {
        let cleanup = self.new_label();
        self.visit_expr(left)?;
        let last = comparators.len() - 1;
        for (&op, comparator) in ops.iter().zip(&comparators[..last]) {
            self.visit_expr(comparator)?;
            self.emit_swap(2, location);
            self.emit_copy(2, location);
            self.emit_compare(location, op);
            self.emit_truth_jump(cleanup, false, location);
        }
        self.visit_expr(comparators[last])?;
        self.emit_compare(location, ops[last]);
        self.emit_truth_jump(next, condition, location);
        let end = self.new_label();
        self.emit_inner_jump(end, Location::NONE);
        self.use_label(cleanup);
        self.emit(Op::PopTop, location);
        if !condition {
            self.emit_inner_jump(next, Location::NONE);
        }
        self.use_label(end);
        Ok(())
    }

    /// Pops a value and jumps if its truth is `condition`.
    pub(crate) fn emit_truth_jump(&mut self, target: LabelId, condition: bool, location: Location) {
        self.emit_to_bool(location);
        let op = if condition { Op::PopJumpIfTrue } else { Op::PopJumpIfFalse };
        self.emit_jump(op, target, location);
    }
}
