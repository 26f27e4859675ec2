//! F-strings and t-strings: replacement fields, format specifications, and the joining of pieces of text.

use super::{Parse, Parser, level};
use crate::ast::{Conversion, Expr, ExprKind};
use crate::diagnostics::{CompileError, ErrorKind};
use crate::lexer::{Token, TokenKind};
use crate::object::{Constant, PyStr};
use crate::source::Location;

/// Where a replacement field is.
#[derive(Clone, Copy)]
struct Surroundings {
    is_template: bool,
    is_raw: bool,
    /// How many format specifications it is in.
    depth: u32,
}

/// `!r` of a field: what it says, the tokens of the exclamation mark and of the name.
type FieldConversion<'s> = (Conversion, &'s Token, &'s Token);

fn is_empty_text(expr: &Expr<'_>) -> bool {
    matches!(expr.kind, ExprKind::Constant { value: Constant::Str(text), .. } if text.is_empty())
}

impl<'s, 'a> Parser<'s, 'a> {
    /// `fstring` or `tstring`: its pieces are pushed, those of a field with `=` as two (CPython 3.14:
    /// `_get_resized_exprs`).
    pub(super) fn fstring(&mut self) -> Parse<()> {
        let opening = *self.token();
        let is_template = self.kind() == TokenKind::TStringStart;
        let (middle, end) = if is_template {
            (TokenKind::TStringMiddle, TokenKind::TStringEnd)
        } else {
            (TokenKind::FStringMiddle, TokenKind::FStringEnd)
        };
        let is_raw = self.token_text(&opening).contains(['r', 'R']);
        self.bump();
        self.enter(level::REPLACEMENT_FIELD)?;
        let (mark, undecoded_mark) = (self.exprs.len(), self.undecoded.len());
        while self.kind() != end {
            if self.kind() == middle {
                self.middle(is_raw);
            } else if self.kind() == TokenKind::LeftBrace {
                self.replacement_field(Surroundings { is_template, is_raw, depth: 0 })?;
            } else {
                return self.fail();
            }
        }
        let closing = *self.token();
        self.bump();
        self.leave(level::REPLACEMENT_FIELD);
        self.decode_middles(mark, undecoded_mark, &closing)
    }

    /// Pushes the text between two fields. If there are escapes in it, they are decoded when the string ends.
    fn middle(&mut self, is_raw: bool) {
        let token = *self.token();
        let text = self.token_text(&token);
        if !text.is_empty() {
            if !is_raw && memchr::memchr(b'\\', text.as_bytes()).is_some() {
                self.undecoded.push((self.exprs.len(), self.pos()));
            }
            let constant = self.text_constant(PyStr::new(text), token.location());
            self.exprs.push(constant);
        }
        self.bump();
    }

    fn text_constant(&mut self, text: &'a PyStr, location: Location) -> &'a Expr<'a> {
        self.new_expr(ExprKind::Constant { value: Constant::Str(text), is_u: false }, location)
    }

    /// Decodes the escapes of an f-string's text, and drops what is empty then.
    ///
    /// CPython 3.14: `_PyPegen_decode_fstring_part`, which reckons the lines of
    /// warnings from the closing quotes.
    fn decode_middles(&mut self, mark: usize, undecoded_mark: usize, closing: &Token) -> Parse<()> {
        if self.undecoded.len() == undecoded_mark {
            return Ok(());
        }
        for i in undecoded_mark..self.undecoded.len() {
            let (index, token) = self.undecoded[i];
            let token = self.tokens[token];
            let text = self.token_text(&token);
            self.buffer.clear();
            match self.decode_unicode(text) {
                Ok(invalid) => self.warn_invalid_escape(text, invalid, closing),
                Err(error) => {
                    let message = format!("(unicode error) {}", error.message());
                    return self.raise_syntax(token.location(), message);
                }
            }
            let value = PyStr::from_bytes(self.arena.alloc_slice_copy(&self.buffer));
            self.exprs[index] = self.text_constant(value, token.location());
        }
        self.undecoded.truncate(undecoded_mark);
        let mut kept = mark;
        for i in mark..self.exprs.len() {
            if !is_empty_text(self.exprs[i]) {
                self.exprs[kept] = self.exprs[i];
                kept += 1;
            }
        }
        self.exprs.truncate(kept);
        Ok(())
    }

    /// A replacement field; what stands for it is pushed.
    ///
    /// CPython 3.14: `_PyPegen_formatted_value`, `_PyPegen_interpolation`.
    fn replacement_field(&mut self, surroundings: Surroundings) -> Parse<()> {
        let start = self.token();
        self.bump();
        let value = self.annotated_rhs()?;
        let is_debug = self.eat(TokenKind::Equal);
        let conversion = self.field_conversion(surroundings.is_template)?;
        let colon = self.token();
        let format_spec = if self.kind() == TokenKind::Colon { Some(self.format_spec(surroundings)?) } else { None };
        let closing = self.token();
        self.expect(TokenKind::RightBrace)?;
        let location = self.location(start);

        let shown = match conversion {
            Some((conversion, ..)) => conversion,
            None if is_debug && format_spec.is_none() => Conversion::Repr,
            None => Conversion::None,
        };
        let is_interpolation = surroundings.is_template && surroundings.depth == 0;
        let mut text = PyStr::new("");
        if is_debug || is_interpolation {
            // The token whose start ends the expression's text, and where CPython takes the text to end in the tree.
            let (ending, end_line, end_column) = match (conversion, format_spec) {
                (Some((_, mark, name)), _) => (mark, name.line() as i32, name.column() as i32 - 1),
                (None, Some(spec)) => (colon, spec.location.line, spec.location.column),
                (None, None) => (closing, location.end_line, location.end_column - 1),
            };
            text = self.expression_text(start, ending);
            if is_debug {
                if surroundings.depth > 1 {
                    // CPython's lexer does not keep the text this deep down, which the constructor of the node then misses.
                    let message = "field 'value' is required for Constant";
                    return self.raise(CompileError::new(ErrorKind::ValueError, None, message));
                }
                let place = Location::new(location.line, end_line, location.column + 1, end_column);
                let constant = self.text_constant(text, place);
                self.exprs.push(constant);
            }
        }
        let kind = if is_interpolation {
            let str = if is_debug { without_equal_sign(text) } else { text };
            ExprKind::Interpolation { value, str, conversion: shown, format_spec }
        } else {
            ExprKind::FormattedValue { value, conversion: shown, format_spec }
        };
        let field = self.new_expr(kind, location);
        self.exprs.push(field);
        Ok(())
    }

    /// `[fstring_conversion]`.
    fn field_conversion(&mut self, is_template: bool) -> Parse<Option<FieldConversion<'s>>> {
        if self.kind() != TokenKind::Exclamation {
            return Ok(None);
        }
        let mark = self.token();
        self.bump();
        let name = self.token();
        let id = self.expect_name()?;
        let letter = if is_template { 't' } else { 'f' };
        if mark.line() != name.line() || mark.end_column() != name.column() {
            let message = format!("{letter}-string: conversion type must come right after the exclamation mark");
            return self.raise_syntax(mark.location().to(name.location()), message);
        }
        let conversion = match self.names.text(id) {
            "s" => Conversion::Str,
            "r" => Conversion::Repr,
            "a" => Conversion::Ascii,
            other => {
                let message =
                    format!("{letter}-string: invalid conversion character '{other}': expected 's', 'r', or 'a'");
                return self.raise_syntax(name.location(), message);
            }
        };
        Ok(Some((conversion, mark, name)))
    }

    /// `fstring_full_format_spec`.
    ///
    /// CPython 3.14: `_PyPegen_setup_full_format_spec`.
    fn format_spec(&mut self, surroundings: Surroundings) -> Parse<&'a Expr<'a>> {
        let start = self.token();
        self.bump();
        let mark = self.exprs.len();
        loop {
            match self.kind() {
                TokenKind::FStringMiddle | TokenKind::TStringMiddle => {
                    let token = *self.token();
                    self.bump();
                    self.format_text(&token, surroundings.is_raw)?;
                }
                TokenKind::LeftBrace => {
                    self.replacement_field(Surroundings { depth: surroundings.depth + 1, ..surroundings })?;
                }
                _ => break,
            }
        }
        let pieces = &self.exprs[mark..];
        let is_all_text = pieces.iter().all(|piece| matches!(piece.kind, ExprKind::Constant { .. }));
        let is_one_text = pieces.len() > 1 && is_all_text;
        let values = self.fold_pieces(mark);
        if is_one_text && let [text] = values {
            return Ok(self.expr(text.kind, start));
        }
        Ok(self.expr(ExprKind::JoinedStr { values }, start))
    }

    /// Pushes a piece of text of a format specification, unless it is empty.
    ///
    /// CPython 3.14: `_PyPegen_decoded_constant_from_token`, which lets the exception of a wrong escape through.
    fn format_text(&mut self, token: &Token, is_raw: bool) -> Parse<()> {
        let text = self.token_text(token);
        let mut value = PyStr::new(text);
        if !is_raw && memchr::memchr(b'\\', text.as_bytes()).is_some() {
            self.buffer.clear();
            match self.decode_unicode(text) {
                Ok(invalid) => self.warn_invalid_escape(text, invalid, token),
                Err(error) => {
                    let error = CompileError::new(ErrorKind::UnicodeDecodeError, None, error.message());
                    return self.raise(error);
                }
            }
            value = PyStr::from_bytes(self.arena.alloc_slice_copy(&self.buffer));
        }
        if !value.is_empty() {
            let constant = self.text_constant(value, token.location());
            self.exprs.push(constant);
        }
        Ok(())
    }

    /// The text of a field's expression, from behind the brace at the token `open` to the token `ending`, without comments.
    ///
    /// CPython 3.14: `set_ftstring_expr`.
    fn expression_text(&mut self, open: &Token, ending: &Token) -> &'a PyStr {
        let text = &self.text[open.end()..ending.start()];
        if memchr::memchr(b'#', text.as_bytes()).is_none() {
            return PyStr::new(text);
        }
        match without_comments(text.as_bytes(), self.target.features.debug_text_knows_strings) {
            Some(shortened) => PyStr::from_bytes(self.arena.alloc_slice_copy(&shortened)),
            None => PyStr::new(text),
        }
    }

    /// Takes the pieces above `mark` off the stack, with neighbouring texts made one and empty ones dropped.
    ///
    /// CPython 3.14: `_build_concatenated_str`.
    pub(super) fn fold_pieces(&mut self, mark: usize) -> &'a [&'a Expr<'a>] {
        let mut kept = mark;
        let mut i = mark;
        while i < self.exprs.len() {
            let mut piece = self.exprs[i];
            let mut next = i + 1;
            if let ExprKind::Constant { is_u, .. } = piece.kind {
                while next < self.exprs.len() && matches!(self.exprs[next].kind, ExprKind::Constant { .. }) {
                    next += 1;
                }
                if next > i + 1 {
                    piece = self.join_texts(i, next, is_u);
                }
            }
            if !is_empty_text(piece) {
                self.exprs[kept] = piece;
                kept += 1;
            }
            i = next;
        }
        self.exprs.truncate(kept);
        self.take_exprs(mark)
    }

    /// One constant of those on the stack from `start` to `end`.
    fn join_texts(&mut self, start: usize, end: usize, is_u: bool) -> &'a Expr<'a> {
        self.buffer.clear();
        for piece in &self.exprs[start..end] {
            if let ExprKind::Constant { value: Constant::Str(text), .. } = piece.kind {
                self.buffer.extend_from_slice(text.as_bytes());
            }
        }
        let value = Constant::Str(PyStr::from_bytes(self.arena.alloc_slice_copy(&self.buffer)));
        let location = self.exprs[start].location.to(self.exprs[end - 1].location);
        self.new_expr(ExprKind::Constant { value, is_u }, location)
    }
}

/// A text without what looks like comments in it. String literals are told by counting quotes, if at all, so that a `#` between
/// nested quotes of the same kind passes for a comment.
fn without_comments(text: &[u8], knows_strings: bool) -> Option<Vec<u8>> {
    let mut result = Vec::with_capacity(text.len());
    let mut quote = None;
    let mut has_comment = false;
    let mut i = 0;
    while let Some(&c) = text.get(i) {
        i += 1;
        match c {
            b'\\' if knows_strings => {
                result.push(c);
                result.extend(text.get(i));
                i += 1;
                continue;
            }
            b'"' | b'\'' if knows_strings => match quote {
                None => quote = Some(c),
                Some(open) if open == c => quote = None,
                Some(_) => {}
            },
            b'#' if quote.is_none() => {
                has_comment = true;
                i += memchr::memchr(b'\n', &text[i..]).unwrap_or(text.len() - i);
                continue;
            }
            _ => {}
        }
        result.push(c);
    }
    has_comment.then_some(result)
}

/// The text of `x =` up to the equals sign.
fn without_equal_sign(text: &PyStr) -> &PyStr {
    let Some(whole) = text.as_str() else { return text };
    let is_filler = |c: char| c == '\\' || c.is_whitespace();
    match whole.trim_end_matches(is_filler).strip_suffix('=') {
        Some(expression) => PyStr::new(expression),
        None => text,
    }
}
