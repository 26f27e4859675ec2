//! The keywords.

use super::TokenKind;

const KEYWORDS: [(&[u8], TokenKind); 35] = {
    use TokenKind as T;
    [
        (b"False", T::False),
        (b"None", T::None),
        (b"True", T::True),
        (b"and", T::And),
        (b"as", T::As),
        (b"assert", T::Assert),
        (b"async", T::Async),
        (b"await", T::Await),
        (b"break", T::Break),
        (b"class", T::Class),
        (b"continue", T::Continue),
        (b"def", T::Def),
        (b"del", T::Del),
        (b"elif", T::Elif),
        (b"else", T::Else),
        (b"except", T::Except),
        (b"finally", T::Finally),
        (b"for", T::For),
        (b"from", T::From),
        (b"global", T::Global),
        (b"if", T::If),
        (b"import", T::Import),
        (b"in", T::In),
        (b"is", T::Is),
        (b"lambda", T::Lambda),
        (b"nonlocal", T::Nonlocal),
        (b"not", T::Not),
        (b"or", T::Or),
        (b"pass", T::Pass),
        (b"raise", T::Raise),
        (b"return", T::Return),
        (b"try", T::Try),
        (b"while", T::While),
        (b"with", T::With),
        (b"yield", T::Yield),
    ]
};

/// A place for each keyword: a table of the smallest size for which a factor was found that gives each a place of its own.
static TABLE: [(u64, TokenKind); 64] = {
    let mut table = [(0, TokenKind::Name); 64];
    let mut i = 0;
    while i < KEYWORDS.len() {
        let (text, kind) = KEYWORDS[i];
        let (mut word, mut at) = (0, text.len());
        while at > 0 {
            at -= 1;
            word = word << 8 | text[at] as u64;
        }
        assert!(table[place(word)].0 == 0, "two keywords share a place");
        table[place(word)] = (word, kind);
        i += 1;
    }
    table
};

#[inline(always)]
const fn place(word: u64) -> usize {
    (word.wrapping_mul(0x4ad6_c980_b6eb_b607) >> 58) as usize
}

/// The keyword that a word is, if any: its first eight bytes, the first of them lowest, with zeros behind its end.
#[inline]
pub(super) fn keyword(word: u64, length: usize) -> Option<TokenKind> {
    let (found, kind) = TABLE[place(word)];
    (found == word && length <= 8).then_some(kind)
}
