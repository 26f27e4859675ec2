//! Tokens and errors of short texts; all expectations are what CPython 3.14 gives.

use super::{TokenKind, TokenStream, tokenize_for};
use crate::diagnostics::{Columns, offsets};
use crate::source::{Interner, SourceText};
use crate::target::PythonVersion;
use bumpalo::Bump;

/// Turns text into tokens as CPython 3.14 does.
pub fn tokenize<'a>(source: &SourceText<'a>, names: &mut Interner<'a>) -> TokenStream {
    tokenize_for(source, names, PythonVersion::Py314)
}

/// Tokens as "kind line:column-line:column text".
fn tokens(text: &str) -> Vec<String> {
    let arena = Bump::new();
    let source = SourceText::new(arena.alloc_str(text));
    let stream = tokenize(&source, &mut Interner::new(&arena));
    let describe = |token: &super::Token| {
        let location = token.location();
        let text = text[token.start()..token.end()].replace('\n', "");
        let (line, end_line) = (location.line, location.end_line);
        format!("{:?} {line}:{}-{end_line}:{} {text}", token.kind, location.column, location.end_column)
    };
    stream.tokens.iter().map(describe).collect()
}

/// The error as "kind line offset end_line end_offset: message", offsets as in CPython's exception.
fn error(text: &str) -> String {
    let arena = Bump::new();
    let source = SourceText::new(arena.alloc_str(text));
    let stream = tokenize(&source, &mut Interner::new(&arena));
    assert_eq!(stream.tokens.last().map(|token| token.kind), Some(TokenKind::Error), "{text:?}");
    let error = stream.error.unwrap();
    let location = error.location.unwrap();
    let line = format!("{}\n", source.line(location.line as u32));
    let place = offsets(location, &line, Columns::Characters);
    let (offset, end) = (place.offset, place.end_offset);
    format!("{:?} {} {offset} {} {end}: {}", error.kind, place.line, place.end_line, error.message)
}

#[test]
fn indentation_has_no_columns() {
    let expected = [
        "If 1:0-1:2 if",
        "Name 1:3-1:4 x",
        "Colon 1:4-1:5 :",
        "Newline 1:7-1:11 # c",
        "Indent 3:-1-3:-1 ",
        "Name 3:1-3:2 y",
        "Newline 3:2-3:3 ",
        "Dedent 3:-1-3:-1 ",
        "EndMarker 3:-1-3:-1 ",
    ];
    assert_eq!(tokens("if x:  # c\n\n y"), expected);
}

#[test]
fn fstring_middles_end_after_the_first_of_two_braces() {
    let expected = [
        "FStringStart 1:0-1:2 f'",
        "FStringMiddle 1:2-1:5 a{",
        "FStringMiddle 1:5-1:6 b",
        "LeftBrace 1:6-1:7 {",
        "Name 1:7-1:8 x",
        "Equal 1:8-1:9 =",
        "Exclamation 1:9-1:10 !",
        "Name 1:10-1:11 r",
        "Colon 1:11-1:12 :",
        "FStringMiddle 1:12-1:13 >",
        "LeftBrace 1:13-1:14 {",
        "Name 1:14-1:15 w",
        "RightBrace 1:15-1:16 }",
        "FStringMiddle 1:16-1:16 ",
        "RightBrace 1:16-1:17 }",
        "FStringMiddle 1:17-1:25 \\N{DASH}",
        "FStringEnd 1:25-1:26 '",
    ];
    let found = tokens("f'a{{b{x=!r:>{w}}\\N{DASH}'");
    assert_eq!(found[..expected.len()], expected);
}

#[test]
fn identifiers_are_normalised() {
    let arena = Bump::new();
    let mut names = Interner::new(&arena);
    let stream = tokenize(&SourceText::new("ﬁnd = ｍatch"), &mut names);
    assert_eq!(names.text(stream.tokens[0].name), "find");
    assert_eq!(names.text(stream.tokens[2].name), "match");
}

#[test]
fn expression_texts_end_where_the_parser_looks_for_them() {
    let text = "t'{a!=b :x}'";
    let arena = Bump::new();
    let stream = tokenize(&SourceText::new(text), &mut Interner::new(&arena));
    let colon = stream.tokens.iter().position(|token| token.kind == TokenKind::Colon).unwrap();
    let found = stream.expression_text(colon).unwrap();
    assert_eq!(&text[found.start as usize..found.end as usize], "a!=b ");
}

#[test]
fn warns_of_keywords_behind_numbers() {
    let arena = Bump::new();
    let stream = tokenize(&SourceText::new("\n0x1for x in y"), &mut Interner::new(&arena));
    assert_eq!(stream.warnings.len(), 1);
    assert_eq!(stream.warnings[0].message, "invalid hexadecimal literal");
    assert_eq!(stream.warnings[0].location.line, 2);
}

#[test]
fn errors_are_worded_and_placed_as_in_cpython() {
    let cases = [
        ("é = 1_a", "SyntaxError 1 6 1 6: invalid decimal literal"),
        ("0o18", "SyntaxError 1 4 1 4: invalid digit '8' in octal literal"),
        (
            "é; 012",
            "SyntaxError 1 4 1 5: leading zeros in decimal integer literals are not permitted; \
             use an 0o prefix for octal integers",
        ),
        ("ub'x'", "SyntaxError 1 1 1 3: 'u' and 'b' prefixes are incompatible"),
        ("x = '''a\nb\n", "SyntaxError 1 5 1 5: unterminated triple-quoted string literal (detected at line 2)"),
        (
            "x = 'a\\'",
            "SyntaxError 1 5 1 5: unterminated string literal (detected at line 1); perhaps you escaped the end quote?",
        ),
        ("f'{a:{b:{c:{d}}}}'", "SyntaxError 1 11 1 11: f-string: expressions nested too deeply"),
        ("t'}'", "SyntaxError 1 3 1 3: t-string: single '}' is not allowed"),
        ("f'{(}'", "SyntaxError 1 5 1 5: closing parenthesis '}' does not match opening parenthesis '('"),
        ("f'{)'", "SyntaxError 1 4 1 4: f-string: unmatched ')'"),
        ("(\n]", "SyntaxError 2 1 2 1: closing parenthesis ']' does not match opening parenthesis '(' on line 1"),
        ("x\n [é", "SyntaxError 2 2 2 0: '[' was never closed"),
        ("x = 1 \\ y", "SyntaxError 1 8 1 0: unexpected character after line continuation character"),
        ("x = \\", "SyntaxError 1 6 1 -1: unexpected EOF while parsing"),
        ("if x:\n    a\n  b\n", "IndentationError 3 4 3 -1: unindent does not match any outer indentation level"),
        ("if x:\n        a\n\tb\n", "TabError 3 1 3 0: inconsistent use of tabs and spaces in indentation"),
        ("print(“hi”)", "SyntaxError 1 7 1 7: invalid character '“' (U+201C)"),
        ("x\u{200b} = 1", "SyntaxError 1 2 1 2: invalid non-printable character U+200B"),
    ];
    for (text, expected) in cases {
        assert_eq!(error(text), expected, "{text:?}");
    }
}

#[test]
fn later_errors_replace_the_parsers() {
    let arena = Bump::new();
    let mut names = Interner::new(&arena);
    let stream = tokenize(&SourceText::new("a b\n(c\nd e"), &mut names);
    assert_eq!(stream.error_instead(1), None);
    assert_eq!(stream.error_instead(3).unwrap().message, "'(' was never closed");
    let stream = tokenize(&SourceText::new("a b\n)"), &mut names);
    assert_eq!(stream.error_instead(1).unwrap().message, "unmatched ')'");
}
