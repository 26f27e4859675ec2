//! A keyword that was probably meant where the syntax is invalid: `whille`, `imprt`.
//!
//! CPython looks for it when it shows the error: it puts keywords that are spelt alike in place of the names before the error and
//! takes the first that makes sense of the text. CPython 3.14: `TracebackException._find_keyword_typos`.

use super::{is_incomplete, refusal};
use crate::diagnostics::{CompileError, Correction, ErrorKind};
use crate::lexer::{TokenKind, tokenize_for};
use crate::source::{Interner, SourceText};
use crate::target::Target;
use bumpalo::Bump;

/// `keyword.kwlist`.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// The longest text that is searched, in characters.
const MAX_TEXT: usize = 1024;
/// How many names are tried, and how many keywords for each.
const MAX_NAMES: usize = 10;
const MAX_KEYWORDS: usize = 3;

/// What compiling a text to the end comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Check {
    Compiles,
    SyntaxError,
    /// Another error, which ends the search.
    OtherError,
}

/// Looks for the keyword and notes it in the error. `compile` compiles a text which the grammar takes.
pub fn correct_keyword(
    error: &mut CompileError,
    source: &SourceText<'_>,
    target: &'static Target,
    mut compile: impl FnMut(&str) -> Check,
) {
    let is_general = error.message == "invalid syntax" || error.message.contains("Perhaps you forgot a comma");
    if !target.features.suggests_keywords || error.kind != ErrorKind::SyntaxError || !is_general {
        return;
    }
    if let Some(location) = error.location
        && let Ok(line) = usize::try_from(location.line)
    {
        let lines = python_lines(source.text);
        let first = (error.statement_line as usize).saturating_sub(1);
        let text = dedent(lines.get(first..line.min(lines.len())).unwrap_or(&[]));
        if text.chars().count() <= MAX_TEXT {
            error.correction = search(&text, target, &mut compile).map(Box::new);
        }
    }
}

fn search(text: &str, target: &'static Target, compile: &mut dyn FnMut(&str) -> Check) -> Option<Correction> {
    if target.features.suggests_keywords_for_errors && check(text, target, compile) != Check::SyntaxError {
        return None;
    }
    let arena = Bump::new();
    let mut names = Interner::new(&arena);
    let source = SourceText::new(arena.alloc_str(text));
    let tokens = tokenize_for(&source, &mut names, target.version);
    let candidates = tokens.tokens.iter().filter(|token| token.kind == TokenKind::Name).take(MAX_NAMES);
    for token in candidates {
        let (start, end) = (token.start(), token.end());
        let name = text.get(start..end)?;
        for keyword in similar_keywords(name) {
            let replaced = [&text[..start], keyword, &text[end..]].concat();
            match check(&replaced, target, compile) {
                Check::Compiles => {
                    let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
                    let line = text[line_start..].split('\n').next().unwrap_or("");
                    let before = text[line_start..start].chars().count();
                    return Some(Correction {
                        message: format!("invalid syntax. Did you mean '{keyword}'?"),
                        text: line.to_string(),
                        start: before as u32,
                        end: (before + name.chars().count()) as u32,
                    });
                }
                Check::SyntaxError => {}
                Check::OtherError => return None,
            }
        }
    }
    None
}

/// Whether a text makes sense, be it that more has to follow. CPython 3.14: `codeop._maybe_compile`.
fn check(text: &str, target: &'static Target, compile: &mut dyn FnMut(&str) -> Check) -> Check {
    let arena = Bump::new();
    let mut names = Interner::new(&arena);
    let source = SourceText::new(arena.alloc_str(text));
    let tokens = tokenize_for(&source, &mut names, target.version);
    match refusal(&source, &tokens, &names, &arena, target) {
        None => compile(text),
        Some(_) if is_incomplete(&source, &tokens, &names, &arena, target) => Check::Compiles,
        Some(error) if error.kind.is_syntax_error() => Check::SyntaxError,
        Some(_) => Check::OtherError,
    }
}

/// `str.splitlines` of Python.
fn python_lines(text: &str) -> Vec<&str> {
    let is_end = |c: char| {
        matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c' | '\x1d' | '\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    let mut lines: Vec<&str> = text.split(is_end).collect();
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    lines
}

/// `textwrap.dedent` of lines.
fn dedent(lines: &[&str]) -> String {
    let is_blank = |line: &str| line.chars().all(char::is_whitespace);
    let mut filled = lines.iter().filter(|line| !is_blank(line));
    let first = filled.next().copied().unwrap_or("");
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut margin = indentation(first);
    for line in filled {
        let common = first.bytes().zip(line.bytes()).take_while(|(a, b)| a == b).count();
        margin = margin.min(common);
    }
    let shortened: Vec<&str> =
        lines.iter().map(|line| if is_blank(line) { "" } else { line.get(margin..).unwrap_or("") }).collect();
    shortened.join("\n")
}

/// The keywords that are tried for a name, best first.
fn similar_keywords(name: &str) -> Vec<&'static str> {
    let mut similar: Vec<&'static str> = closest_keyword(name).into_iter().collect();
    let word: Vec<char> = name.chars().collect();
    let mut close: Vec<(f64, &'static str)> = KEYWORDS
        .iter()
        .map(|keyword| (similarity(&keyword.chars().collect::<Vec<_>>(), &word), *keyword))
        .filter(|(ratio, _)| *ratio >= 0.5)
        .collect();
    close.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| b.1.cmp(a.1)));
    similar.extend(close.into_iter().take(MAX_KEYWORDS).map(|(_, keyword)| keyword));
    similar.truncate(MAX_KEYWORDS);
    similar
}

/// `difflib.SequenceMatcher.ratio` of two short texts.
fn similarity(a: &[char], b: &[char]) -> f64 {
    2.0 * matches(a, b) as f64 / (a.len() + b.len()) as f64
}

/// How many characters the matching blocks hold: the longest one, the first of those, and what matches on both sides of it.
fn matches(a: &[char], b: &[char]) -> usize {
    let (mut best_a, mut best_b, mut best) = (0, 0, 0);
    for i in 0..a.len() {
        for j in 0..b.len() {
            let length = a[i..].iter().zip(&b[j..]).take_while(|(x, y)| x == y).count();
            if length > best {
                (best_a, best_b, best) = (i, j, length);
            }
        }
    }
    if best == 0 {
        return 0;
    }
    best + matches(&a[..best_a], &b[..best_b]) + matches(&a[best_a + best..], &b[best_b + best..])
}

const MOVE_COST: usize = 2;
const CASE_COST: usize = 1;
const MAX_NAME: usize = 40;

/// The keyword at the least distance, if it is near enough. CPython 3.14: `_Py_CalculateSuggestions`.
fn closest_keyword(name: &str) -> Option<&'static str> {
    let mut best: Option<(usize, &'static str)> = None;
    for keyword in KEYWORDS {
        let mut limit = (name.len() + keyword.len() + 3) * MOVE_COST / 6;
        if let Some((distance, _)) = best {
            if distance == 0 {
                break;
            }
            limit = limit.min(distance - 1);
        }
        let distance = edit_distance(name.as_bytes(), keyword.as_bytes(), limit);
        if distance <= limit {
            best = Some((distance, keyword));
        }
    }
    best.map(|(_, keyword)| keyword)
}

/// The cost of turning one text into the other, or more than the limit. CPython 3.14: `levenshtein_distance`.
fn edit_distance(a: &[u8], b: &[u8], limit: usize) -> usize {
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    if a.is_empty() || b.is_empty() {
        return (a.len() + b.len()) * MOVE_COST;
    }
    if a.len() > MAX_NAME || b.len() > MAX_NAME {
        return limit + 1;
    }
    let mut row: Vec<usize> = (1..=a.len()).map(|i| i * MOVE_COST).collect();
    let mut result = 0;
    for (j, &code) in b.iter().enumerate() {
        let mut distance = j * MOVE_COST;
        result = distance;
        for (i, &other) in a.iter().enumerate() {
            let substitute = distance + substitution_cost(code, other);
            distance = row[i];
            result = (result.min(distance) + MOVE_COST).min(substitute);
            row[i] = result;
        }
    }
    result
}

fn substitution_cost(a: u8, b: u8) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE_COST
    } else {
        MOVE_COST
    }
}
