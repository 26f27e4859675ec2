//! The stream while it is written: bytes are put in place in a buffer that is longer than the stream.

use super::type_code;

/// The bits that no character of ASCII has.
pub(super) const NOT_ASCII: u128 = u128::from_ne_bytes([0x80; 16]);

/// A stream, and what stands before it. Its memory is used again for the next one.
#[derive(Default)]
pub struct Stream {
    bytes: Vec<u8>,
}

impl Stream {
    /// Empties the stream, and leaves room for so many bytes before it.
    pub fn restart(&mut self, room: usize) {
        self.bytes.clear();
        self.bytes.resize(room, 0);
    }

    /// What is written, with the room before it.
    pub fn written(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// Appends the first bytes of some.
    #[inline]
    fn put<const N: usize>(&mut self, bytes: [u8; N], count: usize) {
        debug_assert!(count <= N);
        // SAFETY: there is room for all of the bytes, and the stream becomes longer by no more of them.
        unsafe {
            self.place(N).cast::<[u8; N]>().write(bytes);
            self.bytes.set_len(self.bytes.len() + count);
        }
    }

    /// The end of the stream, with room for so many bytes.
    #[inline(always)]
    fn place(&mut self, wanted: usize) -> *mut u8 {
        if self.bytes.capacity() - self.bytes.len() < wanted {
            self.grow(wanted);
        }
        // SAFETY: a vector's length is at most its capacity.
        unsafe { self.bytes.as_mut_ptr().add(self.bytes.len()) }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, wanted: usize) {
        self.bytes.reserve(wanted.max(1 << 12));
    }

    #[inline]
    pub(super) fn byte(&mut self, byte: u8) {
        self.put([byte], 1);
    }

    #[inline]
    pub(super) fn long(&mut self, value: u32) {
        self.put(value.to_le_bytes(), 4);
    }

    /// A byte and a number.
    #[inline]
    pub(super) fn byte_and_long(&mut self, byte: u8, value: u32) {
        self.put(((value as u64) << 8 | byte as u64).to_le_bytes(), 5);
    }

    /// A byte and a number of one byte.
    #[inline]
    pub(super) fn byte_and_short(&mut self, byte: u8, value: u8) {
        self.put([byte, value], 2);
    }

    /// A reference to an object that was written before.
    #[inline]
    pub(super) fn reference(&mut self, number: u32) {
        self.byte_and_long(type_code::REF, number);
    }

    /// Any number of bytes. Few are written as their first and their last ones, which may overlap.
    #[inline]
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        if let (Some(first), Some(last), 8..=16) = (bytes.first_chunk::<8>(), bytes.last_chunk(), bytes.len()) {
            self.put_ends(bytes.len(), first, last);
        } else if let (Some(first), Some(last), 4..=8) = (bytes.first_chunk::<4>(), bytes.last_chunk(), bytes.len()) {
            self.put_ends(bytes.len(), first, last);
        } else if let (Some(first), Some(last), 2..=4) = (bytes.first_chunk::<2>(), bytes.last_chunk(), bytes.len()) {
            self.put_ends(bytes.len(), first, last);
        } else if let &[byte] = bytes {
            self.byte(byte);
        } else {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// Up to twice as many bytes, given as the first and the last of them.
    #[inline(always)]
    fn put_ends<const N: usize>(&mut self, length: usize, first: &[u8; N], last: &[u8; N]) {
        assert!((N..=2 * N).contains(&length));
        // SAFETY: there is room for twice as many bytes, and so many are written from the end of the stream on.
        unsafe {
            let place = self.place(2 * N);
            place.cast::<[u8; N]>().write(*first);
            place.add(length - N).cast::<[u8; N]>().write(*last);
            self.bytes.set_len(self.bytes.len() + length);
        }
    }

    /// A bytes object.
    #[inline]
    pub(super) fn bytes_object(&mut self, value: &[u8], flag: u8) {
        self.byte_and_long(type_code::BYTES | flag, value.len() as u32);
        self.bytes(value);
    }

    /// The start of a tuple object.
    #[inline]
    pub(super) fn tuple_object(&mut self, length: usize, flag: u8) {
        if length < 256 {
            self.byte_and_short(type_code::SMALL_TUPLE | flag, length as u8);
        } else {
            self.byte_and_long(type_code::TUPLE | flag, length as u32);
        }
    }

    /// A string object of at most 15 characters of ASCII, given as a number of which they are the lowest bytes.
    #[inline]
    pub(super) fn short_ascii_object(&mut self, text: u128, length: usize, interned: bool, flag: u8) {
        let code = if interned { type_code::SHORT_ASCII_INTERNED } else { type_code::SHORT_ASCII } | flag;
        let length = length.min(15);
        // SAFETY: there is room for 18 bytes, which are written, and at most 17 of them count.
        unsafe {
            let place = self.place(18);
            place.cast::<[u8; 2]>().write([code, length as u8]);
            place.add(2).cast::<[u8; 16]>().write(text.to_le_bytes());
            self.bytes.set_len(self.bytes.len() + 2 + length);
        }
    }

    /// The start of a code object: its type and five numbers.
    #[inline]
    pub(super) fn code_object(&mut self, flag: u8, numbers: [u32; 5]) {
        let [a, b, c, d, e] = numbers;
        let numbers = [a.to_le(), b.to_le(), c.to_le(), d.to_le(), e.to_le()];
        // SAFETY: there is room for 21 bytes, and all are written.
        unsafe {
            let place = self.place(21);
            place.write(type_code::CODE | flag);
            place.add(1).cast::<[u32; 5]>().write_unaligned(numbers);
            self.bytes.set_len(self.bytes.len() + 21);
        }
    }

    /// A string object, by the shortest of the forms that fit. Mirrors the `PyUnicode` branch of `w_complex_object`.
    #[inline]
    pub(super) fn string_object(&mut self, text: &[u8], interned: bool, flag: u8) {
        // Most have 8 to 32 bytes of ASCII: these are two words or two pairs of them, which may overlap.
        let code = if interned { type_code::SHORT_ASCII_INTERNED } else { type_code::SHORT_ASCII } | flag;
        if let (Some(first), Some(last), 16..=32) = (text.first_chunk(), text.last_chunk(), text.len()) {
            if (u128::from_ne_bytes(*first) | u128::from_ne_bytes(*last)) & NOT_ASCII == 0 {
                self.byte_and_short(code, text.len() as u8);
                return self.put_ends::<16>(text.len(), first, last);
            }
        } else if let (Some(first), Some(last), 8..=15) = (text.first_chunk(), text.last_chunk(), text.len())
            && (u64::from_ne_bytes(*first) | u64::from_ne_bytes(*last)) & NOT_ASCII as u64 == 0
        {
            self.byte_and_short(code, text.len() as u8);
            return self.put_ends::<8>(text.len(), first, last);
        }
        self.any_string_object(text, interned, flag);
    }

    /// The same for any text.
    #[inline(never)]
    fn any_string_object(&mut self, text: &[u8], interned: bool, flag: u8) {
        let ascii = text.is_ascii();
        if ascii && text.len() < 256 {
            let code = if interned { type_code::SHORT_ASCII_INTERNED } else { type_code::SHORT_ASCII };
            self.byte_and_short(code | flag, text.len() as u8);
        } else {
            let code = match (ascii, interned) {
                (true, true) => type_code::ASCII_INTERNED,
                (true, false) => type_code::ASCII,
                (false, true) => type_code::INTERNED,
                (false, false) => type_code::UNICODE,
            };
            self.byte_and_long(code | flag, text.len() as u32);
        }
        self.bytes(text);
    }

    pub(super) fn float_object(&mut self, value: f64, flag: u8) {
        self.byte(type_code::BINARY_FLOAT | flag);
        self.put(value.to_le_bytes(), 8);
    }

    pub(super) fn complex_object(&mut self, real: f64, imag: f64, flag: u8) {
        self.byte(type_code::BINARY_COMPLEX | flag);
        self.put(real.to_le_bytes(), 8);
        self.put(imag.to_le_bytes(), 8);
    }

    /// An integer object: four bytes where they hold it, else digits of 15 bits. Mirrors `w_PyLong`.
    pub(super) fn int_object(&mut self, value: crate::object::Int<'_>, flag: u8) {
        use crate::object::Int;
        let small;
        let (negative, digits): (bool, &[u32]) = match value {
            Int::Small(value) => {
                if let Ok(value) = i32::try_from(value) {
                    return self.byte_and_long(type_code::INT | flag, value as u32);
                }
                let magnitude = value.unsigned_abs();
                small = [magnitude as u32, (magnitude >> 32) as u32];
                (value < 0, &small)
            }
            Int::Big { negative, digits } => (negative, digits),
        };
        // Digits of 15 bits, of which the highest is never zero.
        let bits = match digits.iter().rposition(|&digit| digit != 0) {
            Some(highest) => highest as u32 * 32 + (32 - digits[highest].leading_zeros()),
            None => 0,
        };
        let count = bits.div_ceil(15) as i32;
        self.byte_and_long(type_code::LONG | flag, if negative { -count } else { count } as u32);
        let (mut pending, mut held, mut rest) = (0u64, 0, digits.iter());
        for _ in 0..count {
            if held < 15 {
                pending |= (rest.next().copied().unwrap_or(0) as u64) << held;
                held += 32;
            }
            self.put(((pending & 0x7fff) as u16).to_le_bytes(), 2);
            pending >>= 15;
            held -= 15;
        }
    }
}
