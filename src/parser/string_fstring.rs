//! F-strings that are string tokens: their expressions are found by looking for braces, and parsed as texts of their own.
//!
//! The pieces of an f-string have the place of all literals it is written with; what is in an expression has the place that its
//! own text gives, moved to where the brace is.

use super::escape::decode_unicode;
use super::literal::StringToken;
use super::{Parse, Parser};
use crate::ast::{Conversion, Expr, ExprKind};
use crate::lexer::{Token, TokenKind, tokenize_for};
use crate::object::{Constant, PyStr};
use crate::source::{Location, SourceText};

/// The most brackets that may be open in an expression (CPython's `MAXLEVEL`).
const MAX_BRACKETS: usize = 200;
/// How many levels of replacement fields there may be.
const MAX_FIELDS: u32 = 2;

/// The literals that are joined, and the one at hand.
#[derive(Clone, Copy)]
pub(super) struct Literal<'t> {
    /// From the first to the last of them.
    pub whole: Location,
    /// The token at hand, and what is written in it.
    pub token: &'t Token,
    pub is_raw: bool,
    /// Whether the first has the prefix `u`.
    pub is_u: bool,
    /// How many format specifications this is in.
    pub depth: u32,
}

/// The pieces of an f-string found so far.
pub(super) struct Pieces {
    /// The height of the stack of expressions, where the pieces are.
    mark: usize,
    /// Text that no field follows yet.
    text: Vec<u8>,
}

impl<'s, 'a> Parser<'s, 'a> {
    /// Literals with an f-string among them, up to the token `end`.
    ///
    /// Mirrors CPython 3.11: `_PyPegen_concatenate_strings`.
    pub(super) fn concatenate_string_fstrings(&mut self, end: usize) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        let whole = start.to(&self.tokens[end - 1]);
        let is_u = self.token_text(start).starts_with('u');
        // What its expressions hold is noted elsewhere, so all of it is looked through.
        self.note_rewrite(whole);
        let mut pieces = Pieces { mark: self.exprs.len(), text: Vec::new() };
        let mut has_bytes = false;
        while self.pos() < end {
            let token = *self.token();
            self.bump();
            let parts = super::literal::split(self.token_text(&token));
            has_bytes |= parts.is_bytes;
            let literal = Literal { whole, token: &token, is_raw: parts.is_raw, is_u, depth: 0 };
            if parts.is_fstring {
                self.string_fstring(&parts, literal, &mut pieces)?;
            } else if !parts.is_bytes {
                self.append_text(parts.body, literal, &mut pieces)?;
            }
        }
        if has_bytes {
            return self.fail_mixed();
        }
        self.push_text(&mut pieces, whole, is_u);
        let values = self.take_exprs(pieces.mark);
        Ok(self.new_expr(ExprKind::JoinedStr { values }, whole))
    }

    /// One f-string. Mirrors CPython 3.11: `_PyPegen_FstringParser_ConcatFstring`.
    fn string_fstring(&mut self, parts: &StringToken<'a>, literal: Literal<'_>, pieces: &mut Pieces) -> Parse<()> {
        let text = self.token_text(literal.token);
        let mut at = parts.start;
        let end = parts.start + parts.body.len();
        self.fstring_pieces(text, &mut at, end, literal, pieces)?;
        if at < end {
            return self.raise_fstring("unexpected end of string");
        }
        Ok(())
    }

    /// Text and fields up to the end, or up to the brace that ends a format specification.
    fn fstring_pieces(
        &mut self,
        text: &'a str,
        at: &mut usize,
        end: usize,
        literal: Literal<'_>,
        pieces: &mut Pieces,
    ) -> Parse<()> {
        loop {
            let goes_on = self.fstring_text(text, at, end, literal, pieces)?;
            if goes_on {
                continue;
            }
            if *at >= end || text.as_bytes()[*at] == b'}' {
                return Ok(());
            }
            let field = self.string_replacement_field(text, at, end, literal, pieces)?;
            self.push_text(pieces, literal.whole, literal.is_u);
            self.exprs.push(field);
        }
    }

    /// Text up to a brace; whether it goes on behind that, which was doubled.
    ///
    /// Mirrors CPython 3.11: `fstring_find_literal`.
    fn fstring_text(
        &mut self,
        text: &'a str,
        at: &mut usize,
        end: usize,
        literal: Literal<'_>,
        pieces: &mut Pieces,
    ) -> Parse<bool> {
        let bytes = text.as_bytes();
        let start = *at;
        let mut i = start;
        let mut doubled = false;
        while i < end {
            let mut c = bytes[i];
            i += 1;
            if !literal.is_raw && c == b'\\' && i < end {
                c = bytes[i];
                i += 1;
                if c == b'N' {
                    // The name of a character is between braces that start no field.
                    if i < end {
                        i += 1;
                        if bytes[i - 1] == b'{' {
                            while i < end {
                                i += 1;
                                if bytes[i - 1] == b'}' {
                                    break;
                                }
                            }
                        }
                    }
                    continue;
                }
            }
            if c != b'{' && c != b'}' {
                continue;
            }
            if literal.depth == 0 {
                if i < end && bytes[i] == c {
                    doubled = true;
                    break;
                }
                if c == b'}' {
                    return self.raise_fstring("single '}' is not allowed");
                }
            }
            i -= 1;
            break;
        }
        *at = i + doubled as usize;
        while !text.is_char_boundary(i) {
            i += 1;
        }
        if start < i {
            self.append_text(&text[start..i], literal, pieces)?;
        }
        Ok(doubled)
    }

    /// Decodes text that is not in a field.
    fn append_text(&mut self, text: &'a str, literal: Literal<'_>, pieces: &mut Pieces) -> Parse<()> {
        if literal.is_raw || memchr::memchr(b'\\', text.as_bytes()).is_none() {
            pieces.text.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        match decode_unicode(text, self.target.features.unicode_17, &mut pieces.text) {
            Ok(invalid) => {
                self.warn_invalid_escape(text, invalid, literal.token);
                Ok(())
            }
            Err(error) => {
                let message = format!("(unicode error) {}", error.message());
                self.raise_in_literal(literal.token, message)
            }
        }
    }

    /// Makes the text so far a constant, unless there is none.
    fn push_text(&mut self, pieces: &mut Pieces, location: Location, is_u: bool) {
        if pieces.text.is_empty() {
            return;
        }
        let value = Constant::Str(PyStr::from_bytes(self.arena.alloc_slice_copy(&pieces.text)));
        pieces.text.clear();
        let constant = self.new_expr(ExprKind::Constant { value, is_u }, location);
        self.exprs.push(constant);
    }

    /// A field, from its opening brace on. Mirrors CPython 3.11: `fstring_find_expr`.
    fn string_replacement_field(
        &mut self,
        text: &'a str,
        at: &mut usize,
        end: usize,
        literal: Literal<'_>,
        pieces: &mut Pieces,
    ) -> Parse<&'a Expr<'a>> {
        if literal.depth >= MAX_FIELDS {
            return self.raise_fstring("expressions nested too deeply");
        }
        let bytes = text.as_bytes();
        *at += 1;
        let start = *at;
        *at = self.end_of_expression(&bytes[..end], start)?;
        if *at >= end {
            return self.raise_fstring("expecting '}'");
        }
        let value = self.string_expression(text, start, *at, literal)?;
        let mut is_debug = false;
        if bytes[*at] == b'=' {
            *at += 1;
            while matches!(bytes.get(*at), Some(b' ' | b'\t'..=b'\r')) {
                *at += 1;
            }
            if *at >= end {
                return self.raise_fstring("expecting '}'");
            }
            is_debug = true;
            pieces.text.extend_from_slice(&bytes[start..*at]);
        }
        let mut conversion = Conversion::None;
        if bytes[*at] == b'!' {
            *at += 1;
            conversion = match bytes[..end].get(*at) {
                None => return self.raise_fstring("expecting '}'"),
                Some(b's') => Conversion::Str,
                Some(b'r') => Conversion::Repr,
                Some(b'a') => Conversion::Ascii,
                Some(_) => return self.raise_fstring("invalid conversion character: expected 's', 'r', or 'a'"),
            };
            *at += 1;
        }
        let mut format_spec = None;
        if bytes[..end].get(*at) == Some(&b':') {
            *at += 1;
            format_spec = Some(self.string_format_spec(text, at, end, literal)?);
        }
        if bytes[..end].get(*at) != Some(&b'}') {
            return self.raise_fstring("expecting '}'");
        }
        *at += 1;
        if is_debug && format_spec.is_none() && conversion == Conversion::None {
            conversion = Conversion::Repr;
        }
        Ok(self.new_expr(ExprKind::FormattedValue { value, conversion, format_spec }, literal.whole))
    }

    /// Mirrors CPython 3.11: `fstring_parse`, whose last piece of text has the place of its own token alone.
    fn string_format_spec(
        &mut self,
        text: &'a str,
        at: &mut usize,
        end: usize,
        literal: Literal<'_>,
    ) -> Parse<&'a Expr<'a>> {
        let mut pieces = Pieces { mark: self.exprs.len(), text: Vec::new() };
        if *at >= end {
            return self.raise_fstring("expecting '}'");
        }
        let inner = Literal { depth: literal.depth + 1, ..literal };
        self.fstring_pieces(text, at, end, inner, &mut pieces)?;
        if *at >= end {
            return self.raise_fstring("expecting '}'");
        }
        let place = literal.token.location();
        let is_u = self.token_text(literal.token).starts_with('u');
        self.push_text(&mut pieces, place, is_u);
        let values = self.take_exprs(pieces.mark);
        Ok(self.new_expr(ExprKind::JoinedStr { values }, place))
    }

    /// Where the expression that starts at `start` ends.
    fn end_of_expression(&mut self, bytes: &[u8], start: usize) -> Parse<usize> {
        // The quotes of the string within the expression: which, and how many.
        let mut quote: Option<(u8, usize)> = None;
        let mut brackets: Vec<u8> = Vec::new();
        let mut i = start;
        while let Some(&c) = bytes.get(i) {
            let triple = bytes.get(i + 1) == Some(&c) && bytes.get(i + 2) == Some(&c);
            match c {
                b'\\' => return self.raise_plain("f-string expression part cannot include a backslash"),
                _ if quote.is_some() => {
                    if let Some((mark, count)) = quote
                        && mark == c
                        && (count == 1 || triple)
                    {
                        i += count - 1;
                        quote = None;
                    }
                }
                b'\'' | b'"' => {
                    let count = if triple { 3 } else { 1 };
                    i += count - 1;
                    quote = Some((c, count));
                }
                b'[' | b'{' | b'(' => {
                    if brackets.len() >= MAX_BRACKETS {
                        return self.raise_fstring("too many nested parenthesis");
                    }
                    brackets.push(c);
                }
                b'#' => return self.raise_plain("f-string expression part cannot include '#'"),
                b'!' | b':' | b'}' | b'=' | b'>' | b'<' if brackets.is_empty() => {
                    if matches!(c, b'!' | b'=' | b'<' | b'>') && bytes.get(i + 1) == Some(&b'=') {
                        i += 1;
                    } else if !matches!(c, b'<' | b'>') {
                        break;
                    }
                }
                b']' | b'}' | b')' => {
                    let Some(open) = brackets.pop() else {
                        return self.raise_fstring(format!("unmatched '{}'", c as char));
                    };
                    if !matches!((open, c), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
                        let message = format!(
                            "closing parenthesis '{}' does not match opening parenthesis '{}'",
                            c as char, open as char
                        );
                        return self.raise_fstring(message);
                    }
                }
                _ => {}
            }
            i += 1;
        }
        if quote.is_some() {
            return self.raise_fstring("unterminated string");
        }
        if let Some(&open) = brackets.last() {
            return self.raise_fstring(format!("unmatched '{}'", open as char));
        }
        Ok(i.min(bytes.len()))
    }

    /// Parses the text of an expression, put in parentheses. Mirrors CPython 3.11: `fstring_compile_expr`.
    fn string_expression(
        &mut self,
        text: &'a str,
        start: usize,
        end: usize,
        literal: Literal<'_>,
    ) -> Parse<&'a Expr<'a>> {
        let expression = &text[start..end];
        if expression.bytes().all(|c| matches!(c, b' ' | b'\t' | b'\n' | b'\x0c')) {
            return match text.as_bytes()[end] {
                c @ (b'!' | b':' | b'=') => self.raise_fstring(format!("expression required before '{}'", c as char)),
                _ => self.raise_fstring("empty expression not allowed"),
            };
        }
        let arena = self.arena;
        let inner = SourceText::new(arena.alloc_str(&format!("({expression})")));
        let mut stream = tokenize_for(&inner, self.names, self.target.version);
        let (lines, columns) = place_of_expression(text, start - 1);
        let first_line = literal.token.line() + lines;
        let shift = if lines == 0 { literal.token.column() + columns } else { columns };
        for token in stream.tokens.iter_mut() {
            // Only the line that the lexer has come to counts.
            let is_first = token.end_line() == 1;
            *token = token.moved(first_line - 1, if is_first { shift } else { 0 });
        }
        let level = self.level;
        let mut parser = Parser::new(inner.text, &stream.tokens, self.names, arena, self.target, self.warnings);
        parser.level = level;
        let result = parser.star_expressions();
        let deepest = parser.deepest;
        let location = parser.token().location();
        let error = parser.error.take();
        self.deepest = self.deepest.max(deepest);
        if let Ok(value) = result {
            return Ok(value);
        }
        match error.or(stream.error) {
            Some(error) => self.raise(error),
            None => self.raise_syntax(location, "f-string: invalid syntax"),
        }
    }

    fn raise_fstring<T>(&mut self, message: impl AsRef<str>) -> Parse<T> {
        self.raise_plain(format!("f-string: {}", message.as_ref()))
    }

    /// An error at the token that follows the literals, which CPython has read by then.
    pub(super) fn raise_plain<T>(&mut self, message: impl Into<String>) -> Parse<T> {
        let mut at = self.pos();
        while self.tokens[at].kind == TokenKind::String {
            at += 1;
        }
        let location = self.tokens[at].location();
        self.raise_syntax(location, message)
    }
}

/// By how many lines and columns an expression lies behind the start of its token, whose brace is at `brace`.
///
/// Mirrors CPython 3.11: `fstring_find_expr_location`. Where nothing follows the brace on its line the columns are those of the
/// next.
fn place_of_expression(text: &str, brace: usize) -> (u32, u32) {
    let bytes = text.as_bytes();
    let lines = memchr::memchr_iter(b'\n', &bytes[..brace]).count() as u32;
    let line_follows = bytes[brace + 1..]
        .iter()
        .find(|c| !matches!(c, b' ' | b'\t' | b'\x0c'))
        .is_none_or(|c| matches!(c, b'}' | b'\n'));
    if line_follows {
        return (lines, 0);
    }
    let line_start = memchr::memrchr(b'\n', &bytes[..brace]).map_or(0, |newline| newline + 1);
    (lines, (brace - line_start) as u32)
}
