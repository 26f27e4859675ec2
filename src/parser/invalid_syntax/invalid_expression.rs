//! Rules that find errors in expressions, calls and comprehensions.

use super::action;
use super::argument::*;
use super::expression::*;
use super::node::TargetKind;
use super::statement::*;
use super::table::Action::*;
use super::table::Item::*;
use super::table::{BEFORE_12, BEFORE_15, FROM_12, FROM_14, FROM_15, Place, alternatives, group, rules};
use super::target::STAR_TARGETS;
use crate::lexer::TokenKind::*;

rules! {
    INVALID_ARGUMENTS: invalid = {
        if BEFORE_12 => [R(&ARGS), T(Comma), T(Star)]
            => Fail(Place::At(2), "iterable argument unpacking follows keyword argument unpacking"),
        if FROM_12 => [
            group!(
                [group!([
                    Sep(Comma, &group!(
                        [R(&STARRED_EXPRESSION)],
                        [
                            group!([R(&ASSIGNMENT_EXPRESSION)], [R(&EXPRESSION), Unless(&T(ColonEqual))]),
                            Unless(&T(Equal)),
                        ],
                    )),
                    T(Comma),
                    R(&KWARGS),
                ])],
                [R(&KWARGS)],
            ),
            T(Comma),
            Sep(Comma, &group!([R(&STARRED_EXPRESSION), Unless(&T(Equal))])),
        ] => Fail(Place::From(1), "iterable argument unpacking follows keyword argument unpacking"),
        [
            R(&EXPRESSION), R(&FOR_IF_CLAUSES), T(Comma),
            Opt(&group!([R(&ARGS)], [R(&EXPRESSION), R(&FOR_IF_CLAUSES)])),
        ] => Call(action::bare_generator_first),
        [Id, T(Equal), R(&EXPRESSION), R(&FOR_IF_CLAUSES)]
            => Fail(Place::Range(0, 1), "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"),
        if FROM_12 => [
            Opt(&group!([R(&ARGS), T(Comma)])), Id, T(Equal), Ahead(&group!([T(Comma)], [T(RightParen)])),
        ] => Fail(Place::Range(1, 2), "expected argument value expression"),
        [R(&ARGS), R(&FOR_IF_CLAUSES)] => Call(action::bare_generator_after),
        [R(&ARGS), T(Comma), R(&EXPRESSION), R(&FOR_IF_CLAUSES)] => Call(action::bare_generator_last),
        [R(&ARGS), T(Comma), R(&ARGS)] => Call(action::positional_after_keyword),
    }

    INVALID_KWARG: invalid = {
        [group!([T(True)], [T(False)], [T(None)]), T(Equal)] => Call(action::assign_to_constant),
        [Id, T(Equal), R(&EXPRESSION), R(&FOR_IF_CLAUSES)]
            => Fail(Place::Range(0, 1), "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"),
        [Unless(&group!([Id, T(Equal)])), R(&EXPRESSION), T(Equal)]
            => Fail(Place::Range(1, 2), "expression cannot contain assignment, perhaps you meant \"==\"?"),
        if FROM_12 => [T(DoubleStar), R(&EXPRESSION), T(Equal), R(&EXPRESSION)]
            => Fail(Place::Range(0, 3), "cannot assign to keyword argument unpacking"),
    }

    INVALID_LEGACY_EXPRESSION: invalid = {
        [Id, Unless(&T(LeftParen)), R(&STAR_EXPRESSIONS)] => Call(action::legacy_call),
    }

    INVALID_EXPRESSION: invalid = {
        if FROM_14 => [T(String), Many(&group!([Unless(&T(String)), R(&EXPRESSION_WITHOUT_INVALID)] => Take(1))), T(String)]
            => Fail(Place::At(1), "invalid syntax. Is this intended to be part of the string?"),
        [
            Unless(&group!([Id, T(String)], [AnySoft])), R(&DISJUNCTION), R(&EXPRESSION_WITHOUT_INVALID),
        ] => Call(action::forgotten_comma),
        [R(&DISJUNCTION), T(If), R(&DISJUNCTION), Unless(&group!([T(Else)], [T(Colon)]))]
            => Fail(Place::Range(0, 2), "expected 'else' after 'if' expression"),
        if FROM_14 => [R(&DISJUNCTION), T(If), R(&DISJUNCTION), T(Else), Unless(&R(&EXPRESSION))]
            => Fail(Place::Next, "expected expression after 'else', but statement is given"),
        if FROM_14 => [
            group!([R(&PASS_STMT)], [R(&BREAK_STMT)], [R(&CONTINUE_STMT)]), T(If), R(&DISJUNCTION), T(Else),
            R(&SIMPLE_STMT),
        ] => Fail(Place::At(0), "expected expression before 'if', but statement is given"),
        [T(Lambda), Opt(&R(&LAMBDA_PARAMS)), T(Colon), Ahead(&T(FStringMiddle))]
            => Fail(Place::Range(0, 2), "f-string: lambda expressions are not allowed without parentheses"),
        [T(Lambda), Opt(&R(&LAMBDA_PARAMS)), T(Colon), Ahead(&T(TStringMiddle))]
            => Fail(Place::Range(0, 2), "t-string: lambda expressions are not allowed without parentheses"),
    }

    INVALID_NAMED_EXPRESSION: invalid memo = {
        [R(&EXPRESSION), T(ColonEqual), R(&EXPRESSION)]
            => FailNamed(0, "cannot use assignment expressions with {}"),
        [Id, T(Equal), R(&BITWISE_OR), Unless(&group!([T(Equal)], [T(ColonEqual)]))]
            => Fail(Place::Range(0, 2), "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"),
        [
            Unless(&group!([R(&LIST)], [R(&TUPLE)], [R(&GENEXP)], [T(True)], [T(None)], [T(False)])),
            R(&BITWISE_OR), T(Equal), R(&BITWISE_OR), Unless(&group!([T(Equal)], [T(ColonEqual)])),
        ] => FailNamed(1, "cannot assign to {} here. Maybe you meant '==' instead of '='?"),
    }

    INVALID_COMPREHENSION: invalid = {
        if FROM_15 => [T(LeftBracket), T(DoubleStar), R(&EXPRESSION), R(&FOR_IF_CLAUSES)]
            => Fail(Place::Range(1, 2), "cannot use dict unpacking in list comprehension"),
        if FROM_15 => [T(LeftParen), T(DoubleStar), R(&EXPRESSION), R(&FOR_IF_CLAUSES)]
            => Fail(Place::Range(1, 2), "cannot use dict unpacking in generator expression"),
        if BEFORE_15 => [group!([T(LeftBracket)], [T(LeftParen)], [T(LeftBrace)]), R(&STARRED_EXPRESSION), R(&FOR_IF_CLAUSES)]
            => Fail(Place::At(1), "iterable unpacking cannot be used in comprehension"),
        [
            group!([T(LeftBracket)], [T(LeftBrace)]), R(&STAR_NAMED_EXPRESSION), T(Comma),
            R(&STAR_NAMED_EXPRESSIONS), R(&FOR_IF_CLAUSES),
        ] => Fail(Place::Range(1, 3), "did you forget parentheses around the comprehension target?"),
        [group!([T(LeftBracket)], [T(LeftBrace)]), R(&STAR_NAMED_EXPRESSION), T(Comma), R(&FOR_IF_CLAUSES)]
            => Fail(Place::Range(1, 2), "did you forget parentheses around the comprehension target?"),
    }

    INVALID_DICT_COMPREHENSION: invalid = {
        [T(LeftBrace), T(DoubleStar), R(&BITWISE_OR), R(&FOR_IF_CLAUSES), T(RightBrace)]
            => Fail(Place::At(1), "dict unpacking cannot be used in dict comprehension"),
    }

    INVALID_FOR_IF_CLAUSE: invalid = {
        [
            Opt(&T(Async)), T(For),
            group!([R(&BITWISE_OR), Any(&group!([T(Comma), R(&BITWISE_OR)])), Opt(&T(Comma))]),
            Unless(&T(In)),
        ] => Fail(Place::Last, "'in' expected after for-loop variables"),
    }

    INVALID_FOR_TARGET: invalid = {
        [Opt(&T(Async)), T(For), R(&STAR_EXPRESSIONS)] => FailTarget(TargetKind::For, 2),
    }

    INVALID_GROUP: invalid = {
        [T(LeftParen), R(&STARRED_EXPRESSION), T(RightParen)]
            => Fail(Place::At(1), "cannot use starred expression here"),
        [T(LeftParen), T(DoubleStar), R(&EXPRESSION), T(RightParen)]
            => Fail(Place::At(1), "cannot use double starred expression here"),
    }

    INVALID_DOUBLE_STARRED_KVPAIRS: invalid = {
        if FROM_15 => [R(&INVALID_KVPAIR_UNPACKING), Opt(&T(Comma))],
        if FROM_15 => [
            Sep(Comma, &R(&DOUBLE_STARRED_KVPAIR)), T(Comma),
            group!([R(&INVALID_KVPAIR)], [R(&INVALID_KVPAIR_UNPACKING)]),
        ],
        if BEFORE_15 => [Sep(Comma, &R(&DOUBLE_STARRED_KVPAIR)), T(Comma), R(&INVALID_KVPAIR)],
        if BEFORE_15 => [R(&EXPRESSION), T(Colon), T(Star), R(&BITWISE_OR)]
            => Fail(Place::From(2), "cannot use a starred expression in a dictionary value"),
        [R(&EXPRESSION), T(Colon), Ahead(&group!([T(RightBrace)], [T(Comma)]))]
            => Fail(Place::At(1), "expression expected after dictionary key and ':'"),
    }

    INVALID_KVPAIR_UNPACKING: invalid = {
        [T(DoubleStar), R(&IF_EXPRESSION)] => Fail(
            Place::Range(0, 1),
            "invalid double starred expression. Did you forget to wrap the conditional expression in parentheses?",
        ),
        [T(Star), R(&BITWISE_OR), T(Colon), R(&EXPRESSION)]
            => Fail(Place::Range(0, 1), "cannot use a starred expression in a dictionary key"),
        [T(DoubleStar), R(&BITWISE_OR), T(Colon), R(&EXPRESSION)]
            => Fail(Place::Range(0, 1), "cannot use dict unpacking in a dictionary key"),
        [R(&EXPRESSION), T(Colon), T(Star), R(&BITWISE_OR)]
            => Fail(Place::Range(2, 3), "cannot use a starred expression in a dictionary value"),
        [R(&EXPRESSION), T(Colon), T(DoubleStar), R(&BITWISE_OR)]
            => Fail(Place::Range(2, 3), "cannot use dict unpacking in a dictionary value"),
    }

    INVALID_IF_EXPRESSION: invalid = {
        [R(&DISJUNCTION), T(If), R(&DISJUNCTION), T(Else), T(Star)]
            => Fail(Place::At(4), "cannot unpack only part of a conditional expression"),
        [R(&DISJUNCTION), T(If), R(&DISJUNCTION), T(Else), T(DoubleStar)]
            => Fail(Place::At(4), "cannot use dict unpacking on only part of a conditional expression"),
    }

    INVALID_STARRED_EXPRESSION_UNPACKING_SEQUENCE: invalid = {
        [T(DoubleStar), R(&BITWISE_OR)] => Fail(Place::At(0), "cannot use dict unpacking here"),
        [R(&INVALID_STARRED_EXPRESSION_UNPACKING)],
    }

    INVALID_KVPAIR: invalid = {
        [R(&EXPRESSION), Unless(&T(Colon))] => Call(action::missing_colon_after_key),
        [R(&EXPRESSION), T(Colon), T(Star), R(&BITWISE_OR)]
            => Fail(Place::From(2), "cannot use a starred expression in a dictionary value"),
        if FROM_15 => [R(&EXPRESSION), T(Colon), T(DoubleStar), R(&BITWISE_OR)]
            => Fail(Place::From(2), "cannot use dict unpacking in a dictionary value"),
        [R(&EXPRESSION), T(Colon), Ahead(&group!([T(RightBrace)], [T(Comma)]))]
            => Fail(Place::At(1), "expression expected after dictionary key and ':'"),
    }

    INVALID_STARRED_EXPRESSION_UNPACKING: invalid = {
        if FROM_15 => [T(Star), R(&IF_EXPRESSION)] => Fail(
            Place::Range(0, 1),
            "invalid starred expression. Did you forget to wrap the conditional expression in parentheses?",
        ),
        [T(Star), R(&EXPRESSION), T(Equal), R(&EXPRESSION)]
            => Fail(Place::Range(0, 3), "cannot assign to iterable argument unpacking"),
    }

    INVALID_STARRED_EXPRESSION: invalid = {
        [T(Star)] => Fail(Place::Last, "Invalid star expression"),
    }

    INVALID_ARITHMETIC: invalid = {
        [
            R(&SUM),
            group!([T(Plus)], [T(Minus)], [T(Star)], [T(Slash)], [T(Percent)], [T(DoubleSlash)], [T(At)]),
            T(Not), R(&INVERSION),
        ] => Fail(Place::Range(2, 3), "'not' after an operator must be parenthesized"),
    }

    INVALID_FACTOR: invalid = {
        [group!([T(Plus)], [T(Minus)], [T(Tilde)]), T(Not), R(&FACTOR)]
            => Fail(Place::Range(1, 2), "'not' after an operator must be parenthesized"),
    }

    INVALID_OLD_INEQUALITY: invalid = { [T(Less), T(Greater)] => Call(action::suggest_inequality) }

    INVALID_ASSIGNMENT: invalid = {
        [R(&INVALID_ANN_ASSIGN_TARGET), T(Colon), R(&EXPRESSION)]
            => FailNamed(0, "only single target (not {}) can be annotated"),
        [R(&STAR_NAMED_EXPRESSION), T(Comma), Any(&R(&STAR_NAMED_EXPRESSIONS)), T(Colon), R(&EXPRESSION)]
            => Fail(Place::At(0), "only single target (not tuple) can be annotated"),
        [R(&EXPRESSION), T(Colon), R(&EXPRESSION)] => Fail(Place::At(0), "illegal target for annotation"),
        [Any(&group!([R(&STAR_TARGETS), T(Equal)])), R(&STAR_EXPRESSIONS), T(Equal)]
            => FailTarget(TargetKind::Star, 1),
        [Any(&group!([R(&STAR_TARGETS), T(Equal)])), R(&YIELD_EXPR), T(Equal)]
            => Fail(Place::At(1), "assignment to yield expression not possible"),
        [R(&STAR_EXPRESSIONS), R(&AUGASSIGN), R(&ANNOTATED_RHS)]
            => FailNamed(0, "'{}' is an illegal expression for augmented assignment"),
    }

    INVALID_ANN_ASSIGN_TARGET: invalid = {
        [R(&LIST)],
        [R(&TUPLE)],
        [T(LeftParen), R(&INVALID_ANN_ASSIGN_TARGET), T(RightParen)] => Take(1),
    }
}
