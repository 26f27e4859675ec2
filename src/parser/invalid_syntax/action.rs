//! What single alternatives do beyond building a node or raising a fixed message.

use super::engine::Pass;
use super::literal;
use super::node::{Kind, Node, Value, expression_name};
use super::table::{Match, Place};
use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::lexer::TokenKind;
use crate::source::{Location, known};

type Outcome<'a> = Result<Option<Value<'a>>>;

/// CPython 3.14: `_PyPegen_checked_future_import`.
pub(super) fn future_import<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let name_of = |value: Value<'a>| value.node().filter(|node| node.kind == Kind::Name).map(|node| node.name);
    if pass.value(matched, 2).list().is_empty() && name_of(pass.value(matched, 3)) == Some(known::FUTURE) {
        if !matches!(pass.value(matched, 0), Value::Absent) {
            return Err(pass.raise(Place::At(0), matched, "lazy from __future__ import is not allowed"));
        }
        let barry = pass.names.find("barry_as_FLUFL");
        let names = pass.value(matched, 5).list();
        if pass.features.error_rules_3_13 && barry.is_some() && names.iter().any(|&alias| name_of(alias) == barry) {
            pass.barry_as_flufl = true;
        }
    }
    other(pass, matched)
}

/// CPython 3.14: `_PyPegen_register_stmts`.
///
/// Functions are not noted: in the second pass the rule that looks for errors in them takes the good ones, too, and gives no
/// statement.
pub(super) fn register_statement<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let value = pass.value(matched, 0);
    let line = value.location(pass.tokens).line.max(0) as u32;
    let is_function = match value {
        Value::Token(index) => {
            let next = pass.tokens.get(index as usize + 1).kind;
            match pass.tokens.get(index as usize).kind {
                TokenKind::Def => true,
                kind => kind == TokenKind::Async && next == TokenKind::Def,
            }
        }
        _ => false,
    };
    if pass.invalid_rules && !is_function && line >= pass.statement_line {
        pass.statement_line = line;
    }
    Ok(Some(value))
}

fn other<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    Ok(Some(pass.node(Kind::Other, pass.extent(matched), known::EMPTY, Value::Absent)))
}

/// CPython 3.14: `_PyPegen_ensure_real`.
pub(super) fn ensure_real<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    require(pass, matched, Kind::Real, "real number required in complex literal")
}

/// CPython 3.14: `_PyPegen_ensure_imaginary`.
pub(super) fn ensure_imaginary<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    require(pass, matched, Kind::Imaginary, "imaginary number required in complex literal")
}

fn require<'a>(pass: &mut Pass<'_, 'a>, matched: Match, kind: Kind, message: &str) -> Outcome<'a> {
    let value = pass.value(matched, 0);
    if value.node().is_some_and(|node| node.kind == kind) {
        return Ok(Some(value));
    }
    Err(pass.raise(Place::At(0), matched, message))
}

/// `<>` is `!=` to the lexer; which of them the grammar takes depends on a joke. CPython 3.14: `_PyPegen_check_barry_as_flufl`.
pub(super) fn not_equal<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let value = pass.value(matched, 0);
    let Value::Token(index) = value else { return Ok(None) };
    let is_old = pass.tokens.text(index as usize) == "<>";
    if pass.barry_as_flufl && !is_old {
        return Err(pass.raise(Place::Last, matched, "with Barry as BDFL, use '<>' instead of '!='"));
    }
    Ok(if is_old == pass.barry_as_flufl { Some(value) } else { None })
}

/// Whether the two tokens of the match are `<>`.
fn is_old_inequality(pass: &Pass<'_, '_>, matched: Match) -> bool {
    let (less, greater) = (pass.place(matched, 0), pass.place(matched, 1));
    less.end_line == greater.line && less.end_column == greater.column
}

pub(super) fn old_inequality<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let taken = pass.barry_as_flufl && is_old_inequality(pass, matched);
    Ok(if taken { Some(pass.value(matched, 0)) } else { None })
}

pub(super) fn suggest_inequality<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    if !is_old_inequality(pass, matched) {
        return Ok(None);
    }
    Err(pass.raise(Place::Range(0, 1), matched, "invalid syntax.  Maybe you meant '!=' instead of '<>'?"))
}

pub(super) fn comparison<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let first = pass.value(matched, 1).list().first().and_then(|pair| pair.node());
    let is_in = first.is_some_and(|node| node.kind == Kind::CompareIn);
    let kind = if is_in { Kind::CompareIn } else { Kind::Compare };
    Ok(Some(pass.node(kind, pass.extent(matched), known::EMPTY, pass.value(matched, 0))))
}

pub(super) fn async_comprehension<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    clause(pass, matched, 5)
}

pub(super) fn comprehension<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    clause(pass, matched, 4)
}

/// A clause of a comprehension. CPython 3.14: `_PyPegen_get_last_comprehension_item` is the child.
fn clause<'a>(pass: &mut Pass<'_, 'a>, matched: Match, iter: usize) -> Outcome<'a> {
    let last = pass.value(matched, iter + 1).list().last().copied().unwrap_or(pass.value(matched, iter));
    Ok(Some(pass.node(Kind::Comprehension, pass.extent(matched), known::EMPTY, last)))
}

fn last_of_clauses<'a>(pass: &Pass<'_, 'a>, clauses: Value<'a>) -> Location {
    match clauses.list().last().and_then(|clause| clause.node()) {
        Some(clause) => clause.child.location(pass.tokens),
        None => clauses.location(pass.tokens),
    }
}

/// An `assert` with a `=` in its condition.
pub(super) fn assert_assigns_condition<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    assert_assigns(pass, matched, 1)
}

/// An `assert` with a `=` in its message.
pub(super) fn assert_assigns_message<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    assert_assigns(pass, matched, 3)
}

fn assert_assigns<'a>(pass: &mut Pass<'_, 'a>, matched: Match, target: usize) -> Outcome<'a> {
    let kind = pass.value(matched, target).node().map_or(Kind::Other, |node| node.kind);
    let name = expression_name(kind);
    let message = format!("cannot assign to {name} here. Maybe you meant '==' instead of '='?");
    Err(pass.raise(Place::Range(target, target + 2), matched, message))
}

// Calls.

/// CPython 3.14: `_PyPegen_collect_call_seqs`.
pub(super) fn call_arguments<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    call(pass, matched, pass.value(matched, 0).list(), pass.value(matched, 1).list())
}

pub(super) fn call_keywords<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    call(pass, matched, &[], pass.value(matched, 0).list())
}

fn call<'a>(pass: &Pass<'_, 'a>, matched: Match, args: &[Value<'a>], keywords: &[Value<'a>]) -> Outcome<'a> {
    let is = |value: &Value<'a>, kind| value.node().is_some_and(|node| node.kind == kind);
    let mut all = bumpalo::collections::Vec::with_capacity_in(args.len(), pass.arena);
    all.extend_from_slice(args);
    all.extend(keywords.iter().filter(|value| is(value, Kind::Starred)));
    let node: &'a Node<'a> = pass.arena.alloc(Node {
        kind: Kind::Call,
        location: pass.extent(matched),
        name: known::EMPTY,
        child: Value::List(all.into_bump_slice()),
        unpacks_keywords: keywords.iter().any(|value| is(value, Kind::DoubleStarred)),
    });
    Ok(Some(Value::Node(node)))
}

pub(super) fn join<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let (first, second) = (pass.value(matched, 0).list(), pass.value(matched, 2).list());
    let mut all = bumpalo::collections::Vec::with_capacity_in(first.len() + second.len(), pass.arena);
    all.extend_from_slice(first);
    all.extend_from_slice(second);
    Ok(Some(Value::List(all.into_bump_slice())))
}

const BARE_GENERATOR: &str = "Generator expression must be parenthesized";

pub(super) fn bare_generator_first<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let location = pass.place(matched, 0).to(last_of_clauses(pass, pass.value(matched, 1)));
    Err(CompileError::syntax(location, BARE_GENERATOR))
}

pub(super) fn bare_generator_last<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let location = pass.place(matched, 2).to(last_of_clauses(pass, pass.value(matched, 3)));
    Err(CompileError::syntax(location, BARE_GENERATOR))
}

/// CPython 3.14: `_PyPegen_nonparen_genexp_in_call`.
pub(super) fn bare_generator_after<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let args = pass.value(matched, 0).node().map_or(&[][..], |node| node.child.list());
    match args {
        [] | [_] => Ok(None),
        [.., last] => {
            let location = last.location(pass.tokens).to(last_of_clauses(pass, pass.value(matched, 1)));
            Err(CompileError::syntax(location, BARE_GENERATOR))
        }
    }
}

/// CPython 3.14: `_PyPegen_arguments_parsing_error`.
pub(super) fn positional_after_keyword<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let unpacks = pass.value(matched, 0).node().is_some_and(|node| node.unpacks_keywords);
    let what = if unpacks { "keyword argument unpacking" } else { "keyword argument" };
    Err(pass.raise(Place::Last, matched, format!("positional argument follows {what}")))
}

pub(super) fn assign_to_constant<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let text = match pass.value(matched, 0) {
        Value::Token(index) => pass.tokens.text(index as usize),
        _ => "",
    };
    Err(pass.raise(Place::Range(0, 1), matched, format!("cannot assign to {text}")))
}

// Expressions.

/// CPython 3.14: `_PyPegen_check_legacy_stmt`.
fn is_legacy(value: Value<'_>) -> bool {
    value.node().is_some_and(|node| node.kind == Kind::Name && [known::PRINT, known::EXEC].contains(&node.name))
}

pub(super) fn legacy_call<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let name = match pass.value(matched, 0).node() {
        Some(node) if is_legacy(Value::Node(node)) => pass.names.text(node.name),
        _ => return Ok(None),
    };
    let message = format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?");
    Err(pass.raise(Place::Range(0, 2), matched, message))
}

pub(super) fn forgotten_comma<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    if is_legacy(pass.value(matched, 1)) || pass.tokens.depth(pass.mark.saturating_sub(1)) == 0 {
        return Ok(None);
    }
    let message = "invalid syntax. Perhaps you forgot a comma?";
    let first = pass.place(matched, 1);
    // What goes over several lines is pointed at where it ends.
    if pass.features.error_rules_3_15 && first.end_line > first.line {
        return Err(CompileError::syntax(Location { line: first.end_line, ..first }, message));
    }
    Err(pass.raise(Place::Range(1, 2), matched, message))
}

pub(super) fn missing_colon_after_key<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let key = pass.place(matched, 0);
    let location = Location::new(key.line, key.end_line, key.end_column - 1, -1);
    Err(CompileError::syntax(location, "':' expected after dictionary key"))
}

pub(super) fn bound_of_type_var_tuple<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    bound(pass, matched, "TypeVarTuple")
}

pub(super) fn bound_of_param_spec<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    bound(pass, matched, "ParamSpec")
}

fn bound<'a>(pass: &mut Pass<'_, 'a>, matched: Match, of: &str) -> Outcome<'a> {
    let is_tuple = pass.value(matched, 3).node().is_some_and(|node| node.kind == Kind::Tuple);
    let what = if is_tuple { "constraints" } else { "bound" };
    Err(pass.raise(Place::From(2), matched, format!("cannot use {what} with {of}")))
}

// Strings.

/// A plain literal, of which only the decoding can fail. CPython 3.14: `_PyPegen_constant_from_string`.
pub(super) fn string<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let Value::Token(index) = pass.value(matched, 0) else { return Ok(None) };
    let location = pass.tokens.location(index as usize);
    let literal = literal::Literal::of(pass.tokens.text(index as usize));
    if !pass.features.literal_errors_have_their_place {
        // The token behind a run of strings is read before any of them is looked at.
        pass.read_behind_strings(index as usize)?;
    }
    if literal.is_bytes && !literal.body.is_ascii() {
        return Err(CompileError::syntax(location, "bytes can only contain ASCII literal characters"));
    }
    if let Some(message) = literal.decode_error(pass.features.unicode_17) {
        if pass.features.literal_errors_have_their_place {
            return Err(pass.raise(Place::Last, matched, message));
        }
        return Err(CompileError::syntax(pass.after_strings(index as usize), message));
    }
    let kind = if literal.is_bytes { Kind::Bytes } else { Kind::Str };
    Ok(Some(pass.node(kind, location, known::EMPTY, Value::Absent)))
}

/// CPython 3.14: `_PyPegen_joined_str`.
pub(super) fn joined_str<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    interpolated(pass, matched, Kind::JoinedStr)
}

/// CPython 3.14: `_PyPegen_template_str`.
pub(super) fn template_str<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    interpolated(pass, matched, Kind::TemplateStr)
}

fn interpolated<'a>(pass: &mut Pass<'_, 'a>, matched: Match, kind: Kind) -> Outcome<'a> {
    let is_raw = match pass.value(matched, 0) {
        Value::Token(index) => pass.tokens.text(index as usize).contains(['r', 'R']),
        _ => false,
    };
    if !is_raw {
        for part in pass.value(matched, 1).list() {
            if let Value::Token(index) = *part
                && let Some(reason) = literal::unicode_error(pass.tokens.text(index as usize), pass.features.unicode_17)
            {
                let message = format!("(unicode error) {reason}");
                let part = pass.tokens.location(index as usize);
                let location = if pass.features.error_rules_3_14 { part } else { pass.last_read() };
                return Err(CompileError::syntax(location, message));
            }
        }
    }
    let location = pass.place(matched, 0).to(pass.place(matched, 2));
    Ok(Some(pass.node(kind, location, known::EMPTY, Value::Absent)))
}

/// The text of a format specification, whose decoding error stays what it is. CPython 3.14: `_PyPegen_decoded_constant_from_token`.
pub(super) fn format_spec_text<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let value = pass.value(matched, 0);
    let Value::Token(index) = value else { return Ok(None) };
    let string = pass.tokens.enclosing_string(pass.fill.saturating_sub(1));
    let is_raw = string.is_some_and(|start| pass.tokens.text(start).contains(['r', 'R']));
    if !is_raw && let Some(reason) = literal::unicode_error(pass.tokens.text(index as usize), pass.features.unicode_17)
    {
        return Err(CompileError::new(ErrorKind::UnicodeDecodeError, None, reason));
    }
    Ok(Some(value))
}

/// CPython 3.14: `_PyPegen_check_fstring_conversion`.
pub(super) fn conversion<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let (mark, name) = (pass.place(matched, 0), pass.place(matched, 1));
    let prefix = pass.tokens.string_prefix(pass.fill.saturating_sub(1));
    if mark.line != name.line || mark.end_column != name.column {
        let message = format!("{prefix}-string: conversion type must come right after the exclamation mark");
        return Err(pass.raise(Place::Range(0, 1), matched, message));
    }
    let text = pass.value(matched, 1).node().map_or("", |node| pass.names.text(node.name));
    if !matches!(text, "s" | "r" | "a") {
        let message = format!("{prefix}-string: invalid conversion character '{text}': expected 's', 'r', or 'a'");
        return Err(pass.raise(Place::At(1), matched, message));
    }
    Ok(Some(pass.value(matched, 1)))
}

/// CPython 3.14: `_PyPegen_concatenate_strings`.
pub(super) fn concatenate_strings<'a>(pass: &mut Pass<'_, 'a>, matched: Match) -> Outcome<'a> {
    let parts = pass.value(matched, 0).list();
    let has = |kind| parts.iter().any(|part| part.node().is_some_and(|node| node.kind == kind));
    let (has_bytes, has_joined) = (has(Kind::Bytes), has(Kind::JoinedStr));
    if has_bytes && (has_joined || has(Kind::Str)) {
        return Err(pass.raise(Place::Last, matched, "cannot mix bytes and nonbytes literals"));
    }
    if let ([only], false) = (parts, has_joined) {
        return Ok(Some(*only));
    }
    let kind = match (has_joined, has_bytes) {
        (true, _) => Kind::JoinedStr,
        (false, true) => Kind::Bytes,
        (false, false) => Kind::Str,
    };
    Ok(Some(pass.node(kind, pass.extent(matched), known::EMPTY, Value::Absent)))
}
