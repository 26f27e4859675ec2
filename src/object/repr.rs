//! Constants as Python's `repr()` and `ascii()` write them.

use super::{Constant, Int, PyStr};
use crate::source::is_printable;
use crate::target::PythonVersion;
use std::fmt::Write;

/// `sys.int_info.default_max_str_digits`: the most decimal digits that CPython converts an integer to.
const MAX_STR_DIGITS: usize = 4300;

/// Integers of more bits than this have more than [`MAX_STR_DIGITS`] digits, as a digit is worth less than 10/3 bits.
const MAX_STR_BITS: usize = MAX_STR_DIGITS * 10 / 3;

/// Which characters of a string are written as they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Escaping {
    /// Those that a release holds printable: `repr()`.
    Unprintable(PythonVersion),
    /// Those of ASCII only: `ascii()`.
    NonAscii,
}

/// An integer that CPython refuses to write in decimal digits, with a `ValueError`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooManyDigits;

impl TooManyDigits {
    /// The message of the `ValueError`.
    pub const MESSAGE: &'static str = "Exceeds the limit (4300 digits) for integer string conversion; \
                                       use sys.set_int_max_str_digits() to increase the limit";
}

/// Writes a constant as Python's `repr()` shows it.
///
/// The elements of a frozenset come in the order in which they are held, as Python's order follows from its hashes.
pub fn write_repr(out: &mut String, value: &Constant<'_>, escaping: Escaping) -> Result<(), TooManyDigits> {
    match *value {
        Constant::None => out.push_str("None"),
        Constant::False => out.push_str("False"),
        Constant::True => out.push_str("True"),
        Constant::Ellipsis => out.push_str("Ellipsis"),
        Constant::Int(value) => write_int_repr(out, value)?,
        Constant::Float(value) => write_float_repr(out, value),
        Constant::Complex { real, imag } => write_complex_repr(out, real, imag),
        Constant::Str(text) => write_str_repr(out, text, escaping),
        Constant::Bytes(bytes) => write_bytes_repr(out, bytes),
        Constant::Tuple(items) => {
            out.push('(');
            write_items(out, items, escaping)?;
            out.push_str(if items.len() == 1 { ",)" } else { ")" });
        }
        Constant::FrozenSet([]) => out.push_str("frozenset()"),
        Constant::FrozenSet(items) => {
            out.push_str("frozenset({");
            write_items(out, items, escaping)?;
            out.push_str("})");
        }
    }
    Ok(())
}

fn write_items(out: &mut String, items: &[Constant<'_>], escaping: Escaping) -> Result<(), TooManyDigits> {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        write_repr(out, item, escaping)?;
    }
    Ok(())
}

fn write_int_repr(out: &mut String, value: Int<'_>) -> Result<(), TooManyDigits> {
    match value {
        Int::Small(value) => {
            let _ = write!(out, "{value}");
        }
        // Conversion takes time that grows faster than the number, so the size is asked for first.
        Int::Big { digits, .. } if digits.len() * 32 > MAX_STR_BITS + 32 => return Err(TooManyDigits),
        Int::Big { negative, .. } => {
            let text = value.to_big().to_string();
            if text.len() - negative as usize > MAX_STR_DIGITS {
                return Err(TooManyDigits);
            }
            out.push_str(&text);
        }
    }
    Ok(())
}

/// Writes a float as `float.__repr__` does.
pub fn write_float_repr(out: &mut String, value: f64) {
    write_float(out, value, true);
}

/// Writes a complex number as `complex.__repr__` does; its parts go without `.0`.
fn write_complex_repr(out: &mut String, real: f64, imag: f64) {
    if real == 0.0 && real.is_sign_positive() {
        write_float(out, imag, false);
        out.push('j');
    } else {
        out.push('(');
        write_float(out, real, false);
        if imag.is_nan() || imag.is_sign_positive() {
            out.push('+');
        }
        write_float(out, imag, false);
        out.push_str("j)");
    }
}

/// Writes the shortest digits that give a float back. Mirrors CPython's `format_float_short` for the format `r`.
fn write_float(out: &mut String, value: f64, with_point: bool) {
    if value.is_nan() {
        out.push_str("nan");
        return;
    }
    if value.is_infinite() {
        out.push_str(if value < 0.0 { "-inf" } else { "inf" });
        return;
    }
    let start = out.len();
    let _ = write!(out, "{value:e}");
    let Some(at) = out[start..].rfind('e') else { return };
    let exponent: i32 = out[start + at + 1..].parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        out.truncate(start);
        let _ = write!(out, "{value}");
        if with_point && !out[start..].contains('.') {
            out.push_str(".0");
        }
    } else {
        out.truncate(start + at);
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "e{sign}{:02}", exponent.abs());
    }
}

/// The quote that `repr()` puts around text: the double one only where that saves escapes.
fn quote_for(bytes: &[u8]) -> char {
    if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' }
}

/// Writes a string as `str.__repr__` does. What is written holds no surrogates, as these are not printable.
pub fn write_str_repr(out: &mut String, text: &PyStr, escaping: Escaping) {
    let quote = quote_for(text.as_bytes());
    out.reserve(text.byte_len() + 2);
    out.push(quote);
    for code_point in text.code_points() {
        match char::from_u32(code_point) {
            Some(c) if c.is_ascii() => write_ascii(out, c, quote),
            Some(c) if matches!(escaping, Escaping::Unprintable(version) if is_printable(c, version)) => out.push(c),
            _ => {
                let _ = match code_point {
                    0..=0xff => write!(out, "\\x{code_point:02x}"),
                    0x100..=0xffff => write!(out, "\\u{code_point:04x}"),
                    _ => write!(out, "\\U{code_point:08x}"),
                };
            }
        }
    }
    out.push(quote);
}

/// Writes a bytes object as `bytes.__repr__` does.
pub fn write_bytes_repr(out: &mut String, bytes: &[u8]) {
    let quote = quote_for(bytes);
    out.reserve(bytes.len() + 3);
    out.push('b');
    out.push(quote);
    for &byte in bytes {
        if byte.is_ascii() {
            write_ascii(out, byte.into(), quote);
        } else {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push(quote);
}

fn write_ascii(out: &mut String, c: char, quote: char) {
    match c {
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        ' '..='~' => {
            if c == quote {
                out.push('\\');
            }
            out.push(c);
        }
        _ => {
            let _ = write!(out, "\\x{:02x}", c as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigInt;

    fn repr_in(value: Constant<'_>, version: PythonVersion) -> String {
        let mut out = String::new();
        assert_eq!(write_repr(&mut out, &value, Escaping::Unprintable(version)), Ok(()));
        out
    }

    fn repr(value: Constant<'_>) -> String {
        repr_in(value, PythonVersion::ALL[3])
    }

    #[test]
    fn floats_have_their_shortest_digits() {
        let cases = [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (9999999999999998.0, "9999999999999998.0"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (1.5e-5, "1.5e-05"),
            (0.1, "0.1"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ];
        for (value, text) in cases {
            assert_eq!(repr(Constant::Float(value)), text);
        }
    }

    #[test]
    fn complex_numbers_show_a_real_part_unless_it_is_positive_zero() {
        let cases = [
            (0.0, 1.0, "1j"),
            (0.0, -0.0, "-0j"),
            (-0.0, 1.0, "(-0+1j)"),
            (1.0, 2.5, "(1+2.5j)"),
            (1.0, -0.0, "(1-0j)"),
            (0.0, 1e16, "1e+16j"),
            (f64::INFINITY, f64::NAN, "(inf+nanj)"),
        ];
        for (real, imag, text) in cases {
            assert_eq!(repr(Constant::Complex { real, imag }), text);
        }
    }

    #[test]
    fn strings_are_quoted_and_escaped() {
        let cases = [
            (&b"a"[..], "'a'"),
            (b"it's", "\"it's\""),
            (b"'\"", "'\\'\"'"),
            (b"\n\r\t\\\0\x7f", r"'\n\r\t\\\x00\x7f'"),
            ("\u{a0}\u{e9}\u{200b}\u{1f600}\u{e0001}".as_bytes(), "'\\xa0\u{e9}\\u200b\u{1f600}\\U000e0001'"),
            (b"\xed\xb2\x80", r"'\udc80'"),
        ];
        for (bytes, text) in cases {
            assert_eq!(repr(Constant::Str(PyStr::from_bytes(bytes))), text);
        }
        assert_eq!(repr(Constant::Bytes(b"it's\x00\xff\t")), r#"b"it's\x00\xff\t""#);
    }

    #[test]
    fn what_is_printable_depends_on_the_release() {
        let text = Constant::Str(PyStr::new("\u{1fadc}"));
        assert_eq!(repr_in(text, PythonVersion::ALL[2]), r"'\U0001fadc'");
        assert_eq!(repr_in(text, PythonVersion::ALL[3]), "'\u{1fadc}'");
    }

    #[test]
    fn containers_show_their_elements() {
        let one = [Constant::Int(Int::Small(-1))];
        assert_eq!(repr(Constant::Tuple(&[])), "()");
        assert_eq!(repr(Constant::Tuple(&one)), "(-1,)");
        assert_eq!(repr(Constant::Tuple(&[Constant::Ellipsis, Constant::Tuple(&one)])), "(Ellipsis, (-1,))");
        assert_eq!(repr(Constant::FrozenSet(&one)), "frozenset({-1})");
    }

    #[test]
    fn integers_have_at_most_4300_digits() {
        let arena = bumpalo::Bump::new();
        let most: BigInt = BigInt::from(10).pow(4300) - 1;
        assert_eq!(repr(Constant::Int(Int::from_big(&arena, &most))), "9".repeat(4300));
        for too_large in [&most + 1, -1 - &most, most.pow(9)] {
            let value = Constant::Int(Int::from_big(&arena, &too_large));
            assert_eq!(write_repr(&mut String::new(), &value, Escaping::NonAscii), Err(TooManyDigits));
        }
    }
}
