//! Expressions: the dispatch over their kinds, and those kinds that are short.

use super::emit::NameShape;
use super::intrinsic::{GET_ITER_YIELD_FROM, resume, unary};
use super::{CodeGenerator, ScopeType};
use crate::ast::{BoolOp, Expr, ExprContext, ExprKind, Exprs, Operator, UnaryOp};
use crate::diagnostics::{CompileError, MAX_TREE_DEPTH, Result};
use crate::ir::LabelId;
use crate::source::{Interner, Location, NameId, known};
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Counts a level of the tree, to be undone by [`Self::leave_recursion`] unless an error ends the compilation.
    #[inline]
    pub(crate) fn enter_recursion(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_TREE_DEPTH { Err(CompileError::too_deep()) } else { Ok(()) }
    }

    /// Leaves a level of the tree.
    #[inline]
    pub(crate) fn leave_recursion(&mut self) {
        self.depth -= 1;
    }

    /// Mirrors CPython 3.14: `codegen_visit_expr`.
    pub(crate) fn visit_expr(&mut self, e: &'a Expr<'a>) -> Result<()> {
        if self.follows_cursor {
            return self.visit_expr_with_cursor(e);
        }
        // The most frequent kinds need little of what the others do.
        match e.kind {
            ExprKind::Name { id, ctx } => self.emit_name_at(&e.location, id, ctx),
            ExprKind::Constant { ref value, .. } => {
                self.emit_constant(value, &e.location);
                Ok(())
            }
            _ => self.visit_expr_with_parts(e),
        }
    }

    /// An expression that has others in it. Those of the most frequent kinds count the level of the tree themselves.
    #[inline]
    fn visit_expr_with_parts(&mut self, e: &'a Expr<'a>) -> Result<()> {
        match e.kind {
            ExprKind::Attribute { .. } => self.visit_attribute(e),
            ExprKind::Call { func, .. } => self.visit_call(e, func),
            _ => self.visit_other_expr(e),
        }
    }

    #[inline(never)]
    fn visit_other_expr(&mut self, e: &'a Expr<'a>) -> Result<()> {
        self.enter_recursion()?;
        self.visit_expr_kind(e)?;
        self.leave_recursion();
        Ok(())
    }

    /// The same where instructions take the location of what is visited.
    #[inline(never)]
    fn visit_expr_with_cursor(&mut self, e: &'a Expr<'a>) -> Result<()> {
        let outer = std::mem::replace(&mut self.unit.cursor, e.location);
        self.visit_expr_with_parts(e)?;
        self.unit.cursor = outer;
        Ok(())
    }

    /// Each of these expressions in turn.
    pub(crate) fn visit_exprs(&mut self, es: Exprs<'a>) -> Result<()> {
        for e in es {
            self.visit_expr(e)?;
        }
        Ok(())
    }

    #[inline]
    fn visit_expr_kind(&mut self, e: &'a Expr<'a>) -> Result<()> {
        let location = e.location;
        match e.kind {
            ExprKind::NamedExpr { target, value } => self.visit_named_expr(location, target, value),
            ExprKind::BoolOp { op, values } => self.visit_bool_op(location, op, values),
            ExprKind::BinOp { left, op, right } => self.visit_bin_op(location, left, op, right),
            ExprKind::UnaryOp { op, operand } => self.visit_unary_op(location, op, operand),
            ExprKind::Lambda { args, body } => self.visit_lambda(e, args, body),
            ExprKind::IfExp { test, body, orelse } => self.visit_if_exp(location, test, body, orelse),
            ExprKind::Dict { keys, values } => self.visit_dict(location, keys, values),
            ExprKind::Set { elts } => self.visit_set(location, elts),
            ExprKind::GeneratorExp { .. }
            | ExprKind::ListComp { .. }
            | ExprKind::SetComp { .. }
            | ExprKind::DictComp { .. } => self.visit_comprehension(e),
            ExprKind::Yield { value } => self.visit_yield(location, value),
            ExprKind::YieldFrom { value } => self.visit_yield_from(location, value),
            ExprKind::Await { value } => self.visit_await(location, value),
            ExprKind::Compare { left, ops, comparators } => self.visit_compare(e, left, ops, comparators),
            ExprKind::Call { func, .. } => self.visit_call(e, func),
            ExprKind::Constant { ref value, .. } => {
                self.emit_constant(value, &location);
                Ok(())
            }
            ExprKind::JoinedStr { values } => self.visit_joined_str(location, values),
            ExprKind::TemplateStr { values } => self.visit_template_str(location, values),
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                self.visit_formatted_value(location, value, conversion, format_spec)
            }
            ExprKind::Interpolation { value, str, conversion, format_spec } => {
                self.visit_interpolation(location, value, str, conversion, format_spec)
            }
            ExprKind::Attribute { .. } => self.visit_attribute(e),
            ExprKind::Subscript { value, slice, ctx } => self.visit_subscript(location, value, slice, ctx),
            // A list or tuple that is assigned to replaces its starred elements by their values; see `assign_elements`.
            ExprKind::Starred { ctx: ExprContext::Store, .. } => {
                self.error(location, "starred assignment target must be in a list or tuple")
            }
            ExprKind::Starred { .. } => self.error(location, "can't use starred expression here"),
            ExprKind::Slice { lower, upper, step } => self.visit_slice(e, lower, upper, step),
            ExprKind::Name { id, ctx } => self.emit_name_access(location, id, ctx),
            ExprKind::List { elts, ctx } => self.visit_list(location, elts, ctx),
            ExprKind::Tuple { elts, ctx } => self.visit_tuple(location, elts, ctx),
        }
    }

    #[inline(never)]
    fn visit_named_expr(&mut self, location: Location, target: &'a Expr<'a>, value: &'a Expr<'a>) -> Result<()> {
        self.visit_expr(value)?;
        self.emit_copy(1, location);
        self.visit_expr(target)
    }

    #[inline(never)]
    fn visit_bin_op(
        &mut self,
        location: Location,
        left: &'a Expr<'a>,
        op: Operator,
        right: &'a Expr<'a>,
    ) -> Result<()> {
        self.visit_expr(left)?;
        self.visit_expr(right)?;
        self.emit_binary_op(location, op, false);
        Ok(())
    }

    #[inline(never)]
    fn visit_await(&mut self, location: Location, value: &'a Expr<'a>) -> Result<()> {
        self.check_await(location)?;
        self.visit_expr(value)?;
        self.emit_await(location);
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_boolop`.
    #[inline(never)]
    fn visit_bool_op(&mut self, location: Location, op: BoolOp, values: Exprs<'a>) -> Result<()> {
        let jump = match op {
            BoolOp::And => Op::JumpIfFalse,
            BoolOp::Or => Op::JumpIfTrue,
        };
        let end = self.new_label();
        if let [first @ .., last] = values {
            for value in first {
                self.visit_expr(value)?;
                self.emit_jump_or_pop(jump, end, location);
            }
            self.visit_expr(last)?;
        }
        self.use_label(end);
        Ok(())
    }

    /// Pops a value unless it decides; then jumps with it on the stack.
    fn emit_jump_or_pop(&mut self, jump: Op, target: LabelId, location: Location) {
        if self.target.has(Op::JumpIfFalseOrPop) {
            let op = if jump == Op::JumpIfFalse { Op::JumpIfFalseOrPop } else { Op::JumpIfTrueOrPop };
            self.emit_jump(op, target, location);
            let next = self.new_label();
            self.use_label(next);
        } else {
            self.emit_jump_keeping_value(jump, target, location);
            self.emit(Op::PopTop, location);
        }
    }

    /// `JUMP_IF_FALSE` or `JUMP_IF_TRUE`, which the graph's passes write out where the release has these pseudo-instructions.
    fn emit_jump_keeping_value(&mut self, jump: Op, target: LabelId, location: Location) {
        if self.target.has(jump) {
            self.emit_jump(jump, target, location);
        } else {
            let pops = if jump == Op::JumpIfFalse { Op::PopJumpIfFalse } else { Op::PopJumpIfTrue };
            self.emit_copy(1, location);
            self.emit_to_bool(location);
            self.emit_jump(pops, target, location);
        }
    }

    #[inline(never)]
    fn visit_unary_op(&mut self, location: Location, op: UnaryOp, operand: &'a Expr<'a>) -> Result<()> {
        self.visit_expr(operand)?;
        match op {
            UnaryOp::UAdd if self.target.has(Op::UnaryPositive) => self.emit(Op::UnaryPositive, location),
            UnaryOp::UAdd => self.emit_arg(Op::CallIntrinsic1, unary::UNARY_POSITIVE, location),
            UnaryOp::Not => {
                self.emit_to_bool(location);
                self.emit(Op::UnaryNot, location);
            }
            UnaryOp::Invert => self.emit(Op::UnaryInvert, location),
            UnaryOp::USub => self.emit(Op::UnaryNegative, location),
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_ifexp`.
    #[inline(never)]
    fn visit_if_exp(
        &mut self,
        location: Location,
        test: &'a Expr<'a>,
        body: &'a Expr<'a>,
        orelse: &'a Expr<'a>,
    ) -> Result<()> {
        let end = self.new_label();
        let next = self.new_label();
        self.jump_if(location, test, next, false)?;
        self.visit_expr(body)?;
        self.emit_inner_jump(end, Location::NONE);
        self.use_label(next);
        self.visit_expr(orelse)?;
        self.use_label(end);
        Ok(())
    }

    #[inline(never)]
    fn visit_yield(&mut self, location: Location, value: Option<&'a Expr<'a>>) -> Result<()> {
        if !self.scope().is_function_like() {
            return self.error(location, "'yield' outside function");
        }
        match value {
            Some(value) => self.visit_expr(value)?,
            None => self.emit_none(location),
        }
        self.emit_yield(location);
        Ok(())
    }

    #[inline(never)]
    fn visit_yield_from(&mut self, location: Location, value: &'a Expr<'a>) -> Result<()> {
        if !self.scope().is_function_like() {
            let named = self.target.features.yield_from_is_named;
            return self.error(location, format!("'yield{}' outside function", if named { " from" } else { "" }));
        }
        if self.unit.scope_type == ScopeType::AsyncFunction {
            return self.error(location, "'yield from' inside async function");
        }
        self.visit_expr(value)?;
        if self.target.features.iterator_pairs {
            self.emit_arg(Op::GetIter, GET_ITER_YIELD_FROM, location);
        } else {
            self.emit(Op::GetYieldFromIter, location);
        }
        self.emit_none(location);
        self.emit_yield_from(location, false);
        Ok(())
    }

    /// Refuses an `await` in the wrong place, unless the symbol table has seen to that.
    fn check_await(&self, location: Location) -> Result<()> {
        if self.target.features.symtable_refuses_async || self.awaits() {
            Ok(())
        } else if self.scope().is_function_like() {
            self.error(location, "'await' outside async function")
        } else {
            self.error(location, "'await' outside function")
        }
    }

    /// Whether the current unit is one that may `await`.
    pub(super) fn awaits(&self) -> bool {
        matches!(self.unit.scope_type, ScopeType::AsyncFunction | ScopeType::Comprehension)
    }

    /// Awaits the value on the stack.
    pub(crate) fn emit_await(&mut self, location: Location) {
        self.emit_await_of(0, location);
    }

    /// Yields the value on the stack. Mirrors CPython 3.14: `codegen_addop_yield`.
    pub(crate) fn emit_yield(&mut self, location: Location) {
        if self.scope().is_generator && self.scope().is_coroutine {
            if self.target.has(Op::AsyncGenWrap) {
                self.emit(Op::AsyncGenWrap, location);
            } else {
                self.emit_arg(Op::CallIntrinsic1, unary::ASYNC_GEN_WRAP, location);
            }
        }
        self.emit_arg(Op::YieldValue, 0, location);
        self.emit_arg(Op::Resume, resume::AFTER_YIELD, location);
    }

    /// Mirrors CPython 3.14: `codegen_visit_expr` (`Attribute_kind`).
    #[inline(never)]
    fn visit_attribute(&mut self, e: &'a Expr<'a>) -> Result<()> {
        let ExprKind::Attribute { value, attr, ctx } = e.kind else {
            return self.internal_error("an attribute was expected");
        };
        self.enter_recursion()?;
        let (op, shape) = match ctx {
            ExprContext::Load => {
                if let ExprKind::Call { keywords: [], .. } = value.kind {
                    return self.visit_attribute_of_call(e, value, attr);
                }
                (Op::LoadAttr, NameShape::ATTRIBUTE)
            }
            ExprContext::Store => {
                if matches!(value.kind, ExprKind::Name { id: known::SELF, .. }) {
                    self.add_static_attribute(attr);
                }
                (Op::StoreAttr, NameShape::PLAIN)
            }
            ExprContext::Del => (Op::DeleteAttr, NameShape::PLAIN),
        };
        self.visit_expr(value)?;
        self.leave_recursion();
        self.emit_attribute(op, shape, e, attr);
        Ok(())
    }

    /// An attribute of what a call gives, which may be one of `super`.
    #[inline(never)]
    fn visit_attribute_of_call(&mut self, e: &'a Expr<'a>, value: &'a Expr<'a>, attr: NameId) -> Result<()> {
        match self.optimizable_super_call(value, attr) {
            Some(call) => {
                self.load_args_for_super(&call)?;
                let shape = if call.has_args() { NameShape::SUPER_ATTRIBUTE } else { NameShape::ZERO_SUPER_ATTRIBUTE };
                self.emit_name(Op::LoadSuperAttr, attr, shape, e.location);
                let location = update_start_location_to_match_attr(e.location, e, self.cx.names, attr);
                self.emit(Op::Nop, location);
            }
            None => {
                self.visit_expr(value)?;
                self.emit_attribute(Op::LoadAttr, NameShape::ATTRIBUTE, e, attr);
            }
        }
        self.leave_recursion();
        Ok(())
    }

    /// An access to the attribute `attr` of the value on the stack that `e` takes, at the place of the attribute's name.
    #[inline(never)]
    pub(super) fn emit_attribute(&mut self, op: Op, shape: NameShape, e: &Expr<'a>, attr: NameId) {
        if e.location.line != e.location.end_line || self.follows_cursor {
            return self.emit_attribute_below(op, shape, e, attr);
        }
        self.emit_name_at_once(op, attr, shape, &e.location);
    }

    /// The same where the place is to be found out, or to be kept for what follows.
    #[inline(never)]
    fn emit_attribute_below(&mut self, op: Op, shape: NameShape, e: &Expr<'a>, attr: NameId) {
        let location = update_start_location_to_match_attr(e.location, e, self.cx.names, attr);
        self.set_cursor(location);
        self.emit_name(op, attr, shape, location);
    }
}

/// Where an attribute access spans lines, the place of the attribute's name.
///
/// Mirrors CPython 3.14: `update_start_location_to_match_attr`, where the length of the name counts characters but the columns
/// count bytes.
#[inline]
pub(crate) fn update_start_location_to_match_attr(
    location: Location,
    attr: &Expr<'_>,
    names: &Interner<'_>,
    name: NameId,
) -> Location {
    let end = attr.location;
    if location.line == end.end_line { location } else { start_at_attr(location, end, names.text(name)) }
}

#[cold]
fn start_at_attr(mut location: Location, end: Location, name: &str) -> Location {
    location.line = end.end_line;
    let length = name.chars().count() as i32;
    if length <= end.end_column {
        location.column = end.end_column - length;
    } else {
        location.column = -1;
        location.end_column = -1;
    }
    location.end_line = location.line.max(location.end_line);
    if location.line == location.end_line {
        location.end_column = location.column.max(location.end_column);
    }
    location
}
