//! `match` statements and their patterns (PEP 634).

use super::{GatedSyntax, Parse, Parser, level, take};
use crate::ast::{
    Expr, ExprContext, ExprKind, MatchCase, Operator, Pattern, PatternKind, Patterns, Stmt, StmtKind, UnaryOp,
};
use crate::lexer::{Token, TokenKind};
use crate::object::Constant;
use crate::source::{NameId, known};

impl<'s, 'a> Parser<'s, 'a> {
    /// Whether the next token is the soft keyword `match` of a statement.
    ///
    /// A line that starts with that name is a `match` statement if it ends with a colon: nothing else that starts with a
    /// name does.
    pub(super) fn at_match_statement(&self) -> bool {
        if !self.at_soft_keyword(known::MATCH, 5) || !Self::could_start_expression(self.next_kind()) {
            return false;
        }
        let line = &self.tokens[self.pos()..];
        let end = line.iter().position(|token| matches!(token.kind, TokenKind::Newline | TokenKind::Semicolon));
        end.is_some_and(|end| line[end - 1].kind == TokenKind::Colon && line[end].kind == TokenKind::Newline)
    }

    /// `match_stmt`.
    pub(super) fn match_stmt(&mut self) -> Parse<&'a Stmt<'a>> {
        let start = self.token();
        self.bump();
        let subject = self.subject_expr()?;
        self.expect(TokenKind::Colon)?;
        self.expect(TokenKind::Newline)?;
        self.expect(TokenKind::Indent)?;
        self.enter(level::BLOCK)?;
        let mark = self.cases.len();
        while self.kind() != TokenKind::Dedent {
            let case = self.case_block()?;
            self.cases.push(case);
        }
        self.bump();
        self.leave(level::BLOCK);
        let cases = take(&mut self.room, &mut self.cases, mark);
        Ok(self.stmt(StmtKind::Match { subject, cases }, start))
    }

    /// `subject_expr`.
    fn subject_expr(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        let is_starred = self.kind() == TokenKind::Star;
        let first = self.star_named_expression()?;
        if self.kind() != TokenKind::Comma {
            return if is_starred { self.fail() } else { Ok(first) };
        }
        let mark = self.exprs.len();
        self.exprs.push(first);
        while self.eat(TokenKind::Comma) && self.starts_star_expression() {
            let next = self.star_named_expression()?;
            self.exprs.push(next);
        }
        let elts = self.take_exprs(mark);
        Ok(self.tuple(elts, start))
    }

    /// `case_block`.
    fn case_block(&mut self) -> Parse<MatchCase<'a>> {
        if !self.at_soft_keyword(known::CASE, 4) {
            return self.fail();
        }
        self.bump();
        let pattern = self.patterns()?;
        let guard = if self.eat(TokenKind::If) { Some(self.named_expression()?) } else { None };
        let body = self.colon_block()?;
        Ok(MatchCase { pattern, guard, body })
    }

    fn new_pattern(&mut self, kind: PatternKind<'a>, start: &'s Token) -> &'a Pattern<'a> {
        let location = self.location(start);
        self.room.put(Pattern { kind, location })
    }

    fn take_patterns(&mut self, mark: usize) -> Patterns<'a> {
        take(&mut self.room, &mut self.patterns, mark)
    }

    /// `patterns`.
    fn patterns(&mut self) -> Parse<&'a Pattern<'a>> {
        let start = self.token();
        let is_starred = self.kind() == TokenKind::Star;
        let first = self.maybe_star_pattern()?;
        if self.kind() != TokenKind::Comma {
            return if is_starred { self.fail() } else { Ok(first) };
        }
        let patterns = self.sequence_rest(first, |kind| matches!(kind, TokenKind::If | TokenKind::Colon))?;
        Ok(self.new_pattern(PatternKind::MatchSequence { patterns }, start))
    }

    /// The rest of a sequence whose first pattern is there, up to a token that ends it.
    fn sequence_rest(&mut self, first: &'a Pattern<'a>, ends: impl Fn(TokenKind) -> bool) -> Parse<Patterns<'a>> {
        let mark = self.patterns.len();
        self.patterns.push(first);
        while self.eat(TokenKind::Comma) && !ends(self.kind()) {
            let next = self.maybe_star_pattern()?;
            self.patterns.push(next);
        }
        Ok(self.take_patterns(mark))
    }

    /// `maybe_star_pattern`.
    fn maybe_star_pattern(&mut self) -> Parse<&'a Pattern<'a>> {
        let start = self.token();
        if !self.eat(TokenKind::Star) {
            return self.pattern();
        }
        let name = if self.at_wildcard() {
            self.bump();
            None
        } else {
            Some(self.capture_target()?)
        };
        Ok(self.new_pattern(PatternKind::MatchStar { name }, start))
    }

    /// `pattern`.
    fn pattern(&mut self) -> Parse<&'a Pattern<'a>> {
        let start = self.token();
        let pattern = self.or_pattern()?;
        if !self.eat(TokenKind::As) {
            return Ok(pattern);
        }
        if self.at_wildcard() {
            return self.fail();
        }
        let name = Some(self.capture_target()?);
        Ok(self.new_pattern(PatternKind::MatchAs { pattern: Some(pattern), name }, start))
    }

    /// `or_pattern`.
    fn or_pattern(&mut self) -> Parse<&'a Pattern<'a>> {
        let start = self.token();
        let first = self.closed_pattern()?;
        if self.kind() != TokenKind::VerticalBar {
            return Ok(first);
        }
        let mark = self.patterns.len();
        self.patterns.push(first);
        while self.eat(TokenKind::VerticalBar) {
            let next = self.closed_pattern()?;
            self.patterns.push(next);
        }
        let patterns = self.take_patterns(mark);
        Ok(self.new_pattern(PatternKind::MatchOr { patterns }, start))
    }

    fn at_wildcard(&self) -> bool {
        self.at_soft_keyword(known::UNDERSCORE, 1)
    }

    /// `pattern_capture_target`, where `_` is refused already.
    fn capture_target(&mut self) -> Parse<NameId> {
        let name = self.expect_name()?;
        match self.kind() {
            TokenKind::Dot | TokenKind::LeftParen | TokenKind::Equal => self.fail(),
            _ => Ok(name),
        }
    }

    /// `closed_pattern`.
    fn closed_pattern(&mut self) -> Parse<&'a Pattern<'a>> {
        let start = self.token();
        match self.kind() {
            TokenKind::Number | TokenKind::Minus | TokenKind::Plus => {
                let value = self.signed_literal()?;
                Ok(self.new_pattern(PatternKind::MatchValue { value }, start))
            }
            TokenKind::String | TokenKind::FStringStart | TokenKind::TStringStart => {
                let value = self.strings()?;
                Ok(self.new_pattern(PatternKind::MatchValue { value }, start))
            }
            TokenKind::None => Ok(self.singleton_pattern(Constant::None)),
            TokenKind::True => Ok(self.singleton_pattern(Constant::True)),
            TokenKind::False => Ok(self.singleton_pattern(Constant::False)),
            TokenKind::Name => self.name_pattern(),
            TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::LeftBrace => {
                self.enter(level::BRACKET)?;
                let pattern = match self.kind() {
                    TokenKind::LeftParen => self.parenthesized_pattern()?,
                    TokenKind::LeftBracket => self.list_pattern()?,
                    _ => self.mapping_pattern()?,
                };
                self.leave(level::BRACKET);
                Ok(pattern)
            }
            _ => self.fail(),
        }
    }

    fn singleton_pattern(&mut self, value: Constant<'a>) -> &'a Pattern<'a> {
        let start = self.token();
        self.bump();
        self.new_pattern(PatternKind::MatchSingleton { value }, start)
    }

    /// `capture_pattern`, `wildcard_pattern`, `value_pattern` or `class_pattern`.
    fn name_pattern(&mut self) -> Parse<&'a Pattern<'a>> {
        let start = self.token();
        if self.at_wildcard() {
            self.bump();
            return Ok(self.new_pattern(PatternKind::MatchAs { pattern: None, name: None }, start));
        }
        let expr = self.name_or_attr()?;
        match self.kind() {
            TokenKind::LeftParen => {
                self.enter(level::TRAILER)?;
                let pattern = self.class_pattern(start, expr)?;
                self.leave(level::TRAILER);
                Ok(pattern)
            }
            TokenKind::Equal => self.fail(),
            _ => {
                let kind = match expr.kind {
                    ExprKind::Name { id, .. } => PatternKind::MatchAs { pattern: None, name: Some(id) },
                    _ => PatternKind::MatchValue { value: expr },
                };
                Ok(self.new_pattern(kind, start))
            }
        }
    }

    /// `name_or_attr`.
    fn name_or_attr(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        if self.kind() != TokenKind::Name {
            return self.fail();
        }
        let mut value = self.name_expr(start, ExprContext::Load);
        self.note_name(value);
        self.bump();
        while self.eat(TokenKind::Dot) {
            let attr = self.expect_name()?;
            value = self.expr(ExprKind::Attribute { value, attr, ctx: ExprContext::Load }, start);
        }
        Ok(value)
    }

    /// `signed_number` or `complex_number`.
    fn signed_literal(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        let sign = match self.kind() {
            TokenKind::Minus => Some(UnaryOp::USub),
            TokenKind::Plus => {
                self.require(GatedSyntax::SignedPlusInPatterns)?;
                Some(UnaryOp::UAdd)
            }
            _ => None,
        };
        if sign.is_some() {
            self.bump();
        }
        let number = self.pattern_number()?;
        if sign.is_some() || matches!(self.kind(), TokenKind::Plus | TokenKind::Minus) {
            self.note_rewrite(number.location);
        }
        let signed = match sign {
            Some(op) => self.expr(ExprKind::UnaryOp { op, operand: number }, start),
            None => number,
        };
        let op = match self.kind() {
            TokenKind::Plus => Operator::Add,
            TokenKind::Minus => Operator::Sub,
            _ => return Ok(signed),
        };
        if is_imaginary(number) {
            return self.raise_syntax(number.location, "real number required in complex literal");
        }
        self.bump();
        let imaginary = self.pattern_number()?;
        if !is_imaginary(imaginary) {
            return self.raise_syntax(imaginary.location, "imaginary number required in complex literal");
        }
        Ok(self.expr(ExprKind::BinOp { left: signed, op, right: imaginary }, start))
    }

    fn pattern_number(&mut self) -> Parse<&'a Expr<'a>> {
        if self.kind() == TokenKind::Number { self.number() } else { self.fail() }
    }

    /// `group_pattern`, or a `sequence_pattern` in parentheses.
    fn parenthesized_pattern(&mut self) -> Parse<&'a Pattern<'a>> {
        let start = self.token();
        self.bump();
        if self.eat(TokenKind::RightParen) {
            return Ok(self.new_pattern(PatternKind::MatchSequence { patterns: &[] }, start));
        }
        let is_starred = self.kind() == TokenKind::Star;
        let first = self.maybe_star_pattern()?;
        if !is_starred && self.eat(TokenKind::RightParen) {
            return Ok(first);
        }
        if self.kind() != TokenKind::Comma {
            return self.fail();
        }
        let patterns = self.sequence_rest(first, |kind| kind == TokenKind::RightParen)?;
        self.expect(TokenKind::RightParen)?;
        Ok(self.new_pattern(PatternKind::MatchSequence { patterns }, start))
    }

    /// A `sequence_pattern` in brackets.
    fn list_pattern(&mut self) -> Parse<&'a Pattern<'a>> {
        let start = self.token();
        self.bump();
        let mut patterns: Patterns<'a> = &[];
        if self.kind() != TokenKind::RightBracket {
            let first = self.maybe_star_pattern()?;
            patterns = self.sequence_rest(first, |kind| kind == TokenKind::RightBracket)?;
        }
        self.expect(TokenKind::RightBracket)?;
        Ok(self.new_pattern(PatternKind::MatchSequence { patterns }, start))
    }

    /// `mapping_pattern`.
    fn mapping_pattern(&mut self) -> Parse<&'a Pattern<'a>> {
        let start = self.token();
        self.bump();
        let (mark, keys_mark) = (self.patterns.len(), self.exprs.len());
        let mut rest = None;
        while self.kind() != TokenKind::RightBrace {
            if self.eat(TokenKind::DoubleStar) {
                if self.at_wildcard() {
                    return self.fail();
                }
                rest = Some(self.capture_target()?);
                self.eat(TokenKind::Comma);
                break;
            }
            let key = self.mapping_key()?;
            self.expect(TokenKind::Colon)?;
            let pattern = self.pattern()?;
            self.exprs.push(key);
            self.patterns.push(pattern);
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.expect(TokenKind::RightBrace)?;
        let keys = self.take_exprs(keys_mark);
        let patterns = self.take_patterns(mark);
        Ok(self.new_pattern(PatternKind::MatchMapping { keys, patterns, rest }, start))
    }

    /// `literal_expr | attr`.
    fn mapping_key(&mut self) -> Parse<&'a Expr<'a>> {
        match self.kind() {
            TokenKind::Number | TokenKind::Minus | TokenKind::Plus => self.signed_literal(),
            TokenKind::String | TokenKind::FStringStart | TokenKind::TStringStart => self.strings(),
            TokenKind::None => Ok(self.constant(Constant::None)),
            TokenKind::True => Ok(self.constant(Constant::True)),
            TokenKind::False => Ok(self.constant(Constant::False)),
            TokenKind::Name if self.next_kind() == TokenKind::Dot => self.name_or_attr(),
            _ => self.fail(),
        }
    }

    /// `class_pattern` whose class is there; the next token is its `(`.
    fn class_pattern(&mut self, start: &'s Token, cls: &'a Expr<'a>) -> Parse<&'a Pattern<'a>> {
        self.bump();
        let (mark, names_mark) = (self.patterns.len(), self.name_ids.len());
        let mut patterns: Patterns<'a> = &[];
        let mut has_keywords = false;
        while self.kind() != TokenKind::RightParen {
            if self.kind() == TokenKind::Name && self.next_kind() == TokenKind::Equal {
                if !has_keywords {
                    has_keywords = true;
                    patterns = self.take_patterns(mark);
                }
                let name = self.expect_name()?;
                self.bump();
                self.name_ids.push(name);
            } else if has_keywords {
                return self.fail();
            }
            let pattern = self.pattern()?;
            self.patterns.push(pattern);
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.expect(TokenKind::RightParen)?;
        let last = self.take_patterns(mark);
        let kwd_attrs = take(&mut self.room, &mut self.name_ids, names_mark);
        let kind = if has_keywords {
            PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns: last }
        } else {
            PatternKind::MatchClass { cls, patterns: last, kwd_attrs: &[], kwd_patterns: &[] }
        };
        Ok(self.new_pattern(kind, start))
    }
}

fn is_imaginary(number: &Expr<'_>) -> bool {
    matches!(number.kind, ExprKind::Constant { value: Constant::Complex { .. }, .. })
}
