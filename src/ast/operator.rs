//! Operators and expression contexts.

/// `expr_context`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExprContext {
    Load,
    Store,
    Del,
}

/// `boolop`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BoolOp {
    And,
    Or,
}

/// `operator`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    Add,
    Sub,
    Mult,
    MatMult,
    Div,
    Mod,
    Pow,
    LShift,
    RShift,
    BitOr,
    BitXor,
    BitAnd,
    FloorDiv,
}

/// `unaryop`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    Invert,
    Not,
    UAdd,
    USub,
}

/// `cmpop`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CmpOp {
    Eq,
    NotEq,
    Lt,
    LtE,
    Gt,
    GtE,
    Is,
    IsNot,
    In,
    NotIn,
}

impl CmpOp {
    /// The list of this operator alone, which most comparisons have.
    pub const fn alone(self) -> &'static [CmpOp] {
        match self {
            CmpOp::Eq => &[CmpOp::Eq],
            CmpOp::NotEq => &[CmpOp::NotEq],
            CmpOp::Lt => &[CmpOp::Lt],
            CmpOp::LtE => &[CmpOp::LtE],
            CmpOp::Gt => &[CmpOp::Gt],
            CmpOp::GtE => &[CmpOp::GtE],
            CmpOp::Is => &[CmpOp::Is],
            CmpOp::IsNot => &[CmpOp::IsNot],
            CmpOp::In => &[CmpOp::In],
            CmpOp::NotIn => &[CmpOp::NotIn],
        }
    }
}
