//! Which words an interpreter has interned before it compiles anything: names of its own and of the modules that `py_compile` needs.

use super::Target;
use std::cmp::Ordering;

/// Written by `tools/interned.py`, sorted: a word a line, with the versions as bits.
static TEXT: &str = include_str!("interned.txt");

impl Target {
    /// Whether a string of these letters, digits and underscores exists as an interned string from the start.
    pub fn interns_at_start(&self, word: &str) -> bool {
        versions_of(word.as_bytes()) >> self.version as u8 & 1 != 0
    }
}

/// The bits of a word. Few words are ever asked for, so that the text is searched as it is.
fn versions_of(word: &[u8]) -> u32 {
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
