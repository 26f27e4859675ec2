//! Constant values as the tree holds them.

use super::{Int, PyStr};

/// The value of a `Constant` node, or of what folding makes of several.
///
/// Floats compare by their bits, so that `0.0` and `-0.0` are two constants and a NaN equals itself.
#[derive(Clone, Copy, Debug)]
pub enum Constant<'a> {
    None,
    False,
    True,
    Ellipsis,
    Int(Int<'a>),
    Float(f64),
    Complex { real: f64, imag: f64 },
    Str(&'a PyStr),
    Bytes(&'a [u8]),
    Tuple(&'a [Constant<'a>]),
    FrozenSet(&'a [Constant<'a>]),
}

impl Constant<'_> {
    /// The constant of a truth value.
    pub const fn bool(value: bool) -> Self {
        if value { Constant::True } else { Constant::False }
    }
}
