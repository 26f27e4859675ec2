//! Arguments of calls and classes, and subscripts.

use super::{GatedSyntax, Parse, Parser, level, take};
use crate::ast::{Expr, ExprContext, ExprKind, Exprs, Keyword};
use crate::lexer::{Token, TokenKind};

impl<'s, 'a> Parser<'s, 'a> {
    /// A call of what starts at the token `start`; the next token is its `(`.
    #[inline(never)]
    pub(super) fn call(&mut self, start: &'s Token, func: &'a Expr<'a>) -> Parse<&'a Expr<'a>> {
        self.enter(level::TRAILER)?;
        let (args, keywords) = self.arguments(true)?;
        self.leave(level::TRAILER);
        Ok(self.expr(ExprKind::Call { func, args, keywords }, start))
    }

    /// `'(' [arguments] ')'`; the next token is the `(`. A generator expression may do without parentheses of its own if it is the
    /// only argument, but not in the header of a class.
    #[inline(always)]
    pub(super) fn arguments(&mut self, allow_generator: bool) -> Parse<(Exprs<'a>, &'a [Keyword<'a>])> {
        let open = self.token();
        self.bump();
        if self.eat(TokenKind::RightParen) {
            return Ok((&[], &[]));
        }
        let (mark, keywords_mark) = (self.exprs.len(), self.keywords.len());
        let mut seen_double_star = false;
        loop {
            let start = self.token();
            match start.kind {
                TokenKind::Name if self.next_kind() == TokenKind::Equal => self.keyword_argument(start)?,
                TokenKind::Star => {
                    if seen_double_star {
                        return self.fail();
                    }
                    let starred = self.starred_expression()?;
                    self.exprs.push(starred);
                    if matches!(self.kind(), TokenKind::For | TokenKind::Async) {
                        self.require(GatedSyntax::UnpackingInComprehensions)?;
                        if allow_generator && self.keywords.len() == keywords_mark {
                            return self.sole_generator(open, mark);
                        }
                    }
                }
                TokenKind::DoubleStar => {
                    seen_double_star = true;
                    self.bump();
                    let value = self.expression()?;
                    self.keywords.push(Keyword { arg: None, value, location: self.taken_from(start) });
                }
                _ => {
                    if self.keywords.len() != keywords_mark {
                        return self.fail();
                    }
                    let value = self.named_expression()?;
                    match self.kind() {
                        TokenKind::RightParen if self.exprs.len() == mark => {
                            self.bump();
                            return Ok((self.only(value), &[]));
                        }
                        TokenKind::Comma | TokenKind::RightParen => self.exprs.push(value),
                        TokenKind::For | TokenKind::Async if allow_generator => {
                            self.exprs.push(value);
                            return self.sole_generator(open, mark);
                        }
                        _ => return self.fail(),
                    }
                }
            }
            if !self.eat(TokenKind::Comma) || self.kind() == TokenKind::RightParen {
                break;
            }
        }
        self.expect(TokenKind::RightParen)?;
        let keywords = take(&mut self.room, &mut self.keywords, keywords_mark);
        Ok((self.take_exprs(mark), keywords))
    }

    /// `NAME '=' expression` with the name at the token `start`, which is the next.
    #[inline(always)]
    fn keyword_argument(&mut self, start: &'s Token) -> Parse<()> {
        self.bump();
        self.bump();
        let value = self.expression()?;
        self.keywords.push(Keyword { arg: Some(start.name), value, location: self.taken_from(start) });
        Ok(())
    }

    /// The rest of a call whose only argument is a generator expression without parentheses of its own; the element is the
    /// only expression above `mark`.
    fn sole_generator(&mut self, open: &'s Token, mark: usize) -> Parse<(Exprs<'a>, &'a [Keyword<'a>])> {
        if self.exprs.len() != mark + 1 {
            return self.fail();
        }
        let elt = self.exprs[mark];
        let generators = self.for_if_clauses()?;
        self.expect(TokenKind::RightParen)?;
        self.exprs[mark] = self.expr(ExprKind::GeneratorExp { elt, generators }, open);
        Ok((self.take_exprs(mark), &[]))
    }

    /// A subscript of what starts at the token `start`; the next token is its `[`.
    #[inline(never)]
    pub(super) fn subscript(&mut self, start: &'s Token, value: &'a Expr<'a>) -> Parse<&'a Expr<'a>> {
        self.bump();
        self.enter(level::TRAILER)?;
        let slice = self.slices()?;
        self.expect(TokenKind::RightBracket)?;
        self.leave(level::TRAILER);
        let subscript = self.expr(ExprKind::Subscript { value, slice, ctx: ExprContext::Load }, start);
        self.note_composite(subscript);
        Ok(subscript)
    }

    /// `slices`.
    fn slices(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        let is_starred = self.kind() == TokenKind::Star;
        let first = self.slice()?;
        if self.kind() != TokenKind::Comma && !is_starred {
            return Ok(first);
        }
        let mark = self.exprs.len();
        self.exprs.push(first);
        while self.eat(TokenKind::Comma) && self.kind() != TokenKind::RightBracket {
            let next = self.slice()?;
            self.exprs.push(next);
        }
        let elts = self.take_exprs(mark);
        Ok(self.tuple(elts, start))
    }

    /// `slice | starred_expression`.
    fn slice(&mut self) -> Parse<&'a Expr<'a>> {
        if self.kind() == TokenKind::Star {
            return self.starred_expression();
        }
        let start = self.token();
        let lower = if self.kind() == TokenKind::Colon {
            None
        } else {
            let is_named = self.at_assignment_expression();
            let lower = self.named_expression()?;
            if self.kind() != TokenKind::Colon || is_named {
                return Ok(lower);
            }
            Some(lower)
        };
        self.bump();
        let upper = if self.starts_expression() { Some(self.expression()?) } else { None };
        let mut step = None;
        if self.eat(TokenKind::Colon) && self.starts_expression() {
            step = Some(self.expression()?);
        }
        Ok(self.expr(ExprKind::Slice { lower, upper, step }, start))
    }
}
