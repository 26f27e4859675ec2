//! `co_localsplusnames` and `co_localspluskinds`: the variables of a frame, in the order of their places in it.

use crate::ir::{CodeUnitMetadata, Room};
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
    room: &mut Room<'a>,
) -> (&'a [NameId], &'a [u8]) {
    let CodeUnitMetadata { varnames, cellvars, freevars, fasthidden, .. } = metadata;
    let locals = varnames.len();
    let mut cells = cellvars.len();
    if cells > 0 {
        cells -= cellvars.iter().filter(|&name| varnames.contains(name)).count();
    }
    let count = locals + cells + freevars.len();
    if count == 0 {
        return (&[], &[]);
    }
    let kinds = room.reserve(0, count + KINDS_AT_ONCE);
    let mut at = 0;
    if target.features.argument_kinds {
        at = add_argument_kinds(kinds, metadata, code_flags);
    }
    add_kinds(kinds, at, locals - at, local_kind::LOCAL);
    if !fasthidden.is_empty() || cells < cellvars.len() {
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
        return (arena.alloc_slice_copy(varnames.as_slice()), room.take(count));
    }
    add_kinds(kinds, locals, cells, local_kind::CELL);
    add_kinds(kinds, locals + cells, freevars.len(), local_kind::FREE);
    let only_cells = cellvars.iter().filter(|&name| !varnames.contains(name));
    let mut names = varnames.iter().chain(only_cells).chain(freevars).copied();
    (arena.alloc_slice_fill_with(count, |_| names.next().unwrap_or(known::EMPTY)), room.take(count))
}

/// The kinds of the first local variables, which are parameters; gives their number.
fn add_argument_kinds(kinds: &mut [u8], metadata: &CodeUnitMetadata, code_flags: u32) -> usize {
    use local_kind::{ARG_KEYWORD, ARG_POSITIONAL, ARG_VARARGS, LOCAL};
    let locals = metadata.varnames.len();
    let &CodeUnitMetadata { posonlyargcount, argcount, kwonlyargcount, .. } = metadata;
    // There are as many variables as parameters at least.
    let add =
        |kinds: &mut [u8], at, count: u32, kind| add_kinds(kinds, at, (count as usize).min(locals - at), kind | LOCAL);
    let variadic = code_flags & (flags::VARARGS | flags::VARKEYWORDS);
    if posonlyargcount | kwonlyargcount | variadic == 0 {
        return add(kinds, 0, argcount, ARG_POSITIONAL | ARG_KEYWORD);
    }
    let at = add(kinds, 0, posonlyargcount, ARG_POSITIONAL);
    let at = add(kinds, at, argcount, ARG_POSITIONAL | ARG_KEYWORD);
    let at = add(kinds, at, kwonlyargcount, ARG_KEYWORD);
    let at = add(kinds, at, (variadic & flags::VARARGS != 0) as u32, ARG_VARARGS | ARG_POSITIONAL);
    add(kinds, at, (variadic & flags::VARKEYWORDS != 0) as u32, ARG_VARARGS | ARG_KEYWORD)
}

/// So many kinds are written whatever their number is, as it is nearly always smaller.
const KINDS_AT_ONCE: usize = 16;

/// Writes a kind so many times from some place on, and then some; gives the place behind.
#[inline(always)]
fn add_kinds(kinds: &mut [u8], at: usize, count: usize, kind: u8) -> usize {
    if let Some(first) = kinds[at..].first_chunk_mut::<KINDS_AT_ONCE>() {
        *first = [kind; KINDS_AT_ONCE];
    }
    if count > KINDS_AT_ONCE {
        kinds[at..at + count].fill(kind);
    }
    at + count
}
