//! Class definitions.

use super::function::first_line;
use super::intrinsic::unary;
use super::{CodeGenerator, ParameterCounts, ScopeType};
use crate::ast::{ClassDef, ExprContext, Stmt};
use crate::diagnostics::Result;
use crate::source::{Location, known};
use crate::symtable::{ScopeKey, ScopePart};
use crate::target::Op;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_class`.
    #[inline(never)]
    pub(crate) fn visit_class_def(&mut self, s: &'a Stmt<'a>, def: &'a ClassDef<'a>) -> Result<()> {
        let location = s.location;
        self.visit_exprs(def.decorator_list)?;
        let first_line = first_line(location, def.decorator_list);
        if def.type_params.is_empty() {
            self.visit_class_body(location, def, first_line)?;
            self.call_with(location, 2, def.bases, None, def.keywords)?;
        } else {
            self.visit_generic_class(location, def, first_line)?;
        }
        self.apply_decorators(def.decorator_list);
        self.emit_name_access(location, def.name, ExprContext::Store)
    }

    /// A class with type parameters, which is made within a function that makes these and gets `Generic[...]` as its last
    /// base.
    fn visit_generic_class(&mut self, location: Location, def: &'a ClassDef<'a>, first_line: i32) -> Result<()> {
        let name = self.type_params_name(def.name);
        let key = ScopeKey::new(def, ScopePart::TypeParams);
        let counts = ParameterCounts::default();
        self.emit_null_before_callable(location);
        self.enter_scope(name, ScopeType::Annotations, key, first_line, Some(def.name), counts)?;
        self.visit_type_params(def.type_params)?;
        self.emit_name_access(location, known::DOT_TYPE_PARAMS, ExprContext::Store)?;
        self.visit_class_body(location, def, first_line)?;
        self.emit_name_access(location, known::DOT_TYPE_PARAMS, ExprContext::Load)?;
        self.emit_arg(Op::CallIntrinsic1, unary::SUBSCRIPT_GENERIC, location);
        self.emit_name_access(location, known::DOT_GENERIC_BASE, ExprContext::Store)?;
        self.call_with(location, 2, def.bases, Some(known::DOT_GENERIC_BASE), def.keywords)?;
        let code = self.exit_scope(false)?;
        self.make_closure(location, code, 0)?;
        self.emit_null_after_callable(location);
        self.emit_arg(Op::Call, 0, location);
        Ok(())
    }

    /// The function of the body, with what must be on the stack before the bases are.
    ///
    /// Mirrors CPython 3.14: `codegen_class_body`.
    fn visit_class_body(&mut self, location: Location, def: &'a ClassDef<'a>, first_line: i32) -> Result<()> {
        let key = ScopeKey::new(def, ScopePart::Body);
        let counts = ParameterCounts::default();
        self.enter_scope(def.name, ScopeType::Class, key, first_line, Some(def.name), counts)?;
        let start = Location::new(first_line, first_line, 0, 0);
        self.visit_class_prologue(start, def)?;
        self.visit_body(start, def.body)?;
        self.visit_class_epilogue()?;
        let code = self.exit_scope(true)?;
        self.emit_null_before_callable(location);
        self.emit(Op::LoadBuildClass, location);
        self.emit_null_after_callable(location);
        self.make_closure(location, code, 0)?;
        self.emit_name_const(def.name, location);
        Ok(())
    }

    /// What a class body sets before its first statement.
    fn visit_class_prologue(&mut self, location: Location, def: &'a ClassDef<'a>) -> Result<()> {
        self.emit_name_access(location, known::NAME, ExprContext::Load)?;
        self.emit_name_access(location, known::MODULE_DUNDER, ExprContext::Store)?;
        self.emit_name_const(self.unit.code.metadata.qualname, location);
        self.emit_name_access(location, known::QUALNAME, ExprContext::Store)?;
        if self.target.features.classes_tell_of_source {
            self.emit_int(self.unit.code.metadata.firstlineno.into(), location);
            self.emit_name_access(location, known::FIRSTLINENO, ExprContext::Store)?;
        }
        if !def.type_params.is_empty() {
            self.emit_name_access(location, known::DOT_TYPE_PARAMS, ExprContext::Load)?;
            self.emit_name_access(location, known::TYPE_PARAMS, ExprContext::Store)?;
        }
        // The two cells are stored to directly: an access by name would store to the class's namespace.
        if self.scope().needs_classdict {
            self.emit(Op::LoadLocals, location);
            let arg = self.cellvar_argument(known::CLASSDICT);
            self.emit_arg(Op::StoreDeref, arg, location);
        }
        if self.scope().has_conditional_annotations {
            self.emit_arg(Op::BuildSet, 0, location);
            let arg = self.cellvar_argument(known::CONDITIONAL_ANNOTATIONS);
            self.emit_arg(Op::StoreDeref, arg, location);
        }
        Ok(())
    }

    /// What a class body sets after its last statement.
    fn visit_class_epilogue(&mut self) -> Result<()> {
        let location = Location::NONE;
        if self.target.features.classes_tell_of_source {
            self.emit_static_attributes(location);
            self.emit_name_access(location, known::STATIC_ATTRIBUTES, ExprContext::Store)?;
        }
        if self.scope().needs_classdict {
            let arg = self.cellvar_argument(known::CLASSDICT);
            self.emit_arg(Op::LoadClosure, arg, location);
            self.emit_name_access(location, known::CLASSDICTCELL, ExprContext::Store)?;
        }
        if self.scope().needs_class_closure {
            let arg = self.cellvar_argument(known::CLASS);
            self.emit_arg(Op::LoadClosure, arg, location);
            self.emit_copy(1, location);
            self.emit_name_access(location, known::CLASSCELL, ExprContext::Store)?;
        } else {
            self.emit_none(location);
        }
        self.emit(Op::ReturnValue, location);
        Ok(())
    }

    /// Pushes the names that methods set on `self`. Mirrors CPython 3.14: `_PyCompile_StaticAttributesAsTuple`.
    fn emit_static_attributes(&mut self, location: Location) {
        let mut attributes = self.unit.static_attributes.as_slice().to_vec();
        attributes.sort_unstable_by_key(|&name| self.cx.names.text(name));
        let tuple = self.names_tuple(attributes.into_iter());
        self.emit_const_id(tuple, location);
    }
}
