//! Expressions: `__debug__`, and the way down to everything else.

use super::Preprocessor;
use crate::ast::{Comprehension, Expr, ExprContext, ExprKind, Exprs, Keyword, Operator};
use crate::object::Constant;
use crate::source::known;

impl<'a> Preprocessor<'_, 'a> {
    /// Mirrors CPython 3.14: `astfold_expr`.
    pub(super) fn expr(&mut self, e: &'a Expr<'a>) -> Option<&'a Expr<'a>> {
        let kind = match e.kind {
            ExprKind::Constant { .. } => return None,
            ExprKind::Name { id: known::DEBUG, ctx: ExprContext::Load } => {
                ExprKind::Constant { value: Constant::bool(self.is_debug), is_u: false }
            }
            ExprKind::Name { .. } => return None,
            _ => {
                let changed = self.deeper(|pass| pass.expr_kind(e));
                if self.folds
                    && let Some((kind, location)) = self.fold(changed.as_ref().unwrap_or(&e.kind), e.location)
                {
                    return Some(self.arena.alloc(Expr { kind, location }));
                }
                changed?
            }
        };
        Some(self.arena.alloc(Expr { kind, location: e.location }))
    }

    pub(super) fn exprs(&mut self, list: Exprs<'a>) -> Option<Exprs<'a>> {
        self.sequence(list, Self::expr)
    }

    pub(super) fn opt_expr(&mut self, e: Option<&'a Expr<'a>>) -> Option<Option<&'a Expr<'a>>> {
        self.expr(e?).map(Some)
    }

    pub(super) fn keywords(&mut self, list: &'a [Keyword<'a>]) -> Option<&'a [Keyword<'a>]> {
        self.sequence(list, |pass, keyword| {
            let value = pass.expr(keyword.value)?;
            Some(Keyword { value, ..keyword })
        })
    }

    /// Mirrors CPython 3.14: `astfold_comprehension`.
    fn generators(&mut self, list: &'a [Comprehension<'a>]) -> Option<&'a [Comprehension<'a>]> {
        self.sequence(list, |pass, generator| {
            let Comprehension { target, iter, ifs, is_async } = generator;
            let changed = rebuild!(target = pass.expr(target), iter = pass.expr(iter), ifs = pass.exprs(ifs)
                => Comprehension { target, iter, ifs, is_async });
            pass.fold_generator(changed.unwrap_or(generator)).or(changed)
        })
    }

    fn expr_kind(&mut self, e: &'a Expr<'a>) -> Option<ExprKind<'a>> {
        use ExprKind::*;
        match e.kind {
            Constant { .. } | Name { .. } => None,
            Attribute { value, attr, ctx } => rebuild!(value = self.expr(value) => Attribute { value, attr, ctx }),
            Call { func, args, keywords } => rebuild!(
                func = self.expr(func), args = self.exprs(args), keywords = self.keywords(keywords)
                => Call { func, args, keywords }),
            BinOp { left, op, right } => self.bin_op(left, op, right),
            BoolOp { op, values } => rebuild!(values = self.exprs(values) => BoolOp { op, values }),
            UnaryOp { op, operand } => rebuild!(operand = self.expr(operand) => UnaryOp { op, operand }),
            NamedExpr { target, value } => rebuild!(value = self.expr(value) => NamedExpr { target, value }),
            Lambda { args, body } => rebuild!(args = self.arguments(args), body = self.expr(body)
                => Lambda { args, body }),
            IfExp { test, body, orelse } => rebuild!(
                test = self.expr(test), body = self.expr(body), orelse = self.expr(orelse)
                => IfExp { test, body, orelse }),
            Dict { keys, values } => rebuild!(
                keys = self.sequence(keys, Self::opt_expr), values = self.exprs(values)
                => Dict { keys, values }),
            Set { elts } => rebuild!(elts = self.exprs(elts) => Set { elts }),
            ListComp { elt, generators } => rebuild!(elt = self.expr(elt), generators = self.generators(generators)
                => ListComp { elt, generators }),
            SetComp { elt, generators } => rebuild!(elt = self.expr(elt), generators = self.generators(generators)
                => SetComp { elt, generators }),
            GeneratorExp { elt, generators } => rebuild!(elt = self.expr(elt), generators = self.generators(generators)
                => GeneratorExp { elt, generators }),
            DictComp { key, value, generators } => rebuild!(
                key = self.expr(key), value = self.opt_expr(value), generators = self.generators(generators)
                => DictComp { key, value, generators }),
            Await { value } => rebuild!(value = self.expr(value) => Await { value }),
            Yield { value } => rebuild!(value = self.opt_expr(value) => Yield { value }),
            YieldFrom { value } => rebuild!(value = self.expr(value) => YieldFrom { value }),
            Compare { left, ops, comparators } => rebuild!(
                left = self.expr(left), comparators = self.exprs(comparators)
                => Compare { left, ops, comparators }),
            FormattedValue { value, conversion, format_spec } => rebuild!(
                value = self.expr(value), format_spec = self.opt_expr(format_spec)
                => FormattedValue { value, conversion, format_spec }),
            Interpolation { value, str, conversion, format_spec } => rebuild!(
                value = self.expr(value), format_spec = self.opt_expr(format_spec)
                => Interpolation { value, str, conversion, format_spec }),
            JoinedStr { values } => rebuild!(values = self.exprs(values) => JoinedStr { values }),
            TemplateStr { values } => rebuild!(values = self.exprs(values) => TemplateStr { values }),
            Subscript { value, slice, ctx } => rebuild!(value = self.expr(value), slice = self.expr(slice)
                => Subscript { value, slice, ctx }),
            Starred { value, ctx } => rebuild!(value = self.expr(value) => Starred { value, ctx }),
            List { elts, ctx } => rebuild!(elts = self.exprs(elts) => List { elts, ctx }),
            Tuple { elts, ctx } => rebuild!(elts = self.exprs(elts) => Tuple { elts, ctx }),
            Slice { lower, upper, step } => rebuild!(
                lower = self.opt_expr(lower), upper = self.opt_expr(upper), step = self.opt_expr(step)
                => Slice { lower, upper, step }),
        }
    }

    /// Mirrors CPython 3.14: `fold_binop`, which looks at operands that have been visited.
    fn bin_op(&mut self, left: &'a Expr<'a>, op: Operator, right: &'a Expr<'a>) -> Option<ExprKind<'a>> {
        let (new_left, new_right) = (self.expr(left), self.expr(right));
        let is_changed = new_left.is_some() || new_right.is_some();
        let (left, right) = (new_left.unwrap_or(left), new_right.unwrap_or(right));
        if op == Operator::Mod
            && let ExprKind::Constant { value: Constant::Str(format), .. } = left.kind
            && let ExprKind::Tuple { elts, .. } = right.kind
            && let Some(joined) = self.format(format, elts)
        {
            return Some(joined);
        }
        is_changed.then_some(ExprKind::BinOp { left, op, right })
    }
}
