//! Which words an interpreter has interned before it compiles anything: names of its own and of the modules that `py_compile` needs.

use super::Target;
use std::cmp::Ordering;
use std::sync::LazyLock;

/// Written by `tools/interned.py`, sorted: a word a line, with the versions as bits.
static TEXT: &str = include_str!("interned.txt");

impl Target {
    /// Whether a string of these letters, digits and underscores exists as an interned string from the start.
    pub fn interns_at_start(&self, word: &str) -> bool {
        versions_of(word.as_bytes()) >> self.version as u8 & 1 != 0
    }
}

/// The few words with dots, and their bits. The qualified names of nested classes are all asked for.
static DOTTED: LazyLock<Vec<(&[u8], u32)>> = LazyLock::new(|| {
    let text = TEXT.as_bytes();
    let dotted = memchr::memchr_iter(b'.', text).filter_map(|dot| {
        let start = memchr::memrchr(b'\n', &text[..dot]).map_or(0, |at| at + 1);
        let word = &text[start..dot + memchr::memchr(b' ', &text[dot..])?];
        Some((word, find(word)))
    });
    dotted.collect()
});

/// The bits of a word.
fn versions_of(word: &[u8]) -> u32 {
    if memchr::memchr(b'.', word).is_some() {
        return DOTTED.iter().find(|(dotted, _)| *dotted == word).map_or(0, |&(_, bits)| bits);
    }
    find(word)
}

/// Searches the text as it is.
fn find(word: &[u8]) -> u32 {
    let mut rest = TEXT.as_bytes();
    while !rest.is_empty() {
        let before = rest[..rest.len() / 2].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        let length = rest[before..].iter().position(|&b| b == b'\n').unwrap_or(rest.len() - before);
        let line = &rest[before..before + length];
        let end = line.iter().position(|&b| b == b' ').unwrap_or(length);
        match line[..end].cmp(word) {
            Ordering::Less => rest = rest.get(before + length + 1..).unwrap_or_default(),
            Ordering::Greater => rest = &rest[..before],
            Ordering::Equal => {
                return line[end..]
                    .iter()
                    .skip(1)
                    .fold(0, |bits, &digit| bits << 4 | (digit as char).to_digit(16).unwrap_or(0));
            }
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::{TEXT, versions_of};

    #[test]
    fn every_word_is_found() {
        for line in TEXT.lines() {
            let (word, bits) = line.split_once(' ').unwrap();
            assert_eq!(versions_of(word.as_bytes()), u32::from_str_radix(bits, 16).unwrap(), "{word}");
            assert_eq!(versions_of(format!("{word}_no_such_word").as_bytes()), 0);
        }
        assert_eq!(versions_of(b""), 0);
        assert_eq!(versions_of(b"~"), 0);
    }
}
