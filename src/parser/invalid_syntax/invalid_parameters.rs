//! Rules that find errors in the parameters of functions and of `lambda`.

use super::compound::*;
use super::expression::*;
use super::table::Action::*;
use super::table::Item::*;
use super::table::{BEFORE_12, FROM_12, Place, alternatives, group, rules};
use crate::lexer::TokenKind::*;

rules! {
    INVALID_PARAMETERS: invalid = {
        if BEFORE_12 => [Any(&R(&PARAM_NO_DEFAULT)), R(&INVALID_PARAMETERS_HELPER), R(&PARAM_NO_DEFAULT)]
            => Fail(Place::At(2), "non-default argument follows default argument"),
        if BEFORE_12 => [Any(&R(&PARAM_NO_DEFAULT)), T(LeftParen), Many(&R(&PARAM_NO_DEFAULT)), Opt(&T(Comma)), T(RightParen)]
            => Fail(Place::Range(1, 4), "Function parameters cannot be parenthesized"),
        [T(Slash), T(Comma)] => Fail(Place::At(0), "at least one argument must precede /"),
        [group!([R(&SLASH_NO_DEFAULT)], [R(&SLASH_WITH_DEFAULT)]), Any(&R(&PARAM_MAYBE_DEFAULT)), T(Slash)]
            => Fail(Place::At(2), "/ may appear only once"),
        if FROM_12 => [
            Opt(&R(&SLASH_NO_DEFAULT)), Any(&R(&PARAM_NO_DEFAULT)), R(&INVALID_PARAMETERS_HELPER),
            R(&PARAM_NO_DEFAULT),
        ] => Fail(Place::At(3), "parameter without a default follows parameter with a default"),
        [Any(&R(&PARAM_NO_DEFAULT)), T(LeftParen), Many(&R(&PARAM_NO_DEFAULT)), Opt(&T(Comma)), T(RightParen)]
            => Fail(Place::Range(1, 4), "Function parameters cannot be parenthesized"),
        [
            Opt(&group!([R(&SLASH_NO_DEFAULT)], [R(&SLASH_WITH_DEFAULT)])), Any(&R(&PARAM_MAYBE_DEFAULT)), T(Star),
            group!([T(Comma)], [R(&PARAM_NO_DEFAULT)]), Any(&R(&PARAM_MAYBE_DEFAULT)), T(Slash),
        ] => Fail(Place::At(5), "/ must be ahead of *"),
        [Many(&R(&PARAM_MAYBE_DEFAULT)), T(Slash), T(Star)]
            => Fail(Place::At(2), "expected comma between / and *"),
    }

    INVALID_PARAMETERS_HELPER: invalid = {
        [R(&SLASH_WITH_DEFAULT)] => One(0),
        [Many(&R(&PARAM_WITH_DEFAULT))],
    }

    INVALID_DEFAULT: invalid = {
        [T(Equal), Ahead(&group!([T(RightParen)], [T(Comma)]))]
            => Fail(Place::At(0), "expected default value expression"),
    }

    INVALID_STAR_ETC: invalid = {
        [T(Star), group!([T(RightParen)], [T(Comma), group!([T(RightParen)], [T(DoubleStar)])])]
            => Fail(Place::At(0), "named arguments must follow bare *"),
        [T(Star), T(Comma), Never] => Fail(Place::Last, "bare * has associated type comment"),
        [T(Star), R(&PARAM), T(Equal)] => Fail(Place::At(2), "var-positional argument cannot have default value"),
        [
            T(Star), group!([R(&PARAM_NO_DEFAULT)], [T(Comma)]), Any(&R(&PARAM_MAYBE_DEFAULT)), T(Star),
            group!([R(&PARAM_NO_DEFAULT)], [T(Comma)]),
        ] => Fail(Place::At(3), "* argument may appear only once"),
    }

    INVALID_KWDS: invalid = {
        [T(DoubleStar), R(&PARAM), T(Equal)]
            => Fail(Place::At(2), "var-keyword argument cannot have default value"),
        [T(DoubleStar), R(&PARAM), T(Comma), R(&PARAM)]
            => Fail(Place::At(3), "arguments cannot follow var-keyword argument"),
        [T(DoubleStar), R(&PARAM), T(Comma), group!([T(Star)], [T(DoubleStar)], [T(Slash)])]
            => Fail(Place::At(3), "arguments cannot follow var-keyword argument"),
    }

    INVALID_LAMBDA_PARAMETERS: invalid = {
        if BEFORE_12 => [Any(&R(&LAMBDA_PARAM_NO_DEFAULT)), R(&INVALID_LAMBDA_PARAMETERS_HELPER), R(&LAMBDA_PARAM_NO_DEFAULT)]
            => Fail(Place::At(2), "non-default argument follows default argument"),
        if BEFORE_12 => [Any(&R(&LAMBDA_PARAM_NO_DEFAULT)), T(LeftParen), Sep(Comma, &R(&LAMBDA_PARAM)), Opt(&T(Comma)), T(RightParen)]
            => Fail(Place::Range(1, 4), "Lambda expression parameters cannot be parenthesized"),
        [T(Slash), T(Comma)] => Fail(Place::At(0), "at least one argument must precede /"),
        [
            group!([R(&LAMBDA_SLASH_NO_DEFAULT)], [R(&LAMBDA_SLASH_WITH_DEFAULT)]),
            Any(&R(&LAMBDA_PARAM_MAYBE_DEFAULT)), T(Slash),
        ] => Fail(Place::At(2), "/ may appear only once"),
        if FROM_12 => [
            Opt(&R(&LAMBDA_SLASH_NO_DEFAULT)), Any(&R(&LAMBDA_PARAM_NO_DEFAULT)),
            R(&INVALID_LAMBDA_PARAMETERS_HELPER), R(&LAMBDA_PARAM_NO_DEFAULT),
        ] => Fail(Place::At(3), "parameter without a default follows parameter with a default"),
        [
            Any(&R(&LAMBDA_PARAM_NO_DEFAULT)), T(LeftParen), Sep(Comma, &R(&LAMBDA_PARAM)), Opt(&T(Comma)),
            T(RightParen),
        ] => Fail(Place::Range(1, 4), "Lambda expression parameters cannot be parenthesized"),
        [
            Opt(&group!([R(&LAMBDA_SLASH_NO_DEFAULT)], [R(&LAMBDA_SLASH_WITH_DEFAULT)])),
            Any(&R(&LAMBDA_PARAM_MAYBE_DEFAULT)), T(Star), group!([T(Comma)], [R(&LAMBDA_PARAM_NO_DEFAULT)]),
            Any(&R(&LAMBDA_PARAM_MAYBE_DEFAULT)), T(Slash),
        ] => Fail(Place::At(5), "/ must be ahead of *"),
        [Many(&R(&LAMBDA_PARAM_MAYBE_DEFAULT)), T(Slash), T(Star)]
            => Fail(Place::At(2), "expected comma between / and *"),
    }

    INVALID_LAMBDA_PARAMETERS_HELPER: invalid = {
        [R(&LAMBDA_SLASH_WITH_DEFAULT)] => One(0),
        [Many(&R(&LAMBDA_PARAM_WITH_DEFAULT))],
    }

    INVALID_LAMBDA_STAR_ETC: invalid = {
        [T(Star), group!([T(Colon)], [T(Comma), group!([T(Colon)], [T(DoubleStar)])])]
            => Fail(Place::Last, "named arguments must follow bare *"),
        [T(Star), R(&LAMBDA_PARAM), T(Equal)]
            => Fail(Place::At(2), "var-positional argument cannot have default value"),
        [
            T(Star), group!([R(&LAMBDA_PARAM_NO_DEFAULT)], [T(Comma)]), Any(&R(&LAMBDA_PARAM_MAYBE_DEFAULT)),
            T(Star), group!([R(&LAMBDA_PARAM_NO_DEFAULT)], [T(Comma)]),
        ] => Fail(Place::At(3), "* argument may appear only once"),
    }

    INVALID_LAMBDA_KWDS: invalid = {
        [T(DoubleStar), R(&LAMBDA_PARAM), T(Equal)]
            => Fail(Place::At(2), "var-keyword argument cannot have default value"),
        [T(DoubleStar), R(&LAMBDA_PARAM), T(Comma), R(&LAMBDA_PARAM)]
            => Fail(Place::At(3), "arguments cannot follow var-keyword argument"),
        [T(DoubleStar), R(&LAMBDA_PARAM), T(Comma), group!([T(Star)], [T(DoubleStar)], [T(Slash)])]
            => Fail(Place::At(3), "arguments cannot follow var-keyword argument"),
    }
}
