//! The nodes. Fields have the names of Python.asdl; sequences are slices of the arena.

use super::{BoolOp, CmpOp, ExprContext, Operator, UnaryOp};
use crate::object::{Constant, PyStr};
use crate::source::{Location, NameId};

/// A sequence of expressions.
pub type Exprs<'a> = &'a [&'a Expr<'a>];
/// A block of statements.
pub type Stmts<'a> = &'a [&'a Stmt<'a>];

/// `mod`, of the one kind that a file has.
#[derive(Clone, Copy, Debug)]
pub struct Module<'a> {
    pub body: Stmts<'a>,
    /// Where the tree pass may find something to do; where that is not known, it looks everywhere.
    pub rewrites: Option<Rewrites<'a>>,
}

/// The lines that hold what the tree pass may rewrite or warn of, in ascending order: a node starts there that belongs to the
/// innermost statement that the line belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Rewrites<'a> {
    /// For every target.
    pub always: &'a [i32],
    /// For targets whose tree pass does arithmetic on constants: what is in `always`, and that.
    pub folding: &'a [i32],
}

/// `stmt`.
#[derive(Clone, Copy, Debug)]
pub struct Stmt<'a> {
    pub kind: StmtKind<'a>,
    pub location: Location,
}

/// What a statement is.
#[derive(Clone, Copy, Debug)]
pub enum StmtKind<'a> {
    /// `FunctionDef` and `AsyncFunctionDef`.
    FunctionDef(&'a FunctionDef<'a>),
    ClassDef(&'a ClassDef<'a>),
    Return {
        value: Option<&'a Expr<'a>>,
    },
    Delete {
        targets: Exprs<'a>,
    },
    Assign {
        targets: Exprs<'a>,
        value: &'a Expr<'a>,
    },
    TypeAlias {
        name: &'a Expr<'a>,
        type_params: &'a [TypeParam<'a>],
        value: &'a Expr<'a>,
    },
    AugAssign {
        target: &'a Expr<'a>,
        op: Operator,
        value: &'a Expr<'a>,
    },
    /// `simple`: the target is a name without parentheses.
    AnnAssign {
        target: &'a Expr<'a>,
        annotation: &'a Expr<'a>,
        value: Option<&'a Expr<'a>>,
        simple: bool,
    },
    /// `For` and `AsyncFor`.
    For {
        is_async: bool,
        target: &'a Expr<'a>,
        iter: &'a Expr<'a>,
        body: Stmts<'a>,
        orelse: Stmts<'a>,
    },
    While {
        test: &'a Expr<'a>,
        body: Stmts<'a>,
        orelse: Stmts<'a>,
    },
    If {
        test: &'a Expr<'a>,
        body: Stmts<'a>,
        orelse: Stmts<'a>,
    },
    /// `With` and `AsyncWith`.
    With {
        is_async: bool,
        items: &'a [WithItem<'a>],
        body: Stmts<'a>,
    },
    Match {
        subject: &'a Expr<'a>,
        cases: &'a [MatchCase<'a>],
    },
    Raise {
        exc: Option<&'a Expr<'a>>,
        cause: Option<&'a Expr<'a>>,
    },
    /// `Try` and `TryStar`.
    Try(&'a Try<'a>),
    Assert {
        test: &'a Expr<'a>,
        msg: Option<&'a Expr<'a>>,
    },
    /// `is_lazy` only from CPython 3.15 on (PEP 810).
    Import {
        names: &'a [Alias],
        is_lazy: bool,
    },
    /// `module` is absent in `from . import a`; `level` counts the dots.
    ImportFrom {
        module: Option<NameId>,
        names: &'a [Alias],
        level: u32,
        is_lazy: bool,
    },
    Global {
        names: &'a [NameId],
    },
    Nonlocal {
        names: &'a [NameId],
    },
    Expr {
        value: &'a Expr<'a>,
    },
    Pass,
    Break,
    Continue,
}

/// `FunctionDef`, `AsyncFunctionDef`.
#[derive(Clone, Copy, Debug)]
pub struct FunctionDef<'a> {
    pub is_async: bool,
    pub name: NameId,
    pub args: &'a Arguments<'a>,
    pub body: Stmts<'a>,
    pub decorator_list: Exprs<'a>,
    pub returns: Option<&'a Expr<'a>>,
    pub type_params: &'a [TypeParam<'a>],
}

/// `ClassDef`.
#[derive(Clone, Copy, Debug)]
pub struct ClassDef<'a> {
    pub name: NameId,
    pub bases: Exprs<'a>,
    pub keywords: &'a [Keyword<'a>],
    pub body: Stmts<'a>,
    pub decorator_list: Exprs<'a>,
    pub type_params: &'a [TypeParam<'a>],
}

/// `Try`, `TryStar`.
#[derive(Clone, Copy, Debug)]
pub struct Try<'a> {
    pub is_star: bool,
    pub body: Stmts<'a>,
    pub handlers: &'a [ExceptHandler<'a>],
    pub orelse: Stmts<'a>,
    pub finalbody: Stmts<'a>,
}

/// `expr`.
#[derive(Clone, Copy, Debug)]
pub struct Expr<'a> {
    pub kind: ExprKind<'a>,
    pub location: Location,
}

/// What an expression is.
#[derive(Clone, Copy, Debug)]
pub enum ExprKind<'a> {
    BoolOp {
        op: BoolOp,
        values: Exprs<'a>,
    },
    NamedExpr {
        target: &'a Expr<'a>,
        value: &'a Expr<'a>,
    },
    BinOp {
        left: &'a Expr<'a>,
        op: Operator,
        right: &'a Expr<'a>,
    },
    UnaryOp {
        op: UnaryOp,
        operand: &'a Expr<'a>,
    },
    Lambda {
        args: &'a Arguments<'a>,
        body: &'a Expr<'a>,
    },
    IfExp {
        test: &'a Expr<'a>,
        body: &'a Expr<'a>,
        orelse: &'a Expr<'a>,
    },
    /// A key that is absent stands for `**value`.
    Dict {
        keys: &'a [Option<&'a Expr<'a>>],
        values: Exprs<'a>,
    },
    Set {
        elts: Exprs<'a>,
    },
    ListComp {
        elt: &'a Expr<'a>,
        generators: &'a [Comprehension<'a>],
    },
    SetComp {
        elt: &'a Expr<'a>,
        generators: &'a [Comprehension<'a>],
    },
    /// From CPython 3.15 on, `value` is absent in `{**key for ...}` (PEP 798).
    DictComp {
        key: &'a Expr<'a>,
        value: Option<&'a Expr<'a>>,
        generators: &'a [Comprehension<'a>],
    },
    GeneratorExp {
        elt: &'a Expr<'a>,
        generators: &'a [Comprehension<'a>],
    },
    Await {
        value: &'a Expr<'a>,
    },
    Yield {
        value: Option<&'a Expr<'a>>,
    },
    YieldFrom {
        value: &'a Expr<'a>,
    },
    Compare {
        left: &'a Expr<'a>,
        ops: &'a [CmpOp],
        comparators: Exprs<'a>,
    },
    Call {
        func: &'a Expr<'a>,
        args: Exprs<'a>,
        keywords: &'a [Keyword<'a>],
    },
    FormattedValue {
        value: &'a Expr<'a>,
        conversion: Conversion,
        format_spec: Option<&'a Expr<'a>>,
    },
    /// `str` is the source text of the value.
    Interpolation {
        value: &'a Expr<'a>,
        str: &'a PyStr,
        conversion: Conversion,
        format_spec: Option<&'a Expr<'a>>,
    },
    JoinedStr {
        values: Exprs<'a>,
    },
    TemplateStr {
        values: Exprs<'a>,
    },
    /// `is_u` where the literal had the prefix `u` (`kind` in Python.asdl).
    Constant {
        value: Constant<'a>,
        is_u: bool,
    },
    Attribute {
        value: &'a Expr<'a>,
        attr: NameId,
        ctx: ExprContext,
    },
    Subscript {
        value: &'a Expr<'a>,
        slice: &'a Expr<'a>,
        ctx: ExprContext,
    },
    Starred {
        value: &'a Expr<'a>,
        ctx: ExprContext,
    },
    Name {
        id: NameId,
        ctx: ExprContext,
    },
    List {
        elts: Exprs<'a>,
        ctx: ExprContext,
    },
    Tuple {
        elts: Exprs<'a>,
        ctx: ExprContext,
    },
    Slice {
        lower: Option<&'a Expr<'a>>,
        upper: Option<&'a Expr<'a>>,
        step: Option<&'a Expr<'a>>,
    },
}

/// The conversion of an interpolated value; the numbers are those of the tree that CPython shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conversion {
    None,
    Str,
    Repr,
    Ascii,
}

/// `comprehension`.
#[derive(Clone, Copy, Debug)]
pub struct Comprehension<'a> {
    pub target: &'a Expr<'a>,
    pub iter: &'a Expr<'a>,
    pub ifs: Exprs<'a>,
    pub is_async: bool,
}

/// `excepthandler`.
#[derive(Clone, Copy, Debug)]
pub struct ExceptHandler<'a> {
    pub type_: Option<&'a Expr<'a>>,
    pub name: Option<NameId>,
    pub body: Stmts<'a>,
    pub location: Location,
}

/// `arguments`.
#[derive(Clone, Copy, Debug)]
pub struct Arguments<'a> {
    pub posonlyargs: &'a [Arg<'a>],
    pub args: &'a [Arg<'a>],
    pub vararg: Option<&'a Arg<'a>>,
    pub kwonlyargs: &'a [Arg<'a>],
    /// As long as `kwonlyargs`; absent where there is no default.
    pub kw_defaults: &'a [Option<&'a Expr<'a>>],
    pub kwarg: Option<&'a Arg<'a>>,
    /// Of the last positional parameters.
    pub defaults: Exprs<'a>,
}

/// `arg`.
#[derive(Clone, Copy, Debug)]
pub struct Arg<'a> {
    pub arg: NameId,
    pub annotation: Option<&'a Expr<'a>>,
    pub location: Location,
}

/// `keyword`; the name is absent in `**value`.
#[derive(Clone, Copy, Debug)]
pub struct Keyword<'a> {
    pub arg: Option<NameId>,
    pub value: &'a Expr<'a>,
    pub location: Location,
}

/// `alias`; a dotted name is one name.
#[derive(Clone, Copy, Debug)]
pub struct Alias {
    pub name: NameId,
    pub asname: Option<NameId>,
    pub location: Location,
}

/// `withitem`.
#[derive(Clone, Copy, Debug)]
pub struct WithItem<'a> {
    pub context_expr: &'a Expr<'a>,
    pub optional_vars: Option<&'a Expr<'a>>,
}

/// `match_case`.
#[derive(Clone, Copy, Debug)]
pub struct MatchCase<'a> {
    pub pattern: &'a Pattern<'a>,
    pub guard: Option<&'a Expr<'a>>,
    pub body: Stmts<'a>,
}

/// A sequence of patterns.
pub type Patterns<'a> = &'a [&'a Pattern<'a>];

/// `pattern`.
#[derive(Clone, Copy, Debug)]
pub struct Pattern<'a> {
    pub kind: PatternKind<'a>,
    pub location: Location,
}

/// What a pattern is.
#[derive(Clone, Copy, Debug)]
pub enum PatternKind<'a> {
    MatchValue {
        value: &'a Expr<'a>,
    },
    /// `None`, `True` or `False`.
    MatchSingleton {
        value: Constant<'a>,
    },
    MatchSequence {
        patterns: Patterns<'a>,
    },
    MatchMapping {
        keys: Exprs<'a>,
        patterns: Patterns<'a>,
        rest: Option<NameId>,
    },
    MatchClass {
        cls: &'a Expr<'a>,
        patterns: Patterns<'a>,
        kwd_attrs: &'a [NameId],
        kwd_patterns: Patterns<'a>,
    },
    MatchStar {
        name: Option<NameId>,
    },
    MatchAs {
        pattern: Option<&'a Pattern<'a>>,
        name: Option<NameId>,
    },
    MatchOr {
        patterns: Patterns<'a>,
    },
}

/// `type_param`.
#[derive(Clone, Copy, Debug)]
pub struct TypeParam<'a> {
    pub kind: TypeParamKind<'a>,
    pub name: NameId,
    pub default_value: Option<&'a Expr<'a>>,
    pub location: Location,
}

/// What a type parameter is.
#[derive(Clone, Copy, Debug)]
pub enum TypeParamKind<'a> {
    TypeVar { bound: Option<&'a Expr<'a>> },
    ParamSpec,
    TypeVarTuple,
}
