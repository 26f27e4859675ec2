//! From tokens to the tree: a recursive-descent parser with precedence climbing for operators.
//!
//! It accepts the union of the grammars of all targets, refuses what the target at hand lacks (`version_gate`) and gives the
//! tree that CPython's PEG parser gives, with the same places. On a syntax error it only says where it stopped, with the
//! words of CPython's generic error: finding the exact words is the work of `invalid_syntax`, a second pass over files that
//! failed. Errors that CPython raises while it builds nodes (literals, f-strings) are worded here.

mod assignment_target;
mod atom;
mod call;
mod compound;
mod comprehension;
mod definition;
mod escape;
mod expression;
mod fstring;
mod import;
pub mod invalid_syntax;
mod literal;
mod number;
mod pattern;
mod rewrites;
mod room;
mod statement;
mod string_fstring;
mod type_params;
mod version_gate;

pub use invalid_syntax::diagnose;
pub use version_gate::{GatedSyntax, SyntaxUses};

use crate::ast::{
    Alias, Arg, CmpOp, Comprehension, ExceptHandler, Expr, ExprKind, Exprs, Keyword, MatchCase, Module, Pattern, Stmt,
    StmtKind, TypeParam, WithItem,
};
use crate::diagnostics::{CompileError, ErrorKind, Result, Warning};
use crate::lexer::{Cursor, ForbiddenName, Token, TokenKind, TokenList, TokenStream};
use crate::source::{Interner, Location, NameId, SourceText};
use crate::target::Target;
use bumpalo::Bump;
use rewrites::Notes;
use room::Room;

/// Where nesting ends for this parser. It only guesses how deep CPython's rules go, so the limit is wider than CPython's (`MAXSTACK`,
/// 6000 calls).
const MAX_LEVEL: u32 = 8000;

/// From how many levels on CPython may have given up.
const NEAR_LIMIT: u32 = 1400;

/// The levels of CPython's rules that one construct takes; measured on CPython 3.14.
mod level {
    pub const PREFIX_OPERATOR: u32 = 1;
    pub const CONDITIONAL: u32 = 1;
    pub const ELIF: u32 = 1;
    pub const LAMBDA: u32 = 2;
    pub const POWER: u32 = 2;
    pub const BLOCK: u32 = 6;
    pub const TRAILER: u32 = 24;
    pub const BRACKET: u32 = 28;
    pub const REPLACEMENT_FIELD: u32 = 33;
}

/// The parse cannot go on here; what is wrong, if it is more than "invalid syntax", is in [`Parser::error`].
#[derive(Clone, Copy, Debug)]
struct Failed;

type Parse<T> = std::result::Result<T, Failed>;

/// What a parse gives beside the tree.
#[derive(Clone, Copy, Debug)]
pub struct Parsed<'a> {
    pub module: &'a Module<'a>,
    /// The newer syntax that the file uses: another target that has all of it can take the same tree.
    pub uses: SyntaxUses,
    /// It is nested so deeply that CPython may refuse it: `invalid_syntax::refusal` knows.
    pub is_deep: bool,
}

/// Why there is no tree.
#[derive(Clone, Debug)]
pub enum ParseError {
    /// An error in CPython's words, raised by the lexer or while a node was built.
    Raised(Box<CompileError>),
    /// No rule of the grammar can take the token with this index. Which of CPython's messages applies is still to be found.
    Generic { token: usize },
}

/// Parses a file. Text, tokens and names must belong together.
///
/// A syntax error that has no words of its own yet is "invalid syntax" at the token where the parse ended.
pub fn parse_module<'a>(
    source: &SourceText<'a>,
    stream: &TokenStream,
    names: &mut Interner<'a>,
    arena: &'a Bump,
    target: &'static Target,
    warnings: &mut Vec<Warning>,
) -> Result<&'a Module<'a>> {
    match parse(source, stream, names, arena, target, warnings) {
        Ok(parsed) => Ok(parsed.module),
        Err(ParseError::Raised(error)) => Err(error),
        Err(ParseError::Generic { token }) => {
            let location = stream.tokens.get(token).map_or(Location::new(1, 1, 0, 0), Token::location);
            Err(CompileError::syntax(location, "invalid syntax"))
        }
    }
}

/// The same, for callers that look for the exact words of a syntax error themselves, or parse for several targets.
pub fn parse<'a>(
    source: &SourceText<'a>,
    stream: &TokenStream,
    names: &mut Interner<'a>,
    arena: &'a Bump,
    target: &'static Target,
    warnings: &mut Vec<Warning>,
) -> Result<Parsed<'a>, ParseError> {
    let mut parser = Parser::new(source.text, &stream.tokens, names, arena, target, warnings);
    let result = parser.module();
    // CPython 3.14: `_PyPegen_new_identifier`.
    if let Some(ForbiddenName { token, constant }) = stream.forbidden_name
        && (result.is_ok() || parser.furthest.max(parser.pos()) >= token)
    {
        let message = format!("identifier field can't represent '{constant}' constant");
        return Err(ParseError::Raised(CompileError::new(ErrorKind::ValueError, None, message)));
    }
    match result {
        Ok(module) => Ok(Parsed { module, uses: parser.uses, is_deep: parser.deepest >= NEAR_LIMIT }),
        Err(Failed) => Err(parser.into_error(stream)),
    }
}

/// The state of a parse.
///
/// The vectors are stacks on which sequences are gathered before they are copied to the arena; a rule remembers the height
/// it found and leaves the stack at that height.
struct Parser<'s, 'a> {
    text: &'a str,
    tokens: &'s TokenList,
    /// Where the next token is.
    cursor: Cursor<'s>,
    /// The last token of the last line of simple statements.
    line_end: &'s Token,
    /// The farthest token at which an attempt failed.
    furthest: usize,
    arena: &'a Bump,
    /// Where nodes are put.
    room: Room<'a>,
    names: &'s mut Interner<'a>,
    target: &'static Target,
    warnings: &'s mut Vec<Warning>,
    uses: SyntaxUses,
    notes: Notes,
    /// How many `finally` blocks are around.
    finally_blocks: u32,
    error: Option<Box<CompileError>>,
    level: u32,
    deepest: u32,
    /// `from __future__ import barry_as_FLUFL` was seen: `<>` it is, and not `!=`.
    barry_as_flufl: bool,
    stmts: Vec<&'a Stmt<'a>>,
    exprs: Vec<&'a Expr<'a>>,
    optional_exprs: Vec<Option<&'a Expr<'a>>>,
    patterns: Vec<&'a Pattern<'a>>,
    keywords: Vec<Keyword<'a>>,
    args: Vec<Arg<'a>>,
    comprehensions: Vec<Comprehension<'a>>,
    cmp_ops: Vec<CmpOp>,
    name_ids: Vec<NameId>,
    aliases: Vec<Alias>,
    type_params: Vec<TypeParam<'a>>,
    with_items: Vec<WithItem<'a>>,
    handlers: Vec<ExceptHandler<'a>>,
    cases: Vec<MatchCase<'a>>,
    /// Parts of f-strings whose escapes are decoded when the string ends: index in `exprs`, index of the token.
    undecoded: Vec<(usize, usize)>,
    /// Where literals are put together.
    buffer: Vec<u8>,
}

/// A place to return to when an attempt fails.
struct Checkpoint {
    pos: usize,
    level: u32,
    warnings: usize,
    exprs: usize,
    with_items: usize,
}

/// Puts what a rule gathered among the nodes and takes it off the stack.
#[inline(always)]
fn take<'a, T: Copy>(room: &mut Room<'a>, stack: &mut Vec<T>, mark: usize) -> &'a [T] {
    if stack.len() == mark { &[] } else { take_some(room, stack, mark) }
}

#[inline(never)]
fn take_some<'a, T: Copy>(room: &mut Room<'a>, stack: &mut Vec<T>, mark: usize) -> &'a [T] {
    let Some(list) = room.put_short_list(&stack[mark..]) else { return take_many(room, stack, mark) };
    // SAFETY: there are more items than these, and none has to be dropped.
    unsafe { stack.set_len(mark) };
    list
}

#[cold]
#[inline(never)]
fn take_many<'a, T: Copy>(room: &mut Room<'a>, stack: &mut Vec<T>, mark: usize) -> &'a [T] {
    let list = room.put_list(&stack[mark..]);
    stack.truncate(mark);
    list
}

const fn is_layout(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent)
}

impl<'s, 'a> Parser<'s, 'a> {
    fn new(
        text: &'a str,
        tokens: &'s TokenList,
        names: &'s mut Interner<'a>,
        arena: &'a Bump,
        target: &'static Target,
        warnings: &'s mut Vec<Warning>,
    ) -> Parser<'s, 'a> {
        Parser {
            text,
            tokens,
            cursor: tokens.cursor(),
            furthest: 0,
            arena,
            room: Room::new(arena),
            line_end: tokens.cursor().token(),
            names,
            target,
            warnings,
            uses: SyntaxUses::default(),
            notes: Notes::default(),
            finally_blocks: 0,
            error: None,
            level: 0,
            deepest: 0,
            barry_as_flufl: false,
            stmts: Vec::with_capacity(128),
            exprs: Vec::with_capacity(256),
            optional_exprs: Vec::new(),
            patterns: Vec::new(),
            keywords: Vec::with_capacity(32),
            args: Vec::with_capacity(32),
            comprehensions: Vec::new(),
            cmp_ops: Vec::new(),
            name_ids: Vec::new(),
            aliases: Vec::with_capacity(32),
            type_params: Vec::new(),
            with_items: Vec::new(),
            handlers: Vec::new(),
            cases: Vec::new(),
            undecoded: Vec::new(),
            buffer: Vec::new(),
        }
    }

    /// `file`.
    fn module(&mut self) -> Parse<&'a Module<'a>> {
        let mark = self.stmts.len();
        while self.kind() != TokenKind::EndMarker {
            self.statement()?;
        }
        let body = take(&mut self.room, &mut self.stmts, mark);
        let rewrites = Some(std::mem::take(&mut self.notes).finish(self.arena));
        Ok(self.room.put(Module { body, rewrites }))
    }

    /// Why the parse has failed for good.
    fn into_error(mut self, stream: &TokenStream) -> ParseError {
        let token = self.furthest.max(self.pos()).min(self.tokens.len().saturating_sub(1));
        let at = self.tokens.get(token);
        if let Some(error) = self.error.take() {
            // An error of the lexer further on comes first, as CPython then reads the rest of the file.
            let instead = match error.kind {
                ErrorKind::SyntaxError => at.and_then(|at| stream.error_instead(at.line())),
                _ => None,
            };
            return ParseError::Raised(instead.unwrap_or(error));
        }
        match (at, &stream.error) {
            (Some(Token { kind: TokenKind::Error, .. }), Some(error)) => ParseError::Raised(error.clone()),
            _ => ParseError::Generic { token },
        }
    }

    // Moving on.

    /// The next token.
    #[inline(always)]
    fn token(&self) -> &'s Token {
        self.cursor.token()
    }

    /// Its kind.
    #[inline(always)]
    fn kind(&self) -> TokenKind {
        self.cursor.token().kind
    }

    /// The kind of the token behind it.
    #[inline(always)]
    fn next_kind(&self) -> TokenKind {
        self.cursor.following().kind
    }

    /// The token taken last.
    #[inline(always)]
    fn previous(&self) -> &'s Token {
        self.cursor.previous()
    }

    /// Takes the next token, unless it is the last one, which no rule takes.
    #[inline(always)]
    fn bump(&mut self) {
        self.cursor.advance();
    }

    /// Index of the next token.
    fn pos(&self) -> usize {
        self.cursor.index(self.tokens)
    }

    /// Goes back to the token with an index.
    fn go_to(&mut self, pos: usize) {
        self.cursor.go_to(self.tokens, pos);
    }

    #[inline]
    fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.kind() == kind;
        if found {
            self.bump();
        }
        found
    }

    #[inline]
    fn expect(&mut self, kind: TokenKind) -> Parse<()> {
        if self.eat(kind) { Ok(()) } else { self.fail() }
    }

    /// The next token if it is a name.
    #[inline]
    fn expect_name(&mut self) -> Parse<NameId> {
        if self.kind() != TokenKind::Name {
            return self.fail();
        }
        let name = self.token().name;
        self.bump();
        Ok(name)
    }

    /// Whether the next token is a soft keyword, which must be spelled as it stands: a name that only NFKC turns into the
    /// keyword does not count.
    #[inline]
    fn at_soft_keyword(&self, keyword: NameId, length: usize) -> bool {
        let token = self.token();
        token.name == keyword && token.kind == TokenKind::Name && token.end() - token.start() == length
    }

    // Failing.

    /// The parse cannot go on at the next token.
    #[cold]
    #[inline(never)]
    fn fail<T>(&mut self) -> Parse<T> {
        self.furthest = self.furthest.max(self.pos());
        Err(Failed)
    }

    /// An error that no other way of reading the text can avoid.
    #[cold]
    #[inline(never)]
    fn raise<T>(&mut self, error: Box<CompileError>) -> Parse<T> {
        self.error.get_or_insert(error);
        Err(Failed)
    }

    /// A `SyntaxError` of that kind.
    #[cold]
    #[inline(never)]
    fn raise_syntax<T>(&mut self, location: Location, message: impl Into<String>) -> Parse<T> {
        self.raise(CompileError::syntax(location, message))
    }

    /// Goes down by as many levels as CPython's rules would.
    #[inline]
    fn enter(&mut self, levels: u32) -> Parse<()> {
        self.level += levels;
        if self.level > self.deepest { self.enter_anew() } else { Ok(()) }
    }

    /// Goes down to where the parse has not been yet.
    #[cold]
    #[inline(never)]
    fn enter_anew(&mut self) -> Parse<()> {
        self.deepest = self.level;
        if self.level > MAX_LEVEL {
            let message = "Parser stack overflowed - Python source too complex to parse";
            return self.raise(CompileError::new(ErrorKind::MemoryError, None, message));
        }
        Ok(())
    }

    #[inline]
    fn leave(&mut self, levels: u32) {
        self.level -= levels;
    }

    // Trying.

    fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            pos: self.pos(),
            level: self.level,
            warnings: self.warnings.len(),
            exprs: self.exprs.len(),
            with_items: self.with_items.len(),
        }
    }

    /// Goes back after an attempt that failed, unless it failed for good. The stacks that no attempt leaves in use are
    /// left as they are: their users remember heights.
    fn restore(&mut self, checkpoint: &Checkpoint) -> Parse<()> {
        if self.error.is_some() {
            return Err(Failed);
        }
        self.go_to(checkpoint.pos);
        self.level = checkpoint.level;
        self.warnings.truncate(checkpoint.warnings);
        self.exprs.truncate(checkpoint.exprs);
        self.with_items.truncate(checkpoint.with_items);
        Ok(())
    }

    // Making nodes.

    /// From the token at `start` to the last token taken that is not layout (CPython's `EXTRA`).
    #[inline]
    fn location(&self, start: &Token) -> Location {
        let previous = self.previous();
        start.to(if is_layout(previous.kind) { self.line_end } else { previous })
    }

    #[inline(always)]
    fn new_expr(&mut self, kind: ExprKind<'a>, location: Location) -> &'a Expr<'a> {
        self.room.put(Expr { kind, location })
    }

    /// An expression from the token at `start` to the last one taken, which is no layout.
    #[inline(always)]
    fn expr(&mut self, kind: ExprKind<'a>, start: &'s Token) -> &'a Expr<'a> {
        let place = self.room.place();
        place.write(Expr { kind, location: self.taken_from(start) })
    }

    /// From a token to the last one taken, which is no layout.
    #[inline(always)]
    fn taken_from(&self, start: &Token) -> Location {
        debug_assert!(!is_layout(self.previous().kind));
        start.to(self.previous())
    }

    /// A statement from the token at `start` to the last one taken that is no layout.
    #[inline]
    fn stmt(&mut self, kind: StmtKind<'a>, start: &'s Token) -> &'a Stmt<'a> {
        let location = self.location(start);
        self.room.put(Stmt { kind, location })
    }

    /// The same for a simple statement, behind which there is no layout yet.
    #[inline(always)]
    fn simple(&mut self, kind: StmtKind<'a>, start: &'s Token) -> &'a Stmt<'a> {
        let place = self.room.place();
        place.write(Stmt { kind, location: self.taken_from(start) })
    }

    /// A list of one.
    #[inline]
    fn only(&mut self, expr: &'a Expr<'a>) -> Exprs<'a> {
        std::slice::from_ref(self.room.put(expr))
    }

    #[inline]
    fn take_exprs(&mut self, mark: usize) -> &'a [&'a Expr<'a>] {
        take(&mut self.room, &mut self.exprs, mark)
    }

    /// The text of a token.
    #[inline]
    fn token_text(&self, token: &Token) -> &'a str {
        &self.text[token.start()..token.end()]
    }
}

#[cfg(test)]
mod tests;
