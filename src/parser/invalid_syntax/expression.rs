//! Rules of expressions.

use super::action;
use super::argument::ARGUMENTS;
use super::compound::DEFAULT;
use super::invalid_expression::*;
use super::invalid_parameters::*;
use super::node::Kind;
use super::string::STRINGS;
use super::table::Action::*;
use super::table::Item::*;
use super::table::{BEFORE_15, FROM_13, FROM_14, FROM_15, Place, alternatives, group, rules};
use super::target::*;
use crate::lexer::TokenKind::*;

rules! {
    EXPRESSIONS = {
        [R(&EXPRESSION), Many(&group!([T(Comma), R(&EXPRESSION)] => Take(1))), Opt(&T(Comma))]
            => OverFront(Kind::Tuple, 0, 1),
        [R(&EXPRESSION), T(Comma)] => OverOne(Kind::Tuple, 0),
        [R(&EXPRESSION)],
    }

    EXPRESSION: memo = {
        if FROM_15 => [R(&INVALID_IF_EXPRESSION)],
        [R(&INVALID_EXPRESSION)],
        [R(&INVALID_LEGACY_EXPRESSION)],
        if BEFORE_15 => [R(&DISJUNCTION), T(If), R(&DISJUNCTION), T(Else), R(&EXPRESSION)] => Node(Kind::IfExp),
        if FROM_15 => [R(&IF_EXPRESSION)],
        [R(&DISJUNCTION)],
        [R(&LAMBDEF)],
    }

    IF_EXPRESSION = {
        [R(&DISJUNCTION), T(If), R(&DISJUNCTION), T(Else), R(&EXPRESSION)] => Node(Kind::IfExp),
    }

    EXPRESSION_WITHOUT_INVALID: without_invalid = {
        [R(&DISJUNCTION), T(If), R(&DISJUNCTION), T(Else), R(&EXPRESSION)] => Node(Kind::IfExp),
        [R(&DISJUNCTION)],
        [R(&LAMBDEF)],
    }

    YIELD_EXPR = {
        [T(Yield), T(From), R(&EXPRESSION)] => Node(Kind::Yield),
        [T(Yield), Opt(&R(&STAR_EXPRESSIONS))] => Node(Kind::Yield),
    }

    STAR_EXPRESSIONS = {
        [R(&STAR_EXPRESSION), Many(&group!([T(Comma), R(&STAR_EXPRESSION)] => Take(1))), Opt(&T(Comma))]
            => OverFront(Kind::Tuple, 0, 1),
        [R(&STAR_EXPRESSION), T(Comma)] => OverOne(Kind::Tuple, 0),
        [R(&STAR_EXPRESSION)],
    }

    STAR_EXPRESSION: memo = {
        [T(Star), R(&BITWISE_OR)] => Over(Kind::Starred, 1),
        [R(&EXPRESSION)],
    }

    STAR_NAMED_EXPRESSIONS = { [Sep(Comma, &R(&STAR_NAMED_EXPRESSION)), Opt(&T(Comma))] }

    STAR_NAMED_EXPRESSION = {
        [T(Star), R(&BITWISE_OR)] => Over(Kind::Starred, 1),
        [R(&NAMED_EXPRESSION)],
    }

    STAR_NAMED_EXPRESSIONS_SEQUENCE = { [Sep(Comma, &R(&STAR_NAMED_EXPRESSION_SEQUENCE)), Opt(&T(Comma))] }

    STAR_NAMED_EXPRESSION_SEQUENCE = {
        [R(&INVALID_STARRED_EXPRESSION_UNPACKING_SEQUENCE)],
        [R(&STAR_NAMED_EXPRESSION)],
    }

    ASSIGNMENT_EXPRESSION = { [Id, T(ColonEqual), Cut, R(&EXPRESSION)] => Node(Kind::NamedExpr) }

    NAMED_EXPRESSION = {
        [R(&ASSIGNMENT_EXPRESSION)],
        [R(&INVALID_NAMED_EXPRESSION)],
        [R(&EXPRESSION), Unless(&T(ColonEqual))],
    }

    DISJUNCTION: memo = {
        [R(&CONJUNCTION), Many(&group!([T(Or), R(&CONJUNCTION)]))] => Node(Kind::Operation),
        [R(&CONJUNCTION)],
    }

    CONJUNCTION: memo = {
        [R(&INVERSION), Many(&group!([T(And), R(&INVERSION)]))] => Node(Kind::Operation),
        [R(&INVERSION)],
    }

    INVERSION: memo = {
        [T(Not), R(&INVERSION)] => Node(Kind::Operation),
        [R(&COMPARISON)],
    }

    COMPARISON = {
        [R(&BITWISE_OR), Many(&R(&COMPARE_OP_BITWISE_OR_PAIR))] => Call(action::comparison),
        [R(&BITWISE_OR)],
    }

    COMPARE_OP_BITWISE_OR_PAIR = {
        [R(&EQ_BITWISE_OR)],
        [R(&NOTEQ_BITWISE_OR)],
        [R(&LTE_BITWISE_OR)],
        [R(&LT_BITWISE_OR)],
        [R(&GTE_BITWISE_OR)],
        [R(&GT_BITWISE_OR)],
        [R(&NOTIN_BITWISE_OR)],
        [R(&IN_BITWISE_OR)],
        [R(&ISNOT_BITWISE_OR)],
        [R(&IS_BITWISE_OR)],
    }

    EQ_BITWISE_OR = { [T(EqualEqual), R(&BITWISE_OR)] }
    NOTEQ_BITWISE_OR = {
        [group!([T(NotEqual)] => Call(action::not_equal)), R(&BITWISE_OR)],
        [group!([T(Less), T(Greater)] => Call(action::old_inequality)), R(&BITWISE_OR)],
        if |f| f.angles_are_two_tokens => [R(&INVALID_OLD_INEQUALITY)],
    }
    LTE_BITWISE_OR = { [T(LessEqual), R(&BITWISE_OR)] }
    LT_BITWISE_OR = { [T(Less), R(&BITWISE_OR)] }
    GTE_BITWISE_OR = { [T(GreaterEqual), R(&BITWISE_OR)] }
    GT_BITWISE_OR = { [T(Greater), R(&BITWISE_OR)] }
    NOTIN_BITWISE_OR = { [T(Not), T(In), R(&BITWISE_OR)] }
    IN_BITWISE_OR = { [T(In), R(&BITWISE_OR)] => Node(Kind::CompareIn) }
    ISNOT_BITWISE_OR = { [T(Is), T(Not), R(&BITWISE_OR)] }
    IS_BITWISE_OR = { [T(Is), R(&BITWISE_OR)] }

    BITWISE_OR: left = {
        [R(&BITWISE_OR), T(VerticalBar), R(&BITWISE_XOR)] => Node(Kind::Operation),
        [R(&BITWISE_XOR)],
    }

    BITWISE_XOR: left = {
        [R(&BITWISE_XOR), T(Caret), R(&BITWISE_AND)] => Node(Kind::Operation),
        [R(&BITWISE_AND)],
    }

    BITWISE_AND: left = {
        [R(&BITWISE_AND), T(Ampersand), R(&SHIFT_EXPR)] => Node(Kind::Operation),
        [R(&SHIFT_EXPR)],
    }

    SHIFT_EXPR: left = {
        [R(&SHIFT_EXPR), T(LeftShift), R(&SUM)] => Node(Kind::Operation),
        [R(&SHIFT_EXPR), T(RightShift), R(&SUM)] => Node(Kind::Operation),
        if FROM_13 => [R(&INVALID_ARITHMETIC)],
        [R(&SUM)],
    }

    SUM: left = {
        [R(&SUM), T(Plus), R(&TERM)] => Node(Kind::Operation),
        [R(&SUM), T(Minus), R(&TERM)] => Node(Kind::Operation),
        [R(&TERM)],
    }

    TERM: left = {
        [R(&TERM), T(Star), R(&FACTOR)] => Node(Kind::Operation),
        [R(&TERM), T(Slash), R(&FACTOR)] => Node(Kind::Operation),
        [R(&TERM), T(DoubleSlash), R(&FACTOR)] => Node(Kind::Operation),
        [R(&TERM), T(Percent), R(&FACTOR)] => Node(Kind::Operation),
        [R(&TERM), T(At), R(&FACTOR)] => Node(Kind::Operation),
        if FROM_13 => [R(&INVALID_FACTOR)],
        [R(&FACTOR)],
    }

    FACTOR: memo = {
        [T(Plus), R(&FACTOR)] => Node(Kind::Operation),
        [T(Minus), R(&FACTOR)] => Node(Kind::Operation),
        [T(Tilde), R(&FACTOR)] => Node(Kind::Operation),
        [R(&POWER)],
    }

    POWER = {
        [R(&AWAIT_PRIMARY), T(DoubleStar), R(&FACTOR)] => Node(Kind::Operation),
        [R(&AWAIT_PRIMARY)],
    }

    AWAIT_PRIMARY: memo = {
        [T(Await), R(&PRIMARY)] => Node(Kind::Await),
        [R(&PRIMARY)],
    }

    PRIMARY: left = {
        [R(&PRIMARY), T(Dot), Id] => Node(Kind::Attribute),
        [R(&PRIMARY), R(&GENEXP)] => Node(Kind::Call),
        [R(&PRIMARY), T(LeftParen), Opt(&R(&ARGUMENTS)), T(RightParen)] => Node(Kind::Call),
        [R(&PRIMARY), T(LeftBracket), R(&SLICES), T(RightBracket)] => Node(Kind::Subscript),
        [R(&ATOM)],
    }

    SLICES = {
        [R(&SLICE), Unless(&T(Comma))],
        [Sep(Comma, &group!([R(&SLICE)], [R(&super::argument::STARRED_EXPRESSION)])), Opt(&T(Comma))]
            => Over(Kind::Tuple, 0),
    }

    SLICE = {
        [
            Opt(&R(&EXPRESSION)), T(Colon), Opt(&R(&EXPRESSION)),
            Opt(&group!([T(Colon), Opt(&R(&EXPRESSION))])),
        ] => Node(Kind::Slice),
        [R(&NAMED_EXPRESSION)],
    }

    ATOM = {
        [Id],
        [T(True)] => Node(Kind::TrueValue),
        [T(False)] => Node(Kind::FalseValue),
        [T(None)] => Node(Kind::NoneValue),
        [Ahead(&group!([T(String)], [T(FStringStart)], [T(TStringStart)])), R(&STRINGS)] => Take(1),
        [Num],
        if BEFORE_15 => [Ahead(&T(LeftParen)), group!([R(&TUPLE)], [R(&GROUP)], [R(&GENEXP)])] => Take(1),
        if BEFORE_15 => [Ahead(&T(LeftBracket)), group!([R(&LIST)], [R(&LISTCOMP)])] => Take(1),
        if BEFORE_15 => [Ahead(&T(LeftBrace)), group!([R(&DICT)], [R(&SET)], [R(&DICTCOMP)], [R(&SETCOMP)])] => Take(1),
        if FROM_15 => [Ahead(&T(LeftParen)), group!([R(&GENEXP)], [R(&TUPLE)], [R(&GROUP)])] => Take(1),
        if FROM_15 => [Ahead(&T(LeftBracket)), group!([R(&LISTCOMP)], [R(&LIST)])] => Take(1),
        if FROM_15 => [Ahead(&T(LeftBrace)), group!([R(&DICTCOMP)], [R(&SETCOMP)], [R(&DICT)], [R(&SET)])] => Take(1),
        [T(Ellipsis)] => Node(Kind::Ellipsis),
    }

    GROUP = {
        [T(LeftParen), group!([R(&YIELD_EXPR)], [R(&NAMED_EXPRESSION)]), T(RightParen)] => Take(1),
        [R(&INVALID_GROUP)],
    }

    LAMBDEF = { [T(Lambda), Opt(&R(&LAMBDA_PARAMS)), T(Colon), R(&EXPRESSION)] => Node(Kind::Lambda) }

    LAMBDA_PARAMS = { [R(&INVALID_LAMBDA_PARAMETERS)], [R(&LAMBDA_PARAMETERS)] }

    LAMBDA_PARAMETERS = {
        [
            R(&LAMBDA_SLASH_NO_DEFAULT), Any(&R(&LAMBDA_PARAM_NO_DEFAULT)), Any(&R(&LAMBDA_PARAM_WITH_DEFAULT)),
            Opt(&R(&LAMBDA_STAR_ETC)),
        ],
        [R(&LAMBDA_SLASH_WITH_DEFAULT), Any(&R(&LAMBDA_PARAM_WITH_DEFAULT)), Opt(&R(&LAMBDA_STAR_ETC))],
        [
            Many(&R(&LAMBDA_PARAM_NO_DEFAULT)), Any(&R(&LAMBDA_PARAM_WITH_DEFAULT)), Opt(&R(&LAMBDA_STAR_ETC)),
        ],
        [Many(&R(&LAMBDA_PARAM_WITH_DEFAULT)), Opt(&R(&LAMBDA_STAR_ETC))],
        [R(&LAMBDA_STAR_ETC)],
    }

    LAMBDA_SLASH_NO_DEFAULT = {
        [Many(&R(&LAMBDA_PARAM_NO_DEFAULT)), T(Slash), T(Comma)],
        [Many(&R(&LAMBDA_PARAM_NO_DEFAULT)), T(Slash), Ahead(&T(Colon))],
    }

    LAMBDA_SLASH_WITH_DEFAULT = {
        [Any(&R(&LAMBDA_PARAM_NO_DEFAULT)), Many(&R(&LAMBDA_PARAM_WITH_DEFAULT)), T(Slash), T(Comma)],
        [Any(&R(&LAMBDA_PARAM_NO_DEFAULT)), Many(&R(&LAMBDA_PARAM_WITH_DEFAULT)), T(Slash), Ahead(&T(Colon))],
    }

    LAMBDA_STAR_ETC = {
        [R(&INVALID_LAMBDA_STAR_ETC)],
        [T(Star), R(&LAMBDA_PARAM_NO_DEFAULT), Any(&R(&LAMBDA_PARAM_MAYBE_DEFAULT)), Opt(&R(&LAMBDA_KWDS))],
        [T(Star), T(Comma), Many(&R(&LAMBDA_PARAM_MAYBE_DEFAULT)), Opt(&R(&LAMBDA_KWDS))],
        [R(&LAMBDA_KWDS)],
    }

    LAMBDA_KWDS = { [R(&INVALID_LAMBDA_KWDS)], [T(DoubleStar), R(&LAMBDA_PARAM_NO_DEFAULT)] }

    LAMBDA_PARAM_NO_DEFAULT = {
        [R(&LAMBDA_PARAM), T(Comma)],
        [R(&LAMBDA_PARAM), Ahead(&T(Colon))],
    }

    LAMBDA_PARAM_WITH_DEFAULT = {
        [R(&LAMBDA_PARAM), R(&DEFAULT), T(Comma)],
        [R(&LAMBDA_PARAM), R(&DEFAULT), Ahead(&T(Colon))],
    }

    LAMBDA_PARAM_MAYBE_DEFAULT = {
        [R(&LAMBDA_PARAM), Opt(&R(&DEFAULT)), T(Comma)],
        [R(&LAMBDA_PARAM), Opt(&R(&DEFAULT)), Ahead(&T(Colon))],
    }

    LAMBDA_PARAM = { [Id] => Node(Kind::Other) }

    LIST = {
        if BEFORE_15 => [T(LeftBracket), Opt(&R(&STAR_NAMED_EXPRESSIONS)), T(RightBracket)] => Over(Kind::List, 1),
        if FROM_15 => [T(LeftBracket), Opt(&R(&STAR_NAMED_EXPRESSIONS_SEQUENCE)), T(RightBracket)]
            => Over(Kind::List, 1),
    }

    TUPLE = {
        if FROM_15 => [
            T(LeftParen),
            Opt(&group!([
                R(&STAR_NAMED_EXPRESSION_SEQUENCE), T(Comma), Opt(&R(&STAR_NAMED_EXPRESSIONS_SEQUENCE)),
            ] => Front(0, 2))),
            T(RightParen),
        ] => Over(Kind::Tuple, 1),
        if BEFORE_15 => [
            T(LeftParen),
            Opt(&group!([R(&STAR_NAMED_EXPRESSION), T(Comma), Opt(&R(&STAR_NAMED_EXPRESSIONS))] => Front(0, 2))),
            T(RightParen),
        ] => Over(Kind::Tuple, 1),
    }

    SET = {
        if BEFORE_15 => [T(LeftBrace), R(&STAR_NAMED_EXPRESSIONS), T(RightBrace)] => Node(Kind::Set),
        if FROM_15 => [T(LeftBrace), R(&STAR_NAMED_EXPRESSIONS_SEQUENCE), T(RightBrace)] => Node(Kind::Set),
    }

    DICT = {
        [T(LeftBrace), Opt(&R(&DOUBLE_STARRED_KVPAIRS)), T(RightBrace)] => Node(Kind::Dict),
        [T(LeftBrace), R(&INVALID_DOUBLE_STARRED_KVPAIRS), T(RightBrace)],
    }

    DOUBLE_STARRED_KVPAIRS = { [Sep(Comma, &R(&DOUBLE_STARRED_KVPAIR)), Opt(&T(Comma))] }

    DOUBLE_STARRED_KVPAIR = { [T(DoubleStar), R(&BITWISE_OR)], [R(&KVPAIR)] }

    KVPAIR = { [R(&EXPRESSION), T(Colon), R(&EXPRESSION)] }

    FOR_IF_CLAUSES = { [Many(&R(&FOR_IF_CLAUSE))] }

    FOR_IF_CLAUSE = {
        [
            T(Async), T(For), R(&STAR_TARGETS), T(In), Cut, R(&DISJUNCTION),
            Any(&group!([T(If), R(&DISJUNCTION)] => Take(1))),
        ] => Call(action::async_comprehension),
        [T(For), R(&STAR_TARGETS), T(In), Cut, R(&DISJUNCTION), Any(&group!([T(If), R(&DISJUNCTION)] => Take(1)))]
            => Call(action::comprehension),
        // Before 3.14 the first pass has this alternative, too.
        if |f| f.error_rules_3_13 && !f.error_rules_3_14 => [
            Opt(&T(Async)), T(For),
            group!([R(&BITWISE_OR), Any(&group!([T(Comma), R(&BITWISE_OR)])), Opt(&T(Comma))]),
            Unless(&T(In)),
        ] => Fail(Place::Last, "'in' expected after for-loop variables"),
        if FROM_14 => [R(&INVALID_FOR_IF_CLAUSE)],
        [R(&INVALID_FOR_TARGET)],
    }

    LISTCOMP = {
        if BEFORE_15 => [T(LeftBracket), R(&NAMED_EXPRESSION), R(&FOR_IF_CLAUSES), T(RightBracket)]
            => Node(Kind::ListComp),
        if FROM_15 => [T(LeftBracket), R(&STAR_NAMED_EXPRESSION), R(&FOR_IF_CLAUSES), T(RightBracket)]
            => Node(Kind::ListComp),
        [R(&INVALID_COMPREHENSION)],
    }

    SETCOMP = {
        if BEFORE_15 => [T(LeftBrace), R(&NAMED_EXPRESSION), R(&FOR_IF_CLAUSES), T(RightBrace)]
            => Node(Kind::SetComp),
        if FROM_15 => [T(LeftBrace), R(&STAR_NAMED_EXPRESSION), R(&FOR_IF_CLAUSES), T(RightBrace)]
            => Node(Kind::SetComp),
        [R(&INVALID_COMPREHENSION)],
    }

    GENEXP = {
        if FROM_15 => [
            T(LeftParen),
            group!(
                [R(&ASSIGNMENT_EXPRESSION)],
                [R(&EXPRESSION), Unless(&T(ColonEqual))],
                [R(&super::argument::STARRED_EXPRESSION)],
            ),
            R(&FOR_IF_CLAUSES), T(RightParen),
        ] => Node(Kind::GeneratorExp),
        if BEFORE_15 => [
            T(LeftParen), group!([R(&ASSIGNMENT_EXPRESSION)], [R(&EXPRESSION), Unless(&T(ColonEqual))]),
            R(&FOR_IF_CLAUSES), T(RightParen),
        ] => Node(Kind::GeneratorExp),
        [R(&INVALID_COMPREHENSION)],
    }

    DICTCOMP = {
        [T(LeftBrace), R(&KVPAIR), R(&FOR_IF_CLAUSES), T(RightBrace)] => Node(Kind::DictComp),
        if BEFORE_15 => [R(&INVALID_DICT_COMPREHENSION)],
        if FROM_15 => [T(LeftBrace), T(DoubleStar), R(&EXPRESSION), R(&FOR_IF_CLAUSES), T(RightBrace)]
            => Node(Kind::DictComp),
    }
}
