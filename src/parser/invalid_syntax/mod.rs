//! What is wrong with a file that the parser has refused, in CPython's words.
//!
//! CPython parses a bad file twice: once as any file, and again with rules switched on that match errors and name them. Which
//! error is found depends on the order of alternatives, on what is kept in the memo and on how far the lexer has been asked, so
//! both passes are run here as CPython runs them, over tables of rules (one module a part of the grammar, those for errors in
//! `invalid_*`). The nodes they build are light: only what messages speak of.

mod action;
mod argument;
mod compound;
mod engine;
mod expression;
mod invalid_expression;
mod invalid_parameters;
mod invalid_statement;
mod invalid_string;
mod keyword_typo;
mod literal;
mod node;
mod pattern;
mod statement;
mod string;
mod table;
mod target;
mod type_params;

pub use keyword_typo::{Check, correct_keyword};

use crate::diagnostics::{Columns, CompileError, ErrorKind};
use crate::lexer::{Token, TokenKind, TokenStream};
use crate::source::{Interner, SourceText};
use crate::target::Target;
use bumpalo::Bump;
use engine::{Pass, Tokens};
use statement::FILE;
use std::borrow::Cow;

/// The error that CPython gives for a file that its grammar refuses.
///
/// It always gives one: a file in which nothing is found wrong is called invalid syntax at its last token.
/// The location is as CPython counts before it adds 1: a column of -1 is its offset 0, an end column of -2 its end offset -1.
pub fn diagnose<'a>(
    source: &SourceText<'a>,
    stream: &TokenStream,
    names: &Interner<'a>,
    arena: &'a Bump,
    target: &'static Target,
) -> Box<CompileError> {
    match refusal(source, stream, names, arena, target) {
        Some(error) => error,
        None => match &stream.error {
            Some(error) => error.clone(),
            None => {
                let tokens = Tokens::new(Cow::Borrowed(&stream.tokens), source.text, None);
                CompileError::syntax(tokens.location(stream.tokens.len().saturating_sub(1)), "invalid syntax")
            }
        },
    }
}

/// The same for a file of which it is not known whether the grammar refuses it: none if it does not.
///
/// CPython 3.14: `_PyPegen_run_parser` and `_Pypegen_set_syntax_error`.
pub fn refusal<'a>(
    source: &SourceText<'a>,
    stream: &TokenStream,
    names: &Interner<'a>,
    arena: &'a Bump,
    target: &'static Target,
) -> Option<Box<CompileError>> {
    if stream.tokens.is_empty() {
        return None;
    }
    let list = if target.features.old_inequality_is_two_tokens {
        split_old_inequality(&stream.tokens, source.text)
    } else {
        Cow::Borrowed(&stream.tokens[..])
    };
    let tokens = Tokens::new(list, source.text, stream.error.as_deref());
    let mut pass = Pass::new(&tokens, names, arena, &target.features);
    let mut error = find(&mut pass, stream)?;
    error.columns = Columns::Characters;
    error.statement_line = pass.statement_line;
    Some(error)
}

fn find(pass: &mut Pass<'_, '_>, stream: &TokenStream) -> Option<Box<CompileError>> {
    let tokens = pass.tokens;
    let first = match pass.rule(&FILE) {
        Ok(Some(_)) => return None,
        Ok(None) => None,
        Err(error) => Some(error),
    };
    let last_token = pass.fill.saturating_sub(1);
    // A rule that raises in the first pass leaves nothing to the second.
    let found = match first {
        Some(error) => Some(error),
        None => {
            pass.restart();
            pass.rule(&FILE).err()
        }
    };
    if found.as_ref().is_some_and(|error| !error.kind.is_syntax_error()) {
        return found;
    }
    let last_read = pass.fill.saturating_sub(1);
    let is_lexed = tokens.get(last_read).kind != TokenKind::Error;
    // The lexer's errors come first, wherever in the rest of the file they are.
    let instead = || if is_lexed { stream.error_instead(tokens.line(last_read)) } else { None };
    if let Some(error) = found {
        return Some(instead().unwrap_or(error));
    }
    let indentation = match tokens.get(last_token).kind {
        TokenKind::Indent => Some("unexpected indent"),
        TokenKind::Dedent => Some("unexpected unindent"),
        _ => None,
    };
    if let Some(message) = indentation {
        return Some(CompileError::new(ErrorKind::IndentationError, Some(pass.last_read()), message));
    }
    Some(instead().unwrap_or_else(|| CompileError::syntax(tokens.location(last_token), "invalid syntax")))
}

/// Whether a text that the grammar refuses lacks nothing but more text: its first pass came to the end.
///
/// CPython 3.14: `_is_end_of_source` after the first pass of `_PyPegen_run_parser`.
fn is_incomplete<'a>(
    source: &SourceText<'a>,
    stream: &TokenStream,
    names: &Interner<'a>,
    arena: &'a Bump,
    target: &'static Target,
) -> bool {
    let tokens = Tokens::new(Cow::Borrowed(&stream.tokens), source.text, stream.error.as_deref());
    let mut pass = Pass::new(&tokens, names, arena, &target.features);
    let _ = pass.rule(&FILE);
    let last = tokens.get(pass.fill.saturating_sub(1));
    match last.kind {
        TokenKind::EndMarker => true,
        TokenKind::Dedent | TokenKind::Indent => last.start as usize >= source.text.len(),
        TokenKind::Error => stream.error.as_ref().is_some_and(|error| {
            let message = error.message.as_str();
            message.ends_with("was never closed")
                || message.starts_with("unterminated triple-quoted")
                || message == "unexpected EOF while parsing"
        }),
        _ => false,
    }
}

/// The tokens with each `<>` as `<` and `>`, which is what later releases of CPython see there. What follows may join the `>`.
fn split_old_inequality<'s>(tokens: &'s [Token], text: &str) -> Cow<'s, [Token]> {
    let is_old =
        |token: &Token| token.kind == TokenKind::NotEqual && text.as_bytes().get(token.start as usize) == Some(&b'<');
    if !tokens.iter().any(is_old) {
        return Cow::Borrowed(tokens);
    }
    let mut split = Vec::with_capacity(tokens.len() + 4);
    let mut rest = tokens.iter().peekable();
    while let Some(token) = rest.next() {
        if !is_old(token) {
            split.push(*token);
            continue;
        }
        let (start, column) = (token.start + 1, token.column + 1);
        split.push(Token { kind: TokenKind::Less, end: start, end_column: column, ..*token });
        let mut second = Token { kind: TokenKind::Greater, start, column, ..*token };
        let joined = rest.peek().filter(|next| next.start == token.end).and_then(|next| match next.kind {
            TokenKind::Equal | TokenKind::EqualEqual => Some(TokenKind::GreaterEqual),
            TokenKind::Greater => Some(TokenKind::RightShift),
            TokenKind::GreaterEqual => Some(TokenKind::RightShiftEqual),
            _ => None,
        });
        if let (Some(kind), Some(next)) = (joined, rest.peek()) {
            let rest_of_next = if next.kind == TokenKind::EqualEqual { 1 } else { 0 };
            second.kind = kind;
            second.end = next.end - rest_of_next;
            second.end_column = next.end_column - rest_of_next;
            let after = Token { kind: TokenKind::Equal, start: second.end, column: second.end_column, ..**next };
            split.push(second);
            if rest_of_next == 1 {
                split.push(after);
            }
            rest.next();
        } else {
            split.push(second);
        }
    }
    Cow::Owned(split)
}
