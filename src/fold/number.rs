//! The numeric tower: which type of number an operator works in, and the results as constants.

use super::complex::Complex;
use super::{BinaryOp, ComplexArithmetic, UnaryOp, complex, float, integer};
use crate::object::{Const, ConstCache, ConstId, Int};
use num_bigint::BigInt;

/// A numeric operand.
#[derive(Clone, Copy)]
pub(super) enum Number<'a> {
    Bool(bool),
    Int(Int<'a>),
    Float(f64),
    Complex(Complex),
}

/// A numeric result, whose big integers are not in the arena yet.
pub(super) enum Value {
    Bool(bool),
    Small(i64),
    Big(BigInt),
    Float(f64),
    Complex(Complex),
}

impl Value {
    /// The constant of that value.
    pub(super) fn into_const<'a>(self, cache: &mut ConstCache<'a>) -> ConstId {
        let value = match self {
            Value::Bool(false) => return ConstCache::FALSE,
            Value::Bool(true) => return ConstCache::TRUE,
            Value::Small(i) => Const::Int(Int::Small(i)),
            Value::Big(big) => Const::Int(Int::from_big(cache.arena(), &big)),
            Value::Float(f) => Const::Float(f),
            Value::Complex(c) => Const::Complex { real: c.real, imag: c.imag },
        };
        let is_nan = match value {
            Const::Float(f) => f.is_nan(),
            Const::Complex { real, imag } => real.is_nan() || imag.is_nan(),
            _ => false,
        };
        if is_nan { cache.add_distinct(value) } else { cache.add(value) }
    }
}

impl<'a> Number<'a> {
    /// The constant as a number, if it is one.
    pub(super) fn of(value: Const<'a>) -> Option<Number<'a>> {
        Some(match value {
            Const::False => Number::Bool(false),
            Const::True => Number::Bool(true),
            Const::Int(i) => Number::Int(i),
            Const::Float(f) => Number::Float(f),
            Const::Complex { real, imag } => Number::Complex(Complex { real, imag }),
            _ => return None,
        })
    }

    /// As an integer, which truth values are too.
    pub(super) fn as_int(self) -> Option<Int<'a>> {
        match self {
            Number::Bool(b) => Some(Int::Small(b as i64)),
            Number::Int(i) => Some(i),
            _ => None,
        }
    }

    /// As a float; nothing for a complex number, or for an integer too big (`OverflowError`).
    fn as_float(self) -> Option<f64> {
        match self {
            Number::Float(f) => Some(f),
            Number::Complex(_) => None,
            Number::Bool(_) | Number::Int(_) => integer::to_float(self.as_int()?),
        }
    }

    /// The number that all numbers equal to this one share.
    pub(super) fn equality_key(self) -> Value {
        match self {
            Number::Bool(b) => Value::Small(b as i64),
            Number::Int(Int::Small(i)) => Value::Small(i),
            Number::Int(big) => Value::Big(big.to_big()),
            Number::Float(f) => float_key(f),
            Number::Complex(c) if c.imag == 0.0 => float_key(c.real),
            // Adding a positive zero turns a negative zero to a positive one and leaves all else.
            Number::Complex(c) => Value::Complex(Complex { real: c.real + 0.0, imag: c.imag }),
        }
    }
}

fn float_key(f: f64) -> Value {
    if f.is_finite() && f == f.trunc() { integer::from_integral_float(f) } else { Value::Float(f) }
}

/// A binary operator on two numbers.
pub(super) fn binary(op: BinaryOp, a: Number<'_>, b: Number<'_>, rules: ComplexArithmetic) -> Option<Value> {
    if let (Number::Bool(x), Number::Bool(y)) = (a, b) {
        match op {
            BinaryOp::And => return Some(Value::Bool(x & y)),
            BinaryOp::Or => return Some(Value::Bool(x | y)),
            BinaryOp::Xor => return Some(Value::Bool(x ^ y)),
            _ => {}
        }
    }
    if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
        return integer::binary(op, x, y);
    }
    match (a, b) {
        (Number::Complex(x), Number::Complex(y)) => complex::binary(op, x, y, rules),
        (Number::Complex(x), y) if rules == ComplexArithmetic::Coercing => {
            complex::binary(op, x, Complex::of(y.as_float()?), rules)
        }
        (x, Number::Complex(y)) if rules == ComplexArithmetic::Coercing => {
            complex::binary(op, Complex::of(x.as_float()?), y, rules)
        }
        (Number::Complex(x), y) => complex::complex_real(op, x, y.as_float()?),
        (x, Number::Complex(y)) => complex::real_complex(op, x.as_float()?, y),
        (x, y) => float::binary(op, x.as_float()?, y.as_float()?),
    }
    .map(|value| match value {
        complex::Scalar::Real(f) => Value::Float(f),
        complex::Scalar::Complex(c) => Value::Complex(c),
    })
}

/// A unary operator other than `not` on a number.
pub(super) fn unary(op: UnaryOp, a: Number<'_>) -> Option<Value> {
    match (op, a) {
        (UnaryOp::Invert, Number::Bool(_)) | (UnaryOp::Not, _) => None,
        (UnaryOp::Negative, Number::Float(f)) => Some(Value::Float(-f)),
        (UnaryOp::Positive, Number::Float(f)) => Some(Value::Float(f)),
        (UnaryOp::Negative, Number::Complex(c)) => Some(Value::Complex(Complex { real: -c.real, imag: -c.imag })),
        (UnaryOp::Positive, Number::Complex(c)) => Some(Value::Complex(c)),
        (UnaryOp::Invert, Number::Float(_) | Number::Complex(_)) => None,
        (_, Number::Bool(_) | Number::Int(_)) => Some(integer::unary(op, a.as_int()?)),
    }
}
