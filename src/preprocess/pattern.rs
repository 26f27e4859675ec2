//! Patterns: `-1`, `+1` and `1 + 2j`, which are operators to the parser, become the constants that a pattern compares with.

use super::Preprocessor;
use crate::ast::{Expr, ExprKind, MatchCase, Operator, Pattern, PatternKind, Patterns, UnaryOp};
use crate::object::{Constant, Int};
use bumpalo::Bump;
use num_traits::ToPrimitive;

impl<'a> Preprocessor<'_, 'a> {
    /// Mirrors CPython 3.14: `astfold_match_case`.
    pub(super) fn match_cases(&mut self, list: &'a [MatchCase<'a>]) -> Option<&'a [MatchCase<'a>]> {
        self.sequence(list, |pass, case| {
            let MatchCase { pattern, guard, body } = case;
            rebuild!(pattern = pass.pattern(pattern), guard = pass.opt_expr(guard), body = pass.stmts(body)
                => MatchCase { pattern, guard, body })
        })
    }

    /// Mirrors CPython 3.14: `astfold_pattern`.
    fn pattern(&mut self, p: &'a Pattern<'a>) -> Option<&'a Pattern<'a>> {
        let kind = self.deeper(|pass| pass.pattern_kind(p))?;
        Some(self.arena.alloc(Pattern { kind, location: p.location }))
    }

    fn patterns(&mut self, list: Patterns<'a>) -> Option<Patterns<'a>> {
        self.sequence(list, Self::pattern)
    }

    fn pattern_kind(&mut self, p: &'a Pattern<'a>) -> Option<PatternKind<'a>> {
        use PatternKind::*;
        match p.kind {
            MatchValue { value } => rebuild!(value = self.pattern_constant(value) => MatchValue { value }),
            MatchSingleton { .. } | MatchStar { .. } => None,
            MatchSequence { patterns } => rebuild!(patterns = self.patterns(patterns) => MatchSequence { patterns }),
            MatchMapping { keys, patterns, rest } => rebuild!(
                keys = self.sequence(keys, Self::pattern_constant), patterns = self.patterns(patterns)
                => MatchMapping { keys, patterns, rest }),
            MatchClass { cls, patterns, kwd_attrs, kwd_patterns } => rebuild!(
                cls = self.expr(cls), patterns = self.patterns(patterns), kwd_patterns = self.patterns(kwd_patterns)
                => MatchClass { cls, patterns, kwd_attrs, kwd_patterns }),
            MatchAs { pattern, name } => {
                let pattern = self.pattern(pattern?)?;
                Some(MatchAs { pattern: Some(pattern), name })
            }
            MatchOr { patterns } => rebuild!(patterns = self.patterns(patterns) => MatchOr { patterns }),
        }
    }

    /// Mirrors CPython 3.14: `fold_const_match_patterns`.
    fn pattern_constant(&mut self, e: &'a Expr<'a>) -> Option<&'a Expr<'a>> {
        if self.folds {
            return self.expr(e);
        }
        let kind = match e.kind {
            ExprKind::UnaryOp { op: UnaryOp::USub, operand } => {
                let ExprKind::Constant { value, .. } = operand.kind else { return None };
                ExprKind::Constant { value: negative(self.arena, value)?, is_u: false }
            }
            ExprKind::UnaryOp { op: UnaryOp::UAdd, operand } => {
                let ExprKind::Constant { value, .. } = operand.kind else { return None };
                ExprKind::Constant { value, is_u: false }
            }
            ExprKind::BinOp { left, op: op @ (Operator::Add | Operator::Sub), right } => {
                let ExprKind::Constant { value: right_value, .. } = right.kind else { return None };
                let new_left = self.deeper(|pass| pass.pattern_constant(left));
                match new_left.unwrap_or(left).kind {
                    ExprKind::Constant { value, .. } if let Some(value) = complex(value, op, right_value) => {
                        ExprKind::Constant { value, is_u: false }
                    }
                    _ => ExprKind::BinOp { left: new_left?, op, right },
                }
            }
            _ => return None,
        };
        Some(self.arena.alloc(Expr { kind, location: e.location }))
    }
}

/// Minus a number.
fn negative<'a>(arena: &'a Bump, value: Constant<'a>) -> Option<Constant<'a>> {
    Some(match value {
        Constant::Int(i) => Constant::Int(match i {
            Int::Small(small) if let Some(negated) = small.checked_neg() => Int::Small(negated),
            _ => Int::from_big(arena, &-i.to_big()),
        }),
        Constant::Float(f) => Constant::Float(-f),
        Constant::Complex { real, imag } => Constant::Complex { real: -real, imag: -imag },
        _ => return None,
    })
}

/// The sum or difference of a real and an imaginary number, which are the only operands that the grammar lets through.
///
/// Mirrors CPython 3.14: `complex_add`, `complex_sub`; nothing where the integer is too big for a float.
fn complex<'a>(left: Constant<'a>, op: Operator, right: Constant<'a>) -> Option<Constant<'a>> {
    let Constant::Complex { real, imag } = right else { return None };
    let left = match left {
        Constant::Int(Int::Small(small)) => small as f64,
        Constant::Int(big) => big.to_big().to_f64().filter(|f| f.is_finite())?,
        Constant::Float(f) => f,
        _ => return None,
    };
    Some(match op {
        Operator::Add => Constant::Complex { real: left + real, imag },
        _ => Constant::Complex { real: left - real, imag: -imag },
    })
}
