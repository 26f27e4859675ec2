//! Rules of the `match` statement.

use super::action;
use super::compound::BLOCK;
use super::expression::*;
use super::invalid_statement::*;
use super::node::Kind;
use super::string::STRINGS;
use super::table::Action::*;
use super::table::Item::*;
use super::table::{BEFORE_14, FROM_14, FROM_15, alternatives, group, rules};
use crate::lexer::TokenKind::*;
use crate::source::known;

rules! {
    MATCH_STMT = {
        [
            Soft(known::MATCH), R(&SUBJECT_EXPR), T(Colon), T(Newline), T(Indent), Many(&R(&CASE_BLOCK)), T(Dedent),
        ],
        [R(&INVALID_MATCH_STMT)],
    }

    SUBJECT_EXPR = {
        [R(&STAR_NAMED_EXPRESSION), T(Comma), Opt(&R(&STAR_NAMED_EXPRESSIONS))] => OverFront(Kind::Tuple, 0, 2),
        [R(&NAMED_EXPRESSION)],
    }

    CASE_BLOCK = {
        [R(&INVALID_CASE_BLOCK)],
        [Soft(known::CASE), R(&PATTERNS), Opt(&R(&GUARD)), T(Colon), R(&BLOCK)],
    }

    GUARD = { [T(If), R(&NAMED_EXPRESSION)] }

    PATTERNS = { [R(&OPEN_SEQUENCE_PATTERN)] => Node(Kind::Other), [R(&PATTERN)] }

    PATTERN = { [R(&AS_PATTERN)], [R(&OR_PATTERN)] }

    AS_PATTERN = {
        [R(&OR_PATTERN), T(As), R(&PATTERN_CAPTURE_TARGET)] => Node(Kind::Other),
        [R(&INVALID_AS_PATTERN)],
    }

    OR_PATTERN = { [Sep(VerticalBar, &R(&CLOSED_PATTERN))] => Node(Kind::Other) }

    CLOSED_PATTERN: memo = {
        [R(&LITERAL_PATTERN)],
        [R(&CAPTURE_PATTERN)],
        [R(&WILDCARD_PATTERN)],
        [R(&VALUE_PATTERN)],
        [R(&GROUP_PATTERN)],
        [R(&SEQUENCE_PATTERN)],
        [R(&MAPPING_PATTERN)],
        [R(&CLASS_PATTERN)],
    }

    LITERAL_PATTERN = {
        [R(&SIGNED_NUMBER), Unless(&group!([T(Plus)], [T(Minus)]))] => Node(Kind::Other),
        [R(&COMPLEX_NUMBER)] => Node(Kind::Other),
        [R(&STRINGS)] => Node(Kind::Other),
        [T(None)] => Node(Kind::Other),
        [T(True)] => Node(Kind::Other),
        [T(False)] => Node(Kind::Other),
    }

    LITERAL_EXPR = {
        [R(&SIGNED_NUMBER), Unless(&group!([T(Plus)], [T(Minus)]))],
        [R(&COMPLEX_NUMBER)],
        if BEFORE_14 => [R(&STRINGS)],
        if FROM_14 => [Ahead(&group!([T(String)], [T(FStringStart)], [T(TStringStart)])), R(&STRINGS)] => Take(1),
        [T(None)] => Node(Kind::NoneValue),
        [T(True)] => Node(Kind::TrueValue),
        [T(False)] => Node(Kind::FalseValue),
    }

    COMPLEX_NUMBER = {
        [R(&SIGNED_REAL_NUMBER), T(Plus), R(&IMAGINARY_NUMBER)] => Node(Kind::Operation),
        [R(&SIGNED_REAL_NUMBER), T(Minus), R(&IMAGINARY_NUMBER)] => Node(Kind::Operation),
    }

    SIGNED_NUMBER = { [Num], if FROM_15 => [T(Plus), Num] => Take(1), [T(Minus), Num] => Node(Kind::Operation) }

    SIGNED_REAL_NUMBER = {
        [R(&REAL_NUMBER)],
        if FROM_15 => [T(Plus), R(&REAL_NUMBER)] => Take(1),
        [T(Minus), R(&REAL_NUMBER)] => Node(Kind::Operation) }

    REAL_NUMBER = { [Num] => Call(action::ensure_real) }

    IMAGINARY_NUMBER = { [Num] => Call(action::ensure_imaginary) }

    CAPTURE_PATTERN = { [R(&PATTERN_CAPTURE_TARGET)] => Node(Kind::Other) }

    PATTERN_CAPTURE_TARGET = {
        [Unless(&Soft(known::UNDERSCORE)), Id, Unless(&group!([T(Dot)], [T(LeftParen)], [T(Equal)]))] => Take(1),
    }

    WILDCARD_PATTERN = { [Soft(known::UNDERSCORE)] => Node(Kind::Other) }

    VALUE_PATTERN = {
        [R(&ATTR), Unless(&group!([T(Dot)], [T(LeftParen)], [T(Equal)]))] => Node(Kind::Other),
    }

    ATTR: left = { [R(&NAME_OR_ATTR), T(Dot), Id] => Node(Kind::Attribute) }

    NAME_OR_ATTR = { [R(&ATTR)], [Id] }

    GROUP_PATTERN = { [T(LeftParen), R(&PATTERN), T(RightParen)] => Take(1) }

    SEQUENCE_PATTERN = {
        [T(LeftBracket), Opt(&R(&MAYBE_SEQUENCE_PATTERN)), T(RightBracket)] => Node(Kind::Other),
        [T(LeftParen), Opt(&R(&OPEN_SEQUENCE_PATTERN)), T(RightParen)] => Node(Kind::Other),
    }

    OPEN_SEQUENCE_PATTERN = { [R(&MAYBE_STAR_PATTERN), T(Comma), Opt(&R(&MAYBE_SEQUENCE_PATTERN))] }

    MAYBE_SEQUENCE_PATTERN = { [Sep(Comma, &R(&MAYBE_STAR_PATTERN)), Opt(&T(Comma))] }

    MAYBE_STAR_PATTERN = { [R(&STAR_PATTERN)], [R(&PATTERN)] }

    STAR_PATTERN: memo = {
        [T(Star), R(&PATTERN_CAPTURE_TARGET)] => Node(Kind::Other),
        [T(Star), R(&WILDCARD_PATTERN)] => Node(Kind::Other),
    }

    MAPPING_PATTERN = {
        [T(LeftBrace), T(RightBrace)] => Node(Kind::Other),
        [T(LeftBrace), R(&DOUBLE_STAR_PATTERN), Opt(&T(Comma)), T(RightBrace)] => Node(Kind::Other),
        [T(LeftBrace), R(&ITEMS_PATTERN), T(Comma), R(&DOUBLE_STAR_PATTERN), Opt(&T(Comma)), T(RightBrace)]
            => Node(Kind::Other),
        [T(LeftBrace), R(&ITEMS_PATTERN), Opt(&T(Comma)), T(RightBrace)] => Node(Kind::Other),
        if FROM_15 => [R(&INVALID_MAPPING_PATTERN)],
    }

    ITEMS_PATTERN = { [Sep(Comma, &R(&KEY_VALUE_PATTERN))] }

    KEY_VALUE_PATTERN = { [group!([R(&LITERAL_EXPR)], [R(&ATTR)]), T(Colon), R(&PATTERN)] }

    DOUBLE_STAR_PATTERN = { [T(DoubleStar), R(&PATTERN_CAPTURE_TARGET)] => Take(1) }

    CLASS_PATTERN = {
        [R(&NAME_OR_ATTR), T(LeftParen), T(RightParen)] => Node(Kind::Other),
        [R(&NAME_OR_ATTR), T(LeftParen), R(&POSITIONAL_PATTERNS), Opt(&T(Comma)), T(RightParen)] => Node(Kind::Other),
        [R(&NAME_OR_ATTR), T(LeftParen), R(&KEYWORD_PATTERNS), Opt(&T(Comma)), T(RightParen)] => Node(Kind::Other),
        [
            R(&NAME_OR_ATTR), T(LeftParen), R(&POSITIONAL_PATTERNS), T(Comma), R(&KEYWORD_PATTERNS), Opt(&T(Comma)),
            T(RightParen),
        ] => Node(Kind::Other),
        [R(&INVALID_CLASS_PATTERN)],
    }

    POSITIONAL_PATTERNS = { [Sep(Comma, &R(&PATTERN))] }

    KEYWORD_PATTERNS = { [Sep(Comma, &R(&KEYWORD_PATTERN))] }

    KEYWORD_PATTERN = { [Id, T(Equal), R(&PATTERN)] }
}
