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
use crate::lexer::{TokenKind, TokenStream};
use crate::source::{Interner, SourceText};
use crate::target::Target;
use bumpalo::Bump;
use engine::{Pass, Tokens};
use statement::FILE;

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
                let tokens = Tokens::new(&stream.tokens, source.text, None);
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
    let tokens = Tokens::new(&stream.tokens, source.text, stream.error.as_deref());
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
    let tokens = Tokens::new(&stream.tokens, source.text, stream.error.as_deref());
    let mut pass = Pass::new(&tokens, names, arena, &target.features);
    let _ = pass.rule(&FILE);
    let last = tokens.get(pass.fill.saturating_sub(1));
    match last.kind {
        TokenKind::EndMarker => true,
        TokenKind::Dedent | TokenKind::Indent => last.start() >= source.text.len(),
        TokenKind::Error => stream.error.as_ref().is_some_and(|error| {
            let message = error.message.as_str();
            message.ends_with("was never closed")
                || message.starts_with("unterminated triple-quoted")
                || message == "unexpected EOF while parsing"
        }),
        _ => false,
    }
}
