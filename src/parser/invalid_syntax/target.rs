//! Rules of what may be assigned to or deleted.

use super::argument::ARGUMENTS;
use super::expression::*;
use super::node::Kind;
use super::table::Action::*;
use super::table::Item::*;
use super::table::{alternatives, group, rules};
use crate::lexer::TokenKind::*;

rules! {
    STAR_TARGETS = {
        [R(&STAR_TARGET), Unless(&T(Comma))],
        [R(&STAR_TARGET), Any(&group!([T(Comma), R(&STAR_TARGET)] => Take(1))), Opt(&T(Comma))]
            => OverFront(Kind::Tuple, 0, 1),
    }

    STAR_TARGETS_LIST_SEQ = { [Sep(Comma, &R(&STAR_TARGET)), Opt(&T(Comma))] }

    STAR_TARGETS_TUPLE_SEQ = {
        [R(&STAR_TARGET), Many(&group!([T(Comma), R(&STAR_TARGET)] => Take(1))), Opt(&T(Comma))] => Front(0, 1),
        [R(&STAR_TARGET), T(Comma)] => One(0),
    }

    STAR_TARGET: memo = {
        [T(Star), group!([Unless(&T(Star)), R(&STAR_TARGET)] => Take(1))] => Over(Kind::Starred, 1),
        [R(&TARGET_WITH_STAR_ATOM)],
    }

    TARGET_WITH_STAR_ATOM: memo = {
        [R(&T_PRIMARY), T(Dot), Id, Unless(&R(&T_LOOKAHEAD))] => Node(Kind::Attribute),
        [R(&T_PRIMARY), T(LeftBracket), R(&SLICES), T(RightBracket), Unless(&R(&T_LOOKAHEAD))] => Node(Kind::Subscript),
        [R(&STAR_ATOM)],
    }

    STAR_ATOM = {
        [Id],
        [T(LeftParen), R(&TARGET_WITH_STAR_ATOM), T(RightParen)] => Take(1),
        [T(LeftParen), Opt(&R(&STAR_TARGETS_TUPLE_SEQ)), T(RightParen)] => Over(Kind::Tuple, 1),
        [T(LeftBracket), Opt(&R(&STAR_TARGETS_LIST_SEQ)), T(RightBracket)] => Over(Kind::List, 1),
    }

    SINGLE_TARGET = {
        [R(&SINGLE_SUBSCRIPT_ATTRIBUTE_TARGET)],
        [Id],
        [T(LeftParen), R(&SINGLE_TARGET), T(RightParen)] => Take(1),
    }

    SINGLE_SUBSCRIPT_ATTRIBUTE_TARGET = {
        [R(&T_PRIMARY), T(Dot), Id, Unless(&R(&T_LOOKAHEAD))] => Node(Kind::Attribute),
        [R(&T_PRIMARY), T(LeftBracket), R(&SLICES), T(RightBracket), Unless(&R(&T_LOOKAHEAD))] => Node(Kind::Subscript),
    }

    T_PRIMARY: left = {
        [R(&T_PRIMARY), T(Dot), Id, Ahead(&R(&T_LOOKAHEAD))] => Node(Kind::Attribute),
        [R(&T_PRIMARY), T(LeftBracket), R(&SLICES), T(RightBracket), Ahead(&R(&T_LOOKAHEAD))] => Node(Kind::Subscript),
        [R(&T_PRIMARY), R(&GENEXP), Ahead(&R(&T_LOOKAHEAD))] => Node(Kind::Call),
        [R(&T_PRIMARY), T(LeftParen), Opt(&R(&ARGUMENTS)), T(RightParen), Ahead(&R(&T_LOOKAHEAD))] => Node(Kind::Call),
        [R(&ATOM), Ahead(&R(&T_LOOKAHEAD))],
    }

    T_LOOKAHEAD = { [T(LeftParen)], [T(LeftBracket)], [T(Dot)] }

    DEL_TARGETS = { [Sep(Comma, &R(&DEL_TARGET)), Opt(&T(Comma))] }

    DEL_TARGET: memo = {
        [R(&T_PRIMARY), T(Dot), Id, Unless(&R(&T_LOOKAHEAD))] => Node(Kind::Attribute),
        [R(&T_PRIMARY), T(LeftBracket), R(&SLICES), T(RightBracket), Unless(&R(&T_LOOKAHEAD))] => Node(Kind::Subscript),
        [R(&DEL_T_ATOM)],
    }

    DEL_T_ATOM = {
        [Id],
        [T(LeftParen), R(&DEL_TARGET), T(RightParen)] => Take(1),
        [T(LeftParen), Opt(&R(&DEL_TARGETS)), T(RightParen)] => Over(Kind::Tuple, 1),
        [T(LeftBracket), Opt(&R(&DEL_TARGETS)), T(RightBracket)] => Over(Kind::List, 1),
    }
}
