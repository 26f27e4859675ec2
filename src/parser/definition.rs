//! Functions, classes, their decorators, and parameters (those of lambdas too).

use super::{Parse, Parser, take};
use crate::ast::{Arg, Arguments, ClassDef, Expr, Exprs, FunctionDef, Stmt, StmtKind};
use crate::lexer::{Token, TokenKind};

impl<'s, 'a> Parser<'s, 'a> {
    /// `decorators` and what they decorate, whose location does not include them.
    pub(super) fn decorated(&mut self) -> Parse<&'a Stmt<'a>> {
        let mark = self.exprs.len();
        while self.eat(TokenKind::At) {
            let decorator = self.named_expression()?;
            self.exprs.push(decorator);
            self.expect(TokenKind::Newline)?;
        }
        let decorators = self.take_exprs(mark);
        let start = self.token();
        match self.kind() {
            TokenKind::Def => self.function_def(false, start, decorators),
            TokenKind::Class => self.class_def(decorators),
            TokenKind::Async => {
                self.bump();
                if self.kind() == TokenKind::Def { self.function_def(true, start, decorators) } else { self.fail() }
            }
            _ => self.fail(),
        }
    }

    /// `function_def_raw`; the next token is `def`.
    pub(super) fn function_def(
        &mut self,
        is_async: bool,
        start: &'s Token,
        decorator_list: Exprs<'a>,
    ) -> Parse<&'a Stmt<'a>> {
        self.bump();
        let name = self.expect_name()?;
        let type_params = self.type_params()?;
        self.expect(TokenKind::LeftParen)?;
        let args = self.parameters(TokenKind::RightParen)?;
        self.expect(TokenKind::RightParen)?;
        let returns = if self.eat(TokenKind::Arrow) { Some(self.expression()?) } else { None };
        let body = self.colon_block()?;
        let node = self.room.put(FunctionDef { is_async, name, args, body, decorator_list, returns, type_params });
        Ok(self.stmt(StmtKind::FunctionDef(node), start))
    }

    /// `class_def_raw`.
    pub(super) fn class_def(&mut self, decorator_list: Exprs<'a>) -> Parse<&'a Stmt<'a>> {
        let start = self.token();
        self.bump();
        let name = self.expect_name()?;
        let type_params = self.type_params()?;
        let (bases, keywords): (Exprs<'a>, _) =
            if self.kind() == TokenKind::LeftParen { self.arguments(false)? } else { (&[], &[]) };
        let body = self.colon_block()?;
        let node = self.room.put(ClassDef { name, bases, keywords, body, decorator_list, type_params });
        Ok(self.stmt(StmtKind::ClassDef(node), start))
    }

    /// `parameters` up to `close`, which is not taken: `)` for a function, `:` for a lambda, whose parameters have no
    /// annotations.
    pub(super) fn parameters(&mut self, close: TokenKind) -> Parse<&'a Arguments<'a>> {
        let (args_mark, defaults_mark) = (self.args.len(), self.exprs.len());
        let mut posonlyargs: &'a [Arg<'a>] = &[];
        while self.kind() != close {
            match self.kind() {
                TokenKind::Name => {
                    let arg = self.parameter(close, false)?;
                    self.args.push(arg);
                    if self.eat(TokenKind::Equal) {
                        let default = self.expression()?;
                        self.exprs.push(default);
                    } else if self.exprs.len() != defaults_mark {
                        return self.fail();
                    }
                }
                TokenKind::Slash => {
                    if !posonlyargs.is_empty() || self.args.len() == args_mark {
                        return self.fail();
                    }
                    posonlyargs = take(&mut self.room, &mut self.args, args_mark);
                    self.bump();
                }
                _ => break,
            }
            if !self.eat(TokenKind::Comma) {
                if self.kind() != close {
                    return self.fail();
                }
                break;
            }
        }
        let args = take(&mut self.room, &mut self.args, args_mark);
        let defaults = self.take_exprs(defaults_mark);
        let mut arguments =
            Arguments { posonlyargs, args, vararg: None, kwonlyargs: &[], kw_defaults: &[], kwarg: None, defaults };
        if self.kind() == TokenKind::Star {
            self.star_parameters(close, &mut arguments)?;
        }
        if self.kind() == TokenKind::DoubleStar {
            self.bump();
            let arg = self.parameter(close, false)?;
            arguments.kwarg = Some(self.room.put(arg));
            self.eat(TokenKind::Comma);
        }
        if self.kind() != close {
            return self.fail();
        }
        Ok(self.room.put(arguments))
    }

    /// `star_etc` from its `*` on, without `**`.
    fn star_parameters(&mut self, close: TokenKind, arguments: &mut Arguments<'a>) -> Parse<()> {
        self.bump();
        if self.eat(TokenKind::Comma) {
            if self.kind() != TokenKind::Name {
                return self.fail();
            }
        } else {
            let arg = self.parameter(close, true)?;
            arguments.vararg = Some(self.room.put(arg));
            if !self.eat(TokenKind::Comma) {
                return if self.kind() == close { Ok(()) } else { self.fail() };
            }
        }
        let (args_mark, defaults_mark) = (self.args.len(), self.optional_exprs.len());
        while self.kind() == TokenKind::Name {
            let arg = self.parameter(close, false)?;
            self.args.push(arg);
            let default = if self.eat(TokenKind::Equal) { Some(self.expression()?) } else { None };
            self.optional_exprs.push(default);
            if !self.eat(TokenKind::Comma) {
                if self.kind() != close {
                    return self.fail();
                }
                break;
            }
        }
        arguments.kwonlyargs = take(&mut self.room, &mut self.args, args_mark);
        arguments.kw_defaults = take(&mut self.room, &mut self.optional_exprs, defaults_mark);
        Ok(())
    }

    /// `param`, `param_star_annotation` or `lambda_param`.
    #[inline(always)]
    fn parameter(&mut self, close: TokenKind, is_vararg: bool) -> Parse<Arg<'a>> {
        let start = self.token();
        if start.kind != TokenKind::Name {
            return self.fail();
        }
        self.bump();
        let has_annotation = close == TokenKind::RightParen && self.kind() == TokenKind::Colon;
        let annotation = if has_annotation { Some(self.annotation(is_vararg)?) } else { None };
        Ok(Arg { arg: start.name, annotation, location: self.taken_from(start) })
    }

    /// `annotation`, or `star_annotation` behind a starred parameter.
    #[inline(never)]
    fn annotation(&mut self, is_vararg: bool) -> Parse<&'a Expr<'a>> {
        self.bump();
        if is_vararg { self.star_expression() } else { self.expression() }
    }
}
