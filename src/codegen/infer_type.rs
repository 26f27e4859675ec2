//! The types of literals, which some warnings name.

use crate::ast::{Expr, ExprKind};
use crate::object::Constant;

/// The type of the value of an expression whose kind tells it, by the name that CPython's messages use.
///
/// Mirrors CPython 3.14: `infer_type`.
pub(crate) fn infer_type(e: &Expr<'_>) -> Option<&'static str> {
    Some(match e.kind {
        ExprKind::Tuple { .. } => "tuple",
        ExprKind::List { .. } | ExprKind::ListComp { .. } => "list",
        ExprKind::Dict { .. } | ExprKind::DictComp { .. } => "dict",
        ExprKind::Set { .. } | ExprKind::SetComp { .. } => "set",
        ExprKind::GeneratorExp { .. } => "generator",
        ExprKind::Lambda { .. } => "function",
        ExprKind::TemplateStr { .. } | ExprKind::Interpolation { .. } => "string.templatelib.Template",
        ExprKind::JoinedStr { .. } | ExprKind::FormattedValue { .. } => "str",
        ExprKind::Constant { ref value, .. } => type_of_constant(value),
        _ => return None,
    })
}

fn type_of_constant(value: &Constant<'_>) -> &'static str {
    match value {
        Constant::None => "NoneType",
        Constant::False | Constant::True => "bool",
        Constant::Ellipsis => "ellipsis",
        Constant::Int(_) => "int",
        Constant::Float(_) => "float",
        Constant::Complex { .. } => "complex",
        Constant::Str(_) => "str",
        Constant::Bytes(_) => "bytes",
        Constant::Tuple(_) => "tuple",
        Constant::FrozenSet(_) => "frozenset",
    }
}
