//! Sixteen bytes of the text at once: which of them are of a kind, as the bits of a number, the first byte's lowest.

/// How many bytes are looked at at once.
pub(super) const CHUNK: usize = 16;

/// Bits of bytes that are of some kind.
pub(super) type Mask = u32;

#[cfg(target_arch = "x86_64")]
mod bytes {
    use super::{CHUNK, Mask};
    use std::arch::x86_64::{
        __m128i, _mm_add_epi8, _mm_cmpeq_epi8, _mm_cmpgt_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x,
        _mm_set1_epi8,
    };

    /// Sixteen bytes in a register. SSE2 is part of every x86-64 processor.
    #[derive(Clone, Copy)]
    pub struct Chunk(__m128i);

    impl Chunk {
        #[inline(always)]
        pub fn new(bytes: &[u8; CHUNK]) -> Chunk {
            let value = u128::from_le_bytes(*bytes);
            // SAFETY: every x86-64 processor has SSE2, which is all that the functions called here and below ask for.
            Chunk(unsafe { _mm_set_epi64x((value >> 64) as i64, value as i64) })
        }

        /// The bytes that equal one.
        #[inline(always)]
        pub fn equal(self, byte: u8) -> Mask {
            // SAFETY: as in `new`.
            unsafe { _mm_movemask_epi8(_mm_cmpeq_epi8(self.0, _mm_set1_epi8(byte as i8))) as Mask }
        }

        /// The bytes that are not ASCII.
        #[inline(always)]
        pub fn not_ascii(self) -> Mask {
            // SAFETY: as in `new`.
            unsafe { _mm_movemask_epi8(self.0) as Mask }
        }

        /// The letters, digits and underscores of ASCII.
        #[inline(always)]
        pub fn words(self) -> Mask {
            // Shifted so that the range ends at the highest signed number, one comparison tells whether a byte is in it.
            // SAFETY: as in `new`.
            let in_range = |bytes: __m128i, first: u8, last: u8| unsafe {
                let shifted = _mm_add_epi8(bytes, _mm_set1_epi8((127 - last) as i8));
                _mm_cmpgt_epi8(shifted, _mm_set1_epi8((126 - (last - first)) as i8))
            };
            // SAFETY: as in `new`.
            unsafe {
                let letters = in_range(_mm_or_si128(self.0, _mm_set1_epi8(0x20)), b'a', b'z');
                let digits = in_range(self.0, b'0', b'9');
                let underscores = _mm_cmpeq_epi8(self.0, _mm_set1_epi8(b'_' as i8));
                _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(letters, digits), underscores)) as Mask
            }
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod bytes {
    use super::{CHUNK, Mask};

    /// Sixteen bytes.
    #[derive(Clone, Copy)]
    pub struct Chunk([u8; CHUNK]);

    impl Chunk {
        #[inline(always)]
        pub fn new(bytes: &[u8; CHUNK]) -> Chunk {
            Chunk(*bytes)
        }

        /// The bytes that equal one.
        #[inline(always)]
        pub fn equal(self, byte: u8) -> Mask {
            self.all(|b| b == byte)
        }

        /// The bytes that are not ASCII.
        #[inline(always)]
        pub fn not_ascii(self) -> Mask {
            self.all(|b| b >= 128)
        }

        /// The letters, digits and underscores of ASCII.
        #[inline(always)]
        pub fn words(self) -> Mask {
            self.all(|b| b.is_ascii_alphanumeric() || b == b'_')
        }

        #[inline(always)]
        fn all(self, is: impl Fn(u8) -> bool) -> Mask {
            self.0.iter().rev().fold(0, |mask, &b| mask << 1 | Mask::from(is(b)))
        }
    }
}

pub(super) use bytes::Chunk;

#[cfg(test)]
mod tests {
    use super::{CHUNK, Chunk, Mask};

    #[test]
    fn tells_each_byte_apart() {
        for byte in 0..=255u8 {
            let mut bytes = [b' '; CHUNK];
            bytes[3] = byte;
            let chunk = Chunk::new(&bytes);
            let bit = |is: bool| Mask::from(is) << 3;
            assert_eq!(chunk.words(), bit(byte.is_ascii_alphanumeric() || byte == b'_'), "{byte}");
            assert_eq!(chunk.not_ascii(), bit(byte >= 128), "{byte}");
            assert_eq!(chunk.equal(b'x'), bit(byte == b'x'), "{byte}");
        }
    }
}
