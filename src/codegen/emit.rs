//! Emitting instructions: the small vocabulary that all constructs are written in.

use super::CodeGenerator;
use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::ir::LabelId;
use crate::object::{ConstCache, ConstId, Constant, Int};
use crate::source::{Location, NameId};
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Appends an instruction.
    #[inline]
    pub(super) fn push(&mut self, op: Op, arg: u32, location: &Location) {
        if self.follows_cursor {
            return self.push_at_cursor(op, arg, location);
        }
        self.seq().push_at(op, arg, location);
    }

    /// The same where instructions take the location of what is visited.
    #[inline(never)]
    fn push_at_cursor(&mut self, op: Op, arg: u32, location: &Location) {
        let location = if *location == Location::NONE { *location } else { self.unit.cursor };
        self.seq().push(op, arg, location);
    }

    /// An instruction without argument (CPython's `ADDOP`).
    #[inline]
    pub(crate) fn emit(&mut self, op: Op, location: Location) {
        self.push(op, 0, &location);
    }

    /// An instruction with a number as its argument (CPython's `ADDOP_I`).
    #[inline]
    pub(crate) fn emit_arg(&mut self, op: Op, arg: u32, location: Location) {
        if op == Op::Call && self.target.has(Op::Precall) {
            self.push(Op::Precall, arg, &location);
        }
        self.push(op, arg, &location);
    }

    /// `CALL`, written without a call of ours.
    #[inline(always)]
    pub(super) fn emit_call(&mut self, arg: u32, location: &Location) {
        if self.has_old_ways {
            return self.emit_arg(Op::Call, arg, *location);
        }
        self.seq().push_at(Op::Call, arg, location);
    }

    /// What follows is written for something at this location (CPython 3.11: `SET_LOC`).
    #[inline]
    pub(crate) fn set_cursor(&mut self, location: Location) {
        if self.follows_cursor {
            self.unit.cursor = location;
        }
    }

    /// What follows is written for nothing in the source (CPython 3.11: `UNSET_LOC`).
    #[inline]
    pub(crate) fn unset_cursor(&mut self) {
        self.unit.cursor = Location::NONE;
    }

    /// No location, or the one that the last statement has left behind where instructions are not placed.
    pub(crate) fn left_behind(&self) -> Location {
        if self.follows_cursor { self.unit.cursor } else { Location::NONE }
    }

    /// A jump, or the set-up of a handler (CPython's `ADDOP_JUMP`).
    #[inline]
    pub(crate) fn emit_jump(&mut self, op: Op, target: LabelId, location: Location) {
        let at = self.seq().instructions.len() as u32;
        self.seq().jumps.push(at);
        self.push(op, target.0, &location);
    }

    /// A jump out of a part of a statement (CPython's `JUMP_NO_INTERRUPT`, where the release uses it for these).
    pub(crate) fn emit_inner_jump(&mut self, target: LabelId, location: Location) {
        let quiet = self.target.features.inner_jumps_ignore_signals;
        self.emit_jump(if quiet { Op::JumpNoInterrupt } else { Op::Jump }, target, location);
    }

    /// `TO_BOOL`, where the release's jumps want a bool.
    pub(crate) fn emit_to_bool(&mut self, location: Location) {
        if self.target.has(Op::ToBool) {
            self.emit(Op::ToBool, location);
        }
    }

    /// The NULL of a call without `self`, where it comes before the callable.
    pub(crate) fn emit_null_before_callable(&mut self, location: Location) {
        if !self.target.features.null_follows_callable {
            self.emit(Op::PushNull, location);
        }
    }

    /// The NULL of a call without `self`, where it comes after the callable.
    pub(crate) fn emit_null_after_callable(&mut self, location: Location) {
        if self.target.features.null_follows_callable {
            self.emit(Op::PushNull, location);
        }
    }

    /// `LOAD_CONST` of a constant that is merged already.
    #[inline(never)]
    pub(crate) fn emit_const_id(&mut self, id: ConstId, location: Location) {
        self.emit_const_at_once(id, &location);
    }

    /// The same without a call.
    #[inline(always)]
    fn emit_const_at_once(&mut self, id: ConstId, location: &Location) {
        match self.const_place_at_once(id) {
            Some(place) => self.push(Op::LoadConst, place, location),
            None => self.emit_first_const(id, location),
        }
    }

    #[cold]
    #[inline(never)]
    fn emit_first_const(&mut self, id: ConstId, location: &Location) {
        let place = self.const_place(id);
        self.push(Op::LoadConst, place, location);
    }

    /// `LOAD_CONST` of a value of the tree (CPython's `ADDOP_LOAD_CONST`).
    #[inline(never)]
    pub(crate) fn emit_constant(&mut self, value: &Constant<'a>, location: &Location) {
        let id = self.cx.consts.add_constant(value);
        self.emit_const_at_once(id, location);
    }

    /// `LOAD_CONST` of `None`.
    pub(crate) fn emit_none(&mut self, location: Location) {
        self.emit_const_id(ConstCache::NONE, location);
    }

    /// `LOAD_CONST` of an integer.
    pub(crate) fn emit_int(&mut self, value: i64, location: Location) {
        let id = self.cx.consts.add_int(Int::Small(value));
        self.emit_const_id(id, location);
    }

    /// `LOAD_CONST` of a name as a string.
    pub(crate) fn emit_name_const(&mut self, name: NameId, location: Location) {
        let id = self.name_const(name);
        self.emit_const_id(id, location);
    }

    /// The constant of a name as a string.
    pub(crate) fn name_const(&mut self, name: NameId) -> ConstId {
        self.cx.consts.add_name(self.cx.names, name)
    }

    /// The constant that is a tuple of names as strings.
    pub(crate) fn names_tuple(&mut self, names: impl Iterator<Item = NameId>) -> ConstId {
        let mut ids = std::mem::take(&mut self.ids);
        ids.clear();
        for name in names {
            ids.push(self.name_const(name));
        }
        let tuple = self.cx.consts.add_tuple(&ids);
        self.ids = ids;
        tuple
    }

    /// An instruction whose argument is the place of a name in `co_names`, after mangling (CPython's `ADDOP_NAME`).
    #[inline(never)]
    pub(crate) fn emit_name(&mut self, op: Op, name: NameId, shape: NameShape, location: Location) {
        self.emit_name_at_once(op, name, shape, &location);
    }

    /// The same without a call.
    #[inline(always)]
    pub(super) fn emit_name_at_once(&mut self, op: Op, name: NameId, shape: NameShape, location: &Location) {
        match self.name_place_at_once(name) {
            Some(place) if !self.has_old_ways => self.seq().push_at(op, shape.argument(place), location),
            _ => self.emit_rare_name(op, name, shape, location),
        }
    }

    #[cold]
    #[inline(never)]
    fn emit_rare_name(&mut self, op: Op, name: NameId, shape: NameShape, location: &Location) {
        let mangled = self.maybe_mangle(name);
        let place = self.name_place(mangled);
        if name != mangled {
            self.unit.lookups.remember_place(name, place, self.cx.names.len());
        }
        if op == Op::LoadAttr && !self.target.features.load_attr_loads_methods {
            let is_method = shape == NameShape::METHOD;
            self.push(if is_method { Op::LoadMethod } else { op }, place, location);
            return;
        }
        self.push(op, shape.argument(place), location);
    }

    /// An instruction whose argument is the place of a name in `co_names`, not mangled (CPython's `ADDOP_N` with `names`).
    pub(crate) fn emit_unmangled_name(&mut self, op: Op, name: NameId, location: Location) {
        // What the table has under a name that is mangled is the place of what it becomes.
        let place = match self.maybe_mangle(name) == name {
            true => self.name_place(name),
            false => self.unit.code.metadata.names.insert_full(name).0 as u32,
        };
        self.emit_arg(op, place, location);
    }

    /// `COPY depth`.
    pub(crate) fn emit_copy(&mut self, depth: u32, location: Location) {
        self.emit_arg(Op::Copy, depth, location);
    }

    /// `SWAP depth`.
    pub(crate) fn emit_swap(&mut self, depth: u32, location: Location) {
        self.emit_arg(Op::Swap, depth, location);
    }

    /// An error of ours that no input should be able to cause; CPython raises `SystemError` in its like.
    pub(crate) fn internal_error<T>(&self, message: &str) -> Result<T> {
        Err(CompileError::new(ErrorKind::SystemError, None, message))
    }
}

/// How the place of a name in `co_names` becomes the argument of an instruction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct NameShape {
    /// By how many bits the place is moved up.
    pub shift: u8,
    /// What stands in these bits.
    pub low: u8,
}

impl NameShape {
    /// The place itself.
    pub(crate) const PLAIN: NameShape = NameShape { shift: 0, low: 0 };
    /// `LOAD_ATTR` of an attribute.
    pub(crate) const ATTRIBUTE: NameShape = NameShape { shift: 1, low: 0 };
    /// `LOAD_ATTR` of a method that is called at once.
    pub(crate) const METHOD: NameShape = NameShape { shift: 1, low: 1 };
    /// `LOAD_SUPER_ATTR` of `super(a, b).x`.
    pub(crate) const SUPER_ATTRIBUTE: NameShape = NameShape { shift: 2, low: 2 };
    /// `LOAD_SUPER_ATTR` of `super(a, b).x(...)`.
    pub(crate) const SUPER_METHOD: NameShape = NameShape { shift: 2, low: 3 };
    /// `LOAD_SUPER_ATTR` of `super().x`.
    pub(crate) const ZERO_SUPER_ATTRIBUTE: NameShape = NameShape { shift: 2, low: 0 };
    /// `LOAD_SUPER_ATTR` of `super().x(...)`.
    pub(crate) const ZERO_SUPER_METHOD: NameShape = NameShape { shift: 2, low: 1 };

    #[inline]
    const fn argument(self, place: u32) -> u32 {
        place << self.shift | self.low as u32
    }
}
