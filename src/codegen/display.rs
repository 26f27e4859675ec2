//! List, tuple, set and dict displays, and lists and tuples that are assigned to or deleted.

use super::CodeGenerator;
use super::intrinsic::{STACK_USE_GUIDELINE, unary};
use crate::ast::{Expr, ExprContext, ExprKind, Exprs};
use crate::diagnostics::Result;
use crate::fold;
use crate::object::{ConstId, Constant};
use crate::source::{Location, NameId};
use crate::target::Op;

/// Where code generation folds displays of constants, shorter ones are built item by item.
const MIN_CONST_SEQUENCE_SIZE: usize = 3;

/// How a sequence is made of values on the stack, and how it grows.
#[derive(Clone, Copy)]
pub(super) struct SequenceShape {
    build: Op,
    add: Op,
    extend: Op,
    /// What is built is a list, and a tuple is wanted.
    to_tuple: bool,
}

impl SequenceShape {
    const LIST: SequenceShape =
        SequenceShape { build: Op::BuildList, add: Op::ListAppend, extend: Op::ListExtend, to_tuple: false };
    const SET: SequenceShape =
        SequenceShape { build: Op::BuildSet, add: Op::SetAdd, extend: Op::SetUpdate, to_tuple: false };
    pub(super) const TUPLE: SequenceShape = SequenceShape { to_tuple: true, ..SequenceShape::LIST };
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Builds a sequence of expressions, some of which may be starred, behind `pushed` values that are on the stack already.
    ///
    /// `injected` is a name that becomes the last element. Mirrors CPython 3.14: `starunpack_helper_impl`.
    pub(super) fn build_sequence(
        &mut self,
        location: Location,
        elts: Exprs<'a>,
        injected: Option<NameId>,
        pushed: u32,
        shape: SequenceShape,
    ) -> Result<()> {
        if !self.target.features.fold_in_flowgraph
            && elts.len() >= MIN_CONST_SEQUENCE_SIZE
            && injected.is_none()
            && let Some(values) = constants(elts)
        {
            self.build_constant_sequence(location, &values, pushed, shape);
            return Ok(());
        }
        let count = elts.len() + injected.is_some() as usize + pushed as usize;
        let big = count > STACK_USE_GUIDELINE;
        if !big && !elts.iter().any(|elt| is_starred(elt)) {
            self.visit_exprs(elts)?;
            if let Some(name) = injected {
                self.emit_name_access(location, name, ExprContext::Load)?;
            }
            let build = if shape.to_tuple { Op::BuildTuple } else { shape.build };
            self.emit_arg(build, count as u32, location);
            return Ok(());
        }
        let mut built = big;
        if big {
            self.emit_arg(shape.build, pushed, location);
        }
        for (i, elt) in elts.iter().enumerate() {
            if let ExprKind::Starred { value, .. } = elt.kind {
                if !built {
                    self.emit_arg(shape.build, i as u32 + pushed, location);
                    built = true;
                }
                self.visit_expr(value)?;
                self.emit_arg(shape.extend, 1, location);
            } else {
                self.visit_expr(elt)?;
                if built {
                    self.emit_arg(shape.add, 1, location);
                }
            }
        }
        if let Some(name) = injected {
            self.emit_name_access(location, name, ExprContext::Load)?;
            self.emit_arg(shape.add, 1, location);
        }
        if shape.to_tuple {
            self.emit_list_to_tuple(location);
        }
        Ok(())
    }

    fn emit_list_to_tuple(&mut self, location: Location) {
        if self.target.has(Op::ListToTuple) {
            self.emit(Op::ListToTuple, location);
        } else {
            self.emit_arg(Op::CallIntrinsic1, unary::LIST_TO_TUPLE, location);
        }
    }

    /// A sequence of nothing but constants. Mirrors CPython 3.13: `starunpack_helper`.
    fn build_constant_sequence(
        &mut self,
        location: Location,
        values: &[Constant<'a>],
        pushed: u32,
        shape: SequenceShape,
    ) {
        let ids: Vec<ConstId> = values.iter().map(|value| self.cx.consts.add_constant(value)).collect();
        if shape.to_tuple && pushed == 0 {
            let tuple = self.cx.consts.add_tuple(&ids);
            self.emit_const_id(tuple, location);
            return;
        }
        let folded = if shape.add == Op::SetAdd {
            fold::frozen_set(self.cx.consts, &ids)
        } else {
            self.cx.consts.add_tuple(&ids)
        };
        self.emit_arg(shape.build, pushed, location);
        self.emit_const_id(folded, location);
        self.emit_arg(shape.extend, 1, location);
        if shape.to_tuple {
            self.emit_list_to_tuple(location);
        }
    }

    /// Unpacks the value on the stack for these targets. Mirrors CPython 3.14: `unpack_helper`.
    fn unpack_for(&mut self, location: Location, elts: Exprs<'a>) -> Result<()> {
        let mut seen_star = false;
        for (i, elt) in elts.iter().enumerate() {
            if !is_starred(elt) {
                continue;
            }
            if seen_star {
                return self.error(location, "multiple starred expressions in assignment");
            }
            let after = elts.len() - i - 1;
            if i >= 1 << 8 || after >= (i32::MAX >> 8) as usize {
                return self.error(location, "too many expressions in star-unpacking assignment");
            }
            self.emit_arg(Op::UnpackEx, i as u32 + ((after as u32) << 8), location);
            seen_star = true;
        }
        if !seen_star {
            self.emit_arg(Op::UnpackSequence, elts.len() as u32, location);
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `assignment_helper`.
    fn assign_elements(&mut self, location: Location, elts: Exprs<'a>) -> Result<()> {
        self.unpack_for(location, elts)?;
        for elt in elts {
            match elt.kind {
                ExprKind::Starred { value, .. } => self.visit_expr(value)?,
                _ => self.visit_expr(elt)?,
            }
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_list`.
    pub(super) fn visit_list(&mut self, location: Location, elts: Exprs<'a>, ctx: ExprContext) -> Result<()> {
        self.visit_sequence(location, elts, ctx, SequenceShape::LIST)
    }

    /// Mirrors CPython 3.14: `codegen_tuple`.
    pub(super) fn visit_tuple(&mut self, location: Location, elts: Exprs<'a>, ctx: ExprContext) -> Result<()> {
        self.visit_sequence(location, elts, ctx, SequenceShape::TUPLE)
    }

    fn visit_sequence(
        &mut self,
        location: Location,
        elts: Exprs<'a>,
        ctx: ExprContext,
        shape: SequenceShape,
    ) -> Result<()> {
        match ctx {
            ExprContext::Store => self.assign_elements(location, elts),
            ExprContext::Load => self.build_sequence(location, elts, None, 0, shape),
            ExprContext::Del => self.visit_exprs(elts),
        }
    }

    /// Mirrors CPython 3.14: `codegen_set`.
    pub(super) fn visit_set(&mut self, location: Location, elts: Exprs<'a>) -> Result<()> {
        self.build_sequence(location, elts, None, 0, SequenceShape::SET)
    }

    /// Builds a dict of items without `**`. Mirrors CPython 3.14: `codegen_subdict`.
    fn build_subdict(&mut self, location: Location, keys: &'a [Option<&'a Expr<'a>>], values: Exprs<'a>) -> Result<()> {
        let big = keys.len() * 2 > STACK_USE_GUIDELINE;
        if !big
            && keys.len() > 1
            && self.target.has(Op::BuildConstKeyMap)
            && let Some(constants) = constant_keys(keys)
        {
            self.visit_exprs(values)?;
            let ids: Vec<ConstId> = constants.iter().map(|key| self.cx.consts.add_constant(key)).collect();
            let tuple = self.cx.consts.add_tuple(&ids);
            self.emit_const_id(tuple, location);
            self.emit_arg(Op::BuildConstKeyMap, keys.len() as u32, location);
            return Ok(());
        }
        if big {
            self.emit_arg(Op::BuildMap, 0, location);
        }
        for (key, value) in keys.iter().zip(values) {
            if let Some(key) = key {
                self.visit_expr(key)?;
            }
            self.visit_expr(value)?;
            if big {
                self.emit_arg(Op::MapAdd, 1, location);
            }
        }
        if !big {
            self.emit_arg(Op::BuildMap, keys.len() as u32, location);
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_dict`.
    pub(super) fn visit_dict(
        &mut self,
        location: Location,
        keys: &'a [Option<&'a Expr<'a>>],
        values: Exprs<'a>,
    ) -> Result<()> {
        let mut have_dict = false;
        // The items since this one wait for being built together.
        let mut start = 0;
        for i in 0..values.len() {
            let unpacks = keys[i].is_none();
            if unpacks {
                if start < i {
                    self.merge_subdict(location, &keys[start..i], &values[start..i], &mut have_dict)?;
                }
                if !have_dict {
                    self.emit_arg(Op::BuildMap, 0, location);
                    have_dict = true;
                }
                self.visit_expr(values[i])?;
                self.emit_arg(Op::DictUpdate, 1, location);
                start = i + 1;
            } else if (i - start) * 2 > STACK_USE_GUIDELINE {
                self.merge_subdict(location, &keys[start..=i], &values[start..=i], &mut have_dict)?;
                start = i + 1;
            }
        }
        if start < values.len() {
            self.merge_subdict(location, &keys[start..], &values[start..], &mut have_dict)?;
        }
        if !have_dict {
            self.emit_arg(Op::BuildMap, 0, location);
        }
        Ok(())
    }

    /// Builds a dict of some items and adds it to the one below, if there is one.
    fn merge_subdict(
        &mut self,
        location: Location,
        keys: &'a [Option<&'a Expr<'a>>],
        values: Exprs<'a>,
        have_dict: &mut bool,
    ) -> Result<()> {
        self.build_subdict(location, keys, values)?;
        if *have_dict {
            self.emit_arg(Op::DictUpdate, 1, location);
        }
        *have_dict = true;
        Ok(())
    }
}

/// The values of expressions that are all constants.
fn constants<'a>(elts: Exprs<'a>) -> Option<Vec<Constant<'a>>> {
    elts.iter().map(|elt| constant(elt)).collect()
}

/// The values of keys that are all constants.
fn constant_keys<'a>(keys: &[Option<&'a Expr<'a>>]) -> Option<Vec<Constant<'a>>> {
    keys.iter().map(|key| constant((*key)?)).collect()
}

fn constant<'a>(e: &Expr<'a>) -> Option<Constant<'a>> {
    match e.kind {
        ExprKind::Constant { value, .. } => Some(value),
        _ => None,
    }
}

/// Whether an expression is `*value`.
#[inline]
pub(super) fn is_starred(e: &Expr<'_>) -> bool {
    matches!(e.kind, ExprKind::Starred { .. })
}
