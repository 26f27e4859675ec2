//! Assignments: plain, augmented and annotated.

use super::emit::NameShape;
use super::expression::update_start_location_to_match_attr;
use super::{CodeGenerator, ScopeType};
use crate::ast::{Expr, ExprContext, ExprKind, Exprs, Operator, Stmt, StmtKind};
use crate::diagnostics::Result;
use crate::source::{Location, NameId, known};
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_visit_stmt`, at `Assign_kind`.
    #[inline(never)]
    pub(crate) fn visit_assign(&mut self, location: Location, targets: Exprs<'a>, value: &'a Expr<'a>) -> Result<()> {
        self.visit_expr(value)?;
        for (i, target) in targets.iter().enumerate() {
            if i + 1 < targets.len() {
                self.emit_copy(1, location);
            }
            self.visit_expr(target)?;
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_augassign`.
    #[inline(never)]
    pub(crate) fn visit_aug_assign(
        &mut self,
        statement: Location,
        target: &'a Expr<'a>,
        op: Operator,
        value: &'a Expr<'a>,
    ) -> Result<()> {
        let location = target.location;
        self.set_cursor(location);
        match target.kind {
            ExprKind::Attribute { value: object, attr, .. } => {
                self.visit_expr(object)?;
                self.emit_copy(1, location);
                let location = update_start_location_to_match_attr(location, target, self.cx.names, attr);
                self.set_cursor(location);
                self.emit_name(Op::LoadAttr, attr, NameShape::ATTRIBUTE, location);
                self.visit_aug_value(statement, op, value)?;
                self.set_cursor(location);
                self.emit_swap(2, location);
                self.emit_name(Op::StoreAttr, attr, NameShape::PLAIN, location);
            }
            ExprKind::Subscript { value: object, slice, .. } if self.is_two_element_slice(slice) => {
                self.visit_expr(object)?;
                self.visit_slice_two_parts(slice)?;
                for _ in 0..3 {
                    self.emit_copy(3, location);
                }
                self.emit(Op::BinarySlice, location);
                self.visit_aug_value(statement, op, value)?;
                for depth in [4, 3, 2] {
                    self.emit_swap(depth, location);
                }
                self.emit(Op::StoreSlice, location);
            }
            ExprKind::Subscript { value: object, slice, .. } => {
                self.visit_expr(object)?;
                self.visit_expr(slice)?;
                self.emit_copy(2, location);
                self.emit_copy(2, location);
                self.emit_binary_subscript(location);
                self.visit_aug_value(statement, op, value)?;
                self.set_cursor(location);
                self.emit_swap(3, location);
                self.emit_swap(2, location);
                self.emit(Op::StoreSubscr, location);
            }
            ExprKind::Name { id, .. } => {
                self.emit_name_access(location, id, ExprContext::Load)?;
                self.visit_aug_value(statement, op, value)?;
                self.set_cursor(location);
                self.emit_name_access(location, id, ExprContext::Store)?;
            }
            _ => return self.internal_error("invalid node type for augmented assignment"),
        }
        Ok(())
    }

    fn visit_aug_value(&mut self, statement: Location, op: Operator, value: &'a Expr<'a>) -> Result<()> {
        self.set_cursor(statement);
        self.visit_expr(value)?;
        self.emit_binary_op(statement, op, true);
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_annassign`.
    #[inline(never)]
    pub(crate) fn visit_ann_assign(&mut self, s: &'a Stmt<'a>) -> Result<()> {
        let StmtKind::AnnAssign { target, annotation, value, simple } = s.kind else {
            return self.internal_error("an annotated assignment was expected");
        };
        if let Some(value) = value {
            self.visit_expr(value)?;
            self.visit_expr(target)?;
        }
        match target.kind {
            ExprKind::Name { id, .. } => {
                if simple && self.stores_annotations() {
                    if self.has_future_annotations() || !self.target.features.deferred_annotations {
                        self.store_annotation(s.location, id, annotation)?;
                    } else {
                        self.defer_annotation(s);
                    }
                }
            }
            ExprKind::Attribute { value: object, .. } => {
                if value.is_none() {
                    self.evaluate(object)?;
                }
            }
            ExprKind::Subscript { value: object, slice, .. } => {
                if value.is_none() {
                    self.evaluate(object)?;
                    self.evaluate_subscript(slice)?;
                }
            }
            _ => return self.internal_error("invalid node type for annotated assignment"),
        }
        // Mirrors CPython 3.13: `check_annotation`.
        let is_eager = !self.target.features.deferred_annotations && !self.has_future_annotations();
        if is_eager && !simple && self.stores_annotations() {
            self.evaluate(annotation)?;
        }
        Ok(())
    }

    /// Whether the annotations of the current unit's variables are evaluated: those of local variables are forgotten.
    fn stores_annotations(&self) -> bool {
        matches!(self.unit.scope_type, ScopeType::Module | ScopeType::Class)
    }

    /// Enters an annotation into `__annotations__` where it stands.
    fn store_annotation(&mut self, location: Location, name: NameId, annotation: &'a Expr<'a>) -> Result<()> {
        if self.has_future_annotations() {
            self.visit_annotation_expr(annotation)?;
        } else {
            self.visit_expr(annotation)?;
        }
        self.emit_name(Op::LoadName, known::ANNOTATIONS, NameShape::PLAIN, location);
        let mangled = self.maybe_mangle(name);
        self.emit_name_const(mangled, location);
        self.emit(Op::StoreSubscr, location);
        Ok(())
    }

    /// Leaves an annotation to `__annotate__`. If it may not have been reached, its number is entered into
    /// `__conditional_annotations__` when it is.
    fn defer_annotation(&mut self, s: &'a Stmt<'a>) {
        let Some(index) = self.add_deferred_annotation(s) else { return };
        let location = s.location;
        if self.unit.scope_type == ScopeType::Class {
            let cell = self.cellvar_argument(known::CONDITIONAL_ANNOTATIONS);
            self.emit_arg(Op::LoadDeref, cell, location);
        } else {
            self.emit_name(Op::LoadName, known::CONDITIONAL_ANNOTATIONS, NameShape::PLAIN, location);
        }
        self.emit_int(index as i64, location);
        self.emit_arg(Op::SetAdd, 1, location);
        self.emit(Op::PopTop, location);
    }

    /// Evaluates an expression for its errors. Mirrors CPython 3.14: `codegen_check_ann_expr`.
    fn evaluate(&mut self, e: &'a Expr<'a>) -> Result<()> {
        self.visit_expr(e)?;
        self.emit(Op::PopTop, e.location);
        Ok(())
    }

    /// Evaluates the parts of a subscript for their errors. Mirrors CPython 3.14: `codegen_check_ann_subscr`.
    fn evaluate_subscript(&mut self, e: &'a Expr<'a>) -> Result<()> {
        match e.kind {
            ExprKind::Slice { lower, upper, step } => {
                [lower, upper, step].into_iter().flatten().try_for_each(|part| self.evaluate(part))
            }
            ExprKind::Tuple { elts, .. } => elts.iter().try_for_each(|elt| self.evaluate_subscript(elt)),
            _ => self.evaluate(e),
        }
    }
}
