//! The tree pass between the parser and the symbol table: `__debug__` becomes a constant, `'...' % (...)` an f-string, signed and
//! complex numbers in patterns become constants, docstrings that are not stored go, exits from `finally` blocks are warned of.
//!
//! Mirrors CPython 3.14: `_PyAST_Preprocess`. Where arithmetic on constants is folded in the tree as well (before
//! `fold_in_flowgraph`), `fold` does that for each node whose children are done.
//!
//! The tree is shared by all outputs of a file, so it is never written to: a function gives a node's replacement, or nothing
//! where the node stays as it is, and only the nodes above a change are made anew. Most files have no change and cost no memory.
//! Statements in which the parser has noted nothing to rewrite are passed by ([`crate::ast::Rewrites`]). That a tree is too deep the
//! pass may then not see, but the symbol table goes as deep.

/// A node made of its changed children, or nothing where no child changed.
///
/// `name = change` visits a child, in the order in which the children are listed; `name` then is the child, changed or not.
macro_rules! rebuild {
    ($($child:ident = $change:expr),+ => $node:expr) => {{
        let mut changed = false;
        $(let $child = match $change {
            Some(new) => {
                changed = true;
                new
            }
            None => $child,
        };)+
        if changed { Some($node) } else { None }
    }};
}

mod expression;
mod fold;
mod format;
mod parameters;
mod pattern;
mod statement;

#[cfg(test)]
mod tests;

use crate::ast::Module;
use crate::diagnostics::{CompileError, MAX_TREE_DEPTH, Result, Warning};
use crate::fold::ComplexArithmetic;
use crate::ir::CompileContext;
use crate::object::{ConstCache, flags};
use bumpalo::Bump;
use statement::Enclosing;

/// The tree that the symbol table and the code generator see.
///
/// `future_flags` are the `co_flags` of the module's future imports: with `annotations`, no annotation is looked at.
pub fn preprocess<'a>(
    module: &'a Module<'a>,
    cx: &mut CompileContext<'_, 'a>,
    future_flags: u32,
) -> Result<&'a Module<'a>> {
    let features = &cx.target.features;
    let folds = !features.fold_in_flowgraph;
    let removes_docstrings = cx.optimize >= 2 && features.docstrings_leave_tree;
    let lines = match module.rewrites {
        _ if removes_docstrings => None,
        Some(rewrites) if folds => Some(rewrites.folding),
        Some(rewrites) => Some(rewrites.always),
        None => None,
    };
    if lines.is_some_and(<[i32]>::is_empty) {
        return Ok(module);
    }
    let mut pass = Preprocessor {
        arena: cx.arena,
        is_debug: cx.optimize == 0,
        folds,
        lines,
        complex_arithmetic: match features.mixed_complex_arithmetic {
            true => ComplexArithmetic::Mixed,
            false => ComplexArithmetic::Coercing,
        },
        scratch: None,
        removes_docstrings,
        visits_annotations: future_flags & flags::FUTURE_ANNOTATIONS == 0,
        warns_of_finally_exits: features.warn_of_finally_exits,
        enclosing: Enclosing::Nothing,
        warnings: cx.warnings,
        depth: 0,
        is_too_deep: false,
    };
    let body = pass.body(module.body);
    if pass.is_too_deep {
        return Err(CompileError::too_deep());
    }
    Ok(match body {
        Some(body) => cx.arena.alloc(Module { body, ..*module }),
        None => module,
    })
}

/// The state of the pass.
struct Preprocessor<'c, 'a> {
    arena: &'a Bump,
    /// The value of `__debug__`.
    is_debug: bool,
    /// Arithmetic on constants is done here.
    folds: bool,
    complex_arithmetic: ComplexArithmetic,
    /// What that arithmetic is done with, once it is.
    scratch: Option<ConstCache<'a>>,
    removes_docstrings: bool,
    /// The lines ahead that hold what may be rewritten; absent where that is not known.
    lines: Option<&'a [i32]>,
    visits_annotations: bool,
    warns_of_finally_exits: bool,
    /// What a jump statement at this place would leave.
    enclosing: Enclosing,
    warnings: &'c mut Vec<Warning>,
    depth: u32,
    /// Set once the tree turns out to be too deep. What the pass gives is then thrown away; this spares every function a `Result`.
    is_too_deep: bool,
}

impl<'a> Preprocessor<'_, 'a> {
    /// Visits one level deeper, unless the tree is too deep.
    #[inline]
    fn deeper<T>(&mut self, visit: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= MAX_TREE_DEPTH {
            self.is_too_deep = true;
        }
        // The rest of a tree that is too deep need not be looked at.
        if self.is_too_deep {
            return None;
        }
        self.depth += 1;
        let changed = visit(self);
        self.depth -= 1;
        changed
    }

    /// Visits the items of a sequence, which is copied from the first change on.
    #[inline]
    fn sequence<T: Copy>(
        &mut self,
        items: &'a [T],
        mut visit: impl FnMut(&mut Self, T) -> Option<T>,
    ) -> Option<&'a [T]> {
        let mut copy: Option<&'a mut [T]> = None;
        for (i, &item) in items.iter().enumerate() {
            if let Some(new) = visit(self, item) {
                copy.get_or_insert_with(|| self.arena.alloc_slice_copy(items))[i] = new;
            }
        }
        copy.map(|copy| &*copy)
    }
}
