//! Docstrings: which statement of a body is one.

use super::{ExprKind, StmtKind, Stmts};
use crate::object::{Constant, PyStr};

/// The docstring of a body: the string that its first statement consists of. Mirrors CPython 3.14: `_PyAST_GetDocString`.
pub fn docstring<'a>(body: Stmts<'a>) -> Option<&'a PyStr> {
    let StmtKind::Expr { value } = body.first()?.kind else { return None };
    match value.kind {
        ExprKind::Constant { value: Constant::Str(text), .. } => Some(text),
        _ => None,
    }
}
