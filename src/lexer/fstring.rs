//! f-strings and t-strings: the text between replacement fields, and what ends an expression (PEP 701, PEP 750).

use super::chunk::CHUNK;
use super::core::{Failed, Lexed, Lexer, Mode};
use super::token::Pair;
use super::{ExpressionText, Token, TokenKind};

/// CPython's `MAXFSTRINGLEVEL`.
const MAX_FSTRINGS: usize = 150;
/// CPython's `MAX_EXPR_NESTING`.
const MAX_EXPRESSION_NESTING: i32 = 3;

impl Lexer<'_, '_> {
    /// Reads the prefix and the opening quotes.
    pub(super) fn fstring_start(&mut self, start: usize, quote: usize, raw: bool, template: bool) -> Lexed<usize> {
        let mark = self.bytes[quote];
        let quote_size = if self.at(quote + 1) == mark && self.at(quote + 2) == mark { 3 } else { 1 };
        let end = quote + quote_size;
        if self.modes.len() + 1 >= MAX_FSTRINGS {
            return Err(self.fail(end, "too many nested f-strings or t-strings"));
        }
        self.modes.push(Mode {
            regular: false,
            template,
            raw,
            in_debug: false,
            in_format_spec: false,
            quote: mark,
            quote_size,
            bracket_depth: 0,
            expression_depth: -1,
            start,
            line: self.line(),
            line_start: self.line_start(),
            expression_start: 0,
            expression_end: None,
        });
        Ok(self.add(if template { TokenKind::TStringStart } else { TokenKind::FStringStart }, start, end))
    }

    /// Reads the text up to a brace or the end, or the closing quotes.
    ///
    /// CPython 3.14: `tok_get_fstring_mode`.
    pub(super) fn fstring_token(&mut self) -> Lexed {
        let start = self.pos;
        let Some(&mode) = self.modes.last() else { return Ok(()) };
        if self.at(start) == b'{' && self.at(start + 1) != b'{' {
            return self.enter_expression(start);
        }
        if self.closes(start, &mode) {
            self.modes.pop();
            let kind = if mode.template { TokenKind::TStringEnd } else { TokenKind::FStringEnd };
            self.push(kind, start, start + mode.quote_size);
            return Ok(());
        }
        self.fstring_middle(start, &mode)
    }

    fn closes(&self, i: usize, mode: &Mode) -> bool {
        self.at(i) == mode.quote
            && (mode.quote_size == 1 || (self.at(i + 1) == mode.quote && self.at(i + 2) == mode.quote))
    }

    /// Goes to the ordinary rules for the brace at `brace`, which is read next.
    fn enter_expression(&mut self, brace: usize) -> Lexed {
        self.pos = brace;
        let Some(mode) = self.modes.last_mut() else { return Ok(()) };
        mode.expression_depth += 1;
        if mode.expression_depth >= MAX_EXPRESSION_NESTING {
            let message = format!("{}-string: expressions nested too deeply", mode.letter());
            return Err(self.fail(brace, message));
        }
        mode.regular = true;
        Ok(())
    }

    fn fstring_middle(&mut self, start: usize, mode: &Mode) -> Lexed {
        let first = (self.line(), start - self.line_start());
        let in_format_spec = mode.in_format_spec && mode.expression_depth >= 0;
        let mut unicode_escape = false;
        let mut i = start;
        loop {
            i = self.plain_text_end(i, mode.quote);
            let c = self.at(i);
            let ends_line = c == b'\n' && mode.quote_size == 1;
            if ends_line && i < self.limit && in_format_spec && !self.features.single_line_format_specs {
                if let Some(mode) = self.modes.last_mut() {
                    mode.regular = true;
                }
                self.leave_format_spec();
                self.push_middle(first, start, i, i, mode);
                return Ok(());
            }
            if i >= self.limit || ends_line {
                return Err(self.unterminated_fstring(i, mode, in_format_spec));
            }
            match c {
                b'\n' => {
                    i += 1;
                    self.begin_line(i);
                }
                b'{' => {
                    if let Some(mode) = self.modes.last_mut() {
                        mode.expression_start = i + 1;
                        mode.expression_end = None;
                    }
                    if self.at(i + 1) == b'{' && !in_format_spec {
                        self.push_middle(first, start, i + 1, i + 2, mode);
                        return Ok(());
                    }
                    self.enter_expression(i)?;
                    self.leave_format_spec();
                    self.push_middle(first, start, i, i, mode);
                    return Ok(());
                }
                b'}' if unicode_escape => {
                    self.push_middle(first, start, i + 1, i + 1, mode);
                    return Ok(());
                }
                b'}' => {
                    if self.at(i + 1) == b'}' && !in_format_spec && mode.bracket_depth == 0 {
                        self.push_middle(first, start, i + 1, i + 2, mode);
                        return Ok(());
                    }
                    if let Some(mode) = self.modes.last_mut() {
                        mode.regular = true;
                    }
                    self.leave_format_spec();
                    self.push_middle(first, start, i, i, mode);
                    return Ok(());
                }
                b'\\' => i = self.fstring_escape(i, mode, &mut unicode_escape),
                _ if c == mode.quote && self.closes(i, mode) => {
                    self.push_middle(first, start, i, i, mode);
                    return Ok(());
                }
                _ => i += 1,
            }
        }
    }

    /// The first byte from here on that may mean something in an f-string, or the end of the text.
    #[inline]
    fn plain_text_end(&self, mut i: usize, quote: u8) -> usize {
        while i < self.limit {
            let chunk = self.chunk(i);
            let braces = chunk.equal(b'{') | chunk.equal(b'}');
            let found = braces | chunk.equal(quote) | chunk.equal(b'\\') | chunk.equal(b'\n');
            if found != 0 {
                return i + found.trailing_zeros() as usize;
            }
            i += CHUNK;
        }
        i.min(self.limit)
    }

    /// Skips a backslash and what it escapes; gives where to go on.
    fn fstring_escape(&mut self, backslash: usize, mode: &Mode, unicode_escape: &mut bool) -> usize {
        let i = backslash + 1;
        match self.at(i) {
            c @ (b'{' | b'}') => {
                if !mode.raw {
                    let escape = if c == b'{' { "{" } else { "}" };
                    let location = self.line_location();
                    self.warnings.push(crate::diagnostics::Warning::invalid_escape(
                        escape,
                        "escape",
                        location,
                        &self.features,
                    ));
                }
                i
            }
            b'N' if !mode.raw && self.at(i + 1) == b'{' => {
                *unicode_escape = true;
                i + 2
            }
            b'\n' => {
                self.begin_line(i + 1);
                i + 1
            }
            // At the end of the text there is nothing to skip.
            _ => (i + 1).min(self.limit),
        }
    }

    fn leave_format_spec(&mut self) {
        if let Some(mode) = self.modes.last_mut() {
            mode.in_format_spec = false;
        }
    }

    /// Adds a middle whose text ends at `end`, and goes on at `next`.
    fn push_middle(&mut self, (line, column): (u32, usize), start: usize, end: usize, next: usize, mode: &Mode) {
        self.pos = next;
        let kind = if mode.template { TokenKind::TStringMiddle } else { TokenKind::FStringMiddle };
        let lines = Pair::new(line as usize, self.line() as usize);
        let columns = Pair::new(column, next - self.line_start());
        self.write(|_| Token::new(kind, lines, columns, Pair::new(start, end)));
    }

    #[cold]
    fn unterminated_fstring(&mut self, stop: usize, mode: &Mode, in_format_spec: bool) -> Failed {
        let letter = mode.letter();
        if in_format_spec && stop < self.limit {
            let message = format!(
                "{letter}-string: newlines are not allowed in format specifiers for single quoted {letter}-strings"
            );
            return self.fail(stop + 1, message);
        }
        let line = self.line();
        self.set_line(mode.line, mode.line_start);
        let quotes = if mode.quote_size == 3 { "triple-quoted " } else { "" };
        let message = format!("unterminated {quotes}{letter}-string literal (detected at line {line})");
        self.fail(mode.start + 1, message)
    }

    /// What `{`, `}`, `!` and `:` do in a replacement field before they are read as ordinary tokens. Gives whether the colon
    /// starts a format specification, in which case its token is written.
    ///
    /// CPython 3.14: "Punctuation character" in `tok_get_normal_mode`, `_PyLexer_update_ftstring_expr`,
    /// `set_ftstring_expr`.
    pub(super) fn fstring_punctuation(&mut self, start: usize, c: u8) -> bool {
        let token = self.tokens.len() as u32;
        let Some(mode) = self.modes.last_mut() else { return false };
        if mode.expression_depth < 0 {
            return false;
        }
        let cursor = mode.bracket_depth - (c != b'{') as i32;
        if cursor == 0 || (cursor == 1 && (mode.in_debug || mode.in_format_spec)) {
            match c {
                b'{' => {
                    mode.expression_start = start + 1;
                    mode.expression_end = None;
                }
                b':' => {
                    mode.expression_end.get_or_insert(start);
                }
                _ => mode.expression_end = Some(start),
            }
            if c != b'{'
                && (mode.in_debug || mode.template)
                && let Some(end) = mode.expression_end
            {
                let text = ExpressionText {
                    token,
                    start: mode.expression_start as u32,
                    end: end.max(mode.expression_start) as u32,
                };
                self.expression_texts.push(text);
            }
        }
        if c == b':' && cursor == mode.expression_depth {
            mode.regular = false;
            mode.in_format_spec = true;
            self.push(TokenKind::Colon, start, start + 1);
            return true;
        }
        false
    }
}
