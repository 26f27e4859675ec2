//! `match`: tries the cases in order. What patterns compile to is in [`super::pattern`].

use super::CodeGenerator;
use super::pattern::{PatternContext, is_wildcard};
use crate::ast::{Expr, ExprContext, MatchCase};
use crate::diagnostics::Result;
use crate::source::Location;
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_match_inner`.
    #[inline(never)]
    pub(crate) fn visit_match(&mut self, subject: &'a Expr<'a>, cases: &'a [MatchCase<'a>]) -> Result<()> {
        self.visit_expr(subject)?;
        let end = self.new_label();
        // A last `case _` needs no pattern, and so no subject.
        let (tried, default) = match cases.split_last() {
            Some((last, others)) if is_wildcard(last.pattern) && !others.is_empty() => (others, Some(last)),
            _ => (cases, None),
        };
        for (i, case) in tried.iter().enumerate() {
            let location = case.pattern.location;
            self.set_cursor(location);
            let keeps_subject = i + 1 < tried.len();
            if keeps_subject {
                self.emit_copy(1, location);
            }
            // What matches anything must be guarded or last.
            let mut pc = PatternContext::new(case.guard.is_some() || i + 1 == cases.len());
            self.visit_pattern(case.pattern, &mut pc)?;
            // The captured values are on the stack.
            for &name in &pc.stores {
                self.emit_name_access(location, name, ExprContext::Store)?;
            }
            if let Some(guard) = case.guard {
                let fail = self.fail_label(&mut pc, 0);
                self.jump_if(location, guard, fail, false)?;
            }
            if keeps_subject {
                // The location of what follows makes for better branch events.
                let on_next_line = self.target.features.subject_dropped_on_next_line;
                self.emit(Op::PopTop, if on_next_line { Location::NEXT } else { location });
            }
            self.visit_stmts(case.body)?;
            self.emit_jump(Op::Jump, end, Location::NONE);
            self.set_cursor(location);
            // The clean-up belongs to the pattern that failed rather than to the body.
            self.emit_and_reset_fail_pop(location, &mut pc);
        }
        if let Some(default) = default {
            let location = default.pattern.location;
            self.set_cursor(location);
            // The case has a line to be traced although nothing is tested.
            self.emit(Op::Nop, location);
            if let Some(guard) = default.guard {
                self.jump_if(location, guard, end, false)?;
            }
            self.visit_stmts(default.body)?;
            self.unset_cursor();
        }
        self.use_label(end);
        Ok(())
    }
}
