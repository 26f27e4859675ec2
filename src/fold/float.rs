//! Floats: the operators on two of them.

use super::complex::{self, Complex, Scalar};
use super::{BinaryOp, ComplexArithmetic};

/// A binary operator on two floats.
pub(super) fn binary(op: BinaryOp, a: f64, b: f64) -> Option<Scalar> {
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        BinaryOp::TrueDivide if b != 0.0 => a / b,
        BinaryOp::FloorDivide if b != 0.0 => floor_divide(a, b),
        BinaryOp::Remainder if b != 0.0 => remainder(a, b),
        BinaryOp::Power => return power(a, b),
        _ => return None,
    };
    Some(Scalar::Real(value))
}

/// Mirrors CPython 3.14: `float_rem`, whose result has the sign of the divisor.
fn remainder(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if rest == 0.0 {
        0f64.copysign(b)
    } else if (b < 0.0) != (rest < 0.0) {
        rest + b
    } else {
        rest
    }
}

/// Mirrors CPython 3.14: `_float_div_mod`.
fn floor_divide(a: f64, b: f64) -> f64 {
    let rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest != 0.0 && (b < 0.0) != (rest < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return 0f64.copysign(a / b);
    }
    let mut floor = quotient.floor();
    if quotient - floor > 0.5 {
        floor += 1.0;
    }
    floor
}

fn is_odd_integer(x: f64) -> bool {
    x.abs() % 2.0 == 1.0
}

/// Mirrors CPython 3.14: `float_pow`; nothing where it raises.
pub(super) fn power(mut a: f64, b: f64) -> Option<Scalar> {
    let real = |value: f64| Some(Scalar::Real(value));
    if b == 0.0 {
        return real(1.0);
    }
    if a.is_nan() {
        return real(a);
    }
    if b.is_nan() {
        return real(if a == 1.0 { 1.0 } else { b });
    }
    if b.is_infinite() {
        let size = a.abs();
        return real(if size == 1.0 {
            1.0
        } else if (b > 0.0) == (size > 1.0) {
            f64::INFINITY
        } else {
            0.0
        });
    }
    let odd = is_odd_integer(b);
    if a.is_infinite() {
        return real(match (b > 0.0, odd) {
            (true, true) => a,
            (true, false) => a.abs(),
            (false, true) => 0f64.copysign(a),
            (false, false) => 0.0,
        });
    }
    if a == 0.0 {
        if b < 0.0 {
            return None;
        }
        return real(if odd { a } else { 0.0 });
    }
    let mut negate = false;
    if a < 0.0 {
        if b != b.floor() {
            return complex::power(Complex::of(a), Complex::of(b), ComplexArithmetic::Mixed).map(Scalar::Complex);
        }
        a = -a;
        negate = odd;
    }
    let size = if a == 1.0 { 1.0 } else { a.powf(b) };
    if size.is_infinite() {
        return None;
    }
    real(if negate { -size } else { size })
}
