//! Rules that find errors in f-strings and t-strings and in rows of literals.

use super::statement::ANNOTATED_RHS;
use super::string::*;
use super::table::Action::*;
use super::table::Item::*;
use super::table::{Place, alternatives, group, rules};
use crate::lexer::TokenKind::*;

/// The rules of replacement fields, which only the name of the string in their messages tells apart.
macro_rules! replacement_field {
    ($field:ident, $conversion:ident, $name:literal) => {
        rules! {
            $field: invalid = {
                [T(LeftBrace), T(Equal)]
                    => Fail(Place::At(1), concat!($name, ": valid expression required before '='")),
                [T(LeftBrace), T(Exclamation)]
                    => Fail(Place::At(1), concat!($name, ": valid expression required before '!'")),
                [T(LeftBrace), T(Colon)]
                    => Fail(Place::At(1), concat!($name, ": valid expression required before ':'")),
                [T(LeftBrace), T(RightBrace)]
                    => Fail(Place::At(1), concat!($name, ": valid expression required before '}'")),
                [T(LeftBrace), Unless(&R(&ANNOTATED_RHS))]
                    => Fail(Place::Next, concat!($name, ": expecting a valid expression after '{'")),
                [
                    T(LeftBrace), R(&ANNOTATED_RHS),
                    Unless(&group!([T(Equal)], [T(Exclamation)], [T(Colon)], [T(RightBrace)])),
                ] => Fail(Place::Next, concat!($name, ": expecting '=', or '!', or ':', or '}'")),
                [
                    T(LeftBrace), R(&ANNOTATED_RHS), T(Equal),
                    Unless(&group!([T(Exclamation)], [T(Colon)], [T(RightBrace)])),
                ] => Fail(Place::Next, concat!($name, ": expecting '!', or ':', or '}'")),
                [T(LeftBrace), R(&ANNOTATED_RHS), Opt(&T(Equal)), R(&$conversion)],
                [
                    T(LeftBrace), R(&ANNOTATED_RHS), Opt(&T(Equal)), Opt(&group!([T(Exclamation), Id])),
                    Unless(&group!([T(Colon)], [T(RightBrace)])),
                ] => Fail(Place::Next, concat!($name, ": expecting ':' or '}'")),
                [
                    T(LeftBrace), R(&ANNOTATED_RHS), Opt(&T(Equal)), Opt(&group!([T(Exclamation), Id])), T(Colon),
                    Any(&R(&FSTRING_FORMAT_SPEC)), Unless(&T(RightBrace)),
                ] => Fail(Place::Next, concat!($name, ": expecting '}', or format specs")),
                [
                    T(LeftBrace), R(&ANNOTATED_RHS), Opt(&T(Equal)), Opt(&group!([T(Exclamation), Id])),
                    Unless(&T(RightBrace)),
                ] => Fail(Place::Next, concat!($name, ": expecting '}'")),
            }

            $conversion: invalid = {
                [T(Exclamation), Ahead(&group!([T(Colon)], [T(RightBrace)]))]
                    => Fail(Place::Next, concat!($name, ": missing conversion character")),
                [T(Exclamation), Unless(&Id)]
                    => Fail(Place::Next, concat!($name, ": invalid conversion character")),
            }
        }
    };
}

replacement_field!(INVALID_FSTRING_REPLACEMENT_FIELD, INVALID_FSTRING_CONVERSION_CHARACTER, "f-string");
replacement_field!(INVALID_TSTRING_REPLACEMENT_FIELD, INVALID_TSTRING_CONVERSION_CHARACTER, "t-string");

rules! {
    INVALID_STRING_TSTRING_CONCAT: invalid = {
        [Many(&group!([R(&FSTRING)], [R(&STRING)])), R(&TSTRING)]
            => Fail(Place::LastOf(0, 1), "cannot mix t-string literals with string or bytes literals"),
        [Many(&R(&TSTRING)), group!([R(&FSTRING)], [R(&STRING)])]
            => Fail(Place::LastOf(0, 1), "cannot mix t-string literals with string or bytes literals"),
    }
}
