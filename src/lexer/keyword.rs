//! The keywords.

use super::TokenKind;

/// The keyword that a text is, if any.
#[inline]
pub(super) fn keyword(text: &[u8]) -> Option<TokenKind> {
    use TokenKind as T;
    // Most names are told apart by their first letter or length alone.
    if text.len() < 2 || text.len() > 8 || !matches!(text[0], b'a'..=b'y' | b'F' | b'N' | b'T') {
        return None;
    }
    Some(match text[0] {
        b'a' => match text {
            b"and" => T::And,
            b"as" => T::As,
            b"assert" => T::Assert,
            b"async" => T::Async,
            b"await" => T::Await,
            _ => return None,
        },
        b'b' if text == b"break" => T::Break,
        b'c' => match text {
            b"class" => T::Class,
            b"continue" => T::Continue,
            _ => return None,
        },
        b'd' => match text {
            b"def" => T::Def,
            b"del" => T::Del,
            _ => return None,
        },
        b'e' => match text {
            b"else" => T::Else,
            b"elif" => T::Elif,
            b"except" => T::Except,
            _ => return None,
        },
        b'f' => match text {
            b"for" => T::For,
            b"from" => T::From,
            b"finally" => T::Finally,
            _ => return None,
        },
        b'g' if text == b"global" => T::Global,
        b'i' => match text {
            b"if" => T::If,
            b"in" => T::In,
            b"is" => T::Is,
            b"import" => T::Import,
            _ => return None,
        },
        b'l' if text == b"lambda" => T::Lambda,
        b'n' => match text {
            b"not" => T::Not,
            b"nonlocal" => T::Nonlocal,
            _ => return None,
        },
        b'o' if text == b"or" => T::Or,
        b'p' if text == b"pass" => T::Pass,
        b'r' => match text {
            b"return" => T::Return,
            b"raise" => T::Raise,
            _ => return None,
        },
        b't' if text == b"try" => T::Try,
        b'w' => match text {
            b"with" => T::With,
            b"while" => T::While,
            _ => return None,
        },
        b'y' if text == b"yield" => T::Yield,
        b'F' if text == b"False" => T::False,
        b'N' if text == b"None" => T::None,
        b'T' if text == b"True" => T::True,
        _ => return None,
    })
}
