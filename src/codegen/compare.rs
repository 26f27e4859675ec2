//! Comparisons and chains of them.

use super::CodeGenerator;
use crate::ast::{CmpOp, Expr, Exprs};
use crate::diagnostics::Result;
use crate::source::Location;
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_compare`.
    pub(super) fn visit_compare(
        &mut self,
        e: &'a Expr<'a>,
        left: &'a Expr<'a>,
        ops: &'a [CmpOp],
        comparators: Exprs<'a>,
    ) -> Result<()> {
        let location = e.location;
        self.check_compare(e)?;
        self.visit_expr(left)?;
        let ([first_ops @ .., last_op], [first, last]) = (ops, split_last(comparators)) else {
            return self.internal_error("a comparison without an operator");
        };
        if first_ops.is_empty() {
            self.visit_exprs(last)?;
            self.emit_compare(location, *last_op);
            return Ok(());
        }
        let cleanup = self.new_label();
        for (comparator, op) in first.iter().zip(first_ops) {
            self.visit_expr(comparator)?;
            self.emit_swap(2, location);
            self.emit_copy(2, location);
            self.emit_compare(location, *op);
            if self.target.has(Op::JumpIfFalseOrPop) {
                self.emit_jump(Op::JumpIfFalseOrPop, cleanup, location);
                continue;
            }
            self.emit_copy(1, location);
            self.emit_to_bool(location);
            self.emit_jump(Op::PopJumpIfFalse, cleanup, location);
            self.emit(Op::PopTop, location);
        }
        self.visit_exprs(last)?;
        self.emit_compare(location, *last_op);
        let end = self.new_label();
        self.emit_inner_jump(end, Location::NONE);
        self.use_label(cleanup);
        self.emit_swap(2, location);
        self.emit(Op::PopTop, location);
        self.use_label(end);
        Ok(())
    }
}

/// All elements but the last, and the last.
fn split_last<'a>(es: Exprs<'a>) -> [Exprs<'a>; 2] {
    let (first, last) = es.split_at(es.len().saturating_sub(1));
    [first, last]
}
