//! `co_localsplusnames` and `co_localspluskinds`: the variables of a frame, in the order of their places in it.

use crate::ir::CodeUnitMetadata;
use crate::object::{flags, local_kind};
use crate::source::NameId;
use crate::target::Target;

/// Local variables first, then cells that are no locals, then free variables.
pub(super) struct LocalsPlus {
    pub names: Vec<NameId>,
    pub kinds: Vec<u8>,
}

/// Mirrors CPython 3.14: `compute_localsplus_info`.
pub(super) fn compute(metadata: &CodeUnitMetadata, code_flags: u32, target: &Target) -> LocalsPlus {
    let capacity = metadata.varnames.len() + metadata.cellvars.len() + metadata.freevars.len();
    let mut locals = LocalsPlus { names: Vec::with_capacity(capacity), kinds: Vec::with_capacity(capacity) };
    for (i, &name) in metadata.varnames.iter().enumerate() {
        let mut kind = local_kind::LOCAL;
        if target.features.argument_kinds {
            kind |= argument_kind(metadata, code_flags, i as u32);
        }
        if !metadata.fasthidden.is_empty() && metadata.fasthidden.contains_key(&name) {
            kind |= local_kind::HIDDEN;
        }
        if !metadata.cellvars.is_empty() && metadata.cellvars.contains(&name) {
            kind |= local_kind::CELL;
        }
        locals.push(name, kind);
    }
    for &name in &metadata.cellvars {
        if !metadata.varnames.contains(&name) {
            locals.push(name, local_kind::CELL);
        }
    }
    for &name in &metadata.freevars {
        locals.push(name, local_kind::FREE);
    }
    locals
}

/// Which kind of parameter the local variable with this number is; 0 for none.
fn argument_kind(metadata: &CodeUnitMetadata, code_flags: u32, index: u32) -> u8 {
    let varargs = (code_flags & flags::VARARGS != 0) as u32;
    let varkeywords = (code_flags & flags::VARKEYWORDS != 0) as u32;
    let kinds = [
        (metadata.posonlyargcount, local_kind::ARG_POSITIONAL),
        (metadata.argcount, local_kind::ARG_POSITIONAL | local_kind::ARG_KEYWORD),
        (metadata.kwonlyargcount, local_kind::ARG_KEYWORD),
        (varargs, local_kind::ARG_VARARGS | local_kind::ARG_POSITIONAL),
        (varkeywords, local_kind::ARG_VARARGS | local_kind::ARG_KEYWORD),
    ];
    let mut end = 0;
    for (count, kind) in kinds {
        end += count;
        if index < end {
            return kind;
        }
    }
    0
}

impl LocalsPlus {
    fn push(&mut self, name: NameId, kind: u8) {
        self.names.push(name);
        self.kinds.push(kind);
    }
}
