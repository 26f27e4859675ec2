//! Complex numbers, with the mixed real and complex operations that CPython 3.14 knows, and without.

use super::{BinaryOp, ComplexArithmetic};

/// A complex number.
#[derive(Clone, Copy)]
pub(super) struct Complex {
    pub real: f64,
    pub imag: f64,
}

impl Complex {
    /// A real number.
    pub(super) const fn of(real: f64) -> Complex {
        Complex { real, imag: 0.0 }
    }
}

/// What an operator on floats gives: a power of a negative number may be complex.
pub(super) enum Scalar {
    Real(f64),
    Complex(Complex),
}

const ONE: Complex = Complex { real: 1.0, imag: 0.0 };

/// A binary operator on two complex numbers.
pub(super) fn binary(op: BinaryOp, a: Complex, b: Complex, rules: ComplexArithmetic) -> Option<Scalar> {
    let value = match op {
        BinaryOp::Add => Complex { real: a.real + b.real, imag: a.imag + b.imag },
        BinaryOp::Subtract => Complex { real: a.real - b.real, imag: a.imag - b.imag },
        BinaryOp::Multiply => multiply(a, b, rules),
        BinaryOp::TrueDivide => divide(a, b, rules)?,
        BinaryOp::Power => power(a, b, rules)?,
        _ => return None,
    };
    Some(Scalar::Complex(value))
}

/// A binary operator on a complex number and a real one.
pub(super) fn complex_real(op: BinaryOp, a: Complex, b: f64) -> Option<Scalar> {
    let value = match op {
        BinaryOp::Add => Complex { real: a.real + b, imag: a.imag },
        BinaryOp::Subtract => Complex { real: a.real - b, imag: a.imag },
        BinaryOp::Multiply => Complex { real: a.real * b, imag: a.imag * b },
        BinaryOp::TrueDivide if b != 0.0 => Complex { real: a.real / b, imag: a.imag / b },
        BinaryOp::Power => power(a, Complex::of(b), ComplexArithmetic::Mixed)?,
        _ => return None,
    };
    Some(Scalar::Complex(value))
}

/// A binary operator on a real number and a complex one.
pub(super) fn real_complex(op: BinaryOp, a: f64, b: Complex) -> Option<Scalar> {
    let value = match op {
        BinaryOp::Add => Complex { real: b.real + a, imag: b.imag },
        BinaryOp::Subtract => Complex { real: a - b.real, imag: -b.imag },
        BinaryOp::Multiply => Complex { real: b.real * a, imag: b.imag * a },
        BinaryOp::TrueDivide => divide_real(a, b)?,
        BinaryOp::Power => power(Complex::of(a), b, ComplexArithmetic::Mixed)?,
        _ => return None,
    };
    Some(Scalar::Complex(value))
}

/// A finite or NaN part of an infinite number, or its infinite part as a unit: what C's Annex G calls boxing.
fn boxed(x: f64) -> f64 {
    (if x.is_infinite() { 1f64 } else { 0f64 }).copysign(x)
}

fn without_nan(x: f64) -> f64 {
    if x.is_nan() { 0f64.copysign(x) } else { x }
}

/// Mirrors CPython 3.14: `_Py_c_prod`.
fn multiply(z: Complex, w: Complex, rules: ComplexArithmetic) -> Complex {
    let (mut a, mut b, mut c, mut d) = (z.real, z.imag, w.real, w.imag);
    let (ac, bd, ad, bc) = (a * c, b * d, a * d, b * c);
    let mut result = Complex { real: ac - bd, imag: ad + bc };
    if rules == ComplexArithmetic::Mixed && result.real.is_nan() && result.imag.is_nan() {
        let mut again = false;
        if a.is_infinite() || b.is_infinite() {
            (a, b) = (boxed(a), boxed(b));
            (c, d) = (without_nan(c), without_nan(d));
            again = true;
        }
        if c.is_infinite() || d.is_infinite() {
            (c, d) = (boxed(c), boxed(d));
            (a, b) = (without_nan(a), without_nan(b));
            again = true;
        }
        if !again && [ac, bd, ad, bc].iter().any(|x| x.is_infinite()) {
            (a, b, c, d) = (without_nan(a), without_nan(b), without_nan(c), without_nan(d));
            again = true;
        }
        if again {
            result.real = f64::INFINITY * (a * c - b * d);
            result.imag = f64::INFINITY * (a * d + b * c);
        }
    }
    result
}

/// Mirrors CPython 3.14: `_Py_c_quot`; nothing for a division by zero.
fn divide(a: Complex, b: Complex, rules: ComplexArithmetic) -> Option<Complex> {
    let (abs_real, abs_imag) = (b.real.abs(), b.imag.abs());
    let mut result;
    if abs_real >= abs_imag {
        if abs_real == 0.0 {
            return None;
        }
        let ratio = b.imag / b.real;
        let denominator = b.real + b.imag * ratio;
        result =
            Complex { real: (a.real + a.imag * ratio) / denominator, imag: (a.imag - a.real * ratio) / denominator };
    } else if abs_imag >= abs_real {
        let ratio = b.real / b.imag;
        let denominator = b.real * ratio + b.imag;
        result =
            Complex { real: (a.real * ratio + a.imag) / denominator, imag: (a.imag * ratio - a.real) / denominator };
    } else {
        result = Complex { real: f64::NAN, imag: f64::NAN };
    }
    if rules == ComplexArithmetic::Mixed && result.real.is_nan() && result.imag.is_nan() {
        let finite = |c: Complex| c.real.is_finite() && c.imag.is_finite();
        if (a.real.is_infinite() || a.imag.is_infinite()) && finite(b) {
            let (x, y) = (boxed(a.real), boxed(a.imag));
            result.real = f64::INFINITY * (x * b.real + y * b.imag);
            result.imag = f64::INFINITY * (y * b.real - x * b.imag);
        } else if (abs_real.is_infinite() || abs_imag.is_infinite()) && finite(a) {
            let (x, y) = (boxed(b.real), boxed(b.imag));
            result.real = 0.0 * (a.real * x + a.imag * y);
            result.imag = 0.0 * (a.imag * x - a.real * y);
        }
    }
    Some(result)
}

/// Mirrors CPython 3.14: `_Py_rc_quot`; nothing for a division by zero.
fn divide_real(a: f64, b: Complex) -> Option<Complex> {
    let (abs_real, abs_imag) = (b.real.abs(), b.imag.abs());
    let mut result;
    if abs_real >= abs_imag {
        if abs_real == 0.0 {
            return None;
        }
        let ratio = b.imag / b.real;
        let denominator = b.real + b.imag * ratio;
        result = Complex { real: a / denominator, imag: (-a * ratio) / denominator };
    } else if abs_imag >= abs_real {
        let ratio = b.real / b.imag;
        let denominator = b.real * ratio + b.imag;
        result = Complex { real: (a * ratio) / denominator, imag: -a / denominator };
    } else {
        result = Complex { real: f64::NAN, imag: f64::NAN };
    }
    if result.real.is_nan()
        && result.imag.is_nan()
        && a.is_finite()
        && (abs_real.is_infinite() || abs_imag.is_infinite())
    {
        let (x, y) = (boxed(b.real), boxed(b.imag));
        result.real = 0.0 * (a * x);
        result.imag = 0.0 * (-a * y);
    }
    Some(result)
}

/// Mirrors CPython 3.14: `complex_pow`; nothing where it raises.
pub(super) fn power(a: Complex, b: Complex, rules: ComplexArithmetic) -> Option<Complex> {
    let result = if b.imag == 0.0 && b.real == b.real.floor() && b.real.abs() <= 100.0 {
        let exponent = b.real as i32;
        if exponent > 0 {
            integral_power(a, exponent, rules)
        } else {
            divide(ONE, integral_power(a, -exponent, rules), rules)?
        }
    } else {
        general_power(a, b)?
    };
    if result.real.is_infinite() || result.imag.is_infinite() { None } else { Some(result) }
}

/// Mirrors CPython 3.14: `c_powu`, squarings included, because each of them rounds.
fn integral_power(x: Complex, exponent: i32, rules: ComplexArithmetic) -> Complex {
    let mut result = ONE;
    let mut square = x;
    let mut mask = 1;
    while exponent >= mask {
        if exponent & mask != 0 {
            result = multiply(result, square, rules);
        }
        mask <<= 1;
        square = multiply(square, square, rules);
    }
    result
}

/// Mirrors CPython 3.14: `_Py_c_pow`.
fn general_power(a: Complex, b: Complex) -> Option<Complex> {
    if b.real == 0.0 && b.imag == 0.0 {
        return Some(ONE);
    }
    if a.real == 0.0 && a.imag == 0.0 {
        return if b.imag != 0.0 || b.real < 0.0 { None } else { Some(Complex { real: 0.0, imag: 0.0 }) };
    }
    let size = a.real.hypot(a.imag);
    let mut length = size.powf(b.real);
    let angle = a.imag.atan2(a.real);
    let mut phase = angle * b.real;
    if b.imag != 0.0 {
        length *= (-angle * b.imag).exp();
        phase += b.imag * size.ln();
    }
    // The sine of an infinity is a domain error to C, which CPython reports as an exception.
    if phase.is_infinite() {
        return None;
    }
    Some(Complex { real: length * phase.cos(), imag: length * phase.sin() })
}
