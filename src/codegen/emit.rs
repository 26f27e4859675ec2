//! Emitting instructions: the small vocabulary that all constructs are written in.

use super::CodeGenerator;
use crate::diagnostics::{CompileError, ErrorKind, Result};
use crate::ir::LabelId;
use crate::object::{ConstCache, ConstId, Constant, Int};
use crate::source::{Location, NameId};
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// An instruction without argument (CPython's `ADDOP`).
    #[inline]
    pub(crate) fn emit(&mut self, op: Op, location: Location) {
        let location = self.placed(location);
        self.seq().push(op, 0, location);
    }

    /// An instruction with a number as its argument (CPython's `ADDOP_I`).
    #[inline]
    pub(crate) fn emit_arg(&mut self, op: Op, arg: u32, location: Location) {
        let location = self.placed(location);
        if op == Op::Call && self.target.has(Op::Precall) {
            self.seq().push(Op::Precall, arg, location);
        }
        self.seq().push(op, arg, location);
    }

    /// The location that an instruction gets where it is meant to have this one.
    #[inline]
    pub(super) fn placed(&self, location: Location) -> Location {
        if self.follows_cursor && location != Location::NONE { self.unit.cursor } else { location }
    }

    /// What follows is written for something at this location (CPython 3.11: `SET_LOC`).
    #[inline]
    pub(crate) fn set_cursor(&mut self, location: Location) {
        self.unit.cursor = location;
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
        let location = self.placed(location);
        self.seq().push_jump(op, target, location);
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
    pub(crate) fn emit_const_id(&mut self, id: ConstId, location: Location) {
        let place = self.const_place(id);
        self.emit_arg(Op::LoadConst, place, location);
    }

    /// `LOAD_CONST` of a value of the tree (CPython's `ADDOP_LOAD_CONST`).
    #[inline(never)]
    pub(crate) fn emit_constant(&mut self, value: &Constant<'a>, location: Location) {
        let id = self.cx.consts.add_constant(value);
        self.emit_const_id(id, location);
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

    /// An instruction whose argument is the place of a name in `co_names`, after mangling (CPython's `ADDOP_NAME`).
    ///
    /// `shape` makes the argument of that place: see [`plain`], [`attribute`], [`method`] and the `super_` functions.
    pub(crate) fn emit_name(&mut self, op: Op, name: NameId, shape: fn(u32) -> u32, location: Location) {
        let mangled = self.maybe_mangle(name);
        let place = self.name_place(mangled);
        if op == Op::LoadAttr && !self.target.features.load_attr_loads_methods {
            let is_method = shape(0) == method(0);
            self.emit_arg(if is_method { Op::LoadMethod } else { op }, place, location);
            return;
        }
        self.emit_arg(op, shape(place), location);
    }

    /// An instruction whose argument is the place of a name in `co_names`, not mangled (CPython's `ADDOP_N` with `names`).
    pub(crate) fn emit_unmangled_name(&mut self, op: Op, name: NameId, location: Location) {
        let place = self.name_place(name);
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

/// The place itself.
pub(crate) fn plain(index: u32) -> u32 {
    index
}

/// `LOAD_ATTR` of an attribute.
pub(crate) fn attribute(index: u32) -> u32 {
    index << 1
}

/// `LOAD_ATTR` of a method that is called at once.
pub(crate) fn method(index: u32) -> u32 {
    index << 1 | 1
}

/// `LOAD_SUPER_ATTR` of `super(a, b).x`.
pub(crate) fn super_attribute(index: u32) -> u32 {
    index << 2 | 2
}

/// `LOAD_SUPER_ATTR` of `super(a, b).x(...)`.
pub(crate) fn super_method(index: u32) -> u32 {
    index << 2 | 3
}

/// `LOAD_SUPER_ATTR` of `super().x`.
pub(crate) fn zero_super_attribute(index: u32) -> u32 {
    index << 2
}

/// `LOAD_SUPER_ATTR` of `super().x(...)`.
pub(crate) fn zero_super_method(index: u32) -> u32 {
    index << 2 | 1
}
