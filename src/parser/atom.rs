//! Atoms: names, literals, and what stands in brackets.

use super::{GatedSyntax, Parse, Parser, level, take};
use crate::ast::{Expr, ExprContext, ExprKind};
use crate::lexer::{Token, TokenKind};
use crate::object::Constant;

use super::expression::precedence;

impl<'s, 'a> Parser<'s, 'a> {
    /// `atom`.
    #[inline]
    pub(super) fn atom(&mut self) -> Parse<&'a Expr<'a>> {
        match self.kind() {
            TokenKind::Name => Ok(self.name()),
            TokenKind::Number => self.number(),
            TokenKind::String | TokenKind::FStringStart | TokenKind::TStringStart => self.strings(),
            TokenKind::True => Ok(self.constant(Constant::True)),
            TokenKind::False => Ok(self.constant(Constant::False)),
            TokenKind::None => Ok(self.constant(Constant::None)),
            TokenKind::Ellipsis => Ok(self.constant(Constant::Ellipsis)),
            TokenKind::LeftParen => self.parenthesized(),
            TokenKind::LeftBracket => self.list(),
            TokenKind::LeftBrace => self.braced(),
            _ => self.fail(),
        }
    }

    /// The constant that the next token stands for.
    #[inline]
    pub(super) fn constant(&mut self, value: Constant<'a>) -> &'a Expr<'a> {
        let token = self.token();
        self.bump();
        self.new_expr(ExprKind::Constant { value, is_u: false }, token.location())
    }

    /// `tuple`, `group` and `genexp`.
    fn parenthesized(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        self.bump();
        self.enter(level::BRACKET)?;
        let expr = self.parenthesized_rest(start)?;
        self.leave(level::BRACKET);
        Ok(expr)
    }

    fn parenthesized_rest(&mut self, start: &'s Token) -> Parse<&'a Expr<'a>> {
        if self.eat(TokenKind::RightParen) {
            return Ok(self.tuple(&[], start));
        }
        if self.kind() == TokenKind::Yield {
            let inner = self.yield_expression()?;
            self.expect(TokenKind::RightParen)?;
            return Ok(inner);
        }
        let is_starred = self.kind() == TokenKind::Star;
        let first = self.comprehension_element()?;
        match self.kind() {
            TokenKind::RightParen if !is_starred => {
                self.bump();
                Ok(first)
            }
            TokenKind::Comma => {
                let elts = self.elements(first, TokenKind::RightParen)?;
                Ok(self.tuple(elts, start))
            }
            TokenKind::For | TokenKind::Async => {
                self.gate_starred_element(is_starred)?;
                let generators = self.for_if_clauses()?;
                self.expect(TokenKind::RightParen)?;
                Ok(self.expr(ExprKind::GeneratorExp { elt: first, generators }, start))
            }
            _ => self.fail(),
        }
    }

    /// The first element of a display in parentheses, which may turn out to be a generator expression's.
    fn comprehension_element(&mut self) -> Parse<&'a Expr<'a>> {
        if self.kind() != TokenKind::Star {
            return self.named_expression();
        }
        let start = self.token();
        self.bump();
        let (value, is_bitwise_or) = self.unpacked_element()?;
        if !is_bitwise_or && !matches!(self.kind(), TokenKind::For | TokenKind::Async) {
            return self.fail();
        }
        Ok(self.expr(ExprKind::Starred { value, ctx: ExprContext::Load }, start))
    }

    /// Refuses `*` before `for` where the target has not got it.
    fn gate_starred_element(&mut self, is_starred: bool) -> Parse<()> {
        if is_starred { self.require(GatedSyntax::UnpackingInComprehensions) } else { Ok(()) }
    }

    /// The elements of a display whose first one is there, up to and with the closing bracket.
    fn elements(&mut self, first: &'a Expr<'a>, close: TokenKind) -> Parse<&'a [&'a Expr<'a>]> {
        let mark = self.exprs.len();
        self.exprs.push(first);
        while self.eat(TokenKind::Comma) && self.kind() != close {
            let element = self.star_named_expression()?;
            self.exprs.push(element);
        }
        self.expect(close)?;
        Ok(self.take_exprs(mark))
    }

    /// `list` and `listcomp`.
    fn list(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        self.bump();
        if self.eat(TokenKind::RightBracket) {
            return Ok(self.expr(ExprKind::List { elts: &[], ctx: ExprContext::Load }, start));
        }
        self.enter(level::BRACKET)?;
        let is_starred = self.kind() == TokenKind::Star;
        let first = self.star_named_expression()?;
        let kind = if matches!(self.kind(), TokenKind::For | TokenKind::Async) {
            self.gate_starred_element(is_starred)?;
            let generators = self.for_if_clauses()?;
            self.expect(TokenKind::RightBracket)?;
            ExprKind::ListComp { elt: first, generators }
        } else {
            ExprKind::List { elts: self.elements(first, TokenKind::RightBracket)?, ctx: ExprContext::Load }
        };
        self.leave(level::BRACKET);
        Ok(self.expr(kind, start))
    }

    /// `dict`, `set`, `dictcomp` and `setcomp`.
    fn braced(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        self.bump();
        if self.eat(TokenKind::RightBrace) {
            return Ok(self.expr(ExprKind::Dict { keys: &[], values: &[] }, start));
        }
        self.enter(level::BRACKET)?;
        let kind = if self.kind() == TokenKind::DoubleStar {
            self.dict_from_unpacking()?
        } else {
            let (is_starred, is_named) = (self.kind() == TokenKind::Star, self.at_assignment_expression());
            let first = self.star_named_expression()?;
            match self.kind() {
                TokenKind::Colon if !is_starred && !is_named => self.dict_from_key(first)?,
                TokenKind::For | TokenKind::Async => {
                    self.gate_starred_element(is_starred)?;
                    let generators = self.for_if_clauses()?;
                    self.expect(TokenKind::RightBrace)?;
                    ExprKind::SetComp { elt: first, generators }
                }
                _ => ExprKind::Set { elts: self.elements(first, TokenKind::RightBrace)? },
            }
        };
        self.leave(level::BRACKET);
        Ok(self.expr(kind, start))
    }

    /// A dict that starts with `**`.
    fn dict_from_unpacking(&mut self) -> Parse<ExprKind<'a>> {
        self.bump();
        let (value, is_bitwise_or) = self.unpacked_element()?;
        if is_bitwise_or && !matches!(self.kind(), TokenKind::For | TokenKind::Async) {
            return self.dict_rest(None, value);
        }
        self.require(GatedSyntax::UnpackingInComprehensions)?;
        let generators = self.for_if_clauses()?;
        self.expect(TokenKind::RightBrace)?;
        Ok(ExprKind::DictComp { key: value, value: None, generators })
    }

    /// A dict, or a comprehension of one, whose first key is there.
    fn dict_from_key(&mut self, key: &'a Expr<'a>) -> Parse<ExprKind<'a>> {
        self.bump();
        let value = self.expression()?;
        if !matches!(self.kind(), TokenKind::For | TokenKind::Async) {
            return self.dict_rest(Some(key), value);
        }
        let generators = self.for_if_clauses()?;
        self.expect(TokenKind::RightBrace)?;
        Ok(ExprKind::DictComp { key, value: Some(value), generators })
    }

    /// The items of a dict whose first one is there, up to and with the closing brace.
    fn dict_rest(&mut self, first_key: Option<&'a Expr<'a>>, first_value: &'a Expr<'a>) -> Parse<ExprKind<'a>> {
        let (mark, keys_mark) = (self.exprs.len(), self.optional_exprs.len());
        self.optional_exprs.push(first_key);
        self.exprs.push(first_value);
        while self.eat(TokenKind::Comma) && self.kind() != TokenKind::RightBrace {
            let (key, value) = if self.eat(TokenKind::DoubleStar) {
                (None, self.operators(precedence::BIT_OR)?)
            } else {
                let key = self.expression()?;
                self.expect(TokenKind::Colon)?;
                (Some(key), self.expression()?)
            };
            self.optional_exprs.push(key);
            self.exprs.push(value);
        }
        self.expect(TokenKind::RightBrace)?;
        let keys = take(&mut self.room, &mut self.optional_exprs, keys_mark);
        Ok(ExprKind::Dict { keys, values: self.take_exprs(mark) })
    }
}
