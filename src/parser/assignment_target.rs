//! What can be assigned to, deleted, or bound by `for`, `with` and `:=`.
//!
//! Targets are read as expressions; their spine is then rebuilt with the context of a target.

use super::{Parse, Parser};
use crate::ast::{Expr, ExprContext, ExprKind};
use crate::lexer::TokenKind;

impl<'s, 'a> Parser<'s, 'a> {
    /// `star_targets`.
    pub(super) fn star_targets(&mut self, ctx: ExprContext) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        let first = self.star_target(ctx)?;
        if self.kind() != TokenKind::Comma {
            return Ok(first);
        }
        let mark = self.exprs.len();
        self.exprs.push(first);
        while self.eat(TokenKind::Comma) && self.starts_star_expression() {
            let next = self.star_target(ctx)?;
            self.exprs.push(next);
        }
        let elts = self.take_exprs(mark);
        Ok(self.expr(ExprKind::Tuple { elts, ctx }, start))
    }

    /// `star_target`.
    pub(super) fn star_target(&mut self, ctx: ExprContext) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        let is_starred = self.eat(TokenKind::Star);
        let value = if self.kind() == TokenKind::Name
            && !matches!(self.next_kind(), TokenKind::Dot | TokenKind::LeftParen | TokenKind::LeftBracket)
        {
            let name = self.name_expr(self.token(), ctx);
            self.bump();
            name
        } else {
            let primary = self.primary()?;
            self.target_of(primary, ctx)?
        };
        if !is_starred {
            return Ok(value);
        }
        Ok(self.expr(ExprKind::Starred { value, ctx }, start))
    }

    /// An expression as a target, if it can be one.
    pub(super) fn target_of(&mut self, expr: &'a Expr<'a>, ctx: ExprContext) -> Parse<&'a Expr<'a>> {
        let kind = match expr.kind {
            ExprKind::Name { id, .. } => ExprKind::Name { id, ctx },
            ExprKind::Attribute { value, attr, .. } => ExprKind::Attribute { value, attr, ctx },
            ExprKind::Subscript { value, slice, .. } => ExprKind::Subscript { value, slice, ctx },
            ExprKind::Tuple { elts, .. } => ExprKind::Tuple { elts: self.targets_of(elts, ctx)?, ctx },
            ExprKind::List { elts, .. } => ExprKind::List { elts: self.targets_of(elts, ctx)?, ctx },
            ExprKind::Starred { value, .. } if ctx == ExprContext::Store => {
                ExprKind::Starred { value: self.target_of(value, ctx)?, ctx }
            }
            _ => return self.fail(),
        };
        Ok(self.new_expr(kind, expr.location))
    }

    fn targets_of(&mut self, elts: &[&'a Expr<'a>], ctx: ExprContext) -> Parse<&'a [&'a Expr<'a>]> {
        let mark = self.exprs.len();
        for elt in elts {
            let target = self.target_of(elt, ctx)?;
            self.exprs.push(target);
        }
        Ok(self.take_exprs(mark))
    }

    /// `single_target`: what an annotation or an augmented assignment can have.
    pub(super) fn single_target_of(&mut self, expr: &'a Expr<'a>) -> Parse<&'a Expr<'a>> {
        match expr.kind {
            ExprKind::Name { .. } | ExprKind::Attribute { .. } | ExprKind::Subscript { .. } => {
                self.target_of(expr, ExprContext::Store)
            }
            _ => self.fail(),
        }
    }
}
