//! Rules that find errors in statements and patterns.

use super::action;
use super::argument::ARGUMENTS;
use super::compound::*;
use super::expression::*;
use super::node::TargetKind;
use super::pattern::*;
use super::statement::*;
use super::table::Action::*;
use super::table::Item::*;
use super::table::{BEFORE_14, FROM_13, FROM_14, FROM_15, Place, alternatives, group, rules};
use super::target::*;
use super::type_params::TYPE_PARAMS;
use crate::lexer::TokenKind::*;
use crate::source::known;

pub(super) use super::invalid_expression::{INVALID_ASSIGNMENT, INVALID_FOR_TARGET};

rules! {
    INVALID_DEL_STMT: invalid = { [T(Del), R(&STAR_EXPRESSIONS)] => FailTarget(TargetKind::Delete, 1) }

    INVALID_RAISE_STMT: invalid = {
        [T(Raise), T(From)]
            => Fail(Place::Range(0, 1), "did you forget an expression between 'raise' and 'from'?"),
        [T(Raise), R(&EXPRESSION), T(From)]
            => Fail(Place::At(2), "did you forget an expression after 'from'?"),
    }

    INVALID_ASSERT_STMT: invalid = {
        [T(Assert), R(&EXPRESSION), T(Equal), R(&EXPRESSION)] => Call(action::assert_assigns_condition),
        [T(Assert), R(&EXPRESSION), T(Comma), R(&EXPRESSION), T(Equal), R(&EXPRESSION)]
            => Call(action::assert_assigns_message),
        [T(Assert), R(&EXPRESSION), T(ColonEqual), R(&EXPRESSION)]
            => Fail(Place::Range(1, 3), "cannot use named expression without parentheses here"),
        [T(Assert), R(&EXPRESSION), T(Comma), R(&EXPRESSION), T(ColonEqual), R(&EXPRESSION)]
            => Fail(Place::Range(3, 5), "cannot use named expression without parentheses here"),
    }

    INVALID_IMPORT_FROM: invalid = {
        [
            T(From), Any(&group!([T(Dot)], [T(Ellipsis)])), R(&DOTTED_NAME), Soft(known::LAZY), T(Import),
            R(&IMPORT_FROM_TARGETS),
        ] => Fail(Place::At(3), "use 'lazy from ... ' instead of 'from ... lazy import'"),
    }

    INVALID_MAPPING_PATTERN: invalid = {
        [
            T(LeftBrace), Opt(&group!([R(&ITEMS_PATTERN), T(Comma)])), R(&DOUBLE_STAR_PATTERN), T(Comma),
            R(&ITEMS_PATTERN), Opt(&T(Comma)), T(RightBrace),
        ] => Fail(
            Place::At(2),
            "double star pattern must be the last (right-most) subpattern in the mapping pattern",
        ),
    }

    INVALID_BLOCK: invalid = { [T(Newline), Unless(&T(Indent))] => FailIndent(0, "expected an indented block") }

    INVALID_DOUBLE_TYPE_COMMENTS: invalid = { [Never] }

    INVALID_WITH_ITEM: invalid = {
        [R(&EXPRESSION), T(As), R(&EXPRESSION), Ahead(&group!([T(Comma)], [T(RightParen)], [T(Colon)]))]
            => FailTarget(TargetKind::Star, 2),
    }

    INVALID_IMPORT: invalid = {
        [T(Import), Sep(Comma, &R(&DOTTED_NAME)), T(From), R(&DOTTED_NAME)]
            => Fail(Place::From(0), "Did you mean to use 'from ... import ...' instead?"),
        if FROM_13 => [T(Import), T(Newline)] => Fail(Place::From(1), "Expected one or more names after 'import'"),
    }

    INVALID_DOTTED_AS_NAME: invalid = {
        [
            R(&DOTTED_NAME), T(As),
            Unless(&group!([Id, group!([T(Comma)], [T(RightParen)], [T(Semicolon)], [T(Newline)])])),
            R(&EXPRESSION),
        ] => FailNamed(3, "cannot use {} as import target"),
    }

    INVALID_IMPORT_FROM_AS_NAME: invalid = {
        [
            Id, T(As),
            Unless(&group!([Id, group!([T(Comma)], [T(RightParen)], [T(Semicolon)], [T(Newline)])])),
            R(&EXPRESSION),
        ] => FailNamed(3, "cannot use {} as import target"),
    }

    INVALID_IMPORT_FROM_TARGETS: invalid = {
        [R(&IMPORT_FROM_AS_NAMES), T(Comma), T(Newline)]
            => Fail(Place::Last, "trailing comma not allowed without surrounding parentheses"),
        if FROM_13 => [T(Newline)] => Fail(Place::From(0), "Expected one or more names after 'import'"),
    }

    INVALID_WITH_STMT: invalid = {
        if FROM_15 => [
            Opt(&T(Async)), T(With),
            Sep(Comma, &group!([R(&EXPRESSION), Opt(&group!([T(As), R(&STAR_TARGET)]))])),
            T(Comma), T(Colon),
        ] => Fail(Place::At(3), "the last 'with' item has a trailing comma"),
        [
            Opt(&T(Async)), T(With),
            Sep(Comma, &group!([R(&EXPRESSION), Opt(&group!([T(As), R(&STAR_TARGET)]))])),
            T(Newline),
        ] => Fail(Place::Last, "expected ':'"),
        [
            Opt(&T(Async)), T(With), T(LeftParen),
            Sep(Comma, &group!([R(&EXPRESSIONS), Opt(&group!([T(As), R(&STAR_TARGET)]))])),
            Opt(&T(Comma)), T(RightParen), T(Newline),
        ] => Fail(Place::Last, "expected ':'"),
    }

    INVALID_WITH_STMT_INDENT: invalid = {
        [
            Opt(&T(Async)), T(With),
            Sep(Comma, &group!([R(&EXPRESSION), Opt(&group!([T(As), R(&STAR_TARGET)]))])),
            T(Colon), T(Newline), Unless(&T(Indent)),
        ] => FailIndent(1, "expected an indented block after 'with' statement on line {}"),
        [
            Opt(&T(Async)), T(With), T(LeftParen),
            Sep(Comma, &group!([R(&EXPRESSIONS), Opt(&group!([T(As), R(&STAR_TARGET)]))])),
            Opt(&T(Comma)), T(RightParen), T(Colon), T(Newline), Unless(&T(Indent)),
        ] => FailIndent(1, "expected an indented block after 'with' statement on line {}"),
    }

    INVALID_TRY_STMT: invalid = {
        [T(Try), T(Colon), T(Newline), Unless(&T(Indent))]
            => FailIndent(0, "expected an indented block after 'try' statement on line {}"),
        [T(Try), T(Colon), R(&BLOCK), Unless(&group!([T(Except)], [T(Finally)]))]
            => Fail(Place::Last, "expected 'except' or 'finally' block"),
        [
            T(Try), T(Colon), Any(&R(&BLOCK)), Many(&R(&EXCEPT_BLOCK)), T(Except), T(Star), R(&EXPRESSION),
            Opt(&group!([T(As), Id])), T(Colon),
        ] => Fail(Place::Range(4, 5), "cannot have both 'except' and 'except*' on the same 'try'"),
        [
            T(Try), T(Colon), Any(&R(&BLOCK)), Many(&R(&EXCEPT_STAR_BLOCK)), T(Except),
            Opt(&group!([R(&EXPRESSION), Opt(&group!([T(As), Id]))])), T(Colon),
        ] => Fail(Place::At(4), "cannot have both 'except' and 'except*' on the same 'try'"),
    }

    INVALID_EXCEPT_STMT: invalid = {
        if BEFORE_14 => [
            T(Except), Opt(&T(Star)), R(&EXPRESSION), T(Comma), R(&EXPRESSIONS), Opt(&group!([T(As), Id])), T(Colon),
        ] => Fail(Place::From(2), "multiple exception types must be parenthesized"),
        if BEFORE_14 => [T(Except), Opt(&T(Star)), R(&EXPRESSION), Opt(&group!([T(As), Id])), T(Newline)]
            => Fail(Place::Last, "expected ':'"),
        if FROM_14 => [T(Except), R(&EXPRESSION), T(Comma), R(&EXPRESSIONS), T(As), Id, T(Colon)]
            => Fail(Place::From(1), "multiple exception types must be parenthesized when using 'as'"),
        if FROM_14 => [T(Except), R(&EXPRESSION), Opt(&group!([T(As), Id])), T(Newline)]
            => Fail(Place::Last, "expected ':'"),
        [T(Except), T(Newline)] => Fail(Place::Last, "expected ':'"),
        if BEFORE_14 => [T(Except), T(Star), group!([T(Newline)], [T(Colon)])]
            => Fail(Place::Last, "expected one or more exception types"),
        if FROM_14 => [T(Except), R(&EXPRESSION), T(As), R(&EXPRESSION), T(Colon), R(&BLOCK)]
            => FailNamed(3, "cannot use except statement with {}"),
    }

    INVALID_EXCEPT_STAR_STMT: invalid = {
        [T(Except), T(Star), R(&EXPRESSION), T(Comma), R(&EXPRESSIONS), T(As), Id, T(Colon)]
            => Fail(Place::From(2), "multiple exception types must be parenthesized when using 'as'"),
        [T(Except), T(Star), R(&EXPRESSION), Opt(&group!([T(As), Id])), T(Newline)]
            => Fail(Place::Last, "expected ':'"),
        [T(Except), T(Star), group!([T(Newline)], [T(Colon)])]
            => Fail(Place::Last, "expected one or more exception types"),
        [T(Except), T(Star), R(&EXPRESSION), T(As), R(&EXPRESSION), T(Colon), R(&BLOCK)]
            => FailNamed(4, "cannot use except* statement with {}"),
    }

    INVALID_FINALLY_STMT: invalid = {
        [T(Finally), T(Colon), T(Newline), Unless(&T(Indent))]
            => FailIndent(0, "expected an indented block after 'finally' statement on line {}"),
    }

    INVALID_EXCEPT_STMT_INDENT: invalid = {
        [T(Except), R(&EXPRESSION), Opt(&group!([T(As), Id])), T(Colon), T(Newline), Unless(&T(Indent))]
            => FailIndent(0, "expected an indented block after 'except' statement on line {}"),
        [T(Except), T(Colon), T(Newline), Unless(&T(Indent))]
            => FailIndent(0, "expected an indented block after 'except' statement on line {}"),
    }

    INVALID_EXCEPT_STAR_STMT_INDENT: invalid = {
        [T(Except), T(Star), R(&EXPRESSION), Opt(&group!([T(As), Id])), T(Colon), T(Newline), Unless(&T(Indent))]
            => FailIndent(0, "expected an indented block after 'except*' statement on line {}"),
    }

    INVALID_MATCH_STMT: invalid = {
        [Soft(known::MATCH), R(&SUBJECT_EXPR), T(Newline)] => Fail(Place::Last, "expected ':'"),
        [Soft(known::MATCH), R(&SUBJECT_EXPR), T(Colon), T(Newline), Unless(&T(Indent))]
            => FailIndent(0, "expected an indented block after 'match' statement on line {}"),
        if FROM_15 => [Soft(known::CASE), R(&PATTERNS), Opt(&R(&GUARD)), T(Colon), R(&BLOCK)]
            => Fail(Place::Range(0, 3), "case statement must be inside match statement"),
    }

    INVALID_CASE_BLOCK: invalid = {
        [Soft(known::CASE), R(&PATTERNS), Opt(&R(&GUARD)), T(Newline)] => Fail(Place::Last, "expected ':'"),
        [Soft(known::CASE), R(&PATTERNS), Opt(&R(&GUARD)), T(Colon), T(Newline), Unless(&T(Indent))]
            => FailIndent(0, "expected an indented block after 'case' statement on line {}"),
    }

    INVALID_AS_PATTERN: invalid = {
        [R(&OR_PATTERN), T(As), Soft(known::UNDERSCORE)] => Fail(Place::At(2), "cannot use '_' as a target"),
        if BEFORE_14 => [R(&OR_PATTERN), T(As), Unless(&Id), R(&EXPRESSION)]
            => Fail(Place::At(3), "invalid pattern target"),
        if FROM_14 => [R(&OR_PATTERN), T(As), R(&EXPRESSION)] => FailNamed(2, "cannot use {} as pattern target"),
    }

    INVALID_CLASS_PATTERN: invalid = {
        [R(&NAME_OR_ATTR), T(LeftParen), R(&INVALID_CLASS_ARGUMENT_PATTERN)]
            => Fail(Place::At(2), "positional patterns follow keyword patterns"),
    }

    INVALID_CLASS_ARGUMENT_PATTERN: invalid = {
        [
            Opt(&group!([R(&POSITIONAL_PATTERNS), T(Comma)])), R(&KEYWORD_PATTERNS), T(Comma),
            R(&POSITIONAL_PATTERNS),
        ] => Take(3),
    }

    INVALID_IF_STMT: invalid = {
        [T(If), R(&NAMED_EXPRESSION), T(Newline)] => Fail(Place::Last, "expected ':'"),
        [T(If), R(&NAMED_EXPRESSION), T(Colon), T(Newline), Unless(&T(Indent))]
            => FailIndent(0, "expected an indented block after 'if' statement on line {}"),
    }

    INVALID_ELIF_STMT: invalid = {
        [T(Elif), R(&NAMED_EXPRESSION), T(Newline)] => Fail(Place::Last, "expected ':'"),
        [T(Elif), R(&NAMED_EXPRESSION), T(Colon), T(Newline), Unless(&T(Indent))]
            => FailIndent(0, "expected an indented block after 'elif' statement on line {}"),
    }

    INVALID_ELSE_STMT: invalid = {
        [T(Else), T(Colon), T(Newline), Unless(&T(Indent))]
            => FailIndent(0, "expected an indented block after 'else' statement on line {}"),
        if FROM_14 => [T(Else), T(Colon), R(&BLOCK), T(Elif)] => Fail(Place::Last, "'elif' block follows an 'else' block"),
    }

    INVALID_WHILE_STMT: invalid = {
        [T(While), R(&NAMED_EXPRESSION), T(Newline)] => Fail(Place::Last, "expected ':'"),
        [T(While), R(&NAMED_EXPRESSION), T(Colon), T(Newline), Unless(&T(Indent))]
            => FailIndent(0, "expected an indented block after 'while' statement on line {}"),
    }

    INVALID_FOR_STMT: invalid = {
        [Opt(&T(Async)), T(For), R(&STAR_TARGETS), T(In), R(&STAR_EXPRESSIONS), T(Newline)]
            => Fail(Place::Last, "expected ':'"),
        [
            Opt(&T(Async)), T(For), R(&STAR_TARGETS), T(In), R(&STAR_EXPRESSIONS), T(Colon), T(Newline),
            Unless(&T(Indent)),
        ] => FailIndent(1, "expected an indented block after 'for' statement on line {}"),
    }

    INVALID_DEF_RAW: invalid = {
        [
            Opt(&T(Async)), T(Def), Id, Opt(&R(&TYPE_PARAMS)), T(LeftParen), Opt(&R(&PARAMS)), T(RightParen),
            Opt(&group!([T(Arrow), R(&EXPRESSION)])), T(Colon), T(Newline), Unless(&T(Indent)),
        ] => FailIndent(1, "expected an indented block after function definition on line {}"),
        if FROM_13 => [
            Opt(&T(Async)), T(Def), Id, Opt(&R(&TYPE_PARAMS)), Force(LeftParen, "("), Opt(&R(&PARAMS)),
            T(RightParen), Opt(&group!([T(Arrow), R(&EXPRESSION)])), Force(Colon, ":"),
            Opt(&R(&FUNC_TYPE_COMMENT)), R(&BLOCK),
        ],
    }

    INVALID_CLASS_DEF_RAW: invalid = {
        [
            T(Class), Id, Opt(&R(&TYPE_PARAMS)),
            Opt(&group!([T(LeftParen), Opt(&R(&ARGUMENTS)), T(RightParen)])), T(Newline),
        ] => Fail(Place::Last, "expected ':'"),
        [
            T(Class), Id, Opt(&R(&TYPE_PARAMS)),
            Opt(&group!([T(LeftParen), Opt(&R(&ARGUMENTS)), T(RightParen)])), T(Colon), T(Newline),
            Unless(&T(Indent)),
        ] => FailIndent(0, "expected an indented block after class definition on line {}"),
    }
}
