//! Runs the rules: alternatives in order with backtracking, as a PEG has it, and the bookkeeping that the messages depend on.
//!
//! Everything here has its counterpart in what CPython's parser generator writes and in Parser/pegen.c: how far the lexer has been
//! asked (`fill`), what is kept in the memo, when a place in the input is restored and when it is not.

use super::node::{Kind, Node, Value, expression_name, invalid_target};
use super::table::{Action, Alternative, Item, Match, Memo, Place, REWORDED_IN_15, Rule};
use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::lexer::{Token, TokenKind};
use crate::source::{Interner, Location, NameId, known};
use crate::target::Features;
use bumpalo::Bump;

/// CPython's limit on nested calls of rules. CPython 3.14: `MAXSTACK`.
const MAX_LEVEL: u32 = 6000;

/// The tokens of a file with what the rules ask of them.
pub(super) struct Tokens<'s> {
    list: &'s [Token],
    text: &'s str,
    /// How many brackets are open after each token.
    depth: Vec<u16>,
    /// Why the last token is [`TokenKind::Error`].
    error: Option<&'s CompileError>,
}

impl<'s> Tokens<'s> {
    pub fn new(list: &'s [Token], text: &'s str, error: Option<&'s CompileError>) -> Tokens<'s> {
        let mut open = 0u16;
        let depth = list
            .iter()
            .map(|token| {
                match token.kind {
                    TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::LeftBrace => {
                        open = open.saturating_add(1)
                    }
                    TokenKind::RightParen | TokenKind::RightBracket | TokenKind::RightBrace => {
                        open = open.saturating_sub(1)
                    }
                    _ => {}
                }
                open
            })
            .collect();
        Tokens { list, text, depth, error }
    }

    /// A token; behind the end, the last one.
    pub fn get(&self, index: usize) -> &Token {
        &self.list[index.min(self.list.len() - 1)]
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The text of a token.
    pub fn text(&self, index: usize) -> &'s str {
        let token = self.get(index);
        self.text.get(token.start()..token.end()).unwrap_or("")
    }

    /// How many brackets are open after a token.
    pub fn depth(&self, index: usize) -> u16 {
        self.depth[index.min(self.depth.len() - 1)]
    }

    /// Why the last token is an error.
    pub fn error(&self) -> Option<&'s CompileError> {
        self.error
    }

    /// The line that a token begins on.
    pub fn line(&self, index: usize) -> u32 {
        self.get(index).line()
    }

    /// Where a token stands, with -1 as columns of the tokens that have no text.
    pub fn location(&self, index: usize) -> Location {
        self.get(index).location()
    }

    /// Where CPython's lexer stands when it has given a token: line, and bytes from the line's start.
    pub fn cursor(&self, index: usize) -> (i32, i32) {
        let token = self.get(index);
        if token.column() != Token::NO_COLUMN {
            return (token.end_line() as i32, token.end_column() as i32);
        }
        // At the end of the file the lexer stays on the last line, behind its end of line, which is added if there is none.
        let read = &self.text.as_bytes()[..token.start().min(self.text.len())];
        let is_at_end = read.len() == self.text.len();
        let added = is_at_end && read.last().is_some_and(|&byte| byte != b'\n');
        let before = if is_at_end && !added { &read[..read.len().saturating_sub(1)] } else { read };
        let start = memchr::memrchr(b'\n', before).map_or(0, |i| i + 1);
        (token.line() as i32, (read.len() - start) as i32 + added as i32)
    }

    /// The token that opened the innermost f-string or t-string which is open after a token.
    pub fn enclosing_string(&self, index: usize) -> Option<usize> {
        let mut closed = 0u32;
        for i in (0..=index.min(self.list.len() - 1)).rev() {
            match self.list[i].kind {
                TokenKind::FStringEnd | TokenKind::TStringEnd => closed += 1,
                TokenKind::FStringStart | TokenKind::TStringStart if closed == 0 => return Some(i),
                TokenKind::FStringStart | TokenKind::TStringStart => closed -= 1,
                _ => {}
            }
        }
        None
    }

    /// `f` or `t`, by the string that is open after a token.
    pub fn string_prefix(&self, index: usize) -> char {
        match self.enclosing_string(index) {
            Some(start) if self.list[start].kind == TokenKind::TStringStart => 't',
            _ => 'f',
        }
    }
}

/// An outcome that is kept. The outcomes at one token form a chain.
struct MemoEntry<'a> {
    rule: &'static Rule,
    value: Option<Value<'a>>,
    mark: u32,
    next: u32,
}

/// The end of a chain of outcomes.
const NO_ENTRY: u32 = u32::MAX;

/// One pass over the tokens.
pub(super) struct Pass<'p, 'a> {
    pub tokens: &'p Tokens<'p>,
    pub names: &'p Interner<'a>,
    pub arena: &'a Bump,
    pub features: &'p Features,
    /// The next token.
    pub mark: usize,
    /// How many tokens the lexer has been asked for.
    pub fill: usize,
    /// Whether the rules that exist to find errors are tried.
    pub invalid_rules: bool,
    /// `from __future__ import barry_as_FLUFL` has been seen.
    pub barry_as_flufl: bool,
    /// The line of the last compound statement that the second pass took.
    pub statement_line: u32,
    level: u32,
    heads: Vec<u32>,
    entries: Vec<MemoEntry<'a>>,
    values: Vec<Value<'a>>,
}

impl<'p, 'a> Pass<'p, 'a> {
    pub fn new(
        tokens: &'p Tokens<'p>,
        names: &'p Interner<'a>,
        arena: &'a Bump,
        features: &'p Features,
    ) -> Pass<'p, 'a> {
        Pass {
            tokens,
            names,
            arena,
            features,
            mark: 0,
            fill: 0,
            invalid_rules: false,
            barry_as_flufl: false,
            statement_line: 0,
            level: 0,
            heads: vec![NO_ENTRY; tokens.len() + 1],
            entries: Vec::new(),
            values: Vec::with_capacity(256),
        }
    }

    /// Starts over with the rules that find errors. CPython 3.14: `reset_parser_state_for_error_pass`.
    pub fn restart(&mut self) {
        self.mark = 0;
        self.level = 0;
        self.invalid_rules = true;
        self.heads.fill(NO_ENTRY);
        self.entries.clear();
        self.values.clear();
    }

    // Running.

    /// Tries a rule here.
    pub fn rule(&mut self, rule: &'static Rule) -> Result<Option<Value<'a>>> {
        self.enter()?;
        let found = match rule.memo {
            Memo::No => self.body(rule)?,
            Memo::Yes => match self.recall(rule)? {
                Some(known) => known,
                None => {
                    let mark = self.mark;
                    let found = self.body(rule)?;
                    self.keep(mark, rule, found);
                    found
                }
            },
            Memo::LeftRecursive => match self.recall(rule)? {
                Some(known) => known,
                None => self.grow(rule)?,
            },
        };
        self.level -= 1;
        Ok(found)
    }

    /// Takes a longer and longer match of a rule that begins with itself.
    fn grow(&mut self, rule: &'static Rule) -> Result<Option<Value<'a>>> {
        let mark = self.mark;
        let mut best_mark = mark;
        let mut best = None;
        let entry = self.keep(mark, rule, None);
        loop {
            self.entries[entry].value = best;
            self.entries[entry].mark = best_mark as u32;
            self.mark = mark;
            self.enter()?;
            let found = self.body(rule)?;
            self.level -= 1;
            if found.is_none() || self.mark <= best_mark {
                break;
            }
            best_mark = self.mark;
            best = found;
        }
        self.mark = best_mark;
        Ok(best)
    }

    fn body(&mut self, rule: &'static Rule) -> Result<Option<Value<'a>>> {
        if rule.without_invalid {
            let before = std::mem::replace(&mut self.invalid_rules, false);
            let found = self.alternatives(rule.alternatives)?;
            self.invalid_rules = before;
            return Ok(found);
        }
        self.alternatives(rule.alternatives)
    }

    /// Takes the first alternative that matches. The place is not restored where an action turns a match down.
    fn alternatives(&mut self, alternatives: &'static [Alternative]) -> Result<Option<Value<'a>>> {
        let mark = self.mark;
        let base = self.values.len();
        'next: for alternative in alternatives {
            if let [Item::R(rule)] = alternative.items
                && rule.invalid
                && !self.invalid_rules
            {
                continue;
            }
            if let Some(gate) = alternative.gate
                && !gate(self.features)
            {
                continue;
            }
            let mut cut = false;
            for item in alternative.items {
                cut |= matches!(item, Item::Cut);
                match self.item(item)? {
                    Some(value) => self.values.push(value),
                    None => {
                        self.values.truncate(base);
                        self.mark = mark;
                        if cut {
                            return Ok(None);
                        }
                        continue 'next;
                    }
                }
            }
            let found = self.act(&alternative.action, Match { mark, base })?;
            self.values.truncate(base);
            return Ok(found);
        }
        Ok(None)
    }

    fn item(&mut self, item: &'static Item) -> Result<Option<Value<'a>>> {
        match *item {
            Item::T(kind) => self.token(kind),
            Item::R(rule) => self.rule(rule),
            Item::Id => self.name(),
            Item::Group(alternatives) => {
                self.enter()?;
                let found = self.alternatives(alternatives)?;
                self.level -= 1;
                Ok(found)
            }
            Item::Opt(item) => Ok(Some(self.item(item)?.unwrap_or(Value::Absent))),
            Item::Any(item) => self.repeat(None, item, false),
            Item::Many(item) => self.repeat(None, item, true),
            Item::Sep(separator, item) => self.repeat(Some(separator), item, true),
            Item::Ahead(item) => {
                let mark = self.mark;
                let found = self.item(item)?;
                self.mark = mark;
                Ok(found.map(|_| Value::Absent))
            }
            Item::Unless(item) => {
                let mark = self.mark;
                let found = self.item(item)?;
                self.mark = mark;
                Ok(if found.is_some() { None } else { Some(Value::Absent) })
            }
            Item::Cut => Ok(Some(Value::Absent)),
            Item::Soft(id) => {
                let token = self.peek()?;
                if token.kind == TokenKind::Name && token.name == id { self.name() } else { Ok(None) }
            }
            Item::AnySoft => {
                let name = self.peek()?.name;
                let soft = self.is_soft_keyword(name);
                // The token is passed over even where it is another name, as a caller restores the place.
                Ok(self.name()?.filter(|_| soft))
            }
            Item::Num => self.number(),
            Item::Never => {
                self.peek()?;
                Ok(None)
            }
            Item::Force(kind, text) => match self.token(kind)? {
                Some(value) => Ok(Some(value)),
                None => Err(CompileError::syntax(self.tokens.location(self.mark), format!("expected '{text}'"))),
            },
        }
    }

    /// A loop, with a separator or without; at most that a match is not empty is asked.
    fn repeat(
        &mut self,
        separator: Option<TokenKind>,
        item: &'static Item,
        nonempty: bool,
    ) -> Result<Option<Value<'a>>> {
        self.enter()?;
        let base = self.values.len();
        let mut end = self.mark;
        if separator.is_some() {
            match self.item(item)? {
                Some(value) => self.values.push(value),
                None => {
                    self.mark = end;
                    self.level -= 1;
                    return Ok(None);
                }
            }
            end = self.mark;
            self.enter()?;
        }
        loop {
            if let Some(separator) = separator
                && self.token(separator)?.is_none()
            {
                break;
            }
            match self.item(item)? {
                Some(value) => self.values.push(value),
                None => break,
            }
            if self.mark == end {
                break;
            }
            end = self.mark;
        }
        self.mark = end;
        self.level -= if separator.is_some() { 2 } else { 1 };
        let list: &'a [Value<'a>] = self.arena.alloc_slice_copy(&self.values[base..]);
        self.values.truncate(base);
        Ok(if nonempty && list.is_empty() { None } else { Some(Value::List(list)) })
    }

    fn enter(&mut self) -> Result<()> {
        if self.level == MAX_LEVEL {
            return Err(CompileError::new(
                ErrorKind::MemoryError,
                None,
                "Parser stack overflowed - Python source too complex to parse",
            ));
        }
        self.level += 1;
        Ok(())
    }

    /// Releases before 3.13 compare no more letters than the name has.
    fn is_soft_keyword(&self, name: NameId) -> bool {
        let keywords = [
            (known::UNDERSCORE, true),
            (known::CASE, true),
            (known::MATCH, true),
            (known::TYPE, self.features.type_parameters),
            (known::LAZY, self.features.lazy_imports),
        ];
        let mut known = keywords.into_iter().filter(|(_, is_known)| *is_known).map(|(id, _)| id);
        if self.features.error_rules_3_13 {
            return known.any(|id| id == name);
        }
        let text = self.names.text(name);
        known.any(|id| self.names.text(id).starts_with(text))
    }

    // Memo.

    fn recall(&mut self, rule: &'static Rule) -> Result<Option<Option<Value<'a>>>> {
        self.peek()?;
        let mut entry = self.heads[self.mark];
        while entry != NO_ENTRY {
            let found = &self.entries[entry as usize];
            if std::ptr::eq(found.rule, rule) {
                self.mark = found.mark as usize;
                return Ok(Some(found.value));
            }
            entry = found.next;
        }
        Ok(None)
    }

    fn keep(&mut self, mark: usize, rule: &'static Rule, value: Option<Value<'a>>) -> usize {
        let index = self.entries.len();
        self.entries.push(MemoEntry { rule, value, mark: self.mark as u32, next: self.heads[mark] });
        self.heads[mark] = index as u32;
        index
    }

    // Tokens.

    /// The next token, asked of the lexer if need be, whose error surfaces here.
    pub fn peek(&mut self) -> Result<&'p Token> {
        if self.mark >= self.fill {
            self.fill = self.mark + 1;
            if self.tokens.get(self.mark).kind == TokenKind::Error
                && let Some(error) = self.tokens.error()
            {
                return Err(Box::new(error.clone()));
            }
        }
        Ok(self.tokens.get(self.mark))
    }

    fn token(&mut self, kind: TokenKind) -> Result<Option<Value<'a>>> {
        if self.peek()?.kind != kind {
            return Ok(None);
        }
        let value = Value::Token(self.mark as u32);
        self.advance();
        Ok(Some(value))
    }

    fn advance(&mut self) {
        if self.mark < self.tokens.len() {
            self.mark += 1;
        }
    }

    fn name(&mut self) -> Result<Option<Value<'a>>> {
        let token = self.peek()?;
        if token.kind != TokenKind::Name {
            return Ok(None);
        }
        // Only full-width forms and the like, which are names to the lexer, come out as these words.
        let text = self.names.text(token.name);
        if matches!(text, "None" | "True" | "False") {
            let message = format!("identifier field can't represent '{text}' constant");
            return Err(CompileError::new(ErrorKind::ValueError, None, message));
        }
        self.advance();
        Ok(Some(self.node(Kind::Name, token.location(), token.name, Value::Absent)))
    }

    fn number(&mut self) -> Result<Option<Value<'a>>> {
        if self.peek()?.kind != TokenKind::Number {
            return Ok(None);
        }
        let index = self.mark;
        let location = self.tokens.location(index);
        let text = self.tokens.text(index);
        super::literal::check_number(text, location)?;
        self.advance();
        let is_hexadecimal = text.len() > 1 && matches!(text.as_bytes()[1], b'x' | b'X');
        let kind = if text.ends_with(['j', 'J']) && !is_hexadecimal { Kind::Imaginary } else { Kind::Real };
        Ok(Some(self.node(kind, location, known::EMPTY, Value::Absent)))
    }

    // Actions.

    /// The value of an item of the alternative that has matched.
    pub fn value(&self, matched: Match, index: usize) -> Value<'a> {
        self.values[matched.base + index]
    }

    /// Where an item of the alternative that has matched stands.
    pub fn place(&self, matched: Match, index: usize) -> Location {
        self.value(matched, index).location(self.tokens)
    }

    /// From the first token of the alternative to the last one that is not white space. CPython 3.14: `EXTRA`.
    pub fn extent(&self, matched: Match) -> Location {
        let mut last = self.mark.saturating_sub(1);
        let is_space =
            |kind| matches!(kind, TokenKind::EndMarker | TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent);
        while last > 0 && is_space(self.tokens.get(last).kind) {
            last -= 1;
        }
        self.tokens.location(matched.mark).to(self.tokens.location(last))
    }

    /// A new node.
    pub fn node(&self, kind: Kind, location: Location, name: NameId, child: Value<'a>) -> Value<'a> {
        Value::Node(self.arena.alloc(Node { kind, location, name, child, unpacks_keywords: false }))
    }

    /// A list that begins with a value and goes on with those of another.
    pub fn front(&self, first: Value<'a>, rest: Value<'a>) -> Value<'a> {
        let rest = rest.list();
        let list = self.arena.alloc_slice_fill_with(rest.len() + 1, |i| if i == 0 { first } else { rest[i - 1] });
        Value::List(list)
    }

    fn act(&mut self, action: &'static Action, matched: Match) -> Result<Option<Value<'a>>> {
        let node = |pass: &Self, kind, child| Ok(Some(pass.node(kind, pass.extent(matched), known::EMPTY, child)));
        match *action {
            Action::Take(index) => Ok(Some(self.value(matched, index))),
            Action::Front(first, rest) => Ok(Some(self.front(self.value(matched, first), self.value(matched, rest)))),
            Action::One(index) => Ok(Some(self.front(self.value(matched, index), Value::Absent))),
            Action::Node(kind) => node(self, kind, Value::Absent),
            Action::Over(kind, index) => node(self, kind, self.value(matched, index)),
            Action::OverFront(kind, first, rest) => {
                node(self, kind, self.front(self.value(matched, first), self.value(matched, rest)))
            }
            Action::OverOne(kind, index) => node(self, kind, self.front(self.value(matched, index), Value::Absent)),
            Action::Fail(place, message) => {
                let reworded = REWORDED_IN_15.iter().find(|(old, _)| self.features.error_rules_3_15 && *old == message);
                Err(self.raise(place, matched, reworded.map_or(message, |(_, new)| new)))
            }
            Action::FailNamed(index, message) => {
                let kind = self.value(matched, index).node().map_or(Kind::Other, |node| node.kind);
                let message = message.replace("{}", expression_name(kind));
                Err(CompileError::syntax(self.place(matched, index), message))
            }
            Action::FailIndent(index, message) => {
                let line = self.place(matched, index).line;
                let message = message.replace("{}", &line.to_string());
                Err(CompileError::new(ErrorKind::IndentationError, Some(self.last_read()), message))
            }
            Action::FailTarget(target, index) => match invalid_target(self.value(matched, index), target) {
                Some(node) => {
                    let verb = if target == super::node::TargetKind::Delete { "delete" } else { "assign to" };
                    let message = format!("cannot {verb} {}", expression_name(node.kind));
                    Err(CompileError::syntax(node.location, message))
                }
                None => Ok(None),
            },
            Action::Call(function) => function(self, matched),
        }
    }

    // Errors.

    /// A `SyntaxError` at a place. A lexer's error comes before it where the next token has to be read for it.
    pub fn raise(&mut self, place: Place, matched: Match, message: impl Into<String>) -> Box<CompileError> {
        let location = match place {
            Place::Last => self.last_read(),
            Place::Next => match self.peek() {
                Ok(_) => self.read(self.mark),
                Err(error) => return error,
            },
            Place::At(index) => self.place(matched, index),
            Place::Range(first, last) => self.place(matched, first).to(self.place(matched, last)),
            Place::LastOf(list, last) => {
                let first = self.value(matched, list).list().last().copied().unwrap_or(Value::Absent);
                first.location(self.tokens).to(self.place(matched, last))
            }
            Place::From(index) => {
                let (end_line, end_column) = self.tokens.cursor(self.fill.saturating_sub(1));
                let from = self.place(matched, index);
                Location::new(from.line, end_line, from.column, end_column - 1)
            }
        };
        CompileError::syntax(location, message)
    }

    /// The place of the last token that the lexer was asked for. CPython 3.14: `RAISE_SYNTAX_ERROR`.
    pub fn last_read(&self) -> Location {
        self.read(self.fill.saturating_sub(1))
    }

    /// The place of the token behind a run of strings, which is read before they are put together. CPython 3.11:
    /// `_PyPegen_concatenate_strings`.
    pub fn after_strings(&mut self, index: usize) -> Location {
        let mut after = index + 1;
        while self.tokens.get(after).kind == TokenKind::String {
            after += 1;
        }
        self.fill = self.fill.max(after + 1);
        self.read(after)
    }

    /// Reads the token behind a run of strings, which may be the lexer's error.
    pub fn read_behind_strings(&mut self, index: usize) -> Result<()> {
        let mut after = index + 1;
        while self.tokens.get(after).kind == TokenKind::String {
            after += 1;
        }
        match self.tokens.error() {
            Some(error) if self.tokens.get(after).kind == TokenKind::Error => Err(Box::new(error.clone())),
            _ => Ok(()),
        }
    }

    /// The place of a token as `_PyPegen_raise_error` (CPython 3.14) takes it: a token without text stands where the lexer is, and
    /// its end is unknown.
    fn read(&self, index: usize) -> Location {
        let mut location = self.tokens.location(index);
        if location.column == -1 {
            location.column = self.tokens.cursor(self.fill.saturating_sub(1)).1 - 1;
        }
        if location.end_column == -1 {
            location.end_column = -2;
        }
        location
    }
}
