//! Binary operators and comparisons as instructions, and the warning of `is` with a literal.

use super::CodeGenerator;
use super::infer_type::infer_type;
use crate::ast::{CmpOp, Expr, ExprKind, Operator};
use crate::diagnostics::Result;
use crate::object::Constant;
use crate::source::Location;
use crate::target::Op;

/// The argument of `BINARY_OP` that means `a[b]`.
const SUBSCRIPT: u32 = 26;
/// What the argument of `BINARY_OP` is greater by for `a += b` than for `a + b`.
const INPLACE: u32 = 13;

/// How a comparison may come out, as the low bits of `COMPARE_OP`'s argument say it.
mod outcome {
    pub const UNORDERED: u32 = 1;
    pub const LESS: u32 = 2;
    pub const GREATER: u32 = 4;
    pub const EQUAL: u32 = 8;
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `addop_binary`.
    pub(crate) fn emit_binary_op(&mut self, location: Location, op: Operator, inplace: bool) {
        let number = match op {
            Operator::Add => 0,
            Operator::BitAnd => 1,
            Operator::FloorDiv => 2,
            Operator::LShift => 3,
            Operator::MatMult => 4,
            Operator::Mult => 5,
            Operator::Mod => 6,
            Operator::BitOr => 7,
            Operator::Pow => 8,
            Operator::RShift => 9,
            Operator::Sub => 10,
            Operator::Div => 11,
            Operator::BitXor => 12,
        };
        self.emit_arg(Op::BinaryOp, if inplace { number + INPLACE } else { number }, location);
    }

    /// Replaces a container and an index by the item.
    pub(crate) fn emit_binary_subscript(&mut self, location: Location) {
        if self.target.has(Op::BinarySubscr) {
            self.emit(Op::BinarySubscr, location);
        } else {
            self.emit_arg(Op::BinaryOp, SUBSCRIPT, location);
        }
    }

    /// Mirrors CPython 3.14: `codegen_addcompare`.
    pub(crate) fn emit_compare(&mut self, location: Location, op: CmpOp) {
        use outcome::*;
        let (number, outcomes) = match op {
            CmpOp::Lt => (0, LESS),
            CmpOp::LtE => (1, LESS | EQUAL),
            CmpOp::Eq => (2, EQUAL),
            CmpOp::NotEq => (3, UNORDERED | LESS | GREATER),
            CmpOp::Gt => (4, GREATER),
            CmpOp::GtE => (5, GREATER | EQUAL),
            CmpOp::Is => return self.emit_arg(Op::IsOp, 0, location),
            CmpOp::IsNot => return self.emit_arg(Op::IsOp, 1, location),
            CmpOp::In => return self.emit_arg(Op::ContainsOp, 0, location),
            CmpOp::NotIn => return self.emit_arg(Op::ContainsOp, 1, location),
        };
        let arg = match self.target.comparison_shift() {
            0 => number,
            shift => number << shift | outcomes,
        };
        self.emit_arg(Op::CompareOp, arg, location);
    }

    /// Warns of `is` with a literal. Mirrors CPython 3.14: `codegen_check_compare`.
    pub(crate) fn check_compare(&mut self, e: &'a Expr<'a>) -> Result<()> {
        let ExprKind::Compare { left, ops, comparators } = e.kind else { return Ok(()) };
        if !ops.iter().any(|op| matches!(op, CmpOp::Is | CmpOp::IsNot)) {
            return Ok(());
        }
        let mut left = left;
        for (&op, &right) in ops.iter().zip(comparators) {
            if matches!(op, CmpOp::Is | CmpOp::IsNot) && !(is_identity_operand(left) && is_identity_operand(right)) {
                let literal = if is_identity_operand(left) { right } else { left };
                let type_name = infer_type(literal).unwrap_or_default();
                let message = if !self.target.features.identity_warning_names_type {
                    match op {
                        CmpOp::Is => "\"is\" with a literal. Did you mean \"==\"?".to_owned(),
                        _ => "\"is not\" with a literal. Did you mean \"!=\"?".to_owned(),
                    }
                } else if op == CmpOp::Is {
                    format!("\"is\" with '{type_name}' literal. Did you mean \"==\"?")
                } else {
                    format!("\"is not\" with '{type_name}' literal. Did you mean \"!=\"?")
                };
                self.warn(e.location, message);
                break;
            }
            left = right;
        }
        Ok(())
    }
}

/// Whether comparing the identity of an operand makes sense. Mirrors CPython 3.14: `check_is_arg`.
fn is_identity_operand(e: &Expr<'_>) -> bool {
    match e.kind {
        ExprKind::Tuple { elts, .. } => elts.iter().any(|elt| !matches!(elt.kind, ExprKind::Constant { .. })),
        ExprKind::Constant { value, .. } => {
            matches!(value, Constant::None | Constant::False | Constant::True | Constant::Ellipsis)
        }
        _ => true,
    }
}
