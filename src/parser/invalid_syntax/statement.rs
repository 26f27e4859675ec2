//! Rules of the file, of simple statements and of imports.

use super::action;
use super::compound::*;
use super::expression::*;
use super::invalid_statement::*;
use super::node::Kind;
use super::pattern::MATCH_STMT;
use super::table::Action::*;
use super::table::Item::*;
use super::table::{BEFORE_15, FROM_12, FROM_14, FROM_15, alternatives, group, rules};
use super::target::*;
use super::type_params::TYPE_ALIAS;
use crate::lexer::TokenKind::*;
use crate::source::known;

rules! {
    FILE = { [Opt(&R(&STATEMENTS)), T(EndMarker)] }

    STATEMENTS = { [Many(&R(&STATEMENT))] }

    STATEMENT = { [R(&COMPOUND_STMT)] => Call(action::register_statement), [R(&SIMPLE_STMTS)] }

    SIMPLE_STMTS = {
        [R(&SIMPLE_STMT), Unless(&T(Semicolon)), T(Newline)],
        [Sep(Semicolon, &R(&SIMPLE_STMT)), Opt(&T(Semicolon)), T(Newline)],
    }

    SIMPLE_STMT: memo = {
        [R(&ASSIGNMENT)],
        [Ahead(&Soft(known::TYPE)), R(&TYPE_ALIAS)] => Take(1),
        if FROM_15 => [Ahead(&group!([T(Import)], [T(From)], [Soft(known::LAZY)])), R(&IMPORT_STMT)] => Take(1),
        [R(&STAR_EXPRESSIONS)] => Node(Kind::Other),
        [Ahead(&T(Return)), R(&RETURN_STMT)] => Take(1),
        if BEFORE_15 => [Ahead(&group!([T(Import)], [T(From)])), R(&IMPORT_STMT)] => Take(1),
        [Ahead(&T(Raise)), R(&RAISE_STMT)] => Take(1),
        [Ahead(&T(Pass)), R(&PASS_STMT)] => Take(1),
        [Ahead(&T(Del)), R(&DEL_STMT)] => Take(1),
        [Ahead(&T(Yield)), R(&YIELD_STMT)] => Take(1),
        [Ahead(&T(Assert)), R(&ASSERT_STMT)] => Take(1),
        [Ahead(&T(Break)), R(&BREAK_STMT)] => Take(1),
        [Ahead(&T(Continue)), R(&CONTINUE_STMT)] => Take(1),
        [Ahead(&T(Global)), R(&GLOBAL_STMT)] => Take(1),
        [Ahead(&T(Nonlocal)), R(&NONLOCAL_STMT)] => Take(1),
    }

    COMPOUND_STMT = {
        [Ahead(&group!([T(Def)], [T(At)], [T(Async)])), R(&FUNCTION_DEF)] => Take(1),
        [Ahead(&T(If)), R(&IF_STMT)] => Take(1),
        [Ahead(&group!([T(Class)], [T(At)])), R(&CLASS_DEF)] => Take(1),
        [Ahead(&group!([T(With)], [T(Async)])), R(&WITH_STMT)] => Take(1),
        [Ahead(&group!([T(For)], [T(Async)])), R(&FOR_STMT)] => Take(1),
        [Ahead(&T(Try)), R(&TRY_STMT)] => Take(1),
        [Ahead(&T(While)), R(&WHILE_STMT)] => Take(1),
        [R(&MATCH_STMT)],
    }

    ASSIGNMENT = {
        [Id, T(Colon), R(&EXPRESSION), Opt(&group!([T(Equal), R(&ANNOTATED_RHS)]))],
        [
            group!([T(LeftParen), R(&SINGLE_TARGET), T(RightParen)], [R(&SINGLE_SUBSCRIPT_ATTRIBUTE_TARGET)]),
            T(Colon),
            R(&EXPRESSION),
            Opt(&group!([T(Equal), R(&ANNOTATED_RHS)])),
        ],
        [Many(&group!([R(&STAR_TARGETS), T(Equal)])), R(&ANNOTATED_RHS), Unless(&T(Equal)), Opt(&Never)],
        [R(&SINGLE_TARGET), R(&AUGASSIGN), Cut, R(&ANNOTATED_RHS)],
        [R(&INVALID_ASSIGNMENT)],
    }

    ANNOTATED_RHS = { [R(&YIELD_EXPR)], [R(&STAR_EXPRESSIONS)] }

    AUGASSIGN = {
        [T(PlusEqual)], [T(MinusEqual)], [T(StarEqual)], [T(AtEqual)], [T(SlashEqual)], [T(PercentEqual)],
        [T(AmpersandEqual)], [T(VerticalBarEqual)], [T(CaretEqual)], [T(LeftShiftEqual)], [T(RightShiftEqual)],
        [T(DoubleStarEqual)], [T(DoubleSlashEqual)],
    }

    RETURN_STMT = { [T(Return), Opt(&R(&STAR_EXPRESSIONS))] => Node(Kind::Other) }

    RAISE_STMT = {
        if BEFORE_15 => [T(Raise), R(&EXPRESSION), Opt(&group!([T(From), R(&EXPRESSION)]))] => Node(Kind::Other),
        if FROM_15 => [T(Raise), R(&EXPRESSION), T(From), R(&EXPRESSION)] => Node(Kind::Other),
        if FROM_15 => [R(&INVALID_RAISE_STMT)],
        if FROM_15 => [T(Raise), R(&EXPRESSION)] => Node(Kind::Other),
        [T(Raise)] => Node(Kind::Other),
    }

    PASS_STMT = { [T(Pass)] => Node(Kind::Other) }
    BREAK_STMT = { [T(Break)] => Node(Kind::Other) }
    CONTINUE_STMT = { [T(Continue)] => Node(Kind::Other) }
    GLOBAL_STMT = { [T(Global), Sep(Comma, &Id)] => Node(Kind::Other) }
    NONLOCAL_STMT = { [T(Nonlocal), Sep(Comma, &Id)] => Node(Kind::Other) }

    DEL_STMT = {
        [T(Del), R(&DEL_TARGETS), Ahead(&group!([T(Semicolon)], [T(Newline)]))] => Node(Kind::Other),
        [R(&INVALID_DEL_STMT)],
    }

    YIELD_STMT = { [R(&YIELD_EXPR)] }

    ASSERT_STMT = {
        if FROM_15 => [R(&INVALID_ASSERT_STMT)],
        [T(Assert), R(&EXPRESSION), Opt(&group!([T(Comma), R(&EXPRESSION)]))] => Node(Kind::Other),
    }

    IMPORT_STMT = { if FROM_12 => [R(&INVALID_IMPORT)], [R(&IMPORT_NAME)], [R(&IMPORT_FROM)] }

    IMPORT_NAME = {
        if BEFORE_15 => [T(Import), R(&DOTTED_AS_NAMES)] => Node(Kind::Other),
        if FROM_15 => [Opt(&Soft(known::LAZY)), T(Import), R(&DOTTED_AS_NAMES)] => Node(Kind::Other),
    }

    IMPORT_FROM = {
        if FROM_15 => [R(&INVALID_IMPORT_FROM)],
        [
            Opt(&R(&LAZY)), T(From), Any(&group!([T(Dot)], [T(Ellipsis)])), R(&DOTTED_NAME), T(Import),
            R(&IMPORT_FROM_TARGETS),
        ] => Call(action::future_import),
        [Opt(&R(&LAZY)), T(From), Many(&group!([T(Dot)], [T(Ellipsis)])), T(Import), R(&IMPORT_FROM_TARGETS)]
            => Node(Kind::Other),
    }

    LAZY = { if FROM_15 => [Soft(known::LAZY)] }

    IMPORT_FROM_TARGETS = {
        [T(LeftParen), R(&IMPORT_FROM_AS_NAMES), Opt(&T(Comma)), T(RightParen)] => Take(1),
        [R(&IMPORT_FROM_AS_NAMES), Unless(&T(Comma))],
        [T(Star)],
        [R(&INVALID_IMPORT_FROM_TARGETS)],
    }

    IMPORT_FROM_AS_NAMES = { [Sep(Comma, &R(&IMPORT_FROM_AS_NAME))] }

    IMPORT_FROM_AS_NAME = {
        if FROM_14 => [R(&INVALID_IMPORT_FROM_AS_NAME)],
        [Id, Opt(&group!([T(As), Id]))],
    }

    DOTTED_AS_NAMES = { [Sep(Comma, &R(&DOTTED_AS_NAME))] }

    DOTTED_AS_NAME = {
        if FROM_14 => [R(&INVALID_DOTTED_AS_NAME)],
        [R(&DOTTED_NAME), Opt(&group!([T(As), Id]))],
    }

    DOTTED_NAME: left = {
        [R(&DOTTED_NAME), T(Dot), Id] => Node(Kind::Other),
        [Id],
    }
}
