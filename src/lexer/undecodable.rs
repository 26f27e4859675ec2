//! Bytes that are not UTF-8, in the releases that let them pass until they come to them.
//!
//! Up to 3.13 CPython decodes names as it reads them and strings as it puts them together, and what stands in comments never. The text
//! that the lexer is given has other characters in the place of such bytes ([`SourceText::is_lossy`]); here is found which of them
//! matter, and what is said of the first.

use super::{Token, TokenKind, TokenStream};
use crate::diagnostics::{Columns, CompileError, ErrorKind};
use crate::source::{Location, SourceText, utf8_error};
use crate::target::Features;

/// The first name or string that cannot be decoded.
pub struct Undecodable {
    /// What is said when CPython comes to it.
    pub error: Box<CompileError>,
    /// What is said if another error comes first and the rest of the file is read to see what else is wrong.
    pub error_in_rest: Option<Box<CompileError>>,
    /// The index of its token; where it cannot be one, that of the last.
    pub token: usize,
}

/// Looks for bytes that are not UTF-8 outside of comments.
pub fn find_undecodable(source: &SourceText<'_>, tokens: &TokenStream, features: &Features) -> Option<Undecodable> {
    let found = Finder { raw: source.raw()?, tokens: &tokens.tokens, features };
    let mut index = 0;
    for at in source.undecodable_bytes() {
        while tokens.tokens.get(index).is_some_and(|token| token.end() <= at && token.kind != TokenKind::Error) {
            index += 1;
        }
        let token = tokens.tokens.get(index)?;
        match token.kind {
            // The end of a line starts with the comment before it.
            TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent | TokenKind::EndMarker => {}
            TokenKind::Error => return (token.end() == at + 1).then(|| found.name(at, index)),
            _ if token.start() > at => {}
            TokenKind::String => return found.string(index),
            TokenKind::FStringMiddle => return Some(found.middle(index)),
            _ => return Some(found.name(at, index)),
        }
    }
    None
}

struct Finder<'s> {
    raw: &'s [u8],
    tokens: &'s [Token],
    features: &'s Features,
}

impl Finder<'_> {
    fn error(&self, location: Location, message: String) -> Box<CompileError> {
        let mut error = CompileError::syntax(location, message);
        let is_converted = self.features.literal_errors_have_their_place;
        error.columns = if is_converted { Columns::Characters } else { Columns::Bytes };
        error
    }

    /// A name, or what would be one, with the byte at an offset. CPython 3.13: `verify_identifier`.
    fn name(&self, at: usize, token: usize) -> Undecodable {
        let line = self.tokens[token].line();
        let is_part = |byte: &u8| !byte.is_ascii() || byte.is_ascii_alphanumeric() || *byte == b'_';
        let start = self.raw[..at].iter().rposition(|byte| !is_part(byte)).map_or(0, |i| i + 1);
        let end = self.raw[at..].iter().position(|byte| !is_part(byte)).map_or(self.raw.len(), |i| at + i);
        let line_start = memchr::memrchr(b'\n', &self.raw[..start]).map_or(0, |i| i + 1);
        let message = utf8_error(&self.raw[start..end]).unwrap_or_default();
        let location = Location::new(line as i32, line as i32, (end - line_start) as i32 - 1, -2);
        Undecodable {
            error: self.error(location, format!("(unicode error) {message}")),
            error_in_rest: Some(CompileError::new(ErrorKind::UnicodeDecodeError, None, message)),
            token,
        }
    }

    /// A string literal, if no error of the lexer comes first. CPython 3.13: `_PyPegen_decode_string`.
    fn string(&self, index: usize) -> Option<Undecodable> {
        let token = &self.tokens[index];
        let text = &self.raw[token.start()..token.end()];
        let prefix = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let has = |letter: u8| text[..prefix].iter().any(|byte| byte.eq_ignore_ascii_case(&letter));
        let quotes =
            if text[prefix..].len() >= 6 && text[prefix + 1] == text[prefix] && text[prefix + 2] == text[prefix] {
                3
            } else {
                1
            };
        let body = &text[prefix + quotes..text.len() - quotes];
        let behind = self.tokens[index..].iter().find(|token| token.kind != TokenKind::String)?;
        let reads_ahead = !self.features.literal_errors_have_their_place;
        if reads_ahead && behind.kind == TokenKind::Error {
            return None;
        }
        let error = if has(b'b') {
            self.error(token.location(), "bytes can only contain ASCII literal characters".to_owned())
        } else {
            let is_brace = |byte: &u8| has(b'f') && matches!(byte, b'{' | b'}');
            let message = body.split(is_brace).find_map(|piece| message_for_text(piece, has(b'r'))).unwrap_or_default();
            let message = format!("(unicode error) {message}");
            self.error(if reads_ahead { behind.location() } else { token.location() }, message)
        };
        Some(Undecodable { error, error_in_rest: None, token: index })
    }

    /// A piece of an f-string, of which only the decoder's own error is left. CPython 3.13: `_PyPegen_decoded_constant_from_token`.
    fn middle(&self, index: usize) -> Undecodable {
        let token = &self.tokens[index];
        let message = message_for_text(&self.raw[token.start()..token.end()], false).unwrap_or_default();
        let error = CompileError::new(ErrorKind::UnicodeDecodeError, None, message);
        Undecodable { error, error_in_rest: None, token: index }
    }
}

/// What the decoder says of the text of a literal. With escapes in it, runs of bytes beyond ASCII are decoded one by one.
///
/// CPython 3.13: `decode_unicode_with_escapes`.
fn message_for_text(text: &[u8], is_raw: bool) -> Option<String> {
    if is_raw || memchr::memchr(b'\\', text).is_none() {
        return utf8_error(text);
    }
    text.split(u8::is_ascii).find_map(utf8_error)
}
