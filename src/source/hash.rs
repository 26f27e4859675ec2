//! The hash of a source file that checked-hash .pyc files carry.

use siphasher::sip::SipHasher13;
use std::hash::Hasher;

/// `importlib.util.source_hash`: SipHash-1-3 of the file's bytes, keyed with the magic number that starts the .pyc file.
///
/// `magic` is the first four bytes of the file as a little-endian number. CPython 3.14: `_imp_source_hash_impl`,
/// `_Py_KeyedHash`.
pub fn source_hash(magic: u32, bytes: &[u8]) -> [u8; 8] {
    let mut hasher = SipHasher13::new_with_keys(u64::from(magic), 0);
    hasher.write(bytes);
    hasher.finish().to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::source_hash;

    #[test]
    fn hashes_like_importlib() {
        // importlib.util.source_hash of CPython 3.14, whose MAGIC_NUMBER is b'+\x0e\r\n'.
        let magic = u32::from_le_bytes(*b"+\x0e\r\n");
        assert_eq!(source_hash(magic, b""), *HASH_EMPTY);
        assert_eq!(source_hash(magic, b"x = 1\n"), *HASH_SHORT);
        assert_eq!(source_hash(magic, &[b'a'; 100]), *HASH_LONG);
    }
    const HASH_EMPTY: &[u8; 8] = b"\x61\xf5\xb7\xcb\x65\x3a\x6a\xa4";
    const HASH_SHORT: &[u8; 8] = b"\x1d\xb2\xb6\x32\x5c\xa2\x82\xa7";
    const HASH_LONG: &[u8; 8] = b"\x46\xf6\xa8\x0b\x74\x25\xea\x7b";
}
