//! Expressions: conditionals, lambdas, `yield`, and all operators by precedence climbing.

use super::{Parse, Parser, level, take};
use crate::ast::{BoolOp, CmpOp, Expr, ExprContext, ExprKind, Exprs, Operator, UnaryOp};
use crate::lexer::{Token, TokenKind};
use crate::object::Constant;

/// How tightly operators bind; a rule of the grammar is called by the weakest operator it may contain.
pub(super) mod precedence {
    pub const OR: u8 = 1;
    pub const AND: u8 = 2;
    pub const NOT: u8 = 3;
    pub const COMPARE: u8 = 4;
    pub const BIT_OR: u8 = 5;
    pub const BIT_XOR: u8 = 6;
    pub const BIT_AND: u8 = 7;
    pub const SHIFT: u8 = 8;
    pub const SUM: u8 = 9;
    pub const TERM: u8 = 10;
    pub const POWER: u8 = 11;
}

/// The precedence of a token as an infix operator; 0 where it is none.
static INFIX: [u8; 128] = {
    use TokenKind::*;
    let mut table = [0; 128];
    table[Or as usize] = precedence::OR;
    table[And as usize] = precedence::AND;
    let comparisons = [Less, Greater, EqualEqual, NotEqual, LessEqual, GreaterEqual, In, Is, Not];
    let mut i = 0;
    while i < comparisons.len() {
        table[comparisons[i] as usize] = precedence::COMPARE;
        i += 1;
    }
    table[VerticalBar as usize] = precedence::BIT_OR;
    table[Caret as usize] = precedence::BIT_XOR;
    table[Ampersand as usize] = precedence::BIT_AND;
    table[LeftShift as usize] = precedence::SHIFT;
    table[RightShift as usize] = precedence::SHIFT;
    table[Plus as usize] = precedence::SUM;
    table[Minus as usize] = precedence::SUM;
    let terms = [Star, Slash, DoubleSlash, Percent, At];
    let mut i = 0;
    while i < terms.len() {
        table[terms[i] as usize] = precedence::TERM;
        i += 1;
    }
    table[DoubleStar as usize] = precedence::POWER;
    table
};

/// Which tokens an expression can start with, not counting `*` and `yield`.
static STARTS_EXPRESSION: [bool; 128] = {
    use TokenKind::*;
    let mut table = [false; 128];
    let starts = [
        Name,
        Number,
        String,
        FStringStart,
        TStringStart,
        LeftParen,
        LeftBracket,
        LeftBrace,
        Ellipsis,
        Plus,
        Minus,
        Tilde,
        False,
        None,
        True,
        Await,
        Lambda,
        Not,
    ];
    let mut i = 0;
    while i < starts.len() {
        table[starts[i] as usize] = true;
        i += 1;
    }
    table
};

/// Tokens that nothing goes on at, so that a name before one of them is a whole expression.
static ENDS_EXPRESSION: [bool; 128] = {
    use TokenKind::*;
    let mut table = [false; 128];
    let ends = [Comma, RightParen, RightBracket, RightBrace, Colon, Semicolon, Equal, Newline];
    let mut i = 0;
    while i < ends.len() {
        table[ends[i] as usize] = true;
        i += 1;
    }
    table
};

fn binary_operator(kind: TokenKind) -> Operator {
    match kind {
        TokenKind::VerticalBar => Operator::BitOr,
        TokenKind::Caret => Operator::BitXor,
        TokenKind::Ampersand => Operator::BitAnd,
        TokenKind::LeftShift => Operator::LShift,
        TokenKind::RightShift => Operator::RShift,
        TokenKind::Plus => Operator::Add,
        TokenKind::Minus => Operator::Sub,
        TokenKind::Star => Operator::Mult,
        TokenKind::Slash => Operator::Div,
        TokenKind::DoubleSlash => Operator::FloorDiv,
        TokenKind::Percent => Operator::Mod,
        _ => Operator::MatMult,
    }
}

impl<'s, 'a> Parser<'s, 'a> {
    /// Whether an expression can start at the next token.
    #[inline]
    pub(super) fn starts_expression(&self) -> bool {
        STARTS_EXPRESSION[self.kind() as usize]
    }

    /// Whether an expression, starred or not, can start at the next token.
    #[inline]
    pub(super) fn starts_star_expression(&self) -> bool {
        STARTS_EXPRESSION[self.kind() as usize] || self.kind() == TokenKind::Star
    }

    /// Whether an expression, starred or not, could start at a token of this kind.
    pub(super) fn could_start_expression(kind: TokenKind) -> bool {
        STARTS_EXPRESSION[kind as usize] || kind == TokenKind::Star
    }

    /// `expression`.
    #[inline(always)]
    pub(super) fn expression(&mut self) -> Parse<&'a Expr<'a>> {
        if ENDS_EXPRESSION[self.next_kind() as usize] {
            return if self.kind() == TokenKind::Name { Ok(self.name()) } else { self.single_token() };
        }
        self.operator_expression()
    }

    /// The same where what follows the next token ends it: most often that token is all of it.
    #[inline(never)]
    fn single_token(&mut self) -> Parse<&'a Expr<'a>> {
        match self.kind() {
            TokenKind::String => self.strings(),
            TokenKind::Number => self.number(),
            TokenKind::None => Ok(self.constant(Constant::None)),
            TokenKind::True => Ok(self.constant(Constant::True)),
            TokenKind::False => Ok(self.constant(Constant::False)),
            _ => self.operator_expression(),
        }
    }

    /// The same where there is more to it.
    #[inline(never)]
    fn operator_expression(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        let body = match start.kind {
            TokenKind::Name => {
                let name = self.name();
                let primary = self.trailers(start, name)?;
                if INFIX[self.kind() as usize] == 0 {
                    primary
                } else {
                    self.operators_rest(start, primary, precedence::OR)?
                }
            }
            TokenKind::Lambda => return self.lambda(),
            _ => self.operators(precedence::OR)?,
        };
        if self.kind() == TokenKind::If { self.conditional(start, body) } else { Ok(body) }
    }

    /// The rest of a conditional expression from its `if` on.
    fn conditional(&mut self, start: &'s Token, body: &'a Expr<'a>) -> Parse<&'a Expr<'a>> {
        self.bump();
        self.enter(level::CONDITIONAL)?;
        let test = self.operators(precedence::OR)?;
        self.expect(TokenKind::Else)?;
        let orelse = self.expression()?;
        self.leave(level::CONDITIONAL);
        Ok(self.expr(ExprKind::IfExp { test, body, orelse }, start))
    }

    /// `lambdef`.
    fn lambda(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        self.bump();
        self.enter(level::LAMBDA)?;
        let args = self.parameters(TokenKind::Colon)?;
        self.expect(TokenKind::Colon)?;
        let body = self.expression()?;
        self.leave(level::LAMBDA);
        Ok(self.expr(ExprKind::Lambda { args, body }, start))
    }

    /// `expressions` and `star_expressions`: a tuple where there is a comma.
    pub(super) fn star_expressions(&mut self) -> Parse<&'a Expr<'a>> {
        self.star_expressions_here()
    }

    /// The same, for where most of them are.
    #[inline(always)]
    pub(super) fn star_expressions_here(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        let first = self.star_expression()?;
        if self.kind() == TokenKind::Comma { self.star_expressions_rest(start, first) } else { Ok(first) }
    }

    /// The same from the first comma on.
    #[inline(never)]
    fn star_expressions_rest(&mut self, start: &'s Token, first: &'a Expr<'a>) -> Parse<&'a Expr<'a>> {
        let mark = self.exprs.len();
        self.exprs.push(first);
        while self.eat(TokenKind::Comma) && self.starts_star_expression() {
            let next = self.star_expression()?;
            self.exprs.push(next);
        }
        let elts = self.take_exprs(mark);
        Ok(self.tuple(elts, start))
    }

    /// A tuple from the token at `start` to the last one taken.
    pub(super) fn tuple(&mut self, elts: Exprs<'a>, start: &'s Token) -> &'a Expr<'a> {
        let tuple = self.expr(ExprKind::Tuple { elts, ctx: ExprContext::Load }, start);
        self.note_composite(tuple);
        tuple
    }

    /// `star_expression`.
    #[inline(always)]
    pub(super) fn star_expression(&mut self) -> Parse<&'a Expr<'a>> {
        if self.kind() == TokenKind::Star { self.starred_bitwise_or() } else { self.expression() }
    }

    /// `star_named_expression`.
    #[inline]
    pub(super) fn star_named_expression(&mut self) -> Parse<&'a Expr<'a>> {
        if self.kind() == TokenKind::Star { self.starred_bitwise_or() } else { self.named_expression() }
    }

    /// `'*' bitwise_or`.
    fn starred_bitwise_or(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        self.bump();
        let value = self.operators(precedence::BIT_OR)?;
        Ok(self.expr(ExprKind::Starred { value, ctx: ExprContext::Load }, start))
    }

    /// `starred_expression`, as arguments and subscripts have it.
    pub(super) fn starred_expression(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        self.expect(TokenKind::Star)?;
        let value = self.expression()?;
        Ok(self.expr(ExprKind::Starred { value, ctx: ExprContext::Load }, start))
    }

    /// What `*` or `**` unpacks at the start of a display, where a whole `expression` may stand if a comprehension follows,
    /// but no more than a `bitwise_or` otherwise; and whether it is no more than that.
    pub(super) fn unpacked_element(&mut self) -> Parse<(&'a Expr<'a>, bool)> {
        if matches!(self.kind(), TokenKind::Not | TokenKind::Lambda) {
            return Ok((self.expression()?, false));
        }
        let start = self.token();
        let operand = self.operators(precedence::BIT_OR)?;
        let value = self.operators_rest(start, operand, precedence::OR)?;
        let value = if self.kind() == TokenKind::If { self.conditional(start, value)? } else { value };
        Ok((value, std::ptr::eq(value, operand)))
    }

    /// Whether an assignment expression starts here.
    #[inline]
    pub(super) fn at_assignment_expression(&self) -> bool {
        self.kind() == TokenKind::Name && self.next_kind() == TokenKind::ColonEqual
    }

    /// `named_expression`.
    #[inline(always)]
    pub(super) fn named_expression(&mut self) -> Parse<&'a Expr<'a>> {
        if self.at_assignment_expression() { self.assignment_expression() } else { self.expression() }
    }

    /// `assignment_expression`.
    #[inline(never)]
    fn assignment_expression(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        let token = *start;
        let target = self.new_expr(ExprKind::Name { id: token.name, ctx: ExprContext::Store }, token.location());
        self.bump();
        self.bump();
        let value = self.expression()?;
        Ok(self.expr(ExprKind::NamedExpr { target, value }, start))
    }

    /// `annotated_rhs`.
    #[inline(always)]
    pub(super) fn annotated_rhs(&mut self) -> Parse<&'a Expr<'a>> {
        if self.kind() == TokenKind::Yield { self.yield_expression() } else { self.star_expressions_here() }
    }

    /// `yield_expr`.
    pub(super) fn yield_expression(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        self.expect(TokenKind::Yield)?;
        let kind = if self.eat(TokenKind::From) {
            ExprKind::YieldFrom { value: self.expression()? }
        } else if self.starts_star_expression() {
            ExprKind::Yield { value: Some(self.star_expressions()?) }
        } else {
            ExprKind::Yield { value: None }
        };
        Ok(self.expr(kind, start))
    }

    /// The rules from `disjunction` to `term`: operators that bind at least as tightly as `min`.
    #[inline(always)]
    pub(super) fn operators(&mut self, min: u8) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        let left =
            if self.kind() == TokenKind::Not && min <= precedence::NOT { self.inversion()? } else { self.factor()? };
        if INFIX[self.kind() as usize] < min { Ok(left) } else { self.operators_rest(start, left, min) }
    }

    /// The operators behind an operand that starts at the token `start`.
    fn operators_rest(&mut self, start: &'s Token, mut left: &'a Expr<'a>, min: u8) -> Parse<&'a Expr<'a>> {
        loop {
            let precedence = INFIX[self.kind() as usize];
            if precedence < min {
                return Ok(left);
            }
            left = match precedence {
                precedence::OR => self.bool_op(start, left, BoolOp::Or, precedence)?,
                precedence::AND => self.bool_op(start, left, BoolOp::And, precedence)?,
                precedence::COMPARE => {
                    if self.kind() == TokenKind::Not && self.next_kind() != TokenKind::In {
                        return Ok(left);
                    }
                    self.comparison(start, left)?
                }
                // Powers bind to their operands, so this is the first that there is.
                precedence::POWER => self.power(start, left)?,
                _ => {
                    let op = binary_operator(self.kind());
                    self.bump();
                    let right = self.operators(precedence + 1)?;
                    let operation = self.expr(ExprKind::BinOp { left, op, right }, start);
                    self.note_binary(operation);
                    operation
                }
            };
        }
    }

    /// The rest of `a or b or c`, or of the same with `and`.
    fn bool_op(&mut self, start: &'s Token, first: &'a Expr<'a>, op: BoolOp, precedence: u8) -> Parse<&'a Expr<'a>> {
        let operator = self.kind();
        let mark = self.exprs.len();
        self.exprs.push(first);
        while self.eat(operator) {
            let value = self.operators(precedence + 1)?;
            self.exprs.push(value);
        }
        let values = self.take_exprs(mark);
        Ok(self.expr(ExprKind::BoolOp { op, values }, start))
    }

    /// `inversion`, where it starts with `not`.
    fn inversion(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        self.bump();
        self.enter(level::PREFIX_OPERATOR)?;
        let operand = self.operators(precedence::NOT)?;
        self.leave(level::PREFIX_OPERATOR);
        let operation = self.expr(ExprKind::UnaryOp { op: UnaryOp::Not, operand }, start);
        self.note_unary(operation);
        Ok(operation)
    }

    /// The rest of `comparison`.
    fn comparison(&mut self, start: &'s Token, left: &'a Expr<'a>) -> Parse<&'a Expr<'a>> {
        let Some(op) = self.comparison_operator()? else { return Ok(left) };
        let comparator = self.operators(precedence::BIT_OR)?;
        let (ops, comparators) = if INFIX[self.kind() as usize] == precedence::COMPARE {
            self.comparisons(op, comparator)?
        } else {
            (op.alone(), self.only(comparator))
        };
        let comparison = self.expr(ExprKind::Compare { left, ops, comparators }, start);
        self.note_comparison(comparison);
        Ok(comparison)
    }

    /// The operators and operands of a comparison behind the first of them, where there may be more.
    #[inline(never)]
    fn comparisons(&mut self, op: CmpOp, comparator: &'a Expr<'a>) -> Parse<(&'a [CmpOp], Exprs<'a>)> {
        let (mark, ops_mark) = (self.exprs.len(), self.cmp_ops.len());
        self.cmp_ops.push(op);
        self.exprs.push(comparator);
        while let Some(op) = self.comparison_operator()? {
            let comparator = self.operators(precedence::BIT_OR)?;
            self.cmp_ops.push(op);
            self.exprs.push(comparator);
        }
        Ok((take(&mut self.room, &mut self.cmp_ops, ops_mark), self.take_exprs(mark)))
    }

    /// Takes a comparison operator if there is one.
    fn comparison_operator(&mut self) -> Parse<Option<CmpOp>> {
        let op = match self.kind() {
            TokenKind::Less if self.barry_as_flufl && self.is_angled_inequality() => {
                self.bump();
                CmpOp::NotEq
            }
            TokenKind::Less => CmpOp::Lt,
            TokenKind::Greater => CmpOp::Gt,
            TokenKind::EqualEqual => CmpOp::Eq,
            TokenKind::LessEqual => CmpOp::LtE,
            TokenKind::GreaterEqual => CmpOp::GtE,
            TokenKind::In => CmpOp::In,
            TokenKind::NotEqual => {
                self.check_inequality()?;
                CmpOp::NotEq
            }
            TokenKind::Is if self.next_kind() == TokenKind::Not => {
                self.bump();
                CmpOp::IsNot
            }
            TokenKind::Is => CmpOp::Is,
            TokenKind::Not if self.next_kind() == TokenKind::In => {
                self.bump();
                CmpOp::NotIn
            }
            _ => return Ok(None),
        };
        self.bump();
        Ok(Some(op))
    }

    /// Whether `!=` is right: `<>` may be the same token, and the future import of a joke asks for that (CPython 3.14:
    /// `_PyPegen_check_barry_as_flufl`).
    fn check_inequality(&mut self) -> Parse<()> {
        let token = *self.token();
        if self.token_text(&token) == "<>" {
            self.fail()
        } else if self.barry_as_flufl {
            self.raise_syntax(token.location(), "with Barry as BDFL, use '<>' instead of '!='")
        } else {
            Ok(())
        }
    }

    /// Whether the present token and the next are `<>`.
    #[cold]
    fn is_angled_inequality(&self) -> bool {
        let next = &self.tokens[self.pos() + 1];
        next.kind == TokenKind::Greater && next.start() == self.token().end()
    }

    /// `factor`, and with it `power` and `await_primary`.
    #[inline(always)]
    pub(super) fn factor(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        let base = match self.kind() {
            TokenKind::Plus => return self.unary(UnaryOp::UAdd),
            TokenKind::Minus => return self.unary(UnaryOp::USub),
            TokenKind::Tilde => return self.unary(UnaryOp::Invert),
            TokenKind::Await => {
                self.bump();
                let value = self.primary()?;
                self.expr(ExprKind::Await { value }, start)
            }
            _ => self.primary()?,
        };
        if self.kind() != TokenKind::DoubleStar {
            return Ok(base);
        }
        self.power(start, base)
    }

    fn unary(&mut self, op: UnaryOp) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        self.bump();
        self.enter(level::PREFIX_OPERATOR)?;
        let operand = self.factor()?;
        self.leave(level::PREFIX_OPERATOR);
        let operation = self.expr(ExprKind::UnaryOp { op, operand }, start);
        self.note_unary(operation);
        Ok(operation)
    }

    fn power(&mut self, start: &'s Token, left: &'a Expr<'a>) -> Parse<&'a Expr<'a>> {
        self.bump();
        self.enter(level::POWER)?;
        let right = self.factor()?;
        self.leave(level::POWER);
        let operation = self.expr(ExprKind::BinOp { left, op: Operator::Pow, right }, start);
        self.note_binary(operation);
        Ok(operation)
    }

    /// `primary`: an atom and what is called, indexed and looked up on it.
    pub(super) fn primary(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        let atom = self.atom()?;
        self.trailers(start, atom)
    }

    /// The same from what is called, indexed or looked up on.
    #[inline(always)]
    fn trailers(&mut self, start: &'s Token, atom: &'a Expr<'a>) -> Parse<&'a Expr<'a>> {
        let mut value = atom;
        loop {
            value = match self.kind() {
                TokenKind::Dot => {
                    let mut cursor = self.cursor;
                    cursor.advance();
                    let name = cursor.token();
                    if name.kind != TokenKind::Name {
                        self.cursor = cursor;
                        return self.fail();
                    }
                    cursor.advance();
                    self.cursor = cursor;
                    self.expr(ExprKind::Attribute { value, attr: name.name, ctx: ExprContext::Load }, start)
                }
                TokenKind::LeftParen => self.call(start, value)?,
                TokenKind::LeftBracket => self.subscript(start, value)?,
                _ => return Ok(value),
            };
        }
    }

    /// The name that the next token is.
    #[inline(always)]
    pub(super) fn name(&mut self) -> &'a Expr<'a> {
        let token = self.token();
        self.bump();
        let name = self.name_expr(token, ExprContext::Load);
        self.note_name(name);
        name
    }

    /// A name as an expression.
    #[inline]
    pub(super) fn name_expr(&mut self, token: &Token, ctx: ExprContext) -> &'a Expr<'a> {
        self.new_expr(ExprKind::Name { id: token.name, ctx }, token.location())
    }
}
