//! Which words an interpreter has interned before it compiles anything: names of its own and of the modules that `py_compile` needs.

use super::Target;
use std::sync::OnceLock;

/// Written by `tools/interned.py`, sorted: a word a line, with the versions as bits.
static TEXT: &str = include_str!("interned.txt");
static WORDS: OnceLock<Vec<(&str, u8)>> = OnceLock::new();

impl Target {
    /// Whether a string of these letters, digits and underscores exists as an interned string from the start.
    pub fn interns_at_start(&self, word: &str) -> bool {
        let words = WORDS.get_or_init(|| {
            let line = |line: &'static str| -> Option<(&'static str, u8)> {
                let (word, bits) = line.split_once(' ')?;
                Some((word, u8::from_str_radix(bits, 16).ok()?))
            };
            TEXT.lines().filter_map(line).collect()
        });
        match words.binary_search_by(|(known, _)| known.cmp(&word)) {
            Ok(at) => words[at].1 >> self.version as u8 & 1 != 0,
            Err(_) => false,
        }
    }
}
