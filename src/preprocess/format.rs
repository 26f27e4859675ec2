//! `'...' % (...)` as an f-string, where the format asks for nothing but `%s`, `%r` and `%a`.

use super::Preprocessor;
use crate::ast::{Conversion, Expr, ExprKind, Exprs};
use crate::object::{Constant, PyStr};
use crate::source::Location;
use bumpalo::collections::Vec as BumpVec;
use std::fmt::Write;

/// A width or precision has fewer digits than this.
const MAX_DIGITS: usize = 3;

/// A format unit: what stands between `%` and its letter, and the letter.
struct Unit {
    is_left_justified: bool,
    width: Option<u32>,
    precision: Option<u32>,
    letter: u8,
}

impl<'a> Preprocessor<'_, 'a> {
    /// The f-string, or nothing where the operator has to do the work at run time. Mirrors CPython 3.14: `optimize_format`.
    pub(super) fn format(&self, format: &'a PyStr, elts: Exprs<'a>) -> Option<ExprKind<'a>> {
        if elts.iter().any(|e| matches!(e.kind, ExprKind::Starred { .. })) {
            return None;
        }
        let bytes = format.as_bytes();
        let mut values: BumpVec<'a, &'a Expr<'a>> = BumpVec::with_capacity_in(elts.len() * 2 + 1, self.arena);
        let mut elts = elts.iter();
        let mut at = 0;
        loop {
            values.extend(self.literal(bytes, &mut at));
            if at >= bytes.len() {
                break;
            }
            // What stopped the literal is a percent sign.
            at += 1;
            let value = elts.next()?;
            let unit = parse_unit(bytes, &mut at)?;
            values.push(self.formatted_value(value, &unit)?);
        }
        if elts.next().is_some() {
            return None;
        }
        Some(ExprKind::JoinedStr { values: values.into_bump_slice() })
    }

    /// The text up to the next format unit. Mirrors CPython 3.14: `parse_literal`.
    fn literal(&self, bytes: &'a [u8], at: &mut usize) -> Option<&'a Expr<'a>> {
        let start = *at;
        let mut has_percents = false;
        while let Some(found) = memchr::memchr(b'%', &bytes[*at..]) {
            *at += found;
            if bytes.get(*at + 1) != Some(&b'%') {
                return self.literal_text(&bytes[start..*at], has_percents);
            }
            has_percents = true;
            *at += 2;
        }
        *at = bytes.len();
        self.literal_text(&bytes[start..], has_percents)
    }

    fn literal_text(&self, text: &'a [u8], has_percents: bool) -> Option<&'a Expr<'a>> {
        let text = match text {
            b"" => return None,
            b"%%" => PyStr::unshared_percent(),
            _ if has_percents => {
                let mut plain = BumpVec::with_capacity_in(text.len(), self.arena);
                let mut follows_percent = false;
                for &b in text {
                    // The percent signs of a literal come in pairs, of which the second goes.
                    follows_percent = b == b'%' && !follows_percent;
                    if b != b'%' || follows_percent {
                        plain.push(b);
                    }
                }
                PyStr::from_bytes(plain.into_bump_slice())
            }
            _ => PyStr::from_bytes(text),
        };
        Some(self.string(text))
    }

    /// Mirrors CPython 3.14: `parse_format`.
    fn formatted_value(&self, value: &'a Expr<'a>, unit: &Unit) -> Option<&'a Expr<'a>> {
        let conversion = match unit.letter {
            b's' => Conversion::Str,
            b'r' => Conversion::Repr,
            b'a' => Conversion::Ascii,
            _ => return None,
        };
        let mut spec = bumpalo::collections::String::new_in(self.arena);
        if let Some(width) = unit.width {
            // `format()` puts strings to the left, `%` to the right.
            let align = if unit.is_left_justified { "" } else { ">" };
            let _ = write!(spec, "{align}{width}");
        }
        if let Some(precision) = unit.precision {
            let _ = write!(spec, ".{precision}");
        }
        let format_spec = if spec.is_empty() { None } else { Some(self.string(PyStr::new(spec.into_bump_str()))) };
        let kind = ExprKind::FormattedValue { value, conversion, format_spec };
        Some(self.arena.alloc(Expr { kind, location: value.location }))
    }

    /// A string that has no place in the source.
    fn string(&self, text: &'a PyStr) -> &'a Expr<'a> {
        let kind = ExprKind::Constant { value: Constant::Str(text), is_u: false };
        self.arena.alloc(Expr { kind, location: Location::NONE })
    }
}

/// Reads a format unit, from behind its percent sign. Mirrors CPython 3.14: `simple_format_arg_parse`.
fn parse_unit(bytes: &[u8], at: &mut usize) -> Option<Unit> {
    let mut is_left_justified = false;
    while let b @ (b'-' | b'+' | b' ' | b'#' | b'0') = *bytes.get(*at)? {
        is_left_justified |= b == b'-';
        *at += 1;
    }
    // The flags have taken a leading zero, so that a width is never zero.
    let width = parse_number(bytes, at)?;
    let mut precision = None;
    if bytes.get(*at) == Some(&b'.') {
        *at += 1;
        // A lone dot is a precision of zero.
        precision = Some(parse_number(bytes, at)?.unwrap_or(0));
    }
    let letter = *bytes.get(*at)?;
    *at += 1;
    Some(Unit { is_left_justified, width, precision, letter })
}

/// Reads digits, if there are any; nothing for too many of them.
fn parse_number(bytes: &[u8], at: &mut usize) -> Option<Option<u32>> {
    let digits = bytes[*at..].iter().take_while(|b| b.is_ascii_digit()).count();
    if digits >= MAX_DIGITS {
        return None;
    }
    let number = bytes[*at..*at + digits].iter().fold(0, |number, b| number * 10 + u32::from(b - b'0'));
    *at += digits;
    Some((digits > 0).then_some(number))
}
