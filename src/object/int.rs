//! Integers of any size.

use bumpalo::Bump;
use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

/// A Python `int`: a machine word where it fits, else a magnitude in the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Int<'a> {
    /// Any value that fits; [`Int::Big`] never holds such a one.
    Small(i64),
    /// Base 2**32 digits, the lowest first, the highest not zero.
    Big { negative: bool, digits: &'a [u32] },
}

impl<'a> Int<'a> {
    /// The arena's copy of a big integer.
    pub fn from_big(arena: &'a Bump, value: &BigInt) -> Int<'a> {
        match value.to_i64() {
            Some(small) => Int::Small(small),
            None => {
                let (sign, digits) = value.to_u32_digits();
                Int::Big { negative: sign == Sign::Minus, digits: arena.alloc_slice_copy(&digits) }
            }
        }
    }

    /// As a number to calculate with.
    pub fn to_big(self) -> BigInt {
        match self {
            Int::Small(small) => BigInt::from(small),
            Int::Big { negative, digits } => {
                BigInt::from_slice(if negative { Sign::Minus } else { Sign::Plus }, digits)
            }
        }
    }

    /// Whether it is zero.
    pub const fn is_zero(self) -> bool {
        matches!(self, Int::Small(0))
    }
}
