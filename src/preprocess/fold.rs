//! Arithmetic on constants, where it is done in the tree (before `fold_in_flowgraph`).
//!
//! A node is folded when its children have been. Mirrors CPython 3.13's ast_opt.c, at its functions `fold_*`.

use super::Preprocessor;
use crate::ast::{CmpOp, Comprehension, Expr, ExprContext, ExprKind, Exprs, Operator, UnaryOp};
use crate::fold;
use crate::object::{Const, ConstCache, ConstId, Constant, Int};
use crate::source::Location;

impl<'a> Preprocessor<'_, 'a> {
    /// What a node becomes by folding, and where that is; nothing where it stays.
    pub(super) fn fold(&mut self, kind: &ExprKind<'a>, location: Location) -> Option<(ExprKind<'a>, Location)> {
        let value = match *kind {
            ExprKind::BinOp { left, op, right } => self.fold_binary(constant(left)?, op, constant(right)?)?,
            ExprKind::UnaryOp { op, operand } => match constant(operand) {
                Some(value) => self.fold_unary(op, value)?,
                None if op == UnaryOp::Not => return self.invert_comparison(operand),
                None => return None,
            },
            ExprKind::Tuple { elts, ctx: ExprContext::Load } => Constant::Tuple(self.constants(elts)?),
            ExprKind::Subscript { value, slice, ctx: ExprContext::Load } => {
                let (value, index) = (constant(value)?, constant(slice)?);
                self.with_scratch(|cache| {
                    let (value, index) = (cache.add_constant(&value), cache.add_constant(&index));
                    fold::binary(cache, fold::BinaryOp::Subscript, value, index)
                })?
            }
            ExprKind::Compare { left, ops, comparators } => {
                let (last, first) = comparators.split_last()?;
                if !matches!(ops.last(), Some(CmpOp::In | CmpOp::NotIn)) {
                    return None;
                }
                let container = self.fold_iter(last)?;
                let mut copy = bumpalo::collections::Vec::with_capacity_in(comparators.len(), self.arena);
                copy.extend_from_slice(first);
                copy.push(container);
                return Some((ExprKind::Compare { left, ops, comparators: copy.into_bump_slice() }, location));
            }
            _ => return None,
        };
        Some((ExprKind::Constant { value, is_u: false }, location))
    }

    /// `not a in b` is `a not in b`. Mirrors CPython 3.13: `fold_unaryop`, which takes the comparison's location.
    fn invert_comparison(&mut self, operand: &Expr<'a>) -> Option<(ExprKind<'a>, Location)> {
        let ExprKind::Compare { left, ops: &[op], comparators } = operand.kind else { return None };
        let inverted = match op {
            CmpOp::Is => CmpOp::IsNot,
            CmpOp::IsNot => CmpOp::Is,
            CmpOp::In => CmpOp::NotIn,
            CmpOp::NotIn => CmpOp::In,
            _ => return None,
        };
        let ops = self.arena.alloc_slice_copy(&[inverted]);
        Some((ExprKind::Compare { left, ops, comparators }, operand.location))
    }

    /// What is only iterated over or searched need not be a list or a set. Mirrors CPython 3.13: `fold_iter`.
    pub(super) fn fold_iter(&mut self, e: &'a Expr<'a>) -> Option<&'a Expr<'a>> {
        if !self.folds {
            return None;
        }
        let kind = match e.kind {
            ExprKind::List { elts, ctx } => match self.constants(elts) {
                Some(values) => ExprKind::Constant { value: Constant::Tuple(values), is_u: false },
                None if elts.iter().any(|elt| matches!(elt.kind, ExprKind::Starred { .. })) => return None,
                None => ExprKind::Tuple { elts, ctx },
            },
            ExprKind::Set { elts } => {
                let values = self.constants(elts)?;
                let value = self.with_scratch(|cache| {
                    let ids: Vec<ConstId> = values.iter().map(|value| cache.add_constant(value)).collect();
                    Some(fold::frozen_set(cache, &ids))
                })?;
                ExprKind::Constant { value, is_u: false }
            }
            _ => return None,
        };
        Some(self.arena.alloc(Expr { kind, location: e.location }))
    }

    /// A comprehension's `for` whose iterable may be folded.
    pub(super) fn fold_generator(&mut self, generator: Comprehension<'a>) -> Option<Comprehension<'a>> {
        let iter = self.fold_iter(generator.iter)?;
        Some(Comprehension { iter, ..generator })
    }

    fn fold_binary(&mut self, left: Constant<'a>, op: Operator, right: Constant<'a>) -> Option<Constant<'a>> {
        let op = match op {
            Operator::Add => fold::BinaryOp::Add,
            Operator::Sub => fold::BinaryOp::Subtract,
            Operator::Mult => fold::BinaryOp::Multiply,
            Operator::Div => fold::BinaryOp::TrueDivide,
            Operator::FloorDiv => fold::BinaryOp::FloorDivide,
            Operator::Mod => fold::BinaryOp::Remainder,
            Operator::Pow => fold::BinaryOp::Power,
            Operator::LShift => fold::BinaryOp::LeftShift,
            Operator::RShift => fold::BinaryOp::RightShift,
            Operator::BitOr => fold::BinaryOp::Or,
            Operator::BitXor => fold::BinaryOp::Xor,
            Operator::BitAnd => fold::BinaryOp::And,
            Operator::MatMult => return None,
        };
        let rules = self.complex_arithmetic;
        self.with_scratch(|cache| {
            let (left, right) = (cache.add_constant(&left), cache.add_constant(&right));
            fold::binary_with(cache, op, left, right, rules)
        })
    }

    fn fold_unary(&mut self, op: UnaryOp, operand: Constant<'a>) -> Option<Constant<'a>> {
        let (op, operand) = match (op, operand) {
            // Deprecated, but folded.
            (UnaryOp::Invert, Constant::False) => (fold::UnaryOp::Invert, Constant::Int(Int::Small(0))),
            (UnaryOp::Invert, Constant::True) => (fold::UnaryOp::Invert, Constant::Int(Int::Small(1))),
            (UnaryOp::Invert, _) => (fold::UnaryOp::Invert, operand),
            (UnaryOp::Not, _) => (fold::UnaryOp::Not, operand),
            (UnaryOp::UAdd, _) => (fold::UnaryOp::Positive, operand),
            (UnaryOp::USub, _) => (fold::UnaryOp::Negative, operand),
        };
        self.with_scratch(|cache| {
            let operand = cache.add_constant(&operand);
            fold::unary(cache, op, operand)
        })
    }

    /// The values of expressions that are all constants.
    fn constants(&self, elts: Exprs<'a>) -> Option<&'a [Constant<'a>]> {
        if !elts.iter().all(|elt| matches!(elt.kind, ExprKind::Constant { .. })) {
            return None;
        }
        Some(self.arena.alloc_slice_fill_iter(elts.iter().map(|elt| constant(elt).unwrap_or(Constant::None))))
    }

    /// Calculates with a table of its own: what is calculated with is not among the constants of the code.
    fn with_scratch(&mut self, calculate: impl FnOnce(&mut ConstCache<'a>) -> Option<ConstId>) -> Option<Constant<'a>> {
        let cache = self.scratch.get_or_insert_with(|| ConstCache::new(self.arena));
        let id = calculate(cache)?;
        value_of(cache, id)
    }
}

fn constant<'a>(e: &Expr<'a>) -> Option<Constant<'a>> {
    match e.kind {
        ExprKind::Constant { value, .. } => Some(value),
        _ => None,
    }
}

/// A merged constant as a value of the tree.
fn value_of<'a>(cache: &ConstCache<'a>, id: ConstId) -> Option<Constant<'a>> {
    let all = |ids: &[ConstId]| -> Option<&'a [Constant<'a>]> {
        let values: Vec<Constant<'a>> = ids.iter().map(|&id| value_of(cache, id)).collect::<Option<_>>()?;
        Some(cache.arena().alloc_slice_copy(&values))
    };
    Some(match cache.get(id) {
        Const::None => Constant::None,
        Const::False => Constant::False,
        Const::True => Constant::True,
        Const::Ellipsis => Constant::Ellipsis,
        Const::Int(i) => Constant::Int(i),
        Const::Float(f) => Constant::Float(f),
        Const::Complex { real, imag } => Constant::Complex { real, imag },
        Const::Str(s) => Constant::Str(s),
        Const::Bytes(b) => Constant::Bytes(b),
        Const::Tuple(ids) => Constant::Tuple(all(ids)?),
        Const::FrozenSet(ids) => Constant::FrozenSet(all(ids)?),
        Const::Slice(_) | Const::Code(_) => return None,
    })
}
