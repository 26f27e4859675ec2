//! Private names: `__x` in class `C` is `_C__x`.

use super::Scope;
use crate::source::{Interner, NameId};

/// A name as the class body `private` stores it. Mirrors CPython 3.14: `_Py_Mangle`.
#[inline]
pub fn mangle(names: &mut Interner<'_>, private: Option<NameId>, name: NameId) -> NameId {
    let Some(private) = private else { return name };
    if !names.is_private(name) {
        return name;
    }
    mangle_private(names, private, name)
}

fn mangle_private(names: &mut Interner<'_>, private: NameId, name: NameId) -> NameId {
    let text = names.text(name);
    if text.contains('.') {
        return name;
    }
    let class = names.text(private).trim_start_matches('_');
    if class.is_empty() {
        return name;
    }
    names.intern(&format!("_{class}{text}"))
}

/// The same, unless the scope mangles certain names only. Mirrors CPython 3.14: `_Py_MaybeMangle`.
#[inline]
pub fn maybe_mangle(names: &mut Interner<'_>, private: Option<NameId>, scope: &Scope, name: NameId) -> NameId {
    match scope.mangled_names {
        Some(mangled) if mangled.binary_search(&name).is_err() => name,
        _ => mangle(names, private, name),
    }
}
