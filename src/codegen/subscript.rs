//! Subscripts and slices, and the warnings of those that cannot work.

use super::CodeGenerator;
use super::infer_type::infer_type;
use crate::ast::{Expr, ExprContext, ExprKind};
use crate::diagnostics::Result;
use crate::object::{Const, ConstCache, ConstId, Constant};
use crate::source::Location;
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_subscript`.
    pub(super) fn visit_subscript(
        &mut self,
        location: Location,
        value: &'a Expr<'a>,
        slice: &'a Expr<'a>,
        ctx: ExprContext,
    ) -> Result<()> {
        if ctx == ExprContext::Load {
            self.check_subscripter(value);
            self.check_index(value, slice);
        }
        self.visit_expr(value)?;
        if ctx != ExprContext::Del && self.is_two_element_slice(slice) {
            self.visit_slice_two_parts(slice)?;
            let op = if ctx == ExprContext::Load { Op::BinarySlice } else { Op::StoreSlice };
            self.emit(op, location);
            return Ok(());
        }
        self.visit_expr(slice)?;
        match ctx {
            ExprContext::Load => self.emit_binary_subscript(location),
            ExprContext::Store => self.emit(Op::StoreSubscr, location),
            ExprContext::Del => self.emit(Op::DeleteSubscr, location),
        }
        Ok(())
    }

    /// The bounds of a slice. Mirrors CPython 3.14: `codegen_slice_two_parts`.
    pub(crate) fn visit_slice_two_parts(&mut self, slice: &'a Expr<'a>) -> Result<()> {
        let ExprKind::Slice { lower, upper, .. } = slice.kind else {
            return self.internal_error("the bounds of something that is no slice");
        };
        for bound in [lower, upper] {
            match bound {
                Some(bound) => self.visit_expr(bound)?,
                None => self.emit_none(slice.location),
            }
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_slice`.
    pub(super) fn visit_slice(
        &mut self,
        e: &'a Expr<'a>,
        lower: Option<&'a Expr<'a>>,
        upper: Option<&'a Expr<'a>>,
        step: Option<&'a Expr<'a>>,
    ) -> Result<()> {
        if self.is_constant_slice(e) {
            let parts = [lower, upper, step].map(|part| self.slice_part(part));
            let slice = self.cx.consts.add(Const::Slice(parts));
            self.emit_const_id(slice, e.location);
            return Ok(());
        }
        self.visit_slice_two_parts(e)?;
        let mut count = 2;
        if let Some(step) = step {
            count = 3;
            self.visit_expr(step)?;
        }
        self.emit_arg(Op::BuildSlice, count, e.location);
        Ok(())
    }

    /// Whether all parts of a slice are constants, and it is one itself. Mirrors CPython 3.14: `is_constant_slice`.
    fn is_constant_slice(&self, e: &Expr<'_>) -> bool {
        let ExprKind::Slice { lower, upper, step } = e.kind else { return false };
        self.target.features.constant_slices
            && [lower, upper, step].into_iter().flatten().all(|part| matches!(part.kind, ExprKind::Constant { .. }))
    }

    /// Whether a subscript is a slice without a step that has instructions of its own.
    ///
    /// Mirrors CPython 3.14: `should_apply_two_element_slice_optimization`.
    pub(crate) fn is_two_element_slice(&self, e: &Expr<'_>) -> bool {
        matches!(e.kind, ExprKind::Slice { step: None, .. })
            && self.target.has(Op::BinarySlice)
            && !self.is_constant_slice(e)
    }

    fn slice_part(&mut self, part: Option<&Expr<'a>>) -> ConstId {
        match part {
            Some(Expr { kind: ExprKind::Constant { value, .. }, .. }) => self.cx.consts.add_constant(value),
            _ => ConstCache::NONE,
        }
    }

    /// Mirrors CPython 3.14: `check_subscripter`.
    fn check_subscripter(&mut self, e: &Expr<'_>) {
        let suspicious = match e.kind {
            ExprKind::Constant { ref value, .. } => matches!(
                value,
                Constant::None
                    | Constant::Ellipsis
                    | Constant::False
                    | Constant::True
                    | Constant::Int(_)
                    | Constant::Float(_)
                    | Constant::Complex { .. }
                    | Constant::FrozenSet(_)
            ),
            ExprKind::Set { .. }
            | ExprKind::SetComp { .. }
            | ExprKind::GeneratorExp { .. }
            | ExprKind::TemplateStr { .. }
            | ExprKind::Interpolation { .. }
            | ExprKind::Lambda { .. } => true,
            _ => false,
        };
        if suspicious && let Some(name) = infer_type(e) {
            let message = format!("'{name}' object is not subscriptable; perhaps you missed a comma?");
            self.warn(e.location, message);
        }
    }

    /// Mirrors CPython 3.14: `check_index`.
    fn check_index(&mut self, e: &Expr<'_>, index: &Expr<'_>) {
        let Some(index_type) = infer_type(index) else { return };
        if matches!(index_type, "int" | "bool") {
            return;
        }
        let suspicious = match e.kind {
            ExprKind::Constant { ref value, .. } => {
                matches!(value, Constant::Str(_) | Constant::Bytes(_) | Constant::Tuple(_))
            }
            ExprKind::Tuple { .. }
            | ExprKind::List { .. }
            | ExprKind::ListComp { .. }
            | ExprKind::JoinedStr { .. }
            | ExprKind::FormattedValue { .. } => true,
            _ => false,
        };
        if suspicious && let Some(name) = infer_type(e) {
            let message =
                format!("{name} indices must be integers or slices, not {index_type}; perhaps you missed a comma?");
            self.warn(e.location, message);
        }
    }
}
