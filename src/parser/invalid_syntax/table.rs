//! How a rule is written down: alternatives in order, each a row of items and what to do once all of them have matched.
//!
//! The rules themselves are data in the modules beside this one and are run by [`super::engine`]. A rule is known by its
//! address, which is also its key in the memo table.

use super::engine::Pass;
use super::node::{Kind, TargetKind, Value};
use crate::diagnostics::Result;
use crate::lexer::TokenKind;
use crate::source::NameId;
use crate::target::Features;

/// Whether the outcomes of a rule are kept, and how. It is not only a matter of speed: what is kept while the invalid rules are
/// switched off is seen when they are on again, so the choice has to be CPython's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Memo {
    No,
    Yes,
    /// The rule begins with itself: its match is grown from the shortest one.
    LeftRecursive,
}

/// A rule of the grammar.
pub(super) struct Rule {
    pub memo: Memo,
    /// It exists to find errors, and an alternative that is nothing but this rule is tried in the error pass only.
    pub invalid: bool,
    /// Below it, the rules that exist to find errors are switched off.
    pub without_invalid: bool,
    pub alternatives: &'static [Alternative],
}

/// One way to match a rule.
pub(super) struct Alternative {
    /// Whether the release has it at all.
    pub gate: Option<Gate>,
    pub items: &'static [Item],
    pub action: Action,
}

/// Says by a release's features whether it has an alternative.
pub(super) type Gate = fn(&Features) -> bool;

/// Messages that were worded otherwise before CPython 3.15, which calls parameters so.
pub(super) const REWORDED_IN_15: [(&str, &str); 6] = [
    ("at least one argument must precede /", "at least one parameter must precede /"),
    ("named arguments must follow bare *", "named parameters must follow bare *"),
    ("var-positional argument cannot have default value", "var-positional parameter cannot have default value"),
    ("var-keyword argument cannot have default value", "var-keyword parameter cannot have default value"),
    ("* argument may appear only once", "* may appear only once"),
    ("arguments cannot follow var-keyword argument", "parameters cannot follow var-keyword parameter"),
];

/// From a release on, and before it.
pub(super) const FROM_12: Gate = |features| features.error_rules_3_12;
pub(super) const FROM_13: Gate = |features| features.error_rules_3_13;
pub(super) const FROM_14: Gate = |features| features.error_rules_3_14;
pub(super) const FROM_15: Gate = |features| features.error_rules_3_15;
pub(super) const BEFORE_12: Gate = |features| !features.error_rules_3_12;
pub(super) const BEFORE_13: Gate = |features| !features.error_rules_3_13;
pub(super) const BEFORE_14: Gate = |features| !features.error_rules_3_14;
pub(super) const BEFORE_15: Gate = |features| !features.error_rules_3_15;

/// One thing to match.
pub(super) enum Item {
    /// A token.
    T(TokenKind),
    /// A soft keyword.
    Soft(NameId),
    /// Any of the soft keywords.
    AnySoft,
    /// A name.
    Id,
    /// A number.
    Num,
    /// A token that the lexer never gives (type comments); the next token is read nevertheless.
    Never,
    /// Another rule.
    R(&'static Rule),
    Group(&'static [Alternative]),
    Opt(&'static Item),
    /// None, one or more.
    Any(&'static Item),
    /// One or more.
    Many(&'static Item),
    /// One or more, with a token between them.
    Sep(TokenKind, &'static Item),
    /// It comes next, but is not taken.
    Ahead(&'static Item),
    /// It does not come next.
    Unless(&'static Item),
    /// No later alternative is tried once this point was reached.
    Cut,
    /// A token whose absence is an error at once, with the text that the message shows.
    Force(TokenKind, &'static str),
}

/// What an alternative yields. Numbers are places of items in the alternative.
pub(super) enum Action {
    /// What an item has matched.
    Take(usize),
    /// A list that begins with one item and goes on with the list of another.
    Front(usize, usize),
    /// A list of one item.
    One(usize),
    /// A node over the whole alternative.
    Node(Kind),
    /// A node with an item as its child.
    Over(Kind, usize),
    /// A node with a list as its child, made as by `Front`.
    OverFront(Kind, usize, usize),
    /// A node with a list of one item as its child.
    OverOne(Kind, usize),
    /// A `SyntaxError`.
    Fail(Place, &'static str),
    /// A `SyntaxError` at an item, whose kind of expression replaces `{}` in the message.
    FailNamed(usize, &'static str),
    /// An `IndentationError`; the line of an item replaces `{}` in the message.
    FailIndent(usize, &'static str),
    /// A `SyntaxError` if an item holds something that is no target; no match otherwise.
    FailTarget(TargetKind, usize),
    /// Something that only one alternative does. No value means that the rule has not matched, whatever alternatives follow.
    Call(for<'p, 'a> fn(&mut Pass<'p, 'a>, Match) -> Result<Option<Value<'a>>>),
}

/// Where an error is.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// At the last token that has been read.
    Last,
    /// At the token that comes next.
    Next,
    /// At an item.
    At(usize),
    /// From one item to another.
    Range(usize, usize),
    /// From the last element of a list to another item.
    LastOf(usize, usize),
    /// From an item to where the lexer stands.
    From(usize),
}

/// An alternative that has matched: where it began, and where its items' values are.
#[derive(Clone, Copy)]
pub(super) struct Match {
    pub mark: usize,
    pub base: usize,
}

/// Rows of alternatives: `[items] => action`, where the action may be left out if it is the first item's value, and an
/// `if gate` may precede it.
macro_rules! alternatives {
    ($( $(if $gate:expr =>)? [$($item:expr),* $(,)?] $(=> $action:expr)? ),+ $(,)?) => {
        &[$($crate::parser::invalid_syntax::table::Alternative {
            gate: alternatives!(@gate $($gate)?),
            items: &[$($item),*],
            action: alternatives!(@action $($action)?),
        }),+]
    };
    (@gate) => { Option::None };
    (@gate $gate:expr) => { Some($gate) };
    (@action) => { $crate::parser::invalid_syntax::table::Action::Take(0) };
    (@action $action:expr) => { $action };
}

/// A group of alternatives as an item.
macro_rules! group {
    ($($body:tt)*) => { $crate::parser::invalid_syntax::table::Item::Group(alternatives!($($body)*)) };
}

/// Rules: `NAME: options = alternatives;`.
macro_rules! rules {
    ($( $name:ident $(: $($option:ident)+)? = { $($body:tt)* } )*) => {
        $(pub(super) static $name: $crate::parser::invalid_syntax::table::Rule = $crate::parser::invalid_syntax::table::Rule {
            alternatives: alternatives!($($body)*),
            ..rules!(@options $($($option)+)?)
        };)*
    };
    (@options) => { $crate::parser::invalid_syntax::table::PLAIN };
    (@options memo) => { $crate::parser::invalid_syntax::table::MEMO };
    (@options left) => { $crate::parser::invalid_syntax::table::LEFT };
    (@options invalid) => { $crate::parser::invalid_syntax::table::INVALID };
    (@options invalid memo) => { $crate::parser::invalid_syntax::table::INVALID_MEMO };
    (@options without_invalid) => { $crate::parser::invalid_syntax::table::WITHOUT_INVALID };
}

pub(super) use {alternatives, group, rules};

pub(super) const PLAIN: Rule = Rule { memo: Memo::No, invalid: false, without_invalid: false, alternatives: &[] };
pub(super) const MEMO: Rule = Rule { memo: Memo::Yes, ..PLAIN };
pub(super) const LEFT: Rule = Rule { memo: Memo::LeftRecursive, ..PLAIN };
pub(super) const INVALID: Rule = Rule { invalid: true, ..PLAIN };
pub(super) const INVALID_MEMO: Rule = Rule { memo: Memo::Yes, ..INVALID };
pub(super) const WITHOUT_INVALID: Rule = Rule { without_invalid: true, ..PLAIN };
