//! Parameters and type parameters.

use super::Preprocessor;
use crate::ast::{Arg, Arguments, Expr, TypeParam, TypeParamKind};

impl<'a> Preprocessor<'_, 'a> {
    /// Mirrors CPython 3.14: `astfold_arguments`.
    pub(super) fn arguments(&mut self, arguments: &'a Arguments<'a>) -> Option<&'a Arguments<'a>> {
        let Arguments { posonlyargs, args, vararg, kwonlyargs, kw_defaults, kwarg, defaults } = *arguments;
        let changed = rebuild!(
            posonlyargs = self.sequence(posonlyargs, Self::arg),
            args = self.sequence(args, Self::arg),
            vararg = self.opt_arg(vararg),
            kwonlyargs = self.sequence(kwonlyargs, Self::arg),
            kw_defaults = self.sequence(kw_defaults, Self::opt_expr),
            kwarg = self.opt_arg(kwarg),
            defaults = self.exprs(defaults)
            => Arguments { posonlyargs, args, vararg, kwonlyargs, kw_defaults, kwarg, defaults })?;
        Some(self.arena.alloc(changed))
    }

    /// Mirrors CPython 3.14: `astfold_arg`.
    fn arg(&mut self, arg: Arg<'a>) -> Option<Arg<'a>> {
        let annotation = self.annotation(arg.annotation)?;
        Some(Arg { annotation, ..arg })
    }

    fn opt_arg(&mut self, arg: Option<&'a Arg<'a>>) -> Option<Option<&'a Arg<'a>>> {
        let changed = self.arg(*arg?)?;
        Some(Some(self.arena.alloc(changed)))
    }

    /// Visits an annotation, unless it will be stored as a string.
    pub(super) fn annotation(&mut self, annotation: Option<&'a Expr<'a>>) -> Option<Option<&'a Expr<'a>>> {
        if self.visits_annotations { self.opt_expr(annotation) } else { None }
    }

    /// Mirrors CPython 3.14: `astfold_type_param`.
    pub(super) fn type_params(&mut self, list: &'a [TypeParam<'a>]) -> Option<&'a [TypeParam<'a>]> {
        self.sequence(list, |pass, type_param| {
            let TypeParam { kind, name, default_value, location } = type_param;
            rebuild!(kind = pass.type_param_kind(kind), default_value = pass.opt_expr(default_value)
                => TypeParam { kind, name, default_value, location })
        })
    }

    fn type_param_kind(&mut self, kind: TypeParamKind<'a>) -> Option<TypeParamKind<'a>> {
        match kind {
            TypeParamKind::TypeVar { bound } => {
                rebuild!(bound = self.opt_expr(bound) => TypeParamKind::TypeVar { bound })
            }
            TypeParamKind::ParamSpec | TypeParamKind::TypeVarTuple => None,
        }
    }
}
