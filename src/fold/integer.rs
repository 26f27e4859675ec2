//! Integers: the operators on two of them, and how they become floats.

use super::number::Value;
use super::{BinaryOp, MAX_INT_BITS, UnaryOp, complex, float};
use crate::object::Int;
use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// Integers up to this size are floats without rounding.
const MAX_EXACT_FLOAT: u64 = 1 << 53;

fn bits(a: Int<'_>) -> u64 {
    match a {
        Int::Small(i) => 64 - i.unsigned_abs().leading_zeros() as u64,
        Int::Big { digits, .. } => match digits.last() {
            Some(top) => digits.len() as u64 * 32 - top.leading_zeros() as u64,
            None => 0,
        },
    }
}

fn is_negative(a: Int<'_>) -> bool {
    match a {
        Int::Small(i) => i < 0,
        Int::Big { negative, .. } => negative,
    }
}

/// A binary operator on two integers.
pub(super) fn binary(op: BinaryOp, a: Int<'_>, b: Int<'_>) -> Option<Value> {
    if let (Int::Small(x), Int::Small(y)) = (a, b) {
        let small = match op {
            BinaryOp::Add => x.checked_add(y),
            BinaryOp::Subtract => x.checked_sub(y),
            BinaryOp::Multiply => x.checked_mul(y),
            BinaryOp::And => Some(x & y),
            BinaryOp::Or => Some(x | y),
            BinaryOp::Xor => Some(x ^ y),
            _ => None,
        };
        if let Some(value) = small {
            return Some(Value::Small(value));
        }
    }
    let big = match op {
        BinaryOp::Add => a.to_big() + b.to_big(),
        BinaryOp::Subtract => a.to_big() - b.to_big(),
        BinaryOp::And => a.to_big() & b.to_big(),
        BinaryOp::Or => a.to_big() | b.to_big(),
        BinaryOp::Xor => a.to_big() ^ b.to_big(),
        BinaryOp::Multiply => {
            if !a.is_zero() && !b.is_zero() && bits(a) + bits(b) > MAX_INT_BITS {
                return None;
            }
            a.to_big() * b.to_big()
        }
        BinaryOp::FloorDivide if !b.is_zero() => a.to_big().div_floor(&b.to_big()),
        BinaryOp::Remainder if !b.is_zero() => a.to_big().mod_floor(&b.to_big()),
        BinaryOp::TrueDivide => return true_divide(a, b).map(Value::Float),
        BinaryOp::LeftShift => shift_left(a, b)?,
        BinaryOp::RightShift => shift_right(a, b)?,
        BinaryOp::Power => return power(a, b),
        _ => return None,
    };
    Some(Value::Big(big))
}

/// A unary operator on an integer.
pub(super) fn unary(op: UnaryOp, a: Int<'_>) -> Value {
    match (op, a) {
        (UnaryOp::Invert, Int::Small(i)) => Value::Small(!i),
        (UnaryOp::Invert, big) => Value::Big(-big.to_big() - 1),
        (UnaryOp::Negative, big) => Value::Big(-big.to_big()),
        (_, Int::Small(i)) => Value::Small(i),
        (_, big) => Value::Big(big.to_big()),
    }
}

/// Mirrors CPython 3.14: `const_folding_safe_lshift`.
fn shift_left(a: Int<'_>, b: Int<'_>) -> Option<BigInt> {
    if is_negative(b) {
        return None;
    }
    if a.is_zero() {
        return Some(BigInt::zero());
    }
    let Int::Small(count) = b else { return None };
    let count = count as u64;
    if count != 0 && (count > MAX_INT_BITS || bits(a) > MAX_INT_BITS - count) {
        return None;
    }
    Some(a.to_big() << count)
}

fn shift_right(a: Int<'_>, b: Int<'_>) -> Option<BigInt> {
    if is_negative(b) {
        return None;
    }
    match b {
        Int::Small(count) if (count as u64) < bits(a) => Some(a.to_big() >> count as u64),
        _ if is_negative(a) => Some(-BigInt::one()),
        _ => Some(BigInt::zero()),
    }
}

/// Mirrors CPython 3.14: `const_folding_safe_power`, and `long_pow`, which leaves negative exponents to the floats.
fn power(a: Int<'_>, b: Int<'_>) -> Option<Value> {
    if is_negative(b) {
        return match float::power(to_float(a)?, to_float(b)?)? {
            complex::Scalar::Real(f) => Some(Value::Float(f)),
            complex::Scalar::Complex(c) => Some(Value::Complex(c)),
        };
    }
    if b.is_zero() {
        return Some(Value::Small(1));
    }
    if a.is_zero() {
        return Some(Value::Small(0));
    }
    let Int::Small(exponent) = b else { return None };
    if bits(a) > MAX_INT_BITS / exponent as u64 {
        return None;
    }
    Some(Value::Big(a.to_big().pow(exponent as u32)))
}

/// The float nearest to an integer, ties to even; nothing where it would overflow.
///
/// Mirrors CPython 3.14: `PyLong_AsDouble`.
pub(super) fn to_float(a: Int<'_>) -> Option<f64> {
    let big = match a {
        Int::Small(i) => return Some(i as f64),
        Int::Big { .. } => a.to_big(),
    };
    let magnitude = big.magnitude();
    let shift = magnitude.bits().saturating_sub(64);
    let mut top = (magnitude >> shift).to_u64()?;
    // 64 bits are more than a float holds, so that the lowest one may say that something follows.
    if magnitude.trailing_zeros().unwrap_or(0) < shift {
        top |= 1;
    }
    if shift > 1024 {
        return None;
    }
    let value = scale(top as f64, shift as i32);
    if value.is_infinite() {
        return None;
    }
    Some(if big.is_negative() { -value } else { value })
}

/// The integer that a float is, which the caller knows to be finite and whole.
pub(super) fn from_integral_float(f: f64) -> Value {
    if f.abs() < 9.0e18 {
        return Value::Small(f as i64);
    }
    let raw = f.to_bits();
    let exponent = (raw >> 52 & 0x7ff) as i64 - 1075;
    let mantissa = BigInt::from(raw & ((1 << 52) - 1) | 1 << 52);
    let value = if exponent >= 0 { mantissa << exponent as u64 } else { mantissa >> (-exponent) as u64 };
    Value::Big(if f < 0.0 { -value } else { value })
}

/// `value * 2**exponent` in two steps, neither of which can overflow or vanish before the result does.
fn scale(value: f64, exponent: i32) -> f64 {
    let half = exponent / 2;
    value * 2f64.powi(half) * 2f64.powi(exponent - half)
}

/// The quotient of two integers, rounded once.
///
/// Mirrors CPython 3.14: `long_true_divide`.
fn true_divide(a: Int<'_>, b: Int<'_>) -> Option<f64> {
    if b.is_zero() {
        return None;
    }
    if let (Int::Small(x), Int::Small(y)) = (a, b)
        && x.unsigned_abs() <= MAX_EXACT_FLOAT
        && y.unsigned_abs() <= MAX_EXACT_FLOAT
    {
        return Some(x as f64 / y as f64);
    }
    let negate = is_negative(a) != is_negative(b);
    let magnitude = divide_magnitudes(a.to_big().magnitude(), b.to_big().magnitude())?;
    Some(if negate { -magnitude } else { magnitude })
}

fn divide_magnitudes(a: &BigUint, b: &BigUint) -> Option<f64> {
    const MANTISSA: i64 = 53;
    const MIN_EXPONENT: i64 = -1021;
    const MAX_EXPONENT: i64 = 1024;
    if a.is_zero() {
        return Some(0.0);
    }
    let difference = a.bits() as i64 - b.bits() as i64;
    if difference > MAX_EXPONENT {
        return None;
    }
    if difference < MIN_EXPONENT - MANTISSA - 1 {
        return Some(0.0);
    }
    // Two or three bits more than the result has, from which it is rounded to even.
    let shift = difference.max(MIN_EXPONENT) - MANTISSA - 2;
    let (quotient, rest) = if shift <= 0 { (a << (-shift) as u64).div_rem(b) } else { a.div_rem(&(b << shift as u64)) };
    let mut x = quotient.to_u64()?;
    let x_bits = 64 - x.leading_zeros() as i64;
    let extra = x_bits.max(MIN_EXPONENT - shift) - MANTISSA;
    let mask = 1u64 << (extra - 1);
    let low = x | !rest.is_zero() as u64;
    x = low;
    if low & mask != 0 && low & (3 * mask - 1) != 0 {
        x += mask;
    }
    x &= !(2 * mask - 1);
    let value = scale(x as f64, shift as i32);
    if value.is_infinite() { None } else { Some(value) }
}
