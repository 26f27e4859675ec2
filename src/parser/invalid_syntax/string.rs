//! Rules of string literals, f-strings and t-strings.

use super::action;
use super::invalid_string::*;
use super::node::Kind;
use super::statement::ANNOTATED_RHS;
use super::table::Action::*;
use super::table::Item::*;
use super::table::{alternatives, group, rules};
use crate::lexer::TokenKind::*;

rules! {
    FSTRING_MIDDLE = {
        [R(&FSTRING_REPLACEMENT_FIELD)],
        [T(FStringMiddle)],
    }

    FSTRING_REPLACEMENT_FIELD = {
        [
            T(LeftBrace), R(&ANNOTATED_RHS), Opt(&T(Equal)), Opt(&R(&FSTRING_CONVERSION)),
            Opt(&R(&FSTRING_FULL_FORMAT_SPEC)), T(RightBrace),
        ] => Node(Kind::JoinedStr),
        [R(&INVALID_FSTRING_REPLACEMENT_FIELD)],
    }

    FSTRING_CONVERSION = { [T(Exclamation), Id] => Call(action::conversion) }

    FSTRING_FULL_FORMAT_SPEC = { [T(Colon), Any(&R(&FSTRING_FORMAT_SPEC))] }

    FSTRING_FORMAT_SPEC = {
        [T(FStringMiddle)] => Call(action::format_spec_text),
        [R(&FSTRING_REPLACEMENT_FIELD)],
    }

    FSTRING = {
        [T(FStringStart), Any(&R(&FSTRING_MIDDLE)), T(FStringEnd)] => Call(action::joined_str),
    }

    TSTRING_FORMAT_SPEC_REPLACEMENT_FIELD = {
        [
            T(LeftBrace), R(&ANNOTATED_RHS), Opt(&T(Equal)), Opt(&R(&FSTRING_CONVERSION)),
            Opt(&R(&TSTRING_FULL_FORMAT_SPEC)), T(RightBrace),
        ] => Node(Kind::JoinedStr),
        [R(&INVALID_TSTRING_REPLACEMENT_FIELD)],
    }

    TSTRING_FORMAT_SPEC = {
        [T(TStringMiddle)] => Call(action::format_spec_text),
        [R(&TSTRING_FORMAT_SPEC_REPLACEMENT_FIELD)],
    }

    TSTRING_FULL_FORMAT_SPEC = { [T(Colon), Any(&R(&TSTRING_FORMAT_SPEC))] }

    TSTRING_REPLACEMENT_FIELD = {
        [
            T(LeftBrace), R(&ANNOTATED_RHS), Opt(&T(Equal)), Opt(&R(&FSTRING_CONVERSION)),
            Opt(&R(&TSTRING_FULL_FORMAT_SPEC)), T(RightBrace),
        ] => Node(Kind::TemplateStr),
        [R(&INVALID_TSTRING_REPLACEMENT_FIELD)],
    }

    TSTRING_MIDDLE = {
        [R(&TSTRING_REPLACEMENT_FIELD)],
        [T(TStringMiddle)],
    }

    TSTRING: memo = {
        [T(TStringStart), Any(&R(&TSTRING_MIDDLE)), T(TStringEnd)] => Call(action::template_str),
    }

    STRING = { [T(String)] => Call(action::string) }

    STRINGS: memo = {
        if |f| f.template_strings => [R(&INVALID_STRING_TSTRING_CONCAT)],
        [Many(&group!([R(&FSTRING)], [R(&STRING)]))] => Call(action::concatenate_strings),
        if |f| f.template_strings => [Many(&R(&TSTRING))] => Node(Kind::TemplateStr),
    }
}
