//! The clauses of comprehensions and generator expressions.

use super::expression::precedence;
use super::{Parse, Parser, take};
use crate::ast::{Comprehension, ExprContext};
use crate::lexer::TokenKind;

impl<'a> Parser<'_, 'a> {
    /// `for_if_clauses`.
    pub(super) fn for_if_clauses(&mut self) -> Parse<&'a [Comprehension<'a>]> {
        let mark = self.comprehensions.len();
        loop {
            let is_async = self.kind() == TokenKind::Async && self.next_kind() == TokenKind::For;
            if is_async {
                self.bump();
            }
            if self.kind() != TokenKind::For {
                break;
            }
            let clause = self.for_if_clause(is_async)?;
            self.comprehensions.push(clause);
        }
        if self.comprehensions.len() == mark {
            return self.fail();
        }
        Ok(take(&mut self.room, &mut self.comprehensions, mark))
    }

    /// `for_if_clause` from its `for` on.
    fn for_if_clause(&mut self, is_async: bool) -> Parse<Comprehension<'a>> {
        self.bump();
        let target = self.star_targets(ExprContext::Store)?;
        self.expect(TokenKind::In)?;
        let iter = self.operators(precedence::OR)?;
        self.note_iterable(iter);
        let mark = self.exprs.len();
        while self.eat(TokenKind::If) {
            let condition = self.operators(precedence::OR)?;
            self.exprs.push(condition);
        }
        let ifs = self.take_exprs(mark);
        Ok(Comprehension { target, iter, ifs, is_async })
    }
}
