//! Rules of compound statements and of parameter lists.

use super::argument::ARGUMENTS;
use super::expression::*;
use super::invalid_parameters::*;
use super::invalid_statement::*;
use super::node::Kind;
use super::statement::*;
use super::table::Action::*;
use super::table::Item::*;
use super::table::{BEFORE_13, BEFORE_14, FROM_13, FROM_14, alternatives, group, rules};
use super::target::*;
use super::type_params::TYPE_PARAMS;
use crate::lexer::TokenKind::*;

rules! {
    BLOCK: memo = {
        [T(Newline), T(Indent), R(&STATEMENTS), T(Dedent)] => Take(2),
        [R(&SIMPLE_STMTS)],
        [R(&INVALID_BLOCK)],
    }

    DECORATORS = { [Many(&group!([T(At), R(&NAMED_EXPRESSION), T(Newline)]))] }

    CLASS_DEF = { [R(&DECORATORS), R(&CLASS_DEF_RAW)] => Take(1), [R(&CLASS_DEF_RAW)] }

    CLASS_DEF_RAW = {
        [R(&INVALID_CLASS_DEF_RAW)],
        [
            T(Class), Id, Opt(&R(&TYPE_PARAMS)),
            Opt(&group!([T(LeftParen), Opt(&R(&ARGUMENTS)), T(RightParen)])), T(Colon), R(&BLOCK),
        ],
    }

    FUNCTION_DEF = { [R(&DECORATORS), R(&FUNCTION_DEF_RAW)] => Take(1), [R(&FUNCTION_DEF_RAW)] }

    FUNCTION_DEF_RAW = {
        [R(&INVALID_DEF_RAW)],
        if FROM_13 => [
            T(Def), Id, Opt(&R(&TYPE_PARAMS)), T(LeftParen), Opt(&R(&PARAMS)), T(RightParen),
            Opt(&group!([T(Arrow), R(&EXPRESSION)])), T(Colon), Opt(&R(&FUNC_TYPE_COMMENT)), R(&BLOCK),
        ],
        if FROM_13 => [
            T(Async), T(Def), Id, Opt(&R(&TYPE_PARAMS)), T(LeftParen), Opt(&R(&PARAMS)), T(RightParen),
            Opt(&group!([T(Arrow), R(&EXPRESSION)])), T(Colon), Opt(&R(&FUNC_TYPE_COMMENT)), R(&BLOCK),
        ],
        if BEFORE_13 => [
            T(Def), Id, Opt(&R(&TYPE_PARAMS)), Force(LeftParen, "("), Opt(&R(&PARAMS)), T(RightParen),
            Opt(&group!([T(Arrow), R(&EXPRESSION)])), Force(Colon, ":"), Opt(&R(&FUNC_TYPE_COMMENT)), R(&BLOCK),
        ],
        if BEFORE_13 => [
            T(Async), T(Def), Id, Opt(&R(&TYPE_PARAMS)), Force(LeftParen, "("), Opt(&R(&PARAMS)), T(RightParen),
            Opt(&group!([T(Arrow), R(&EXPRESSION)])), Force(Colon, ":"), Opt(&R(&FUNC_TYPE_COMMENT)), R(&BLOCK),
        ],
    }

    FUNC_TYPE_COMMENT = {
        [T(Newline), Never],
        [R(&INVALID_DOUBLE_TYPE_COMMENTS)],
        [Never],
    }

    PARAMS = { [R(&INVALID_PARAMETERS)], [R(&PARAMETERS)] }

    PARAMETERS = {
        [R(&SLASH_NO_DEFAULT), Any(&R(&PARAM_NO_DEFAULT)), Any(&R(&PARAM_WITH_DEFAULT)), Opt(&R(&STAR_ETC))],
        [R(&SLASH_WITH_DEFAULT), Any(&R(&PARAM_WITH_DEFAULT)), Opt(&R(&STAR_ETC))],
        [Many(&R(&PARAM_NO_DEFAULT)), Any(&R(&PARAM_WITH_DEFAULT)), Opt(&R(&STAR_ETC))],
        [Many(&R(&PARAM_WITH_DEFAULT)), Opt(&R(&STAR_ETC))],
        [R(&STAR_ETC)],
    }

    SLASH_NO_DEFAULT = {
        [Many(&R(&PARAM_NO_DEFAULT)), T(Slash), T(Comma)],
        [Many(&R(&PARAM_NO_DEFAULT)), T(Slash), Ahead(&T(RightParen))],
    }

    SLASH_WITH_DEFAULT = {
        [Any(&R(&PARAM_NO_DEFAULT)), Many(&R(&PARAM_WITH_DEFAULT)), T(Slash), T(Comma)],
        [Any(&R(&PARAM_NO_DEFAULT)), Many(&R(&PARAM_WITH_DEFAULT)), T(Slash), Ahead(&T(RightParen))],
    }

    STAR_ETC = {
        [R(&INVALID_STAR_ETC)],
        [T(Star), R(&PARAM_NO_DEFAULT), Any(&R(&PARAM_MAYBE_DEFAULT)), Opt(&R(&KWDS))],
        [T(Star), R(&PARAM_NO_DEFAULT_STAR_ANNOTATION), Any(&R(&PARAM_MAYBE_DEFAULT)), Opt(&R(&KWDS))],
        [T(Star), T(Comma), Many(&R(&PARAM_MAYBE_DEFAULT)), Opt(&R(&KWDS))],
        [R(&KWDS)],
    }

    KWDS = { [R(&INVALID_KWDS)], [T(DoubleStar), R(&PARAM_NO_DEFAULT)] }

    PARAM_NO_DEFAULT = {
        [R(&PARAM), T(Comma), Opt(&Never)],
        [R(&PARAM), Opt(&Never), Ahead(&T(RightParen))],
    }

    PARAM_NO_DEFAULT_STAR_ANNOTATION = {
        [R(&PARAM_STAR_ANNOTATION), T(Comma), Opt(&Never)],
        [R(&PARAM_STAR_ANNOTATION), Opt(&Never), Ahead(&T(RightParen))],
    }

    PARAM_WITH_DEFAULT = {
        [R(&PARAM), R(&DEFAULT), T(Comma), Opt(&Never)],
        [R(&PARAM), R(&DEFAULT), Opt(&Never), Ahead(&T(RightParen))],
    }

    PARAM_MAYBE_DEFAULT = {
        [R(&PARAM), Opt(&R(&DEFAULT)), T(Comma), Opt(&Never)],
        [R(&PARAM), Opt(&R(&DEFAULT)), Opt(&Never), Ahead(&T(RightParen))],
    }

    PARAM = { [Id, Opt(&R(&ANNOTATION))] => Node(Kind::Other) }
    PARAM_STAR_ANNOTATION = { [Id, R(&STAR_ANNOTATION)] => Node(Kind::Other) }
    ANNOTATION = { [T(Colon), R(&EXPRESSION)] }
    STAR_ANNOTATION = { [T(Colon), R(&STAR_EXPRESSION)] }
    DEFAULT = { [T(Equal), R(&EXPRESSION)], [R(&INVALID_DEFAULT)] }

    IF_STMT = {
        [R(&INVALID_IF_STMT)],
        [T(If), R(&NAMED_EXPRESSION), T(Colon), R(&BLOCK), R(&ELIF_STMT)],
        [T(If), R(&NAMED_EXPRESSION), T(Colon), R(&BLOCK), Opt(&R(&ELSE_BLOCK))],
    }

    ELIF_STMT = {
        [R(&INVALID_ELIF_STMT)],
        [T(Elif), R(&NAMED_EXPRESSION), T(Colon), R(&BLOCK), R(&ELIF_STMT)],
        [T(Elif), R(&NAMED_EXPRESSION), T(Colon), R(&BLOCK), Opt(&R(&ELSE_BLOCK))],
    }

    ELSE_BLOCK = { [R(&INVALID_ELSE_STMT)], [T(Else), Force(Colon, ":"), R(&BLOCK)] }

    WHILE_STMT = {
        [R(&INVALID_WHILE_STMT)],
        [T(While), R(&NAMED_EXPRESSION), T(Colon), R(&BLOCK), Opt(&R(&ELSE_BLOCK))],
    }

    FOR_STMT = {
        [R(&INVALID_FOR_STMT)],
        [
            T(For), R(&STAR_TARGETS), T(In), Cut, R(&STAR_EXPRESSIONS), T(Colon), Opt(&Never), R(&BLOCK),
            Opt(&R(&ELSE_BLOCK)),
        ],
        [
            T(Async), T(For), R(&STAR_TARGETS), T(In), Cut, R(&STAR_EXPRESSIONS), T(Colon), Opt(&Never), R(&BLOCK),
            Opt(&R(&ELSE_BLOCK)),
        ],
        [R(&INVALID_FOR_TARGET)],
    }

    WITH_STMT = {
        [R(&INVALID_WITH_STMT_INDENT)],
        [
            T(With), T(LeftParen), Sep(Comma, &R(&WITH_ITEM)), Opt(&T(Comma)), T(RightParen), T(Colon), Opt(&Never),
            R(&BLOCK),
        ],
        [T(With), Sep(Comma, &R(&WITH_ITEM)), T(Colon), Opt(&Never), R(&BLOCK)],
        [
            T(Async), T(With), T(LeftParen), Sep(Comma, &R(&WITH_ITEM)), Opt(&T(Comma)), T(RightParen), T(Colon),
            R(&BLOCK),
        ],
        [T(Async), T(With), Sep(Comma, &R(&WITH_ITEM)), T(Colon), Opt(&Never), R(&BLOCK)],
        [R(&INVALID_WITH_STMT)],
    }

    WITH_ITEM = {
        [R(&EXPRESSION), T(As), R(&STAR_TARGET), Ahead(&group!([T(Comma)], [T(RightParen)], [T(Colon)]))],
        [R(&INVALID_WITH_ITEM)],
        [R(&EXPRESSION)],
    }

    TRY_STMT = {
        [R(&INVALID_TRY_STMT)],
        [T(Try), Force(Colon, ":"), R(&BLOCK), R(&FINALLY_BLOCK)],
        [
            T(Try), Force(Colon, ":"), R(&BLOCK), Many(&R(&EXCEPT_BLOCK)), Opt(&R(&ELSE_BLOCK)),
            Opt(&R(&FINALLY_BLOCK)),
        ],
        [
            T(Try), Force(Colon, ":"), R(&BLOCK), Many(&R(&EXCEPT_STAR_BLOCK)), Opt(&R(&ELSE_BLOCK)),
            Opt(&R(&FINALLY_BLOCK)),
        ],
    }

    EXCEPT_BLOCK = {
        [R(&INVALID_EXCEPT_STMT_INDENT)],
        if BEFORE_14 => [T(Except), R(&EXPRESSION), Opt(&group!([T(As), Id])), T(Colon), R(&BLOCK)],
        if FROM_14 => [T(Except), R(&EXPRESSION), T(Colon), R(&BLOCK)],
        if FROM_14 => [T(Except), R(&EXPRESSION), T(As), Id, T(Colon), R(&BLOCK)],
        if |f| f.unparenthesized_except => [T(Except), R(&EXPRESSIONS), T(Colon), R(&BLOCK)],
        [T(Except), T(Colon), R(&BLOCK)],
        [R(&INVALID_EXCEPT_STMT)],
    }

    EXCEPT_STAR_BLOCK = {
        [R(&INVALID_EXCEPT_STAR_STMT_INDENT)],
        if BEFORE_14 => [T(Except), T(Star), R(&EXPRESSION), Opt(&group!([T(As), Id])), T(Colon), R(&BLOCK)],
        if FROM_14 => [T(Except), T(Star), R(&EXPRESSION), T(Colon), R(&BLOCK)],
        if FROM_14 => [T(Except), T(Star), R(&EXPRESSION), T(As), Id, T(Colon), R(&BLOCK)],
        if |f| f.unparenthesized_except => [T(Except), T(Star), R(&EXPRESSIONS), T(Colon), R(&BLOCK)],
        if BEFORE_14 => [R(&INVALID_EXCEPT_STMT)],
        if FROM_14 => [R(&INVALID_EXCEPT_STAR_STMT)],
    }

    FINALLY_BLOCK = { [R(&INVALID_FINALLY_STMT)], [T(Finally), Force(Colon, ":"), R(&BLOCK)] }
}
