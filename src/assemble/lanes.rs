//! Four numbers that are computed with side by side.

use std::ops::{Add, BitAnd, BitOr, BitXor, Sub};

/// As many as there are.
pub(super) const LANES: usize = 4;

/// The operators on lanes, each by what it gives for two of them.
macro_rules! operators {
    ($($operator:ident, $name:ident: |$a:ident, $b:ident| $value:expr;)*) => {$(
        impl $operator for Lanes {
            type Output = Lanes;

            #[inline(always)]
            fn $name(self, other: Lanes) -> Lanes {
                let ($a, $b) = (self.0, other.0);
                Lanes($value)
            }
        }
    )*};
}

#[cfg(target_arch = "x86_64")]
mod vector {
    use super::*;
    use std::arch::x86_64::*;

    /// Numbers without signs, which wrap around.
    #[derive(Clone, Copy)]
    pub struct Lanes(__m128i);

    /// An instruction that every processor of the kind has.
    macro_rules! sse2 {
        ($instruction:expr) => {
            // SAFETY: SSE2 is part of x86-64.
            unsafe { $instruction }
        };
    }

    operators! {
        Add, add: |a, b| sse2!(_mm_add_epi32(a, b));
        Sub, sub: |a, b| sse2!(_mm_sub_epi32(a, b));
        BitAnd, bitand: |a, b| sse2!(_mm_and_si128(a, b));
        BitOr, bitor: |a, b| sse2!(_mm_or_si128(a, b));
        BitXor, bitxor: |a, b| sse2!(_mm_xor_si128(a, b));
    }

    impl Lanes {
        #[inline(always)]
        pub fn new([a, b, c, d]: [u32; LANES]) -> Lanes {
            Lanes(sse2!(_mm_set_epi32(d as i32, c as i32, b as i32, a as i32)))
        }

        #[inline(always)]
        pub fn array(self) -> [u32; LANES] {
            // SAFETY: both are 16 bytes, and any are numbers.
            unsafe { std::mem::transmute::<__m128i, [u32; LANES]>(self.0) }
        }

        #[inline(always)]
        pub fn shl<const BY: i32>(self) -> Lanes {
            Lanes(sse2!(_mm_slli_epi32::<BY>(self.0)))
        }

        #[inline(always)]
        pub fn shr<const BY: i32>(self) -> Lanes {
            Lanes(sse2!(_mm_srli_epi32::<BY>(self.0)))
        }

        /// All ones where a number is zero.
        #[inline(always)]
        pub fn is_zero(self) -> Lanes {
            Lanes(sse2!(_mm_cmpeq_epi32(self.0, _mm_setzero_si128())))
        }

        /// The first where a mask is ones, the second where it is zeros.
        #[inline(always)]
        pub fn select(mask: Lanes, yes: Lanes, no: Lanes) -> Lanes {
            yes & mask | Lanes(sse2!(_mm_andnot_si128(mask.0, no.0)))
        }

        /// The same moved by one, behind the last of those before.
        #[inline(always)]
        pub fn behind(self, before: Lanes) -> Lanes {
            Lanes(sse2!(_mm_or_si128(_mm_slli_si128::<4>(self.0), _mm_srli_si128::<12>(before.0))))
        }

        /// Rows to columns.
        #[inline(always)]
        pub fn transpose([a, b, c, d]: [Lanes; LANES]) -> [Lanes; LANES] {
            sse2!({
                let (ab_low, cd_low) = (_mm_unpacklo_epi32(a.0, b.0), _mm_unpacklo_epi32(c.0, d.0));
                let (ab_high, cd_high) = (_mm_unpackhi_epi32(a.0, b.0), _mm_unpackhi_epi32(c.0, d.0));
                [
                    Lanes(_mm_unpacklo_epi64(ab_low, cd_low)),
                    Lanes(_mm_unpackhi_epi64(ab_low, cd_low)),
                    Lanes(_mm_unpacklo_epi64(ab_high, cd_high)),
                    Lanes(_mm_unpackhi_epi64(ab_high, cd_high)),
                ]
            })
        }
    }
}

/// The same where there is nothing to be gained, or nobody has looked.
#[cfg(not(target_arch = "x86_64"))]
mod vector {
    use super::*;
    use std::array::from_fn;

    #[derive(Clone, Copy)]
    pub struct Lanes([u32; LANES]);

    operators! {
        Add, add: |a, b| from_fn(|i| a[i].wrapping_add(b[i]));
        Sub, sub: |a, b| from_fn(|i| a[i].wrapping_sub(b[i]));
        BitAnd, bitand: |a, b| from_fn(|i| a[i] & b[i]);
        BitOr, bitor: |a, b| from_fn(|i| a[i] | b[i]);
        BitXor, bitxor: |a, b| from_fn(|i| a[i] ^ b[i]);
    }

    impl Lanes {
        pub fn new(values: [u32; LANES]) -> Lanes {
            Lanes(values)
        }

        pub fn array(self) -> [u32; LANES] {
            self.0
        }

        pub fn shl<const BY: i32>(self) -> Lanes {
            Lanes(self.0.map(|a| a << BY))
        }

        pub fn shr<const BY: i32>(self) -> Lanes {
            Lanes(self.0.map(|a| a >> BY))
        }

        pub fn is_zero(self) -> Lanes {
            Lanes(self.0.map(|a| if a == 0 { !0 } else { 0 }))
        }

        pub fn select(mask: Lanes, yes: Lanes, no: Lanes) -> Lanes {
            Lanes(from_fn(|i| yes.0[i] & mask.0[i] | no.0[i] & !mask.0[i]))
        }

        pub fn behind(self, before: Lanes) -> Lanes {
            let [a, b, c, _] = self.0;
            Lanes([before.0[LANES - 1], a, b, c])
        }

        pub fn transpose(rows: [Lanes; LANES]) -> [Lanes; LANES] {
            from_fn(|column| Lanes(rows.map(|row| row.0[column])))
        }
    }
}

pub(super) use vector::Lanes;

impl Lanes {
    /// The same number four times.
    #[inline(always)]
    pub fn all(value: u32) -> Lanes {
        Lanes::new([value; LANES])
    }
}
