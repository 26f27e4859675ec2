//! Statements: which kind one is, the simple ones, and blocks.

use super::{GatedSyntax, Parse, Parser, level, take};
use crate::ast::{Expr, ExprContext, ExprKind, Operator, Stmt, StmtKind, Stmts};
use crate::lexer::{Token, TokenKind};
use crate::source::known;

impl<'s, 'a> Parser<'s, 'a> {
    /// `statement`, or a line of `simple_stmts`: what they give is pushed.
    pub(super) fn statement(&mut self) -> Parse<()> {
        let start = self.token();
        let statement = match start.kind {
            TokenKind::Def => self.function_def(false, start, &[])?,
            TokenKind::If => self.if_stmt()?,
            TokenKind::For => self.for_stmt(false, start)?,
            TokenKind::With => self.with_stmt(false, start)?,
            TokenKind::Try => self.try_stmt()?,
            TokenKind::Class => self.class_def(&[])?,
            TokenKind::While => self.while_stmt()?,
            TokenKind::At => self.decorated()?,
            TokenKind::Async => self.async_stmt()?,
            TokenKind::Name if self.at_match_statement() => self.match_stmt()?,
            _ => {
                let statement = self.simple_stmt()?;
                self.stmts.push(statement);
                return if self.ends_line() { Ok(()) } else { self.simple_stmts_rest() };
            }
        };
        self.stmts.push(statement);
        Ok(())
    }

    /// `block`.
    pub(super) fn block(&mut self) -> Parse<Stmts<'a>> {
        let mark = self.stmts.len();
        if self.kind() != TokenKind::Newline {
            self.simple_stmts()?;
            return Ok(take(&mut self.room, &mut self.stmts, mark));
        }
        self.bump();
        self.expect(TokenKind::Indent)?;
        self.enter(level::BLOCK)?;
        while self.kind() != TokenKind::Dedent {
            self.statement()?;
        }
        self.bump();
        self.leave(level::BLOCK);
        Ok(take(&mut self.room, &mut self.stmts, mark))
    }

    /// `':' block`.
    pub(super) fn colon_block(&mut self) -> Parse<Stmts<'a>> {
        self.expect(TokenKind::Colon)?;
        self.block()
    }

    /// `simple_stmts`: what they give is pushed.
    #[inline(never)]
    fn simple_stmts(&mut self) -> Parse<()> {
        loop {
            let statement = self.simple_stmt()?;
            self.stmts.push(statement);
            if self.ends_line() {
                return Ok(());
            }
            self.expect(TokenKind::Semicolon)?;
            if self.ends_line() {
                return Ok(());
            }
        }
    }

    /// The same behind the first statement.
    #[inline(never)]
    fn simple_stmts_rest(&mut self) -> Parse<()> {
        self.expect(TokenKind::Semicolon)?;
        if self.ends_line() { Ok(()) } else { self.simple_stmts() }
    }

    /// Takes the end of a line of simple statements, if that is the next token.
    #[inline(always)]
    fn ends_line(&mut self) -> bool {
        let ends = self.kind() == TokenKind::Newline;
        if ends {
            self.line_end = self.previous();
            self.bump();
        }
        ends
    }

    /// `simple_stmt`.
    #[inline(always)]
    fn simple_stmt(&mut self) -> Parse<&'a Stmt<'a>> {
        let start = self.token();
        match self.kind() {
            TokenKind::Name => {
                if self.at_soft_keyword(known::TYPE, 4) && self.next_kind() == TokenKind::Name {
                    return self.type_alias();
                }
                if self.at_soft_keyword(known::LAZY, 4)
                    && matches!(self.next_kind(), TokenKind::Import | TokenKind::From)
                {
                    self.require(GatedSyntax::LazyImports)?;
                    self.bump();
                    return self.import_stmt(start, true);
                }
                self.expression_stmt()
            }
            TokenKind::Return => {
                self.bump();
                let value = if self.starts_star_expression() { Some(self.star_expressions_here()?) } else { None };
                Ok(self.jump_stmt(StmtKind::Return { value }, start))
            }
            TokenKind::Import | TokenKind::From => self.import_stmt(start, false),
            TokenKind::Raise => self.raise_stmt(),
            TokenKind::Pass => {
                self.bump();
                Ok(self.simple(StmtKind::Pass, start))
            }
            TokenKind::Del => self.del_stmt(),
            TokenKind::Yield => {
                let value = self.yield_expression()?;
                Ok(self.simple(StmtKind::Expr { value }, start))
            }
            TokenKind::Assert => self.assert_stmt(),
            TokenKind::Break => {
                self.bump();
                Ok(self.jump_stmt(StmtKind::Break, start))
            }
            TokenKind::Continue => {
                self.bump();
                Ok(self.jump_stmt(StmtKind::Continue, start))
            }
            TokenKind::Global => {
                let names = self.declared_names()?;
                Ok(self.simple(StmtKind::Global { names }, start))
            }
            TokenKind::Nonlocal => {
                let names = self.declared_names()?;
                Ok(self.simple(StmtKind::Nonlocal { names }, start))
            }
            _ => self.expression_stmt(),
        }
    }

    /// A statement that may leave a `finally` block, which is warned of.
    #[inline(always)]
    fn jump_stmt(&mut self, kind: StmtKind<'a>, start: &'s Token) -> &'a Stmt<'a> {
        let statement = self.simple(kind, start);
        if self.finally_blocks > 0 {
            self.note_rewrite(statement.location);
        }
        statement
    }

    /// `assignment` or `star_expressions`.
    #[inline(always)]
    fn expression_stmt(&mut self) -> Parse<&'a Stmt<'a>> {
        let start = self.token();
        let target = if start.kind == TokenKind::Name && self.next_kind() == TokenKind::Equal {
            self.bump();
            self.name_expr(start, ExprContext::Store)
        } else {
            let value = self.star_expressions_here()?;
            match self.kind() {
                TokenKind::Newline => return Ok(self.simple(StmtKind::Expr { value }, start)),
                TokenKind::Equal => self.target_of(value, ExprContext::Store)?,
                _ => return self.other_expression_stmt(start, value),
            }
        };
        self.bump();
        let value = self.annotated_rhs()?;
        if self.kind() != TokenKind::Equal {
            let targets = self.only(target);
            return Ok(self.simple(StmtKind::Assign { targets, value }, start));
        }
        self.chained_assignment(start, target, value)
    }

    /// The same with an expression that is no target of a plain assignment.
    #[inline(never)]
    fn other_expression_stmt(&mut self, start: &'s Token, value: &'a Expr<'a>) -> Parse<&'a Stmt<'a>> {
        match self.kind() {
            TokenKind::Colon => self.annotated_assignment(start, value),
            kind => match augmented_operator(kind) {
                Some(op) => {
                    let target = self.single_target_of(value)?;
                    self.bump();
                    let value = self.annotated_rhs()?;
                    Ok(self.simple(StmtKind::AugAssign { target, op, value }, start))
                }
                None => Ok(self.simple(StmtKind::Expr { value }, start)),
            },
        }
    }

    /// An assignment of which two targets, or more, are there; the next token is the `=` behind the second.
    #[inline(never)]
    fn chained_assignment(
        &mut self,
        start: &'s Token,
        first: &'a Expr<'a>,
        second: &'a Expr<'a>,
    ) -> Parse<&'a Stmt<'a>> {
        let mark = self.exprs.len();
        self.exprs.push(first);
        let mut value = second;
        while self.kind() == TokenKind::Equal {
            let target = self.target_of(value, ExprContext::Store)?;
            self.exprs.push(target);
            self.bump();
            value = self.annotated_rhs()?;
        }
        let targets = self.take_exprs(mark);
        Ok(self.simple(StmtKind::Assign { targets, value }, start))
    }

    /// An annotated name, attribute or subscript; the next token is the colon.
    fn annotated_assignment(&mut self, start: &'s Token, target: &'a Expr<'a>) -> Parse<&'a Stmt<'a>> {
        let target = self.single_target_of(target)?;
        let simple = matches!(target.kind, ExprKind::Name { .. }) && start.kind == TokenKind::Name;
        self.bump();
        let annotation = self.expression()?;
        let value = if self.eat(TokenKind::Equal) { Some(self.annotated_rhs()?) } else { None };
        Ok(self.simple(StmtKind::AnnAssign { target, annotation, value, simple }, start))
    }

    /// `raise_stmt`.
    fn raise_stmt(&mut self) -> Parse<&'a Stmt<'a>> {
        let start = self.token();
        self.bump();
        let (mut exc, mut cause) = (None, None);
        if self.starts_expression() {
            exc = Some(self.expression()?);
            if self.eat(TokenKind::From) {
                cause = Some(self.expression()?);
            }
        }
        Ok(self.simple(StmtKind::Raise { exc, cause }, start))
    }

    /// `assert_stmt`.
    fn assert_stmt(&mut self) -> Parse<&'a Stmt<'a>> {
        let start = self.token();
        self.bump();
        let test = self.expression()?;
        let msg = if self.eat(TokenKind::Comma) { Some(self.expression()?) } else { None };
        Ok(self.simple(StmtKind::Assert { test, msg }, start))
    }

    /// `del_stmt`.
    fn del_stmt(&mut self) -> Parse<&'a Stmt<'a>> {
        let start = self.token();
        self.bump();
        let mark = self.exprs.len();
        loop {
            let value = self.primary()?;
            let target = self.target_of(value, ExprContext::Del)?;
            self.exprs.push(target);
            if !self.eat(TokenKind::Comma) || !self.starts_expression() {
                break;
            }
        }
        if !matches!(self.kind(), TokenKind::Semicolon | TokenKind::Newline) {
            return self.fail();
        }
        let targets = self.take_exprs(mark);
        Ok(self.simple(StmtKind::Delete { targets }, start))
    }

    /// The names behind `global` or `nonlocal`.
    fn declared_names(&mut self) -> Parse<&'a [crate::source::NameId]> {
        self.bump();
        let mark = self.name_ids.len();
        loop {
            let name = self.expect_name()?;
            self.name_ids.push(name);
            if !self.eat(TokenKind::Comma) {
                return Ok(take(&mut self.room, &mut self.name_ids, mark));
            }
        }
    }

    /// `type_alias`.
    fn type_alias(&mut self) -> Parse<&'a Stmt<'a>> {
        let start = self.token();
        self.bump();
        self.require(GatedSyntax::TypeParameters)?;
        let name = self.name_expr(self.token(), ExprContext::Store);
        self.bump();
        let type_params = self.type_params()?;
        self.expect(TokenKind::Equal)?;
        let value = self.expression()?;
        Ok(self.simple(StmtKind::TypeAlias { name, type_params, value }, start))
    }
}

fn augmented_operator(kind: TokenKind) -> Option<Operator> {
    Some(match kind {
        TokenKind::PlusEqual => Operator::Add,
        TokenKind::MinusEqual => Operator::Sub,
        TokenKind::StarEqual => Operator::Mult,
        TokenKind::AtEqual => Operator::MatMult,
        TokenKind::SlashEqual => Operator::Div,
        TokenKind::PercentEqual => Operator::Mod,
        TokenKind::AmpersandEqual => Operator::BitAnd,
        TokenKind::VerticalBarEqual => Operator::BitOr,
        TokenKind::CaretEqual => Operator::BitXor,
        TokenKind::LeftShiftEqual => Operator::LShift,
        TokenKind::RightShiftEqual => Operator::RShift,
        TokenKind::DoubleStarEqual => Operator::Pow,
        TokenKind::DoubleSlashEqual => Operator::FloorDiv,
        _ => return None,
    })
}
