//! The keywords: names that are in every interner, one after the other, and tokens of their own.

use super::TokenKind;
use crate::source::NameId;
use crate::source::known::KEYWORDS;

/// More than the numbers of all keywords.
const NAMES: usize = 128;

/// The kinds of token that the first names are.
static KINDS: [TokenKind; NAMES] = {
    use TokenKind as T;
    #[rustfmt::skip]
    let keywords = [
        T::False, T::None, T::True, T::And, T::As, T::Assert, T::Async, T::Await, T::Break, T::Class, T::Continue, T::Def, T::Del,
        T::Elif, T::Else, T::Except, T::Finally, T::For, T::From, T::Global, T::If, T::Import, T::In, T::Is, T::Lambda, T::Nonlocal,
        T::Not, T::Or, T::Pass, T::Raise, T::Return, T::Try, T::While, T::With, T::Yield,
    ];
    let mut table = [T::Name; NAMES];
    let mut i = 0;
    while i < keywords.len() {
        table[KEYWORDS.start as usize + i] = keywords[i];
        i += 1;
    }
    assert!(KEYWORDS.start as usize + i == KEYWORDS.end as usize && KEYWORDS.end < NAMES as u32);
    table
};

/// The kind of a name's token where it is written in ASCII.
#[inline(always)]
pub(super) fn name_kind(name: NameId) -> TokenKind {
    // The last kind stands for all that follow. No branch, for it could not be foretold.
    KINDS[name.index().min(NAMES - 1)]
}

#[cfg(test)]
mod tests {
    use super::name_kind;
    use crate::lexer::TokenKind;
    use crate::source::Interner;
    use bumpalo::Bump;

    #[test]
    fn keywords_are_their_own_kinds() {
        let arena = Bump::new();
        let mut names = Interner::new(&arena);
        for (text, kind) in [("False", TokenKind::False), ("def", TokenKind::Def), ("yield", TokenKind::Yield)] {
            assert_eq!(name_kind(names.intern(text)), kind);
        }
        assert_eq!(name_kind(names.intern("match")), TokenKind::Name);
        assert_eq!(name_kind(names.intern("yields")), TokenKind::Name);
    }
}
