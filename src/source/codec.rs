//! Python's text encodings.

use super::codec_table::NAMES;
use encoding_rs::Encoding;
use std::str::Utf8Error;

/// An encoding of Python's library.
#[derive(Clone, Copy)]
pub(super) enum Codec {
    Utf8,
    Utf8Sig,
    Ascii,
    Latin1,
    /// One byte a character; the first 128 are ASCII's.
    HighHalf(&'static [u16; 128]),
    /// One byte a character.
    AllBytes(&'static [u16; 256]),
    /// Several bytes a character, as the crate decodes them but for some ranges (first and last sequence as numbers, the
    /// first one's character or 0 for an error). The name is the one in messages.
    Shared(&'static Encoding, &'static str, &'static [(u32, u32, u32)]),
    /// The encoding whose use is always an error.
    Undefined,
    /// A codec from bytes to bytes or from text to text.
    NotText,
    /// An encoding that CPython has and pycc has not.
    Unsupported,
}

/// What stands in the tables for a byte without a character.
const UNDEFINED: u16 = 0xFFFE;

/// The encoding of a name, as `codecs.lookup` finds it.
///
/// CPython 3.14: `encodings.search_function`.
pub(super) fn find_codec(name: &str) -> Option<Codec> {
    let normal = normalize_encoding(name);
    let find = |name: &str| NAMES.binary_search_by_key(&name, |&(known, ..)| known).ok().map(|i| NAMES[i]);
    if normal.contains('.') {
        // With its points replaced, the name may be an alias but not that of a module.
        return find(&normal.replace('.', "_")).filter(|&(.., is_alias)| is_alias).map(|(_, codec, _)| codec);
    }
    find(&normal).map(|(_, codec, _)| codec)
}

/// `encodings.normalize_encoding`, of the lower-case name.
fn normalize_encoding(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    let mut punctuation = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            if punctuation && !normal.is_empty() {
                normal.push('_');
            }
            normal.push(c.to_ascii_lowercase());
            punctuation = false;
        } else {
            punctuation = true;
        }
    }
    normal
}

impl Codec {
    /// Decodes bytes, or gives the message of the exception that CPython raises. `name` is how the file calls the encoding.
    pub fn decode(self, bytes: &[u8], name: &str) -> Result<String, String> {
        match self {
            Codec::Utf8 => decode_utf8(bytes),
            Codec::Utf8Sig => decode_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)),
            Codec::Ascii => decode_bytes(bytes, "ascii", "ordinal not in range(128)", |byte| {
                if byte < 128 { byte as u16 } else { UNDEFINED }
            }),
            Codec::Latin1 => Ok(bytes.iter().map(|&byte| byte as char).collect()),
            Codec::HighHalf(table) => decode_bytes(bytes, "charmap", CHARMAP_REASON, |byte| {
                if byte < 128 { byte as u16 } else { table[byte as usize - 128] }
            }),
            Codec::AllBytes(table) => decode_bytes(bytes, "charmap", CHARMAP_REASON, |byte| table[byte as usize]),
            Codec::Shared(encoding, name, differences) => decode_shared(bytes, encoding, name, differences),
            Codec::Undefined => Err("undefined encoding".to_owned()),
            Codec::NotText => {
                Err(format!("'{name}' is not a text encoding; use codecs.decode() to handle arbitrary codecs"))
            }
            Codec::Unsupported => Err(format!("encoding not supported by pycc: {name}")),
        }
    }
}

const CHARMAP_REASON: &str = "character maps to <undefined>";

fn decode_bytes(bytes: &[u8], codec: &str, reason: &str, table: impl Fn(u8) -> u16) -> Result<String, String> {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for (i, &byte) in bytes.iter().enumerate() {
        match char::from_u32(table(byte) as u32) {
            Some(c) if c as u32 != UNDEFINED as u32 => text.push(c),
            _ => return Err(cannot_decode(codec, bytes, i, i + 1, reason)),
        }
    }
    Ok(text)
}

fn cannot_decode(codec: &str, bytes: &[u8], start: usize, end: usize, reason: &str) -> String {
    if end == start + 1 {
        format!("'{codec}' codec can't decode byte {:#04x} in position {start}: {reason}", bytes[start])
    } else {
        format!("'{codec}' codec can't decode bytes in position {start}-{}: {reason}", end - 1)
    }
}

/// What Python's decoder says of bytes that are not UTF-8, if they are not.
pub fn utf8_error(bytes: &[u8]) -> Option<String> {
    let error = std::str::from_utf8(bytes).err()?;
    Some(cannot_decode_utf8(bytes, error, "unexpected end of data"))
}

fn decode_utf8(bytes: &[u8]) -> Result<String, String> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        // CPython decodes the text with its last end of line, so it never finds the data to end too early.
        Err(error) => Err(cannot_decode_utf8(bytes, error, "invalid continuation byte")),
    }
}

/// `at_end` is the reason where the bytes end within a character.
fn cannot_decode_utf8(bytes: &[u8], error: Utf8Error, at_end: &str) -> String {
    let start = error.valid_up_to();
    let end = error.error_len().map_or(bytes.len(), |length| start + length);
    let reason = match bytes[start] {
        0x80..=0xC1 | 0xF5.. => "invalid start byte",
        _ if error.error_len().is_none() => at_end,
        _ => "invalid continuation byte",
    };
    cannot_decode("utf-8", bytes, start, end, reason)
}

fn decode_shared(
    bytes: &[u8],
    encoding: &'static Encoding,
    name: &str,
    differences: &[(u32, u32, u32)],
) -> Result<String, String> {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] < 128 {
            text.push(bytes[i] as char);
            i += 1;
            continue;
        }
        if push_sequence(&mut text, &bytes[i..i + 1], encoding, differences) {
            i += 1;
            continue;
        }
        let length = match (name, bytes[i], bytes.get(i + 1)) {
            ("gb18030", _, Some(b'0'..=b'9')) => 4,
            ("euc_jp", 0x8F, _) => 3,
            _ => 2,
        };
        match bytes.get(i..i + length) {
            Some(sequence) if push_sequence(&mut text, sequence, encoding, differences) => i += length,
            _ => return Err(cannot_decode(name, bytes, i, i + 1, "illegal multibyte sequence")),
        }
    }
    Ok(text)
}

/// Adds what a sequence of bytes stands for; gives whether it stands for anything.
fn push_sequence(
    text: &mut String,
    sequence: &[u8],
    encoding: &'static Encoding,
    differences: &[(u32, u32, u32)],
) -> bool {
    let number = sequence.iter().fold(0u32, |number, &byte| number << 8 | byte as u32);
    let after = differences.partition_point(|&(first, _, _)| first <= number);
    if after > 0 {
        let (first, last, start) = differences[after - 1];
        if number <= last {
            return start != 0 && char::from_u32(start + (number - first)).map(|c| text.push(c)).is_some();
        }
    }
    match encoding.decode_without_bom_handling_and_without_replacement(sequence) {
        Some(decoded) => {
            text.push_str(&decoded);
            true
        }
        None => false,
    }
}
