//! String and bytes literals, and their implicit concatenation.

use super::escape::{
    InvalidEscape, UnicodeEscapeError, decode_bytes, decode_unicode, expanded_len, has_unicode_17_name,
};
use super::{GatedSyntax, Parse, Parser};
use crate::ast::{Expr, ExprKind};
use crate::diagnostics::Warning;
use crate::lexer::{Token, TokenKind};
use crate::object::{Constant, PyStr};
use crate::source::Location;

/// The parts of a string token.
pub(super) struct StringToken<'a> {
    /// What is between the quotes.
    pub body: &'a str,
    /// Where that starts in the token.
    pub start: usize,
    pub is_raw: bool,
    pub is_bytes: bool,
    pub is_fstring: bool,
    /// Whether it has the prefix `u` (but not `U`, for CPython's `kind` is absent then).
    is_u: bool,
}

/// CPython 3.14: `_PyPegen_parse_string`.
pub(super) fn split(text: &str) -> StringToken<'_> {
    let bytes = text.as_bytes();
    // Most strings have neither a prefix nor three quotes.
    if let [quote @ (b'"' | b'\''), second, ..] = bytes
        && (second != quote || bytes.len() == 2)
    {
        let body = &text[1..text.len() - 1];
        return StringToken { body, start: 1, is_raw: false, is_bytes: false, is_fstring: false, is_u: false };
    }
    let prefix = bytes.iter().take_while(|c| c.is_ascii_alphabetic()).count();
    let (mut is_raw, mut is_bytes, mut is_fstring) = (false, false, false);
    for c in &bytes[..prefix] {
        match c {
            b'r' | b'R' => is_raw = true,
            b'b' | b'B' => is_bytes = true,
            b'f' | b'F' => is_fstring = true,
            _ => {}
        }
    }
    let quoted = &bytes[prefix..];
    let quotes = if quoted.len() >= 6 && quoted[1] == quoted[0] && quoted[2] == quoted[0] { 3 } else { 1 };
    let start = prefix + quotes;
    let body = &text[start..text.len() - quotes];
    StringToken { body, start, is_raw, is_bytes, is_fstring, is_u: bytes.first() == Some(&b'u') }
}

impl<'s, 'a> Parser<'s, 'a> {
    /// `strings`.
    pub(super) fn strings(&mut self) -> Parse<&'a Expr<'a>> {
        let token = self.token();
        let quotes = token.quotes();
        if quotes > 0 && !matches!(self.next_kind(), TokenKind::String | TokenKind::FStringStart) {
            self.bump();
            let body = &self.text.as_bytes()[token.start() + quotes..token.end() - quotes];
            let value = Constant::Str(PyStr::from_bytes(body));
            return Ok(self.new_expr(ExprKind::Constant { value, is_u: false }, token.location()));
        }
        if self.kind() == TokenKind::TStringStart {
            return self.template_strings();
        }
        self.other_strings()
    }

    /// The same where there is more than a single plain string.
    #[inline(never)]
    fn other_strings(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.pos();
        let mut end = start;
        while self.tokens[end].kind == TokenKind::String {
            end += 1;
        }
        if self.tokens[end].kind == TokenKind::FStringStart {
            self.uses.insert(GatedSyntax::FStrings);
            return self.concatenate_fstrings();
        }
        let tokens = &self.tokens[start..end];
        if !self.target.features.fstring_tokens && tokens.iter().any(|token| split(self.token_text(token)).is_fstring) {
            self.uses.insert(GatedSyntax::FStrings);
            if self.tokens[end].kind == TokenKind::Error {
                // The lexer's error comes before those within the strings.
                return self.fail();
            }
            return self.concatenate_string_fstrings(end);
        }
        if end > start + 1 {
            return self.concatenate_plain(end);
        }
        let token = self.token();
        self.bump();
        self.string(token)
    }

    /// The constant of one string token, which is taken already.
    pub(super) fn string(&mut self, token: &Token) -> Parse<&'a Expr<'a>> {
        let parts = split(self.token_text(token));
        let value = if parts.is_bytes {
            Constant::Bytes(self.bytes_value(&parts, token)?)
        } else {
            Constant::Str(self.str_value(&parts, token)?)
        };
        Ok(self.new_expr(ExprKind::Constant { value, is_u: parts.is_u }, token.location()))
    }

    fn str_value(&mut self, parts: &StringToken<'a>, token: &Token) -> Parse<&'a PyStr> {
        if parts.is_raw || memchr::memchr(b'\\', parts.body.as_bytes()).is_none() {
            return Ok(PyStr::new(parts.body));
        }
        self.buffer.clear();
        self.decode_str(parts.body, token)?;
        Ok(PyStr::from_bytes(self.arena.alloc_slice_copy(&self.buffer)))
    }

    fn bytes_value(&mut self, parts: &StringToken<'a>, token: &Token) -> Parse<&'a [u8]> {
        self.check_ascii(parts, token)?;
        if parts.is_raw || memchr::memchr(b'\\', parts.body.as_bytes()).is_none() {
            return Ok(parts.body.as_bytes());
        }
        self.buffer.clear();
        self.decode_bytes(parts.body, token)?;
        Ok(self.arena.alloc_slice_copy(&self.buffer))
    }

    fn check_ascii(&mut self, parts: &StringToken<'_>, token: &Token) -> Parse<()> {
        if parts.body.is_ascii() {
            return Ok(());
        }
        self.raise_syntax(token.location(), "bytes can only contain ASCII literal characters")
    }

    /// Appends a string's text to the buffer with its escapes decoded as the target does.
    pub(super) fn decode_unicode(&mut self, text: &str) -> Result<InvalidEscape, UnicodeEscapeError> {
        if has_unicode_17_name(text) {
            self.uses.insert(GatedSyntax::Unicode17Names);
        }
        decode_unicode(text, self.target.features.unicode_17, &mut self.buffer)
    }

    /// Appends a string's value to the buffer.
    fn decode_str(&mut self, body: &str, token: &Token) -> Parse<()> {
        match self.decode_unicode(body) {
            Ok(invalid) => {
                self.warn_invalid_escape(body, invalid, token);
                Ok(())
            }
            Err(error) => {
                let message = format!("(unicode error) {}", error.message());
                self.raise_in_literal(token, message)
            }
        }
    }

    /// An error in a literal; where nothing better is known, at the token that CPython has read last.
    pub(super) fn raise_in_literal<T>(&mut self, token: &Token, message: String) -> Parse<T> {
        if self.target.features.literal_errors_have_their_place {
            return self.raise_syntax(token.location(), message);
        }
        self.raise_plain(message)
    }

    /// Appends the value of a bytes literal to the buffer.
    fn decode_bytes(&mut self, body: &str, token: &Token) -> Parse<()> {
        match decode_bytes(body.as_bytes(), &mut self.buffer) {
            Ok(invalid) => {
                self.warn_invalid_escape(body, invalid, token);
                Ok(())
            }
            Err(position) => {
                let message = format!("(value error) invalid \\x escape at position {position}");
                self.raise_in_literal(token, message)
            }
        }
    }

    /// Literals without any f-string among them, up to the token `end`: one constant.
    fn concatenate_plain(&mut self, end: usize) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        self.buffer.clear();
        let (mut has_str, mut has_bytes, mut is_u) = (false, false, false);
        while self.pos() < end {
            let token = self.token();
            let parts = split(self.token_text(token));
            if std::ptr::eq(token, start) {
                is_u = parts.is_u;
            }
            has_bytes |= parts.is_bytes;
            has_str |= !parts.is_bytes;
            if parts.is_bytes {
                self.check_ascii(&parts, token)?;
            }
            if parts.is_raw {
                self.buffer.extend_from_slice(parts.body.as_bytes());
            } else if parts.is_bytes {
                self.decode_bytes(parts.body, token)?;
            } else {
                self.decode_str(parts.body, token)?;
            }
            self.bump();
        }
        if has_str && has_bytes {
            return self.fail_mixed();
        }
        let value = self.arena.alloc_slice_copy(&self.buffer);
        let value = if has_bytes { Constant::Bytes(value) } else { Constant::Str(PyStr::from_bytes(value)) };
        Ok(self.expr(ExprKind::Constant { value, is_u }, start))
    }

    /// Literals with an f-string among them.
    ///
    /// CPython 3.14: `_PyPegen_concatenate_strings`.
    fn concatenate_fstrings(&mut self) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        let mark = self.exprs.len();
        let mut has_bytes = false;
        loop {
            match self.kind() {
                TokenKind::String => {
                    let token = *self.token();
                    self.bump();
                    let constant = self.string(&token)?;
                    has_bytes |= matches!(constant.kind, ExprKind::Constant { value: Constant::Bytes(_), .. });
                    self.exprs.push(constant);
                }
                TokenKind::FStringStart => self.fstring()?,
                _ => break,
            }
        }
        if has_bytes {
            return self.fail_mixed();
        }
        let values = self.fold_pieces(mark);
        Ok(self.expr(ExprKind::JoinedStr { values }, start))
    }

    /// `tstring+`.
    fn template_strings(&mut self) -> Parse<&'a Expr<'a>> {
        self.require(GatedSyntax::TemplateStrings)?;
        let start = self.token();
        let mark = self.exprs.len();
        while self.kind() == TokenKind::TStringStart {
            self.fstring()?;
        }
        let values = self.fold_pieces(mark);
        Ok(self.expr(ExprKind::TemplateStr { values }, start))
    }

    /// CPython has read one token more by then, and marks that.
    pub(super) fn fail_mixed<T>(&mut self) -> Parse<T> {
        if self.kind() == TokenKind::Error {
            return self.fail();
        }
        let location = self.token().location();
        self.raise_syntax(location, "cannot mix bytes and nonbytes literals")
    }

    /// Warns of the first escape of a literal that means nothing.
    ///
    /// CPython 3.14: `warn_invalid_escape_sequence`, whose reckoning of line and column starts at the token even where the
    /// text is not the token's own.
    pub(super) fn warn_invalid_escape(&mut self, body: &str, invalid: InvalidEscape, token: &Token) {
        let Some(at) = invalid else { return };
        let c = body.as_bytes()[at];
        let is_string = token.kind == TokenKind::String;
        if !is_string && matches!(c, b'{' | b'}') {
            // The lexer has warned of it.
            return;
        }
        let (escape, what) =
            if matches!(c, b'4'..=b'7') { (&body[at..at + 3], "octal escape") } else { (&body[at..at + 1], "escape") };
        let before = &body[..at];
        let lines = memchr::memchr_iter(b'\n', before.as_bytes()).count();
        let line = token.line() as i32 + lines as i32;
        let column = match before.rfind('\n') {
            Some(newline) => expanded_len(&before[newline + 1..]),
            None => {
                let quotes = self.token_text(token).as_bytes();
                let count = quotes.iter().take_while(|&&q| matches!(q, b'\'' | b'"')).count();
                let same = quotes[..count].iter().filter(|&&q| q == quotes[0]).count();
                token.column() as usize + expanded_len(before) + same
            }
        } as i32;
        let location = Location::new(line, line, column - 1, column + 1);
        self.warnings.push(Warning::invalid_escape(escape, what, location, &self.target.features));
    }
}
