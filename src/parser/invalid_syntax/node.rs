//! What the rules of the error pass yield: light nodes that keep only what the messages speak of.

use super::engine::Tokens;
use crate::source::{Location, NameId};

/// The kinds of node that some message or some action tells apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Name,
    Attribute,
    Subscript,
    Starred,
    List,
    Tuple,
    Lambda,
    Call,
    /// `BoolOp`, `BinOp` and `UnaryOp`, which share a name in the messages.
    Operation,
    GeneratorExp,
    Yield,
    Await,
    ListComp,
    SetComp,
    DictComp,
    Dict,
    Set,
    JoinedStr,
    TemplateStr,
    NoneValue,
    TrueValue,
    FalseValue,
    Ellipsis,
    /// A number without and one with the suffix `j`.
    Real,
    Imaginary,
    Str,
    Bytes,
    Compare,
    /// A comparison whose first operator is `in`, and that operator itself.
    CompareIn,
    IfExp,
    NamedExpr,
    Slice,
    /// A clause `for ... in ... if ...`; its child is the clause's last expression.
    Comprehension,
    /// `name=value` and `**value` in a call.
    Keyword,
    DoubleStarred,
    /// Anything that no message looks into.
    Other,
}

/// A node: its kind, its place, a name where it has one, and the children that messages look at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a> {
    pub kind: Kind,
    pub location: Location,
    pub name: NameId,
    pub child: Value<'a>,
    /// Of a call: whether its keywords hold a `**value`.
    pub unpacks_keywords: bool,
}

/// What an item of an alternative has matched.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    /// An optional item that is not there, or a match that carries nothing.
    Absent,
    Token(u32),
    Node(&'a Node<'a>),
    List(&'a [Value<'a>]),
}

impl<'a> Value<'a> {
    /// The node, if it is one.
    pub fn node(self) -> Option<&'a Node<'a>> {
        match self {
            Value::Node(node) => Some(node),
            _ => None,
        }
    }

    /// The elements of a list; none for all else.
    pub fn list(self) -> &'a [Value<'a>] {
        match self {
            Value::List(list) => list,
            _ => &[],
        }
    }

    /// Where it stands; of a list, from its first to its last element.
    pub fn location(self, tokens: &Tokens<'_>) -> Location {
        match self {
            Value::Absent => Location::NONE,
            Value::Token(index) => tokens.location(index as usize),
            Value::Node(node) => node.location,
            Value::List(list) => match list {
                [] => Location::NONE,
                [only] => only.location(tokens),
                [first, .., last] => first.location(tokens).to(last.location(tokens)),
            },
        }
    }
}

/// How messages call a kind of expression. CPython 3.14: `_PyPegen_get_expr_name`.
pub(super) fn expression_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Attribute => "attribute",
        Kind::Subscript => "subscript",
        Kind::Starred => "starred",
        Kind::Name => "name",
        Kind::List => "list",
        Kind::Tuple => "tuple",
        Kind::Lambda => "lambda",
        Kind::Call => "function call",
        Kind::Operation => "expression",
        Kind::GeneratorExp => "generator expression",
        Kind::Yield => "yield expression",
        Kind::Await => "await expression",
        Kind::ListComp => "list comprehension",
        Kind::SetComp => "set comprehension",
        Kind::DictComp => "dict comprehension",
        Kind::Dict => "dict literal",
        Kind::Set => "set display",
        Kind::JoinedStr => "f-string expression",
        Kind::TemplateStr => "t-string expression",
        Kind::NoneValue => "None",
        Kind::TrueValue => "True",
        Kind::FalseValue => "False",
        Kind::Ellipsis => "ellipsis",
        Kind::Compare | Kind::CompareIn => "comparison",
        Kind::IfExp => "conditional expression",
        Kind::NamedExpr => "named expression",
        _ => "literal",
    }
}

/// What an expression is tried as, where it turns out not to be a target.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TargetKind {
    Star,
    Delete,
    For,
}

/// The first part of an expression that cannot be a target. CPython 3.14: `_PyPegen_get_invalid_target`.
///
/// The expression comes from the rules, whose depth is limited, so the recursion is, too.
pub(super) fn invalid_target<'a>(value: Value<'a>, target: TargetKind) -> Option<&'a Node<'a>> {
    let node = value.node()?;
    match node.kind {
        Kind::List | Kind::Tuple => node.child.list().iter().find_map(|&element| invalid_target(element, target)),
        Kind::Starred if target == TargetKind::Delete => Some(node),
        Kind::Starred => invalid_target(node.child, target),
        Kind::CompareIn if target == TargetKind::For => invalid_target(node.child, target),
        Kind::Compare if target == TargetKind::For => None,
        Kind::Name | Kind::Subscript | Kind::Attribute => None,
        _ => Some(node),
    }
}
