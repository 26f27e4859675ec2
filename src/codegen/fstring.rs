//! F-strings and t-strings.

use super::CodeGenerator;
use super::emit::NameShape;
use super::intrinsic::STACK_USE_GUIDELINE;
use crate::ast::{Conversion, Expr, ExprKind, Exprs};
use crate::diagnostics::Result;
use crate::object::{Constant, PyStr};
use crate::source::{Location, known};
use crate::target::Op;

/// Says in the argument of `FORMAT_VALUE` that a specification is on the stack (CPython's `FVS_HAVE_SPEC`).
const HAVE_FORMAT_SPEC: u32 = 4;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_joined_str`.
    pub(super) fn visit_joined_str(&mut self, location: Location, values: Exprs<'a>) -> Result<()> {
        if values.len() > STACK_USE_GUIDELINE {
            self.emit_name_const(known::EMPTY, location);
            self.emit_name(Op::LoadAttr, known::JOIN, NameShape::METHOD, location);
            self.emit_arg(Op::BuildList, 0, location);
            for value in values {
                self.visit_expr(value)?;
                self.emit_arg(Op::ListAppend, 1, location);
            }
            self.emit_arg(Op::Call, 1, location);
            return Ok(());
        }
        self.visit_exprs(values)?;
        match values.len() {
            0 if self.target.features.empty_fstrings_are_constant => self.emit_name_const(known::EMPTY, location),
            1 => {}
            count => self.emit_arg(Op::BuildString, count as u32, location),
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_formatted_value`.
    pub(super) fn visit_formatted_value(
        &mut self,
        location: Location,
        value: &'a Expr<'a>,
        conversion: Conversion,
        format_spec: Option<&'a Expr<'a>>,
    ) -> Result<()> {
        self.visit_expr(value)?;
        if self.target.has(Op::FormatValue) {
            let mut arg = conversion_number(conversion);
            if let Some(spec) = format_spec {
                self.visit_expr(spec)?;
                arg |= HAVE_FORMAT_SPEC;
            }
            self.emit_arg(Op::FormatValue, arg, location);
            return Ok(());
        }
        if conversion != Conversion::None {
            self.emit_arg(Op::ConvertValue, conversion_number(conversion), location);
        }
        match format_spec {
            Some(spec) => {
                self.visit_expr(spec)?;
                self.emit(Op::FormatWithSpec, location);
            }
            None => self.emit(Op::FormatSimple, location),
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_template_str`.
    pub(super) fn visit_template_str(&mut self, location: Location, values: Exprs<'a>) -> Result<()> {
        // The strings and the interpolations are two tuples; between two interpolations there is always a string.
        let mut after_interpolation = true;
        let mut strings = 0;
        for value in values {
            if matches!(value.kind, ExprKind::Interpolation { .. }) {
                if after_interpolation {
                    self.emit_name_const(known::EMPTY, location);
                    strings += 1;
                }
                after_interpolation = true;
            } else {
                self.visit_expr(value)?;
                strings += 1;
                after_interpolation = false;
            }
        }
        if after_interpolation {
            self.emit_name_const(known::EMPTY, location);
            strings += 1;
        }
        self.emit_arg(Op::BuildTuple, strings, location);
        let mut interpolations = 0;
        for value in values {
            if matches!(value.kind, ExprKind::Interpolation { .. }) {
                self.visit_expr(value)?;
                interpolations += 1;
            }
        }
        self.emit_arg(Op::BuildTuple, interpolations, location);
        self.emit(Op::BuildTemplate, location);
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_interpolation`.
    pub(super) fn visit_interpolation(
        &mut self,
        location: Location,
        value: &'a Expr<'a>,
        text: &'a PyStr,
        conversion: Conversion,
        format_spec: Option<&'a Expr<'a>>,
    ) -> Result<()> {
        self.visit_expr(value)?;
        self.emit_constant(&Constant::Str(text), &location);
        let mut arg = 2 | conversion_number(conversion) << 2;
        if let Some(spec) = format_spec {
            arg |= 1;
            self.visit_expr(spec)?;
        }
        self.emit_arg(Op::BuildInterpolation, arg, location);
        Ok(())
    }
}

/// CPython's `FVC_*`.
fn conversion_number(conversion: Conversion) -> u32 {
    match conversion {
        Conversion::None => 0,
        Conversion::Str => 1,
        Conversion::Repr => 2,
        Conversion::Ascii => 3,
    }
}
