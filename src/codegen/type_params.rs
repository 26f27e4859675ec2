//! Type parameters of functions, classes and aliases (PEP 695, PEP 696).

use super::function::make_function;
use super::intrinsic::{binary, unary};
use super::{CodeGenerator, ParameterCounts, ScopeType};
use crate::ast::{Expr, ExprContext, ExprKind, TypeParam, TypeParamKind};
use crate::diagnostics::Result;
use crate::object::{Const, Int};
use crate::source::{Location, NameId};
use crate::symtable::{ScopeKey, ScopePart};
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// The name of the function that makes the type parameters of a definition.
    pub(super) fn type_params_name(&mut self, name: NameId) -> NameId {
        let text = format!("<generic parameters of {}>", self.cx.names.text(name));
        self.cx.names.intern(&text)
    }

    /// Makes and stores the type parameters and leaves a tuple of them. Mirrors CPython 3.14: `codegen_type_params`.
    pub(super) fn visit_type_params(&mut self, type_params: &'a [TypeParam<'a>]) -> Result<()> {
        let mut seen_default = false;
        for param in type_params {
            self.visit_type_param(param)?;
            if let Some(default) = param.default_value {
                seen_default = true;
                let allow_starred = matches!(param.kind, TypeParamKind::TypeVarTuple);
                let key = ScopeKey::new(param, ScopePart::Default);
                self.visit_bound_or_default(default.location, default, param.name, key, allow_starred)?;
                self.emit_arg(Op::CallIntrinsic2, binary::SET_TYPEPARAM_DEFAULT, param.location);
            } else if seen_default {
                let name = self.cx.names.text(param.name);
                let message = format!("non-default type parameter '{name}' follows default type parameter");
                return self.error(param.location, message);
            }
            self.emit_copy(1, param.location);
            self.emit_name_access(param.location, param.name, ExprContext::Store)?;
        }
        let location = type_params.first().map_or(Location::NONE, |param| param.location);
        self.emit_arg(Op::BuildTuple, type_params.len() as u32, location);
        Ok(())
    }

    /// Makes one parameter, without its default.
    fn visit_type_param(&mut self, param: &'a TypeParam<'a>) -> Result<()> {
        let location = param.location;
        self.emit_name_const(param.name, location);
        let intrinsic = match param.kind {
            TypeParamKind::TypeVar { bound: Some(bound) } => {
                let key = ScopeKey::new(param, ScopePart::Bound);
                let place = match self.target.features.bounds_have_their_place {
                    true => bound.location,
                    false => location,
                };
                self.visit_bound_or_default(place, bound, param.name, key, false)?;
                let intrinsic = match bound.kind {
                    ExprKind::Tuple { .. } => binary::TYPEVAR_WITH_CONSTRAINTS,
                    _ => binary::TYPEVAR_WITH_BOUND,
                };
                self.emit_arg(Op::CallIntrinsic2, intrinsic, location);
                return Ok(());
            }
            TypeParamKind::TypeVar { bound: None } => unary::TYPEVAR,
            TypeParamKind::TypeVarTuple => unary::TYPEVARTUPLE,
            TypeParamKind::ParamSpec => unary::PARAMSPEC,
        };
        self.emit_arg(Op::CallIntrinsic1, intrinsic, location);
        Ok(())
    }

    /// Makes the function that evaluates a bound or default when it is asked for.
    ///
    /// Mirrors CPython 3.14: `codegen_type_param_bound_or_default`.
    fn visit_bound_or_default(
        &mut self,
        location: Location,
        e: &'a Expr<'a>,
        name: NameId,
        key: ScopeKey,
        allow_starred: bool,
    ) -> Result<()> {
        let flags = self.enter_lazy_value(e.location, key, name, ScopeType::Annotations)?;
        match e.kind {
            ExprKind::Starred { value, .. } if allow_starred => {
                self.visit_expr(value)?;
                self.emit_arg(Op::UnpackSequence, 1, location);
            }
            _ => self.visit_expr(e)?,
        }
        self.emit(Op::ReturnValue, location);
        let code = self.exit_scope(true)?;
        self.make_closure(location, code, flags)
    }

    /// Enters the function that evaluates a bound, a default or an alias's value, and says what is on the stack for making it.
    ///
    /// Without a format, the scope is what CPython 3.13's `compiler_type_param_bound_or_default` and `compiler_typealias_body` say.
    pub(super) fn enter_lazy_value(
        &mut self,
        location: Location,
        key: ScopeKey,
        name: NameId,
        scope_type: ScopeType,
    ) -> Result<u32> {
        if self.target.features.deferred_annotations {
            self.emit_default_format(location);
            self.setup_annotations_scope(location, key, name)?;
            return Ok(make_function::DEFAULTS);
        }
        self.enter_scope(name, scope_type, key, location.line, None, ParameterCounts::default())?;
        Ok(0)
    }

    /// Pushes the defaults of a function whose one parameter is the annotation format: `(1,)`, the format of values.
    fn emit_default_format(&mut self, location: Location) {
        let one = self.cx.consts.add(Const::Int(Int::Small(1)));
        let tuple = self.cx.consts.add_tuple(&[one]);
        self.emit_const_id(tuple, location);
    }
}
