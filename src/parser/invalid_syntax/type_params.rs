//! Rules of type parameters and type aliases.

use super::action;
use super::expression::*;
use super::table::Action::*;
use super::table::Item::*;
use super::table::Place;
use super::table::{BEFORE_14, FROM_13, FROM_14, alternatives, rules};
use crate::lexer::TokenKind::*;
use crate::source::known;

rules! {
    TYPE_ALIAS = {
        if |f| f.type_parameters => [
            Soft(known::TYPE), Id, Opt(&R(&TYPE_PARAMS)), T(Equal), R(&EXPRESSION),
        ],
    }

    TYPE_PARAMS = {
        if FROM_13 => [R(&INVALID_TYPE_PARAMS)],
        if |f| f.type_parameters => [T(LeftBracket), R(&TYPE_PARAM_SEQ), T(RightBracket)],
    }

    TYPE_PARAM_SEQ = { [Sep(Comma, &R(&TYPE_PARAM)), Opt(&T(Comma))] }

    TYPE_PARAM: memo = {
        [Id, Opt(&R(&TYPE_PARAM_BOUND)), Opt(&R(&TYPE_PARAM_DEFAULT))],
        if FROM_14 => [R(&INVALID_TYPE_PARAM)],
        if BEFORE_14 => [T(Star), Id, T(Colon), R(&EXPRESSION)] => Call(action::bound_of_type_var_tuple),
        [T(Star), Id, Opt(&R(&TYPE_PARAM_STARRED_DEFAULT))],
        if BEFORE_14 => [T(DoubleStar), Id, T(Colon), R(&EXPRESSION)] => Call(action::bound_of_param_spec),
        [T(DoubleStar), Id, Opt(&R(&TYPE_PARAM_DEFAULT))],
    }

    TYPE_PARAM_BOUND = { [T(Colon), R(&EXPRESSION)] }

    TYPE_PARAM_DEFAULT = { if |f| f.type_parameter_defaults => [T(Equal), R(&EXPRESSION)] }

    TYPE_PARAM_STARRED_DEFAULT = { if |f| f.type_parameter_defaults => [T(Equal), R(&STAR_EXPRESSION)] }

    INVALID_TYPE_PARAMS: invalid = {
        [T(LeftBracket), T(RightBracket)]
            => Fail(Place::From(1), "Type parameter list cannot be empty"),
    }

    INVALID_TYPE_PARAM: invalid = {
        [T(Star), Id, T(Colon), R(&EXPRESSION)] => Call(action::bound_of_type_var_tuple),
        [T(DoubleStar), Id, T(Colon), R(&EXPRESSION)] => Call(action::bound_of_param_spec),
    }
}
