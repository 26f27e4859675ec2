//! Expressions of constants become constants.

use super::block::Instr;
use super::locations::LocationId;
use super::malformed;
use super::op_class::{self, Classes, LOADS_CONST};
use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::fold::{self, BinaryOp, UnaryOp};
use crate::ir::OrderedSet;
use crate::object::{Const, ConstCache, ConstId, Int, PyStr};
use crate::target::{Op, Target};

/// The longest display that is folded in one go (CPython's `_PY_STACK_USE_GUIDELINE`).
const STACK_USE_GUIDELINE: u32 = 30;
/// A shorter display of constants is built item by item.
const MIN_CONST_SEQUENCE_SIZE: u32 = 3;
/// `CALL_INTRINSIC_1`'s argument for the unary plus.
pub(super) const INTRINSIC_UNARY_POSITIVE: u32 = 5;
/// `CALL_INTRINSIC_1`'s argument for the tuple of a list.
pub(super) const INTRINSIC_LIST_TO_TUPLE: u32 = 6;

/// `LOAD_COMMON_CONSTANT`'s arguments for values (CPython's `CONSTANT_*`, pycore_opcode_utils.h).
mod common_value {
    pub const NONE: u32 = 7;
    pub const EMPTY_STR: u32 = 8;
    pub const TRUE: u32 = 9;
    pub const FALSE: u32 = 10;
    pub const MINUS_ONE: u32 = 11;
}

/// The constants of the code unit while its graph is optimised.
pub(super) struct Consts<'s, 'a> {
    pub list: &'s mut OrderedSet<ConstId>,
    pub cache: &'s mut ConstCache<'a>,
    target: &'static Target,
    classes: &'static Classes,
    /// Where the instructions are that load the operands being folded.
    operands: Vec<usize>,
    /// Small integers are loaded by an instruction of their own.
    has_small_ints: bool,
    /// A constant is returned by one instruction.
    pub returns_const: bool,
}

impl<'s, 'a> Consts<'s, 'a> {
    pub fn new(
        list: &'s mut OrderedSet<ConstId>,
        cache: &'s mut ConstCache<'a>,
        target: &'static Target,
    ) -> Consts<'s, 'a> {
        let (has_small_ints, returns_const) = (target.has(Op::LoadSmallInt), target.has(Op::ReturnConst));
        Consts {
            list,
            cache,
            target,
            classes: op_class::of(target),
            operands: Vec::new(),
            has_small_ints,
            returns_const,
        }
    }

    pub const fn target(&self) -> &'static Target {
        self.target
    }

    /// The words of [`op_class`].
    pub const fn classes(&self) -> &'static Classes {
        self.classes
    }

    /// Whether an instruction loads a constant.
    fn loads_const(&self, op: Op) -> bool {
        self.classes[op as usize] & LOADS_CONST != 0
    }

    /// The constant that an instruction loads. Mirrors CPython 3.14: `get_const_value`.
    pub fn value(&mut self, instr: &Instr) -> Result<ConstId> {
        if instr.op == Op::LoadSmallInt {
            return Ok(self.cache.add(Const::Int(Int::Small(instr.arg as i64))));
        }
        if instr.op == Op::LoadCommonConstant {
            return self.common_value(instr.arg);
        }
        self.list.get_index(instr.arg as usize).copied().ok_or_else(|| {
            let message =
                format!("LOAD_CONST index {} is out of range for consts (len={})", instr.arg, self.list.len());
            CompileError::new(ErrorKind::ValueError, None, message)
        })
    }

    /// The place of a constant in the list. Mirrors CPython 3.14: `add_const`.
    pub fn add(&mut self, id: ConstId) -> u32 {
        self.list.insert_full(id).0 as u32
    }

    /// Mirrors CPython 3.14: `maybe_instr_make_load_smallint`.
    #[inline]
    pub fn make_load_small_int(&self, instr: &mut Instr, id: ConstId) -> bool {
        match self.cache.get(id) {
            Const::Int(Int::Small(value @ 0..=255)) if self.has_small_ints => {
                instr.set(Op::LoadSmallInt, value as u32);
                true
            }
            _ => false,
        }
    }

    /// The constant that `LOAD_COMMON_CONSTANT` loads. The builtins among them are no operands of what is folded.
    fn common_value(&mut self, arg: u32) -> Result<ConstId> {
        Ok(match arg {
            common_value::NONE => ConstCache::NONE,
            common_value::EMPTY_STR => self.cache.add(Const::Str(PyStr::new(""))),
            common_value::TRUE => ConstCache::TRUE,
            common_value::FALSE => ConstCache::FALSE,
            common_value::MINUS_ONE => self.cache.add(Const::Int(Int::Small(-1))),
            _ => return Err(malformed("a builtin where a constant is folded")),
        })
    }

    /// Mirrors CPython 3.15: `maybe_instr_make_load_common_const`.
    pub fn make_load_common_value(&self, instr: &mut Instr, id: ConstId) -> bool {
        let arg = match self.cache.get(id) {
            _ if !self.target.features.common_values => return false,
            Const::None => common_value::NONE,
            Const::True => common_value::TRUE,
            Const::False => common_value::FALSE,
            Const::Str(text) if text.as_bytes().is_empty() => common_value::EMPTY_STR,
            Const::Int(Int::Small(-1)) => common_value::MINUS_ONE,
            _ => return false,
        };
        instr.set(Op::LoadCommonConstant, arg);
        true
    }

    /// Turns a `LOAD_CONST` to `LOAD_SMALL_INT` if it can be one.
    #[inline]
    pub fn make_load_of_small_int(&self, instr: &mut Instr) -> bool {
        match self.list.get_index(instr.arg as usize) {
            Some(&id) if self.has_small_ints && instr.op == Op::LoadConst => self.make_load_small_int(instr, id),
            _ => false,
        }
    }

    /// Turns a `LOAD_CONST` to an instruction without an entry in the list, where there is one for its value.
    #[inline]
    pub fn make_load_short(&mut self, instr: &mut Instr) -> Result<()> {
        let id = self.value(instr)?;
        if !self.make_load_small_int(instr, id) {
            self.make_load_common_value(instr, id);
        }
        Ok(())
    }

    /// Mirrors CPython 3.15: `instr_make_load_const`.
    fn make_load(&mut self, instr: &mut Instr, id: ConstId) {
        if !self.make_load_small_int(instr, id) && !self.make_load_common_value(instr, id) {
            let index = self.add(id);
            instr.set(Op::LoadConst, index);
        }
    }

    /// Finds the `count` loads of constants that end before `end`, `NOP`s aside, if there are so many in a row.
    ///
    /// Mirrors CPython 3.14: `get_const_loading_instrs`.
    fn find_operands(&mut self, instrs: &[Instr], end: usize, count: usize) -> bool {
        self.operands.clear();
        for at in (0..end).rev() {
            if self.operands.len() == count {
                break;
            }
            match instrs[at].op {
                Op::Nop => {}
                op if self.loads_const(op) => self.operands.push(at),
                _ => return false,
            }
        }
        self.operands.reverse();
        self.operands.len() == count
    }

    /// The constants that the operands found load.
    fn operand_values(&mut self, instrs: &[Instr]) -> Result<Vec<ConstId>> {
        let operands = std::mem::take(&mut self.operands);
        let values = operands.iter().map(|&at| self.value(&instrs[at])).collect();
        self.operands = operands;
        values
    }

    /// Mirrors CPython 3.14: `nop_out`.
    fn remove_operands(&self, instrs: &mut [Instr]) {
        for &at in &self.operands {
            remove(&mut instrs[at]);
        }
    }

    /// Mirrors CPython 3.14: `fold_tuple_of_constants`.
    pub fn fold_tuple(&mut self, instrs: &mut [Instr], i: usize) -> Result<()> {
        let size = instrs[i].arg;
        if size > STACK_USE_GUIDELINE || !self.find_operands(instrs, i, size as usize) {
            return Ok(());
        }
        let items = self.operand_values(instrs)?;
        let tuple = self.cache.add_tuple(&items);
        self.remove_operands(instrs);
        self.make_load(&mut instrs[i], tuple);
        Ok(())
    }

    /// The same, where the loads must be right before and their lines stay. Mirrors CPython 3.13: `fold_tuple_on_constants`.
    pub fn fold_adjacent_tuple(&mut self, instrs: &mut [Instr], i: usize) -> Result<()> {
        let Some(start) = i.checked_sub(instrs[i].arg as usize) else { return Ok(()) };
        if !instrs[start..i].iter().all(|instr| self.loads_const(instr.op)) {
            return Ok(());
        }
        let items: Vec<ConstId> = instrs[start..i].iter().map(|instr| self.value(instr)).collect::<Result<_>>()?;
        let tuple = self.cache.add_tuple(&items);
        let index = self.add(tuple);
        instrs[start..i].iter_mut().for_each(Instr::set_nop);
        instrs[i].set(Op::LoadConst, index);
        Ok(())
    }

    /// Folds a list or set that is built item by item, up to the instruction at `i`.
    ///
    /// Mirrors CPython 3.14: `fold_constant_seq_into_load_const`.
    pub fn fold_sequence(&mut self, instrs: &mut [Instr], i: usize) -> Result<()> {
        let to_tuple = instrs[i].op == Op::CallIntrinsic1;
        let append = if to_tuple { Op::ListAppend } else { instrs[i].op };
        let build = if append == Op::ListAppend { Op::BuildList } else { Op::BuildSet };
        let mut expect_append = to_tuple;
        let mut start = None;
        for at in (0..i).rev() {
            let instr = &instrs[at];
            if instr.op == Op::Nop {
                continue;
            }
            if instr.op == build && instr.arg == 0 {
                if expect_append {
                    start = Some(at);
                }
                break;
            }
            let expected =
                if expect_append { instr.op == append && instr.arg == 1 } else { self.loads_const(instr.op) };
            if !expected {
                break;
            }
            expect_append = !expect_append;
        }
        let Some(start) = start else { return Ok(()) };
        let mut items = Vec::with_capacity((i - start) / 2);
        let end = if to_tuple { i } else { i + 1 };
        for instr in &mut instrs[start..end] {
            if instr.op == Op::Nop {
                continue;
            }
            if self.loads_const(instr.op) {
                items.push(self.value(instr)?);
            }
            remove(instr);
        }
        let sequence =
            if build == Op::BuildSet { fold::frozen_set(self.cache, &items) } else { self.cache.add_tuple(&items) };
        self.make_load(&mut instrs[i], sequence);
        Ok(())
    }

    /// A display that is only iterated over or searched need not be a list; a long one of constants is made of a tuple.
    ///
    /// Mirrors CPython 3.14: `optimize_lists_and_sets`.
    pub fn optimize_display(&mut self, instrs: &mut [Instr], i: usize, next: Option<Op>) -> Result<()> {
        let Instr { op, arg: size, location, .. } = instrs[i];
        let contains_or_iter = matches!(next, Some(Op::GetIter | Op::ContainsOp));
        if size > STACK_USE_GUIDELINE || (size < MIN_CONST_SEQUENCE_SIZE && !contains_or_iter) {
            return Ok(());
        }
        if !self.find_operands(instrs, i, size as usize) {
            if contains_or_iter && op == Op::BuildList {
                instrs[i].op = Op::BuildTuple;
            }
            return Ok(());
        }
        let items = self.operand_values(instrs)?;
        let sequence =
            if op == Op::BuildSet { fold::frozen_set(self.cache, &items) } else { self.cache.add_tuple(&items) };
        let index = self.add(sequence);
        self.remove_operands(instrs);
        if contains_or_iter {
            instrs[i].set(Op::LoadConst, index);
        } else {
            // The display has three items at least, so that two instructions are before it.
            instrs[i - 2].location = location;
            instrs[i - 2].set(op, 0);
            instrs[i - 1].set(Op::LoadConst, index);
            instrs[i].set(if op == Op::BuildList { Op::ListExtend } else { Op::SetUpdate }, 1);
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `fold_const_binop`.
    pub fn fold_binary(&mut self, instrs: &mut [Instr], i: usize) -> Result<()> {
        if !self.find_operands(instrs, i, 2) {
            return Ok(());
        }
        let (left, right) = (instrs[self.operands[0]], instrs[self.operands[1]]);
        let (left, right) = (self.value(&left)?, self.value(&right)?);
        let folded = BinaryOp::from_arg(instrs[i].arg).and_then(|op| fold::binary(self.cache, op, left, right));
        if let Some(value) = folded {
            self.remove_operands(instrs);
            self.make_load(&mut instrs[i], value);
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `fold_const_unaryop`.
    pub fn fold_unary(&mut self, instrs: &mut [Instr], i: usize) -> Result<()> {
        if !self.find_operands(instrs, i, 1) {
            return Ok(());
        }
        let operand = instrs[self.operands[0]];
        let operand = self.value(&operand)?;
        let op = match instrs[i].op {
            Op::UnaryNegative => UnaryOp::Negative,
            Op::UnaryInvert => UnaryOp::Invert,
            Op::UnaryNot => UnaryOp::Not,
            _ => UnaryOp::Positive,
        };
        if let Some(value) = fold::unary(self.cache, op, operand) {
            self.remove_operands(instrs);
            self.make_load(&mut instrs[i], value);
        }
        Ok(())
    }
}

/// A `NOP` that no line keeps.
fn remove(instr: &mut Instr) {
    instr.set_nop();
    instr.location = LocationId::NONE;
}
