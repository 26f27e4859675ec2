//! The lexer's state, the loop over tokens, and how errors are raised.

use super::chunk::Chunk;
use super::token::Pair;
use super::token_list::TokenWriter;
use super::{ExpressionText, ForbiddenName, OpenBracket, Token, TokenKind, TokenStream};
use crate::diagnostics::{CompileError, ErrorKind, Warning};
use crate::source::{Interner, Location, NameId, PADDING, SourceText};
use crate::target::{Features, PythonVersion};

/// CPython's `MAXLEVEL`.
const MAX_BRACKETS: usize = 200;

/// The error is stored in the lexer.
pub(super) struct Failed;

/// What each lexing function gives.
pub(super) type Lexed<T = ()> = Result<T, Failed>;

/// An f-string or t-string that the lexer is in.
///
/// CPython 3.14: `tokenizer_mode`.
#[derive(Clone, Copy)]
pub(super) struct Mode {
    /// Whether it is in a replacement field's expression, where the ordinary rules hold.
    pub regular: bool,
    pub template: bool,
    pub raw: bool,
    pub in_debug: bool,
    pub in_format_spec: bool,
    pub quote: u8,
    /// 1 or 3.
    pub quote_size: usize,
    pub bracket_depth: i32,
    pub expression_depth: i32,
    /// Offset of the prefix, and the line it is on.
    pub start: usize,
    pub line: u32,
    pub line_start: usize,
    /// Where the text of the last expression starts, and where it ends if that has been seen.
    pub expression_start: usize,
    pub expression_end: Option<usize>,
}

impl Mode {
    /// The letter in messages.
    pub fn letter(&self) -> char {
        if self.template { 't' } else { 'f' }
    }
}

/// The text, the end of line that a last line without one gets, and [`PADDING`] zeros.
#[derive(Clone, Copy)]
pub(super) struct Padded<'a> {
    bytes: &'a [u8],
}

impl<'a> Padded<'a> {
    /// Some bytes from here on, which is not behind the end.
    ///
    /// For names, and all that is shorter, this goes without saying: what is behind the end are zeros, and none of them is part of a
    /// token, so no token ends further on. Whatever may go further sees to it that it does not.
    #[inline(always)]
    pub fn window<const LENGTH: usize>(self, i: usize) -> &'a [u8; LENGTH] {
        const { assert!(LENGTH <= PADDING) };
        debug_assert!(i + PADDING <= self.bytes.len());
        // SAFETY: behind the end there are as many zeros. The lexer does this for each token, and a slice's own way of looking at its
        // length takes a tenth of its time.
        unsafe { &*self.bytes.as_ptr().add(i).cast() }
    }

    /// The place behind a blank, if there is one.
    #[inline(always)]
    pub fn behind_blank(self, i: usize) -> usize {
        i + usize::from(self.window::<1>(i)[0] == b' ')
    }
}

/// A file that is being read.
pub(super) struct Lexer<'a, 'n> {
    pub text: &'a str,
    pub bytes: &'a [u8],
    pub padded: Padded<'a>,
    /// The text's length with the end of line that a last line without one gets.
    pub limit: usize,
    /// The next byte to read.
    pub pos: usize,
    /// The present line and where it starts, each as a token that starts and ends on it has them.
    pub lines: Pair,
    pub line_starts: Pair,
    /// Where CPython's buffer starts: the last line that began between two tokens.
    pub buffer_start: usize,
    pub names: &'n mut Interner<'a>,
    pub version: PythonVersion,
    pub features: Features,
    pub tokens: TokenWriter,
    /// Columns of the indentation around the present one, with tabs to 8 and with tabs to 1.
    pub indents: Vec<(u32, u32)>,
    /// Those of the present one.
    pub indent: (u32, u32),
    /// Where the open brackets stand, as many as `depth` says.
    brackets: [u32; MAX_BRACKETS],
    pub depth: usize,
    pub modes: Vec<Mode>,
    pub warnings: Vec<Warning>,
    pub expression_texts: Vec<ExpressionText>,
    pub error: Option<Box<CompileError>>,
    pub raised_by_lexer: bool,
    pub forbidden_name: Option<ForbiddenName>,
}

impl<'a, 'n> Lexer<'a, 'n> {
    pub fn new(source: &SourceText<'a>, names: &'n mut Interner<'a>, version: PythonVersion) -> Lexer<'a, 'n> {
        let text = source.text;
        let bytes = text.as_bytes();
        let virtual_newline = bytes.last().is_some_and(|&last| last != b'\n');
        let limit = bytes.len() + virtual_newline as usize;
        let padded = Padded { bytes: source.padded(names.arena()) };
        Lexer {
            text,
            bytes,
            padded,
            limit,
            pos: 0,
            lines: Pair::new(1, 1),
            line_starts: Pair::new(0, 0),
            buffer_start: 0,
            names,
            version,
            features: Features::of(version),
            tokens: TokenWriter::with_capacity(bytes.len() / 4 + 16),
            indents: Vec::with_capacity(16),
            indent: (0, 0),
            brackets: [0; MAX_BRACKETS],
            depth: 0,
            modes: Vec::new(),
            warnings: Vec::new(),
            expression_texts: Vec::new(),
            error: None,
            raised_by_lexer: false,
            forbidden_name: None,
        }
    }

    /// Reads all tokens.
    pub fn run(mut self) -> TokenStream {
        if self.all_tokens().is_err() {
            self.push_without_columns(TokenKind::Error, self.pos);
        }
        let open_bracket = self.innermost_bracket();
        TokenStream {
            tokens: self.tokens.finish(),
            error: self.error,
            warnings: self.warnings,
            expression_texts: self.expression_texts,
            open_bracket,
            raised_by_lexer: self.raised_by_lexer,
            inside_fstring: !self.modes.is_empty(),
            forbidden_name: self.forbidden_name,
        }
    }

    fn all_tokens(&mut self) -> Lexed {
        self.pos = self.any_indentation(0)?;
        loop {
            let is_end = match self.modes.last() {
                None => self.normal_tokens::<false>()?,
                Some(mode) if mode.regular => self.normal_tokens::<true>()?,
                Some(_) => {
                    self.fstring_token()?;
                    false
                }
            };
            if is_end {
                return Ok(());
            }
        }
    }

    /// A byte of the text, the end of line that is added to a last line without one, or 0 behind the end.
    #[inline(always)]
    pub fn at(&self, i: usize) -> u8 {
        self.padded.bytes.get(i).copied().unwrap_or_default()
    }

    /// Some bytes from here on, which is not behind the end ([`Padded::window`]).
    #[inline(always)]
    pub fn window<const LENGTH: usize>(&self, i: usize) -> &'a [u8; LENGTH] {
        self.padded.window(i)
    }

    /// Sixteen bytes from here on, to be looked at at once.
    #[inline(always)]
    pub fn chunk(&self, i: usize) -> Chunk {
        Chunk::new(self.window(i))
    }

    /// The present line.
    #[inline]
    pub fn line(&self) -> u32 {
        self.lines.start()
    }

    /// Where it starts.
    #[inline]
    pub fn line_start(&self) -> usize {
        self.line_starts.start() as usize
    }

    /// Goes to another line.
    #[inline]
    pub fn set_line(&mut self, line: u32, start: usize) {
        self.lines = Pair::new(line as usize, line as usize);
        self.line_starts = Pair::new(start, start);
    }

    /// Goes to the line behind the present one.
    #[inline]
    fn next_line(&mut self, start: usize) {
        self.lines = self.lines.next();
        self.line_starts = Pair::new(start, start);
    }

    /// Goes on behind an end of line that lies inside a token. At the end of the file the line stays the last one.
    #[inline]
    pub fn begin_line(&mut self, start: usize) {
        if start < self.limit {
            self.next_line(start);
        }
    }

    /// The same between two tokens.
    #[inline]
    pub fn begin_line_between_tokens(&mut self, start: usize) {
        if start < self.limit {
            self.next_line(start);
            self.buffer_start = start;
        }
    }

    /// Adds a token.
    #[inline(always)]
    pub fn write(&mut self, token: impl FnOnce(&Self) -> Token) {
        self.tokens.reserve_one();
        let token = token(self);
        // SAFETY: there is room for it.
        unsafe { self.tokens.push(token) };
    }

    /// Adds a token that lies on the present line and goes on behind it.
    #[inline(always)]
    pub fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        self.pos = self.add(kind, start, end);
    }

    /// Adds a token that lies on the present line, and gives its end.
    #[inline(always)]
    pub fn add(&mut self, kind: TokenKind, start: usize, end: usize) -> usize {
        let span = Pair::new(start, end);
        self.write(|lexer| Token::new(kind, lexer.lines, span.minus(lexer.line_starts), span));
        end
    }

    /// The same for a name or keyword.
    #[inline(always)]
    pub fn add_name(&mut self, kind: TokenKind, name: NameId, start: usize, end: usize) -> usize {
        let span = Pair::new(start, end);
        self.write(|lexer| Token::new(kind, lexer.lines, span.minus(lexer.line_starts), span).named(name));
        end
    }

    /// Adds a token that CPython gives no columns.
    #[inline]
    pub fn push_without_columns(&mut self, kind: TokenKind, pos: usize) {
        let token = self.token_without_columns(kind, pos);
        self.write(|_| token);
    }

    /// A token that CPython gives no columns.
    #[inline]
    pub fn token_without_columns(&self, kind: TokenKind, pos: usize) -> Token {
        let offset = pos.min(self.bytes.len());
        let columns = Pair::new(Token::NO_COLUMN as usize, Token::NO_COLUMN as usize);
        Token::new(kind, self.lines, columns, Pair::new(offset, offset))
    }

    /// Notes a bracket; gives whether there are not too many.
    #[inline(always)]
    pub fn enter_bracket(&mut self, start: usize) -> bool {
        let Some(place) = self.brackets.get_mut(self.depth) else { return false };
        *place = start as u32;
        self.depth += 1;
        true
    }

    /// Where the innermost bracket that is open stands.
    #[inline(always)]
    pub fn innermost_bracket_place(&self) -> Option<usize> {
        Some(*self.brackets.get(self.depth.checked_sub(1)?)? as usize)
    }

    /// The innermost bracket that is open.
    #[cold]
    pub fn innermost_bracket(&self) -> Option<OpenBracket> {
        let place = self.innermost_bracket_place()?;
        let before = &self.bytes[..place];
        let line = 1 + memchr::memchr_iter(b'\n', before).count() as u32;
        let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count() as u32;
        Some(OpenBracket { bracket: self.at(place), line, column })
    }

    /// Raises a `SyntaxError` when everything before `cursor` has been read; it points at the character before.
    ///
    /// CPython 3.14: `_PyTokenizer_syntaxerror`.
    #[cold]
    pub fn fail(&mut self, cursor: usize, message: impl Into<String>) -> Failed {
        let column = match self.text.get(self.line_start()..cursor.min(self.bytes.len())) {
            Some(read) if cursor <= self.bytes.len() => {
                read.len() as i32 - read.chars().next_back().map_or(1, char::len_utf8) as i32
            }
            _ => (cursor - self.line_start()) as i32 - 1,
        };
        self.pos = cursor;
        self.raise(CompileError::syntax(Location::new(self.line() as i32, self.line() as i32, column, column), message))
    }

    /// Raises a `SyntaxError` for what lies between two offsets on the present line.
    ///
    /// CPython 3.14: `_PyTokenizer_syntaxerror_known_range`, which takes `start` as it is and the last byte as `end`.
    #[cold]
    pub fn fail_range(&mut self, start: usize, end: usize, message: impl Into<String>) -> Failed {
        let column = |offset: usize| (offset - self.line_start()) as i32;
        let location = Location::new(self.line() as i32, self.line() as i32, column(start), column(end));
        self.raise(CompileError::syntax(location, message))
    }

    fn raise(&mut self, error: Box<CompileError>) -> Failed {
        self.error = Some(error);
        self.raised_by_lexer = true;
        Failed
    }

    /// Stores the error that CPython's parser raises on an error token.
    ///
    /// CPython 3.14: `_Pypegen_tokenizer_error`.
    #[cold]
    pub fn fail_in_parser(&mut self, kind: ErrorKind, column: i32, message: &str) -> Failed {
        let location = Location::new(self.line() as i32, self.line() as i32, column, -1);
        self.error = Some(CompileError::new(kind, Some(location), message));
        Failed
    }

    /// The same where the end is unknown to CPython, which shows an end offset of -1 rather than 0.
    #[cold]
    pub fn fail_at_last_token(&mut self, kind: ErrorKind, column: i32, message: &str) -> Failed {
        let location = Location::new(self.line() as i32, self.line() as i32, column, -2);
        self.error = Some(CompileError::new(kind, Some(location), message));
        Failed
    }

    /// The text ends where more must follow.
    #[cold]
    pub fn fail_at_end(&mut self) -> Failed {
        self.pos = self.limit;
        if let Some(open) = self.innermost_bracket() {
            self.error = Some(open.never_closed());
            return Failed;
        }
        let column = (self.limit - self.line_start()) as i32 - 1;
        self.fail_at_last_token(ErrorKind::SyntaxError, column, "unexpected EOF while parsing")
    }

    /// Where the present line ends, its end of line included.
    pub fn line_limit(&self) -> usize {
        let start = self.line_start().min(self.bytes.len());
        memchr::memchr(b'\n', &self.bytes[start..]).map_or(self.limit, |i| start + i + 1)
    }

    /// Notes a warning on the present line, for which CPython gives no column.
    pub fn warn(&mut self, message: String) {
        let location = self.line_location();
        self.warnings.push(Warning { category: "SyntaxWarning", message, location });
    }

    /// The present line as a place without columns.
    pub fn line_location(&self) -> Location {
        Location::new(self.line() as i32, self.line() as i32, -1, -1)
    }
}
