//! `if`, `while`, `for`, `with` and `try`.

use super::{GatedSyntax, Parse, Parser, level, take};
use crate::ast::{ExceptHandler, Expr, ExprContext, Stmt, StmtKind, Stmts, Try, WithItem};
use crate::lexer::{Token, TokenKind};

impl<'s, 'a> Parser<'s, 'a> {
    /// `if_stmt`, and `elif_stmt`, which is an `if` in the `else` of the one before.
    pub(super) fn if_stmt(&mut self) -> Parse<&'a Stmt<'a>> {
        let start = self.token();
        self.bump();
        let test = self.named_expression()?;
        let body = self.colon_block()?;
        let orelse = if self.kind() == TokenKind::Elif {
            self.enter(level::ELIF)?;
            let nested = self.if_stmt()?;
            self.leave(level::ELIF);
            self.room.put_list(&[nested])
        } else {
            self.else_block()?
        };
        Ok(self.stmt(StmtKind::If { test, body, orelse }, start))
    }

    /// `[else_block]`.
    fn else_block(&mut self) -> Parse<Stmts<'a>> {
        if self.eat(TokenKind::Else) { self.colon_block() } else { Ok(&[]) }
    }

    /// `while_stmt`.
    pub(super) fn while_stmt(&mut self) -> Parse<&'a Stmt<'a>> {
        let start = self.token();
        self.bump();
        let test = self.named_expression()?;
        let body = self.colon_block()?;
        let orelse = self.else_block()?;
        Ok(self.stmt(StmtKind::While { test, body, orelse }, start))
    }

    /// A statement that starts with `async`.
    pub(super) fn async_stmt(&mut self) -> Parse<&'a Stmt<'a>> {
        let start = self.token();
        self.bump();
        match self.kind() {
            TokenKind::Def => self.function_def(true, start, &[]),
            TokenKind::For => self.for_stmt(true, start),
            TokenKind::With => self.with_stmt(true, start),
            _ => self.fail(),
        }
    }

    /// `for_stmt`; the next token is `for`.
    pub(super) fn for_stmt(&mut self, is_async: bool, start: &'s Token) -> Parse<&'a Stmt<'a>> {
        self.bump();
        let target = self.star_targets(ExprContext::Store)?;
        self.expect(TokenKind::In)?;
        let iter = self.star_expressions()?;
        self.note_iterable(iter);
        let body = self.colon_block()?;
        let orelse = self.else_block()?;
        Ok(self.stmt(StmtKind::For { is_async, target, iter, body, orelse }, start))
    }

    /// `with_stmt`; the next token is `with`.
    pub(super) fn with_stmt(&mut self, is_async: bool, start: &'s Token) -> Parse<&'a Stmt<'a>> {
        self.bump();
        let items = match self.parenthesized_with_items()? {
            Some(items) => items,
            None => self.with_items()?,
        };
        let body = self.colon_block()?;
        Ok(self.stmt(StmtKind::With { is_async, items, body }, start))
    }

    /// The items of `with (a as b, c):`, if that is how the statement can be read.
    ///
    /// Parentheses that the header ends with are first tried as those of the list of items, as in CPython; if what is in
    /// them is no such list, as in `with (yield a):`, they belong to an expression.
    fn parenthesized_with_items(&mut self) -> Parse<Option<&'a [WithItem<'a>]>> {
        if self.kind() != TokenKind::LeftParen || self.behind_bracket() != TokenKind::Colon {
            return Ok(None);
        }
        let checkpoint = self.checkpoint();
        match self.with_items_in_parentheses() {
            Ok(items) => Ok(Some(items)),
            Err(_) => {
                self.restore(&checkpoint)?;
                Ok(None)
            }
        }
    }

    fn with_items_in_parentheses(&mut self) -> Parse<&'a [WithItem<'a>]> {
        self.bump();
        let mark = self.with_items.len();
        loop {
            let item = self.with_item()?;
            self.with_items.push(item);
            if !self.eat(TokenKind::Comma) || self.kind() == TokenKind::RightParen {
                break;
            }
        }
        self.expect(TokenKind::RightParen)?;
        if self.kind() != TokenKind::Colon {
            return self.fail();
        }
        Ok(take(&mut self.room, &mut self.with_items, mark))
    }

    fn with_items(&mut self) -> Parse<&'a [WithItem<'a>]> {
        let mark = self.with_items.len();
        loop {
            let item = self.with_item()?;
            self.with_items.push(item);
            if !self.eat(TokenKind::Comma) {
                return Ok(take(&mut self.room, &mut self.with_items, mark));
            }
        }
    }

    /// `with_item`.
    fn with_item(&mut self) -> Parse<WithItem<'a>> {
        let context_expr = self.expression()?;
        if !self.eat(TokenKind::As) {
            return Ok(WithItem { context_expr, optional_vars: None });
        }
        let target = self.star_target(ExprContext::Store)?;
        if !matches!(self.kind(), TokenKind::Comma | TokenKind::RightParen | TokenKind::Colon) {
            return self.fail();
        }
        Ok(WithItem { context_expr, optional_vars: Some(target) })
    }

    /// The kind of the token behind the bracket that closes the one at the next token.
    fn behind_bracket(&self) -> TokenKind {
        let mut depth = 0;
        let mut tokens = self.tokens[self.pos()..].iter();
        while let Some(token) = tokens.next() {
            match token.kind {
                TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::LeftBrace => depth += 1,
                TokenKind::RightParen | TokenKind::RightBracket | TokenKind::RightBrace => {
                    depth -= 1;
                    if depth == 0 {
                        return tokens.next().map_or(TokenKind::EndMarker, |token| token.kind);
                    }
                }
                TokenKind::Newline => break,
                _ => {}
            }
        }
        TokenKind::Error
    }

    /// `try_stmt`.
    pub(super) fn try_stmt(&mut self) -> Parse<&'a Stmt<'a>> {
        let start = self.token();
        self.bump();
        let body = self.colon_block()?;
        let is_star = self.kind() == TokenKind::Except && self.next_kind() == TokenKind::Star;
        let mark = self.handlers.len();
        while self.kind() == TokenKind::Except {
            let handler = self.except_block(is_star)?;
            self.handlers.push(handler);
        }
        let handlers = take(&mut self.room, &mut self.handlers, mark);
        let orelse = if handlers.is_empty() { &[] } else { self.else_block()? };
        let finalbody = if self.eat(TokenKind::Finally) {
            self.finally_blocks += 1;
            let block = self.colon_block()?;
            self.finally_blocks -= 1;
            block
        } else if handlers.is_empty() {
            return self.fail();
        } else {
            &[]
        };
        let node = self.room.put(Try { is_star, body, handlers, orelse, finalbody });
        Ok(self.stmt(StmtKind::Try(node), start))
    }

    /// `except_block` or `except_star_block`.
    fn except_block(&mut self, is_star: bool) -> Parse<ExceptHandler<'a>> {
        let start = self.token();
        self.bump();
        if is_star {
            self.expect(TokenKind::Star)?;
        }
        let (mut type_, mut name) = (None, None);
        if is_star || self.kind() != TokenKind::Colon {
            let first_start = self.token();
            let first = self.expression()?;
            if self.kind() == TokenKind::Comma {
                self.require(GatedSyntax::UnparenthesizedExcept)?;
                type_ = Some(self.expressions_rest(first_start, first)?);
            } else {
                type_ = Some(first);
                if self.eat(TokenKind::As) {
                    name = Some(self.expect_name()?);
                }
            }
        }
        let body = self.colon_block()?;
        Ok(ExceptHandler { type_, name, body, location: self.location(start) })
    }

    /// The rest of `expressions` from its first comma on.
    fn expressions_rest(&mut self, start: &'s Token, first: &'a Expr<'a>) -> Parse<&'a Expr<'a>> {
        let mark = self.exprs.len();
        self.exprs.push(first);
        while self.eat(TokenKind::Comma) && self.starts_expression() {
            let next = self.expression()?;
            self.exprs.push(next);
        }
        let elts = self.take_exprs(mark);
        Ok(self.tuple(elts, start))
    }
}
