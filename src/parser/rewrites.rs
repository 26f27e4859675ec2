//! Notes of what the tree pass may rewrite, so that it need not look for that.
//!
//! A note too many costs time, a note too few a rewrite, so whatever may become a constant counts as one.

use super::Parser;
use crate::ast::{CmpOp, Expr, ExprContext, ExprKind, Operator, Rewrites};
use crate::object::Constant;
use crate::source::{Location, known};
use bumpalo::Bump;

/// The lines noted so far, roughly in ascending order.
#[derive(Default)]
pub(super) struct Notes {
    always: Vec<i32>,
    folding: Vec<i32>,
}

impl Notes {
    /// Puts the lines in order.
    pub fn finish<'a>(mut self, arena: &'a Bump) -> Rewrites<'a> {
        self.folding.extend_from_slice(&self.always);
        let sorted = |mut lines: Vec<i32>| {
            lines.sort_unstable();
            lines.dedup();
            &*arena.alloc_slice_copy(&lines)
        };
        Rewrites { always: sorted(self.always), folding: sorted(self.folding) }
    }
}

/// Whether the tree pass may make an expression a constant.
#[inline]
fn may_be_constant(expr: &Expr<'_>) -> bool {
    match expr.kind {
        ExprKind::Constant { .. } | ExprKind::BinOp { .. } | ExprKind::UnaryOp { .. } => true,
        ExprKind::Tuple { .. } | ExprKind::Subscript { .. } => true,
        ExprKind::Name { id, .. } => id == known::DEBUG,
        _ => false,
    }
}

const fn is_list_or_set(expr: &Expr<'_>) -> bool {
    matches!(expr.kind, ExprKind::List { .. } | ExprKind::Set { .. })
}

impl<'a> Parser<'_, 'a> {
    /// Every target's tree pass may rewrite what is here, or warn of it.
    #[cold]
    pub(super) fn note_rewrite(&mut self, location: Location) {
        self.notes.always.push(location.line);
    }

    fn note_folding(&mut self, expr: &Expr<'a>) {
        self.notes.folding.push(expr.location.line);
    }

    /// Looks at a name: `__debug__` becomes a constant.
    #[inline]
    pub(super) fn note_name(&mut self, expr: &Expr<'a>) {
        if matches!(expr.kind, ExprKind::Name { id: known::DEBUG, .. }) {
            self.note_rewrite(expr.location);
        }
    }

    /// Looks at an operation of two operands: `'...' % (...)` becomes an f-string.
    #[inline]
    pub(super) fn note_binary(&mut self, expr: &Expr<'a>) {
        let ExprKind::BinOp { left, op, right } = expr.kind else { return };
        if op == Operator::Mod
            && matches!(left.kind, ExprKind::Constant { value: Constant::Str(_), .. })
            && matches!(right.kind, ExprKind::Tuple { .. })
        {
            self.note_rewrite(expr.location);
        } else if may_be_constant(left) && may_be_constant(right) {
            self.note_folding(expr);
        }
    }

    /// Looks at an operation of one operand, which may also be a comparison that `not` is pulled into.
    #[inline]
    pub(super) fn note_unary(&mut self, expr: &Expr<'a>) {
        let ExprKind::UnaryOp { operand, .. } = expr.kind else { return };
        if may_be_constant(operand) || matches!(operand.kind, ExprKind::Compare { .. }) {
            self.note_folding(expr);
        }
    }

    /// Looks at a tuple or subscript.
    #[inline]
    pub(super) fn note_composite(&mut self, expr: &Expr<'a>) {
        let may_fold = match expr.kind {
            ExprKind::Tuple { elts, ctx: ExprContext::Load } => elts.first().is_none_or(|first| may_be_constant(first)),
            ExprKind::Subscript { value, slice, .. } => may_be_constant(value) && may_be_constant(slice),
            _ => false,
        };
        if may_fold {
            self.note_folding(expr);
        }
    }

    /// Looks at a comparison, where a list or set that is only searched may become a constant.
    #[inline]
    pub(super) fn note_comparison(&mut self, expr: &Expr<'a>) {
        let ExprKind::Compare { ops: [.., CmpOp::In | CmpOp::NotIn], comparators: [.., last], .. } = expr.kind else {
            return;
        };
        if is_list_or_set(last) {
            self.note_folding(expr);
        }
    }

    /// Looks at what a loop or comprehension goes over.
    #[inline]
    pub(super) fn note_iterable(&mut self, iter: &Expr<'a>) {
        if is_list_or_set(iter) {
            self.note_folding(iter);
        }
    }
}
