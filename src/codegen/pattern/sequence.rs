//! Sequence patterns: `[a, *b, c]`.

use super::{PatternContext, is_wildcard, is_wildcard_star};
use crate::ast::{CmpOp, Operator, PatternKind, Patterns};
use crate::codegen::CodeGenerator;
use crate::diagnostics::Result;
use crate::source::Location;
use crate::target::Op;

/// How many patterns `UNPACK_EX` can have before the starred one.
const MAX_BEFORE_STAR: usize = 1 << 8;
/// The same for those after it (CPython's `INT_MAX >> 8`).
const MAX_AFTER_STAR: usize = i32::MAX as usize >> 8;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_pattern_sequence`.
    pub(super) fn visit_sequence_pattern(
        &mut self,
        location: Location,
        patterns: Patterns<'a>,
        pc: &mut PatternContext,
    ) -> Result<()> {
        let mut stars = patterns.iter().enumerate().filter(|(_, p)| matches!(p.kind, PatternKind::MatchStar { .. }));
        let star = stars.next();
        if stars.next().is_some() {
            return self.error(location, "multiple starred names in sequence pattern");
        }
        let only_wildcards = patterns.iter().all(|p| is_wildcard(p) || is_wildcard_star(p));
        // The subject stays on top for the checks of type and length.
        pc.on_top += 1;
        self.emit(Op::MatchSequence, location);
        self.jump_to_fail_pop(location, pc, Op::PopJumpIfFalse);
        if star.is_none() {
            self.check_length(location, patterns.len(), CmpOp::Eq, pc);
        } else if patterns.len() > 1 {
            self.check_length(location, patterns.len() - 1, CmpOp::GtE, pc);
        }
        // What follows consumes the subject.
        pc.on_top -= 1;
        match star {
            _ if only_wildcards => {
                self.emit(Op::PopTop, location);
                Ok(())
            }
            Some((at, star)) if is_wildcard_star(star) => self.subscript_sequence(location, patterns, at, pc),
            _ => self.unpack_sequence(location, patterns, star.map(|(at, _)| at), pc),
        }
    }

    /// Fails unless the length of the subject compares so with `length`.
    pub(super) fn check_length(&mut self, location: Location, length: usize, op: CmpOp, pc: &mut PatternContext) {
        self.emit(Op::GetLen, location);
        self.emit_int(length as i64, location);
        self.emit_compare(location, op);
        self.jump_to_fail_pop(location, pc, Op::PopJumpIfFalse);
    }

    /// Mirrors CPython 3.14: `pattern_helper_sequence_unpack`, `codegen_pattern_unpack_helper`.
    fn unpack_sequence(
        &mut self,
        location: Location,
        patterns: Patterns<'a>,
        star: Option<usize>,
        pc: &mut PatternContext,
    ) -> Result<()> {
        match star {
            Some(before) => {
                let after = patterns.len() - before - 1;
                if before >= MAX_BEFORE_STAR || after >= MAX_AFTER_STAR {
                    return self.error(location, "too many expressions in star-unpacking sequence pattern");
                }
                self.emit_arg(Op::UnpackEx, (before + (after << 8)) as u32, location);
            }
            None => self.emit_arg(Op::UnpackSequence, patterns.len() as u32, location),
        }
        pc.on_top += patterns.len();
        for pattern in patterns {
            pc.on_top -= 1;
            self.visit_subpattern(pattern, pc)?;
        }
        Ok(())
    }

    /// Takes single items, which is cheaper than unpacking where the rest goes nowhere: `[first, *_, last]`.
    ///
    /// Mirrors CPython 3.14: `pattern_helper_sequence_subscr`.
    fn subscript_sequence(
        &mut self,
        location: Location,
        patterns: Patterns<'a>,
        star: usize,
        pc: &mut PatternContext,
    ) -> Result<()> {
        pc.on_top += 1;
        for (i, pattern) in patterns.iter().enumerate() {
            if i == star || is_wildcard(pattern) {
                continue;
            }
            self.emit_copy(1, location);
            if i < star {
                self.emit_int(i as i64, location);
            } else {
                // The subject may not take negative indexes.
                self.emit(Op::GetLen, location);
                self.emit_int((patterns.len() - i) as i64, location);
                self.emit_binary_op(location, Operator::Sub, false);
            }
            self.emit_binary_subscript(location);
            self.visit_subpattern(pattern, pc)?;
        }
        pc.on_top -= 1;
        self.emit(Op::PopTop, location);
        Ok(())
    }
}
