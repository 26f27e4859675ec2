//! Rules of the arguments of calls.

use super::action;
use super::expression::*;
use super::invalid_expression::*;
use super::node::Kind;
use super::table::Action::*;
use super::table::Item::*;
use super::table::{FROM_12, FROM_14, Place, alternatives, group, rules};
use crate::lexer::TokenKind::*;

rules! {
    ARGUMENTS: memo = {
        [R(&ARGS), Opt(&T(Comma)), Ahead(&T(RightParen))],
        [R(&INVALID_ARGUMENTS)],
    }

    ARGS = {
        [
            Sep(Comma, &group!(
                [R(&STARRED_EXPRESSION)],
                [
                    group!([R(&ASSIGNMENT_EXPRESSION)], [R(&EXPRESSION), Unless(&T(ColonEqual))]),
                    Unless(&T(Equal)),
                ],
            )),
            Opt(&group!([T(Comma), R(&KWARGS)] => Take(1))),
        ] => Call(action::call_arguments),
        [R(&KWARGS)] => Call(action::call_keywords),
    }

    KWARGS = {
        [Sep(Comma, &R(&KWARG_OR_STARRED)), T(Comma), Sep(Comma, &R(&KWARG_OR_DOUBLE_STARRED))]
            => Call(action::join),
        [Sep(Comma, &R(&KWARG_OR_STARRED))],
        [Sep(Comma, &R(&KWARG_OR_DOUBLE_STARRED))],
    }

    STARRED_EXPRESSION = {
        if FROM_12 => [R(&INVALID_STARRED_EXPRESSION_UNPACKING)],
        [T(Star), R(&EXPRESSION)] => Over(Kind::Starred, 1),
        // Before 3.14 the first pass has this alternative, too.
        if |f| f.error_rules_3_12 && !f.error_rules_3_14 => [T(Star)] => Fail(Place::Last, "Invalid star expression"),
        if FROM_14 => [R(&INVALID_STARRED_EXPRESSION)],
    }

    KWARG_OR_STARRED = {
        [R(&INVALID_KWARG)],
        [Id, T(Equal), R(&EXPRESSION)] => Node(Kind::Keyword),
        [R(&STARRED_EXPRESSION)],
    }

    KWARG_OR_DOUBLE_STARRED = {
        [R(&INVALID_KWARG)],
        [Id, T(Equal), R(&EXPRESSION)] => Node(Kind::Keyword),
        [T(DoubleStar), R(&EXPRESSION)] => Node(Kind::DoubleStarred),
    }
}
