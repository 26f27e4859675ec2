//! Alternatives: `a | b`.

use super::PatternContext;
use crate::ast::Patterns;
use crate::codegen::CodeGenerator;
use crate::diagnostics::Result;
use crate::source::{Location, NameId};
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_pattern_or`.
    pub(super) fn visit_or_pattern(
        &mut self,
        location: Location,
        patterns: Patterns<'a>,
        pc: &mut PatternContext,
    ) -> Result<()> {
        let end = self.new_label();
        // The names that the first alternative captures, which the others must capture too and in whose order the values are left.
        let mut control: Vec<NameId> = Vec::new();
        for (i, alternative) in patterns.iter().enumerate() {
            let is_last = i + 1 == patterns.len();
            let mut inner = PatternContext::new(is_last && pc.allow_irrefutable);
            self.set_cursor(alternative.location);
            self.emit_copy(1, alternative.location);
            self.visit_pattern(alternative, &mut inner)?;
            if i == 0 {
                control.clone_from(&inner.stores);
            } else if !self.reorder_captures(alternative.location, &mut inner.stores, &control) {
                return self.error(location, "alternative patterns bind different names");
            }
            self.emit_jump(Op::Jump, end, alternative.location);
            self.emit_and_reset_fail_pop(alternative.location, &mut inner);
        }
        // None matched: drop the subject and fail.
        self.emit(Op::PopTop, location);
        self.jump_to_fail_pop(location, pc, Op::Jump);

        self.use_label(end);
        // The captures are above the subject, what has to stay on top, and the earlier captures.
        let rotation = control.len() + 1 + pc.on_top + pc.stores.len();
        for &name in &control {
            self.emit_rotation(location, rotation);
            if pc.stores.contains(&name) {
                return self.duplicate_capture_error(location, name);
            }
            pc.stores.push(name);
        }
        self.emit(Op::PopTop, location);
        Ok(())
    }

    /// Brings an alternative's captures into the order of the first alternative's; false if the names differ.
    fn reorder_captures(&mut self, location: Location, stores: &mut [NameId], control: &[NameId]) -> bool {
        if stores.len() != control.len() {
            return false;
        }
        for wanted_at in (0..control.len()).rev() {
            let Some(found_at) = stores.iter().position(|&name| name == control[wanted_at]) else { return false };
            if found_at == wanted_at {
                continue;
            }
            // What is behind its place is in order already, so that the name is before it.
            let rotations = found_at + 1;
            stores[..=wanted_at].rotate_left(rotations);
            for _ in 0..rotations {
                self.emit_rotation(location, wanted_at + 1);
            }
        }
        true
    }
}
