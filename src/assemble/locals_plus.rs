//! `co_localsplusnames` and `co_localspluskinds`: the variables of a frame, in the order of their places in it.

use crate::ir::CodeUnitMetadata;
use crate::object::{flags, local_kind};
use crate::source::{NameId, known};
use crate::target::Target;
use bumpalo::Bump;

/// Local variables first, then cells that are no locals, then free variables: their names, and of what kind each is.
///
/// Mirrors CPython 3.14: `compute_localsplus_info`.
pub(super) fn compute<'a>(
    metadata: &CodeUnitMetadata,
    code_flags: u32,
    target: &Target,
    arena: &'a Bump,
) -> (&'a [NameId], &'a [u8]) {
    let CodeUnitMetadata { varnames, cellvars, freevars, fasthidden, .. } = metadata;
    let locals = varnames.len();
    let shared = cellvars.iter().filter(|&name| varnames.contains(name)).count();
    let cells = cellvars.len() - shared;
    let count = locals + cells + freevars.len();
    if count == 0 {
        return (&[], &[]);
    }
    let kinds = arena.alloc_slice_fill_copy(count, local_kind::LOCAL);
    if target.features.argument_kinds {
        add_argument_kinds(&mut kinds[..locals], metadata, code_flags);
    }
    if !fasthidden.is_empty() || shared > 0 {
        for (kind, name) in kinds.iter_mut().zip(varnames) {
            if fasthidden.contains_key(name) {
                *kind |= local_kind::HIDDEN;
            }
            if cellvars.contains(name) {
                *kind |= local_kind::CELL;
            }
        }
    }
    if count == locals {
        return (arena.alloc_slice_copy(varnames.as_slice()), kinds);
    }
    kinds[locals..locals + cells].fill(local_kind::CELL);
    kinds[locals + cells..].fill(local_kind::FREE);
    let only_cells = cellvars.iter().filter(|&name| !varnames.contains(name));
    let mut names = varnames.iter().chain(only_cells).chain(freevars).copied();
    (arena.alloc_slice_fill_with(count, |_| names.next().unwrap_or(known::EMPTY)), kinds)
}

/// Adds which kind of parameter the first local variables are.
fn add_argument_kinds(kinds: &mut [u8], metadata: &CodeUnitMetadata, code_flags: u32) {
    let varargs = (code_flags & flags::VARARGS != 0) as u32;
    let varkeywords = (code_flags & flags::VARKEYWORDS != 0) as u32;
    let parameters = [
        (metadata.posonlyargcount, local_kind::ARG_POSITIONAL),
        (metadata.argcount, local_kind::ARG_POSITIONAL | local_kind::ARG_KEYWORD),
        (metadata.kwonlyargcount, local_kind::ARG_KEYWORD),
        (varargs, local_kind::ARG_VARARGS | local_kind::ARG_POSITIONAL),
        (varkeywords, local_kind::ARG_VARARGS | local_kind::ARG_KEYWORD),
    ];
    let mut rest = kinds.iter_mut();
    for (count, parameter) in parameters {
        for kind in rest.by_ref().take(count as usize) {
            *kind |= parameter;
        }
    }
}
