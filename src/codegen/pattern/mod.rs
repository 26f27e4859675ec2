//! Patterns of `match`: the state of matching one, and the kinds that are not containers.
//!
//! A pattern takes its subject from the stack. Captured values are kept on the stack, below whatever must stay on top, and are only
//! stored when the whole pattern has matched.

mod class;
mod mapping;
mod or;
mod sequence;

use super::CodeGenerator;
use crate::ast::{CmpOp, ExprKind, Pattern, PatternKind};
use crate::diagnostics::Result;
use crate::ir::LabelId;
use crate::source::{Location, NameId};
use crate::target::Op;

/// CPython's `pattern_context`.
#[derive(Debug)]
pub(super) struct PatternContext {
    /// The names captured so far, in the order of their values on the stack.
    pub stores: Vec<NameId>,
    /// Whether a pattern that matches anything is allowed here.
    allow_irrefutable: bool,
    /// Jumping to the label of number n pops n values on failure.
    fail_pop: Vec<LabelId>,
    /// How many values must stay on top of the stack; captures go below them.
    on_top: usize,
}

impl PatternContext {
    /// The state at the begin of a pattern.
    pub(super) fn new(allow_irrefutable: bool) -> PatternContext {
        PatternContext { stores: Vec::new(), allow_irrefutable, fail_pop: Vec::new(), on_top: 0 }
    }
}

/// Whether a pattern is `_`. Mirrors CPython 3.14: `WILDCARD_CHECK`.
pub(super) fn is_wildcard(p: &Pattern<'_>) -> bool {
    matches!(p.kind, PatternKind::MatchAs { name: None, .. })
}

/// Whether a pattern is `*_`.
fn is_wildcard_star(p: &Pattern<'_>) -> bool {
    matches!(p.kind, PatternKind::MatchStar { name: None })
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_pattern`.
    pub(super) fn visit_pattern(&mut self, p: &'a Pattern<'a>, pc: &mut PatternContext) -> Result<()> {
        self.enter_recursion()?;
        self.visit_pattern_kind(p, pc)?;
        self.leave_recursion();
        Ok(())
    }

    fn visit_pattern_kind(&mut self, p: &'a Pattern<'a>, pc: &mut PatternContext) -> Result<()> {
        let location = p.location;
        self.set_cursor(location);
        match p.kind {
            PatternKind::MatchValue { value } => {
                if !matches!(value.kind, ExprKind::Constant { .. } | ExprKind::Attribute { .. }) {
                    return self.error(location, "patterns may only match literals and attribute lookups");
                }
                self.visit_expr(value)?;
                self.emit_compare(location, CmpOp::Eq);
                self.emit_to_bool(location);
                self.jump_to_fail_pop(location, pc, Op::PopJumpIfFalse);
                Ok(())
            }
            PatternKind::MatchSingleton { value } => {
                self.emit_constant(&value, &location);
                self.emit_compare(location, CmpOp::Is);
                self.jump_to_fail_pop(location, pc, Op::PopJumpIfFalse);
                Ok(())
            }
            PatternKind::MatchSequence { patterns } => self.visit_sequence_pattern(location, patterns, pc),
            PatternKind::MatchMapping { keys, patterns, rest } => {
                self.visit_mapping_pattern(location, keys, patterns, rest, pc)
            }
            PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns } => {
                self.visit_class_pattern(location, cls, patterns, kwd_attrs, kwd_patterns, pc)
            }
            PatternKind::MatchStar { name } => self.store_capture(location, name, pc),
            PatternKind::MatchAs { pattern: None, name } => self.visit_irrefutable_pattern(location, name, pc),
            PatternKind::MatchAs { pattern: Some(inner), name } => {
                // The pattern takes a copy; the subject itself is what may be stored.
                pc.on_top += 1;
                self.emit_copy(1, location);
                self.visit_pattern(inner, pc)?;
                pc.on_top -= 1;
                self.store_capture(location, name, pc)
            }
            PatternKind::MatchOr { patterns } => self.visit_or_pattern(location, patterns, pc),
        }
    }

    /// Mirrors CPython 3.14: `codegen_pattern_as`, where there is no pattern.
    fn visit_irrefutable_pattern(
        &mut self,
        location: Location,
        name: Option<NameId>,
        pc: &mut PatternContext,
    ) -> Result<()> {
        match name {
            _ if pc.allow_irrefutable => self.store_capture(location, name, pc),
            Some(name) => {
                let name = self.cx.names.text(name);
                self.error(location, format!("name capture '{name}' makes remaining patterns unreachable"))
            }
            None => self.error(location, "wildcard makes remaining patterns unreachable"),
        }
    }

    /// A part of another pattern, which may match anything. Mirrors CPython 3.14: `codegen_pattern_subpattern`.
    fn visit_subpattern(&mut self, p: &'a Pattern<'a>, pc: &mut PatternContext) -> Result<()> {
        let allow_irrefutable = std::mem::replace(&mut pc.allow_irrefutable, true);
        self.visit_pattern(p, pc)?;
        pc.allow_irrefutable = allow_irrefutable;
        Ok(())
    }

    /// Moves the value on top of the stack below those that stay on top, to be stored later; drops it if it has no name.
    ///
    /// Mirrors CPython 3.14: `codegen_pattern_helper_store_name`.
    fn store_capture(&mut self, location: Location, name: Option<NameId>, pc: &mut PatternContext) -> Result<()> {
        let Some(name) = name else {
            self.emit(Op::PopTop, location);
            return Ok(());
        };
        if pc.stores.contains(&name) {
            return self.duplicate_capture_error(location, name);
        }
        self.emit_rotation(location, pc.on_top + pc.stores.len() + 1);
        pc.stores.push(name);
        Ok(())
    }

    fn duplicate_capture_error<T>(&self, location: Location, name: NameId) -> Result<T> {
        let name = self.cx.names.text(name);
        self.error(location, format!("multiple assignments to name '{name}' in pattern"))
    }

    /// Moves the top of the stack below the `count - 1` values under it. Mirrors CPython 3.14: `codegen_pattern_helper_rotate`.
    fn emit_rotation(&mut self, location: Location, count: usize) {
        for depth in (2..=count).rev() {
            self.emit_swap(depth as u32, location);
        }
    }

    /// The label that pops `count` values and fails. Mirrors CPython 3.14: `ensure_fail_pop`.
    pub(super) fn fail_label(&mut self, pc: &mut PatternContext, count: usize) -> LabelId {
        while pc.fail_pop.len() <= count {
            let label = self.new_label();
            pc.fail_pop.push(label);
        }
        pc.fail_pop[count]
    }

    /// Fails, dropping what the pattern has on the stack. Mirrors CPython 3.14: `jump_to_fail_pop`.
    fn jump_to_fail_pop(&mut self, location: Location, pc: &mut PatternContext, op: Op) {
        let label = self.fail_label(pc, pc.on_top + pc.stores.len());
        self.emit_jump(op, label, location);
    }

    /// Writes the pops that failures jump to, the deepest first. Mirrors CPython 3.14: `emit_and_reset_fail_pop`.
    pub(super) fn emit_and_reset_fail_pop(&mut self, location: Location, pc: &mut PatternContext) {
        while let Some(label) = pc.fail_pop.pop() {
            self.use_label(label);
            if !pc.fail_pop.is_empty() {
                self.emit(Op::PopTop, location);
            }
        }
    }
}
