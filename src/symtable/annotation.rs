//! The first pass over what is evaluated in a scope of its own: annotations, type parameters, type aliases.

use super::build::Builder;
use super::{BlockType, ScopeId, ScopeKey, ScopePart, Symbol};
use crate::ast::{Arg, Arguments, Expr, ExprKind, Stmt, TypeParam, TypeParamKind};
use crate::diagnostics::{CompileError, Result};
use crate::source::{Location, NameId, known};

impl<'a> Builder<'_, 'a> {
    /// Opens the scope of type parameters. Mirrors CPython 3.14: `symtable_enter_type_param_block`, up to what functions
    /// and classes add.
    pub fn enter_type_param_block(&mut self, name: NameId, key: ScopeKey, location: Location) -> Result<()> {
        let is_in_class = self.block().block == BlockType::Class;
        self.enter_block(name, BlockType::TypeParameters, key, location)?;
        if is_in_class {
            self.scope().can_see_class_scope = true;
            self.add_def(known::CLASSDICT, Symbol::USE, location)?;
        }
        Ok(())
    }

    /// Visits type parameters, in order.
    pub fn visit_type_params(&mut self, params: &'a [TypeParam<'a>]) -> Result<()> {
        params.iter().try_for_each(|param| self.visit_type_param(param))
    }

    /// Mirrors CPython 3.14: `symtable_visit_type_param`.
    fn visit_type_param(&mut self, param: &'a TypeParam<'a>) -> Result<()> {
        self.descend()?;
        self.add_def(param.name, Symbol::DEF_TYPE_PARAM | Symbol::DEF_LOCAL, param.location)?;
        if param.name == known::CLASSDICT {
            let message = "reserved name '__classdict__' cannot be used for type parameter";
            return Err(CompileError::syntax(param.location, message));
        }
        let default = match param.kind {
            TypeParamKind::TypeVar { bound } => {
                if let Some(bound) = bound {
                    let is_tuple =
                        matches!(bound.kind, ExprKind::Tuple { .. }) && self.target.features.constraints_are_no_bound;
                    let what = if is_tuple { "a TypeVar constraint" } else { "a TypeVar bound" };
                    self.visit_type_variable(bound, param, ScopePart::Bound, what)?;
                }
                "a TypeVar default"
            }
            TypeParamKind::TypeVarTuple => "a TypeVarTuple default",
            TypeParamKind::ParamSpec => "a ParamSpec default",
        };
        if let Some(value) = param.default_value {
            self.visit_type_variable(value, param, ScopePart::Default, default)?;
        }
        self.leave();
        Ok(())
    }

    /// Mirrors CPython 3.14: `symtable_visit_type_param_bound_or_default`.
    fn visit_type_variable(
        &mut self,
        value: &'a Expr<'a>,
        param: &'a TypeParam<'a>,
        part: ScopePart,
        description: &'static str,
    ) -> Result<()> {
        let is_in_class = self.scope().can_see_class_scope;
        let key = ScopeKey::new(param, part);
        self.enter_block(param.name, BlockType::TypeVariable, key, value.location)?;
        self.see_class_scope(is_in_class, value.location)?;
        self.block().description = description;
        self.visit_expr(value)?;
        self.exit_block();
        Ok(())
    }

    /// A scope directly within a class, which looks names up in the class's dictionary.
    fn see_class_scope(&mut self, is_in_class: bool, location: Location) -> Result<()> {
        self.scope().can_see_class_scope = is_in_class;
        if is_in_class { self.add_def(known::CLASSDICT, Symbol::USE, location) } else { Ok(()) }
    }

    /// `type X[T] = ...`.
    pub fn visit_type_alias(
        &mut self,
        stmt: &'a Stmt<'a>,
        name: &'a Expr<'a>,
        type_params: &'a [TypeParam<'a>],
        value: &'a Expr<'a>,
    ) -> Result<()> {
        self.visit_expr(name)?;
        let ExprKind::Name { id, .. } = name.kind else { return Ok(()) };
        let is_in_class = self.block().block == BlockType::Class;
        let is_generic = !type_params.is_empty();
        if is_generic {
            self.enter_type_param_block(id, ScopeKey::new(stmt, ScopePart::TypeParams), stmt.location)?;
            self.visit_type_params(type_params)?;
        }
        let key = ScopeKey::new(stmt, ScopePart::Body);
        self.enter_block(id, BlockType::TypeAlias, key, stmt.location)?;
        self.see_class_scope(is_in_class, value.location)?;
        self.visit_expr(value)?;
        self.exit_block();
        if is_generic {
            self.exit_block();
        }
        Ok(())
    }

    /// The annotation of a variable. Mirrors CPython 3.14: `symtable_visit_annotation`.
    pub fn visit_annotation(&mut self, annotation: &'a Expr<'a>) -> Result<()> {
        let location = annotation.location;
        if !self.target.features.deferred_annotations {
            return self.visit_eager_annotations(location, |this| this.visit_expr(annotation));
        }
        let block = self.block().block;
        // Annotations of local variables are never evaluated, so names in them are no uses.
        let is_unevaluated = block == BlockType::Function;
        // Those of a module count as conditional since they may be asked for before the module is executed to its end.
        let is_conditional = block == BlockType::Module || (block == BlockType::Class && self.block().is_conditional);
        if is_conditional && !self.scope().has_conditional_annotations {
            self.scope().has_conditional_annotations = true;
            self.add_def(known::CONDITIONAL_ANNOTATIONS, Symbol::USE, location)?;
        }
        match self.scope().annotation_block {
            Some(id) => self.reenter_scope(id),
            None => {
                let owner = self.block().scope;
                let id = self.new_scope(known::ANNOTATE, BlockType::Annotation, ScopeKey::default(), location);
                self.enter_scope(id, true);
                self.keep_map();
                self.enter_format_parameter(location)?;
                self.table.scope_mut(owner).annotation_block = Some(id);
                if block == BlockType::Class && !self.has_future_annotations() {
                    self.scope().can_see_class_scope = true;
                    self.table.scope_mut(owner).needs_classdict = true;
                    self.add_def(known::CLASSDICT, Symbol::USE, location)?;
                }
            }
        }
        self.block().in_unevaluated_annotation = is_unevaluated;
        self.visit_expr(annotation)?;
        self.exit_block();
        Ok(())
    }

    /// The annotations of a function, whose own scope is not open yet. Mirrors CPython 3.14: `symtable_visit_annotations`.
    pub fn visit_function_annotations(
        &mut self,
        function: ScopeId,
        args: &'a Arguments<'a>,
        returns: Option<&'a Expr<'a>>,
        location: Location,
    ) -> Result<()> {
        if returns.is_none() && !has_annotations(args) && self.needs_no_empty_scope() {
            return Ok(());
        }
        if !self.target.features.deferred_annotations {
            self.visit_eager_annotations(location, |this| this.visit_args_annotations(args))?;
            return match returns {
                Some(returns) => self.visit_annotation(returns),
                None => Ok(()),
            };
        }
        let is_in_class = self.scope().can_see_class_scope || self.block().block == BlockType::Class;
        let id = self.enter_block(known::ANNOTATE, BlockType::Annotation, ScopeKey::default(), location)?;
        self.table.scope_mut(function).signature_block = Some(id);
        self.see_class_scope(is_in_class, location)?;
        self.visit_args_annotations(args)?;
        if let Some(returns) = returns {
            self.scope().annotations_used = true;
            self.visit_expr(returns)?;
        }
        self.exit_block();
        Ok(())
    }

    /// Whether a function without annotations can do without a scope for them, which leaves a trace only in a class around.
    fn needs_no_empty_scope(&mut self) -> bool {
        if !self.target.features.deferred_annotations || self.has_future_annotations() {
            return true;
        }
        let is_in_class = self.block().block == BlockType::Class;
        let scope = self.scope();
        scope.has_unannotated_functions |= is_in_class;
        !scope.can_see_class_scope
    }

    /// Annotations that are evaluated where they stand, or are strings: then they have a scope that nobody learns of.
    ///
    /// Mirrors CPython 3.13: `symtable_visit_annotation`, `symtable_visit_annotations`.
    fn visit_eager_annotations(
        &mut self,
        location: Location,
        visit: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        if !self.has_future_annotations() {
            return visit(self);
        }
        self.enter_block(known::ANNOTATE, BlockType::Annotation, ScopeKey::default(), location)?;
        visit(self)?;
        self.exit_block();
        Ok(())
    }

    fn visit_args_annotations(&mut self, args: &'a Arguments<'a>) -> Result<()> {
        self.visit_arg_annotations(args.posonlyargs)?;
        self.visit_arg_annotations(args.args)?;
        self.visit_arg_annotations(args.vararg.map_or(&[], std::slice::from_ref))?;
        self.visit_arg_annotations(args.kwarg.map_or(&[], std::slice::from_ref))?;
        self.visit_arg_annotations(args.kwonlyargs)
    }

    fn visit_arg_annotations(&mut self, args: &'a [Arg<'a>]) -> Result<()> {
        let is_deferred = self.target.features.deferred_annotations;
        for annotation in args.iter().filter_map(|arg| arg.annotation) {
            // What is evaluated at once leaves no trace in the scope around, which keeps the annotations of its own variables.
            self.scope().annotations_used |= is_deferred;
            self.visit_expr(annotation)?;
        }
        Ok(())
    }
}

fn has_annotations(args: &Arguments<'_>) -> bool {
    let is_annotated = |args: &[Arg<'_>]| args.iter().any(|arg| arg.annotation.is_some());
    is_annotated(args.posonlyargs)
        || is_annotated(args.args)
        || is_annotated(args.kwonlyargs)
        || args.vararg.is_some_and(|arg| arg.annotation.is_some())
        || args.kwarg.is_some_and(|arg| arg.annotation.is_some())
}
