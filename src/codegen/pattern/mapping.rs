//! Mapping patterns: `{"key": a, **rest}`.

use super::PatternContext;
use crate::ast::{CmpOp, Expr, ExprKind, Exprs, Patterns};
use crate::codegen::CodeGenerator;
use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::object::{Constant, Escaping, PyStr, TooManyDigits, write_repr};
use crate::source::{Location, NameId};
use crate::target::Op;
use num_bigint::BigInt;
use num_traits::FromPrimitive;
use rustc_hash::FxHashSet;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_pattern_mapping`.
    pub(super) fn visit_mapping_pattern(
        &mut self,
        location: Location,
        keys: Exprs<'a>,
        patterns: Patterns<'a>,
        rest: Option<NameId>,
        pc: &mut PatternContext,
    ) -> Result<()> {
        // The subject stays on top for the checks of type and length.
        pc.on_top += 1;
        self.emit(Op::MatchMapping, location);
        self.jump_to_fail_pop(location, pc, Op::PopJumpIfFalse);
        if keys.is_empty() && rest.is_none() {
            pc.on_top -= 1;
            self.emit(Op::PopTop, location);
            return Ok(());
        }
        if !keys.is_empty() {
            self.check_length(location, keys.len(), CmpOp::GtE, pc);
        }
        let mut seen = FxHashSet::default();
        for key in keys {
            self.visit_mapping_key(location, key, &mut seen)?;
        }
        self.emit_arg(Op::BuildTuple, keys.len() as u32, location);
        self.emit(Op::MatchKeys, location);
        // Above the subject are the tuple of keys and that of values, or None.
        pc.on_top += 2;
        self.emit_copy(1, location);
        self.emit_none(location);
        self.emit_compare(location, CmpOp::IsNot);
        self.jump_to_fail_pop(location, pc, Op::PopJumpIfFalse);
        self.emit_arg(Op::UnpackSequence, keys.len() as u32, location);
        pc.on_top += keys.len();
        pc.on_top -= 1;
        for pattern in patterns {
            pc.on_top -= 1;
            self.visit_subpattern(pattern, pc)?;
        }
        // What follows consumes the keys and the subject.
        pc.on_top -= 2;
        match rest {
            Some(rest) => self.capture_rest(location, keys.len(), rest, pc),
            None => {
                self.emit(Op::PopTop, location);
                self.emit(Op::PopTop, location);
                Ok(())
            }
        }
    }

    /// Copies the subject into a new dict and deletes the keys from it.
    fn capture_rest(
        &mut self,
        location: Location,
        key_count: usize,
        rest: NameId,
        pc: &mut PatternContext,
    ) -> Result<()> {
        self.emit_arg(Op::BuildMap, 0, location);
        self.emit_swap(3, location);
        self.emit_arg(Op::DictUpdate, 2, location);
        self.emit_arg(Op::UnpackSequence, key_count as u32, location);
        for left in (1..=key_count).rev() {
            self.emit_copy(1 + left as u32, location);
            self.emit_swap(2, location);
            self.emit(Op::DeleteSubscr, location);
        }
        self.store_capture(location, Some(rest), pc)
    }

    /// Mirrors CPython 3.14: `codegen_pattern_mapping_key`.
    fn visit_mapping_key(
        &mut self,
        location: Location,
        key: &'a Expr<'a>,
        seen: &mut FxHashSet<LiteralKey<'a>>,
    ) -> Result<()> {
        match key.kind {
            ExprKind::Constant { value, .. } => {
                if !seen.insert(LiteralKey::of(&value)) {
                    let mut text = String::new();
                    if write_repr(&mut text, &value, Escaping::Unprintable(self.target.version)).is_err() {
                        return Err(CompileError::new(ErrorKind::ValueError, None, TooManyDigits::MESSAGE));
                    }
                    return self.error(location, format!("mapping pattern checks duplicate key ({text})"));
                }
            }
            ExprKind::Attribute { .. } => {}
            _ => {
                return self.error(location, "mapping pattern keys may only match literals and attribute lookups");
            }
        }
        self.visit_expr(key)
    }
}

/// A constant as a key of a Python dict, for which `1`, `1.0` and `True` are one.
#[derive(PartialEq, Eq, Hash, Debug)]
enum LiteralKey<'a> {
    None,
    Ellipsis,
    Integer(BigInt),
    /// A float that is no integer, by its bits.
    Float(u64),
    /// A complex number that is no real one; negative zero equals zero.
    Complex(u64, u64),
    Str(&'a PyStr),
    Bytes(&'a [u8]),
    Tuple(Vec<LiteralKey<'a>>),
}

impl<'a> LiteralKey<'a> {
    fn of(value: &Constant<'a>) -> LiteralKey<'a> {
        match *value {
            Constant::None => LiteralKey::None,
            Constant::Ellipsis => LiteralKey::Ellipsis,
            Constant::False => LiteralKey::Integer(0.into()),
            Constant::True => LiteralKey::Integer(1.into()),
            Constant::Int(i) => LiteralKey::Integer(i.to_big()),
            Constant::Float(f) | Constant::Complex { real: f, imag: 0.0 } => LiteralKey::of_float(f),
            Constant::Complex { real, imag } => LiteralKey::Complex((real + 0.0).to_bits(), imag.to_bits()),
            Constant::Str(s) => LiteralKey::Str(s),
            Constant::Bytes(b) => LiteralKey::Bytes(b),
            Constant::Tuple(items) | Constant::FrozenSet(items) => {
                LiteralKey::Tuple(items.iter().map(LiteralKey::of).collect())
            }
        }
    }

    fn of_float(f: f64) -> LiteralKey<'a> {
        match BigInt::from_f64(f) {
            Some(integer) if f.fract() == 0.0 => LiteralKey::Integer(integer),
            _ => LiteralKey::Float(f.to_bits()),
        }
    }
}
