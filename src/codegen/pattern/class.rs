//! Class patterns: `C(a, b=c)`.

use super::{PatternContext, is_wildcard};
use crate::ast::{CmpOp, Expr, Patterns};
use crate::codegen::CodeGenerator;
use crate::diagnostics::Result;
use crate::source::{Location, NameId};
use crate::target::Op;
use rustc_hash::FxHashMap;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_pattern_class`.
    pub(super) fn visit_class_pattern(
        &mut self,
        location: Location,
        cls: &'a Expr<'a>,
        patterns: Patterns<'a>,
        kwd_attrs: &'a [NameId],
        kwd_patterns: Patterns<'a>,
        pc: &mut PatternContext,
    ) -> Result<()> {
        self.check_repeated_attributes(kwd_attrs, kwd_patterns)?;
        self.visit_expr(cls)?;
        let mut names = Vec::with_capacity(kwd_attrs.len());
        for &attr in kwd_attrs {
            names.push(self.name_const(attr));
        }
        let names = self.cx.consts.add_tuple(&names);
        self.emit_const_id(names, location);
        self.emit_arg(Op::MatchClass, patterns.len() as u32, location);
        self.emit_copy(1, location);
        self.emit_none(location);
        self.emit_compare(location, CmpOp::IsNot);
        // On top is the tuple of all attributes, or None.
        pc.on_top += 1;
        self.jump_to_fail_pop(location, pc, Op::PopJumpIfFalse);
        let count = patterns.len() + kwd_attrs.len();
        self.emit_arg(Op::UnpackSequence, count as u32, location);
        pc.on_top += count;
        pc.on_top -= 1;
        for pattern in patterns.iter().chain(kwd_patterns) {
            pc.on_top -= 1;
            if is_wildcard(pattern) {
                self.emit(Op::PopTop, location);
            } else {
                self.visit_subpattern(pattern, pc)?;
            }
        }
        Ok(())
    }

    /// Refuses `C(a=b, a=c)`, at the pattern of the first attribute that occurs again.
    ///
    /// Mirrors CPython 3.14: `validate_kwd_attrs`.
    fn check_repeated_attributes(&self, attrs: &'a [NameId], patterns: Patterns<'a>) -> Result<()> {
        let mut first_at = FxHashMap::default();
        let repeated = attrs
            .iter()
            .enumerate()
            .filter_map(|(i, attr)| match *first_at.entry(attr).or_insert(i) {
                first if first < i => Some((first, i)),
                _ => None,
            })
            .min();
        let Some((first, again)) = repeated else { return Ok(()) };
        let name = self.cx.names.text(attrs[first]);
        self.error(patterns[again].location, format!("attribute name repeated in class pattern: {name}"))
    }
}
