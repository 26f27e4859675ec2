//! `import` and `from ... import`.

use super::{Parse, Parser, take};
use crate::ast::{Alias, Stmt, StmtKind};
use crate::diagnostics::Warning;
use crate::lexer::{Token, TokenKind};
use crate::source::{NameId, known};

impl<'s, 'a> Parser<'s, 'a> {
    /// `import_stmt`; the next token is `import` or `from`.
    pub(super) fn import_stmt(&mut self, start: &'s Token, is_lazy: bool) -> Parse<&'a Stmt<'a>> {
        if self.kind() == TokenKind::From {
            return self.import_from(start, is_lazy);
        }
        self.bump();
        let mark = self.aliases.len();
        loop {
            let alias_start = self.token();
            let name = self.dotted_name()?;
            self.push_alias(name, alias_start)?;
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        let names = take(&mut self.room, &mut self.aliases, mark);
        Ok(self.simple(StmtKind::Import { names, is_lazy }, start))
    }

    /// `import_from`.
    fn import_from(&mut self, start: &'s Token, is_lazy: bool) -> Parse<&'a Stmt<'a>> {
        self.bump();
        let mut level = 0;
        loop {
            level += match self.kind() {
                TokenKind::Dot => 1,
                TokenKind::Ellipsis => 3,
                _ => break,
            };
            self.bump();
        }
        let module_start = self.pos();
        let module = if level > 0 && self.kind() == TokenKind::Import { None } else { Some(self.dotted_name()?) };
        self.expect(TokenKind::Import)?;
        let names = self.import_from_targets()?;
        if level > 0 && !is_lazy && module == Some(known::LAZY) {
            self.warn_relative_import_of_lazy(module_start, level);
        }
        if level == 0 && module == Some(known::FUTURE) {
            if is_lazy {
                let location = start.location();
                return self.raise_syntax(location, "lazy from __future__ import is not allowed");
            }
            self.barry_as_flufl |= self.target.features.angles_are_two_tokens
                && names.iter().any(|alias| self.names.text(alias.name) == "barry_as_FLUFL");
        }
        Ok(self.simple(StmtKind::ImportFrom { module, names, level, is_lazy }, start))
    }

    /// Warns of `from . lazy import a`, which means `from .lazy import a`, where the keyword is known.
    ///
    /// CPython 3.15: `_warn_relative_import_of_lazy`.
    fn warn_relative_import_of_lazy(&mut self, module: usize, level: u32) {
        let (dots, name) = (self.tokens[module - 1], self.tokens[module]);
        let is_joined = dots.end_line() == name.line() && dots.end_column() == name.column();
        if is_joined || !self.target.features.lazy_imports {
            return;
        }
        let dots = ".".repeat(level as usize);
        let message = format!(
            "'from {dots} lazy import' is the same as 'from {dots}lazy import'; did you mean 'lazy from {dots} import'?"
        );
        self.warnings.push(Warning { category: "SyntaxWarning", message, location: name.location() });
    }

    /// `import_from_targets`.
    fn import_from_targets(&mut self) -> Parse<&'a [Alias]> {
        let mark = self.aliases.len();
        if self.kind() == TokenKind::Star {
            let location = self.token().location();
            self.bump();
            self.aliases.push(Alias { name: known::STAR, asname: None, location });
            return Ok(take(&mut self.room, &mut self.aliases, mark));
        }
        let is_parenthesized = self.eat(TokenKind::LeftParen);
        loop {
            let start = self.token();
            let name = self.expect_name()?;
            self.push_alias(name, start)?;
            if !self.eat(TokenKind::Comma) || (is_parenthesized && self.kind() == TokenKind::RightParen) {
                break;
            }
        }
        if is_parenthesized {
            self.expect(TokenKind::RightParen)?;
        }
        Ok(take(&mut self.room, &mut self.aliases, mark))
    }

    /// Pushes the alias of a name that starts at the token `start`, with the `as` that may follow.
    fn push_alias(&mut self, name: NameId, start: &'s Token) -> Parse<()> {
        let asname = if self.eat(TokenKind::As) { Some(self.expect_name()?) } else { None };
        let location = self.location(start);
        self.aliases.push(Alias { name, asname, location });
        Ok(())
    }

    /// `dotted_name`, as one name.
    fn dotted_name(&mut self) -> Parse<NameId> {
        let first = self.expect_name()?;
        if self.kind() != TokenKind::Dot {
            return Ok(first);
        }
        self.buffer.clear();
        self.buffer.extend_from_slice(self.names.text(first).as_bytes());
        while self.eat(TokenKind::Dot) {
            let name = self.expect_name()?;
            self.buffer.push(b'.');
            self.buffer.extend_from_slice(self.names.text(name).as_bytes());
        }
        let joined = std::str::from_utf8(&self.buffer).unwrap_or_default();
        Ok(self.names.intern(joined))
    }
}
