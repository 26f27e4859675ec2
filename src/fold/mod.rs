//! Arithmetic on constants, as CPython's own objects do it: what an operator gives for constant operands, or nothing where
//! CPython would not fold (an exception, or a result that its limits call too big).
//!
//! Both stages that fold use it: the tree pass of the older releases and the graph pass of the newer ones.

mod complex;
mod float;
mod integer;
mod number;
mod sequence;

use crate::object::{Const, ConstCache, ConstId};
use number::Number;
use rustc_hash::FxHashSet;

/// Bits of the largest integer that folding makes of a product, power or left shift.
const MAX_INT_BITS: u64 = 128;
/// Items of the longest tuple that folding makes by repetition.
const MAX_COLLECTION_SIZE: i64 = 256;
/// Characters (or bytes) of the longest string that folding makes by repetition.
const MAX_STR_SIZE: i64 = 4096;
/// Items of a repeated tuple, those of nested tuples included.
const MAX_TOTAL_ITEMS: i64 = 1024;

/// A binary operator, by the number that `BINARY_OP` has for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BinaryOp {
    Add,
    And,
    FloorDivide,
    LeftShift,
    MatrixMultiply,
    Multiply,
    Remainder,
    Or,
    Power,
    RightShift,
    Subtract,
    TrueDivide,
    Xor,
    Subscript,
}

impl BinaryOp {
    /// The operator of a `BINARY_OP` argument; none for the in-place operators, which never see two constants.
    pub const fn from_arg(arg: u32) -> Option<BinaryOp> {
        use BinaryOp::*;
        Some(match arg {
            0 => Add,
            1 => And,
            2 => FloorDivide,
            3 => LeftShift,
            4 => MatrixMultiply,
            5 => Multiply,
            6 => Remainder,
            7 => Or,
            8 => Power,
            9 => RightShift,
            10 => Subtract,
            11 => TrueDivide,
            12 => Xor,
            26 => Subscript,
            _ => return None,
        })
    }
}

/// How complex numbers are calculated with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ComplexArithmetic {
    /// Real operands become complex first, with a positive zero as their imaginary part; infinities may become NaNs.
    Coercing,
    /// Real operands stay real (gh-69639), and infinities are what C's Annex G says (gh-120010, gh-119372).
    Mixed,
}

/// A unary operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    Negative,
    Invert,
    Not,
    Positive,
}

/// The value of `left op right`, or nothing where CPython leaves the expression as it is.
///
/// Mirrors CPython 3.14: `eval_const_binop` and its `const_folding_safe_*` helpers.
pub fn binary<'a>(cache: &mut ConstCache<'a>, op: BinaryOp, left: ConstId, right: ConstId) -> Option<ConstId> {
    binary_with(cache, op, left, right, ComplexArithmetic::Mixed)
}

/// The same where the release's complex numbers may calculate otherwise.
pub fn binary_with<'a>(
    cache: &mut ConstCache<'a>,
    op: BinaryOp,
    left: ConstId,
    right: ConstId,
    rules: ComplexArithmetic,
) -> Option<ConstId> {
    let (l, r) = (cache.get(left), cache.get(right));
    if op == BinaryOp::Subscript {
        return sequence::subscript(cache, l, r);
    }
    if let (Some(a), Some(b)) = (Number::of(l), Number::of(r)) {
        let value = number::binary(op, a, b, rules)?;
        return Some(value.into_const(cache));
    }
    match op {
        BinaryOp::Add => sequence::concatenate(cache, left, right),
        BinaryOp::Multiply => sequence::repeat(cache, left, right).or_else(|| sequence::repeat(cache, right, left)),
        _ => None,
    }
}

/// The value of a unary operator on a constant, or nothing where CPython leaves the expression as it is.
///
/// Mirrors CPython 3.14: `eval_const_unaryop`, which spares `~` of a truth value because it is deprecated.
pub fn unary(cache: &mut ConstCache<'_>, op: UnaryOp, operand: ConstId) -> Option<ConstId> {
    if op == UnaryOp::Not {
        return Some(if is_true(cache, operand) { ConstCache::FALSE } else { ConstCache::TRUE });
    }
    let number = Number::of(cache.get(operand))?;
    if op == UnaryOp::Positive && !matches!(number, Number::Bool(_)) {
        return Some(operand);
    }
    let value = number::unary(op, number)?;
    Some(value.into_const(cache))
}

/// Whether a constant counts as true.
pub fn is_true(cache: &ConstCache<'_>, id: ConstId) -> bool {
    match cache.get(id) {
        Const::None | Const::False => false,
        Const::True | Const::Ellipsis | Const::Slice(_) | Const::Code(_) => true,
        Const::Int(i) => !i.is_zero(),
        Const::Float(f) => f != 0.0,
        Const::Complex { real, imag } => real != 0.0 || imag != 0.0,
        Const::Str(s) => !s.is_empty(),
        Const::Bytes(b) => !b.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
    }
}

/// The frozenset of these constants: of several that compare equal (`1`, `1.0`, `True`) the first stays.
pub fn frozen_set(cache: &mut ConstCache<'_>, items: &[ConstId]) -> ConstId {
    let mut seen = FxHashSet::default();
    let mut kept = Vec::with_capacity(items.len());
    for &item in items {
        let key = equality_key(cache, item);
        if seen.insert(key) {
            kept.push(item);
        }
    }
    cache.add_frozen_set(kept)
}

/// A constant that stands for all those that compare equal in Python: two values are equal if their keys are the same.
fn equality_key<'a>(cache: &mut ConstCache<'a>, id: ConstId) -> ConstId {
    let value = cache.get(id);
    match value {
        Const::Tuple(items) => {
            let keys: Vec<ConstId> = items.iter().map(|&item| equality_key(cache, item)).collect();
            if keys == items { id } else { cache.add_tuple(&keys) }
        }
        Const::FrozenSet(items) => {
            let keys = items.iter().map(|&item| equality_key(cache, item)).collect();
            cache.add_frozen_set(keys)
        }
        Const::Slice(items) => {
            let keys = items.map(|item| equality_key(cache, item));
            cache.add(Const::Slice(keys))
        }
        // A NaN equals nothing but itself.
        Const::Float(f) if f.is_nan() => id,
        Const::Complex { real, imag } if real.is_nan() || imag.is_nan() => id,
        _ => match Number::of(value) {
            Some(number) => number.equality_key().into_const(cache),
            None => id,
        },
    }
}

#[cfg(test)]
mod tests;
