//! Numbers: integers of any size, floats and imaginary numbers.

use super::{Parse, Parser};
use crate::ast::{Expr, ExprKind};
use crate::lexer::Token;
use crate::object::{Constant, Int};
use crate::source::Location;
use num_bigint::BigUint;

/// `sys.int_info.default_max_str_digits`.
const MAX_DECIMAL_DIGITS: usize = 4300;

impl<'s, 'a> Parser<'s, 'a> {
    /// `NUMBER`.
    #[inline]
    pub(super) fn number(&mut self) -> Parse<&'a Expr<'a>> {
        let token = self.token();
        let value = match small_decimal(&self.text.as_bytes()[token.start()..token.end()]) {
            Some(value) => Constant::Int(Int::Small(value)),
            None => self.other_number(self.token_text(token), token)?,
        };
        self.bump();
        Ok(self.new_expr(ExprKind::Constant { value, is_u: false }, token.location()))
    }

    #[inline(never)]
    fn other_number(&mut self, text: &str, token: &Token) -> Parse<Constant<'a>> {
        let joined;
        let text = if text.contains('_') {
            joined = text.replace('_', "");
            joined.as_str()
        } else {
            text
        };
        let radix = match text.as_bytes() {
            [b'0', b'x' | b'X', ..] => 16,
            [b'0', b'o' | b'O', ..] => 8,
            [b'0', b'b' | b'B', ..] => 2,
            _ => 10,
        };
        if radix != 10 {
            return Ok(Constant::Int(self.integer(&text[2..], radix)));
        }
        if let Some(imaginary) = text.strip_suffix(['j', 'J']) {
            return Ok(Constant::Complex { real: 0.0, imag: float(imaginary) });
        }
        if !text.bytes().all(|c| c.is_ascii_digit()) {
            return Ok(Constant::Float(float(text)));
        }
        // Only zeros may start with a zero; they have no limit.
        let digits = text.trim_start_matches('0');
        if digits.len() > MAX_DECIMAL_DIGITS {
            let message = format!(
                "Exceeds the limit ({MAX_DECIMAL_DIGITS} digits) for integer string conversion: value has {} digits; use \
                 sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to \
                 avoid decimal conversion limits.",
                digits.len()
            );
            // CPython leaves out the columns, so as not to mark thousands of digits.
            return self.raise_syntax(Location::new(token.line() as i32, token.end_line() as i32, -1, -1), message);
        }
        Ok(Constant::Int(self.integer(digits, 10)))
    }

    fn integer(&self, digits: &str, radix: u32) -> Int<'a> {
        if digits.is_empty() {
            return Int::Small(0);
        }
        match i64::from_str_radix(digits, radix) {
            Ok(small) => Int::Small(small),
            Err(_) => {
                let big = BigUint::parse_bytes(digits.as_bytes(), radix).unwrap_or_default();
                Int::from_big(self.arena, &big.into())
            }
        }
    }
}

/// The value of a decimal integer that is short enough to be read without a look at overflow.
#[inline]
fn small_decimal(text: &[u8]) -> Option<i64> {
    if text.len() > 18 {
        return None;
    }
    let mut value = 0;
    for c in text {
        if !c.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(c - b'0');
    }
    Some(value)
}

/// Correctly rounded, as CPython's `PyOS_string_to_double`; too large a number is infinite.
fn float(text: &str) -> f64 {
    text.parse().unwrap_or(f64::INFINITY)
}
