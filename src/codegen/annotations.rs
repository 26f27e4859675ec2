//! Annotations that are evaluated when asked for (PEP 649, PEP 749), and those that are strings (PEP 563).

use super::function::make_function;
use super::intrinsic::common_constant;
use super::{CodeGenerator, DeferredAnnotation, ParameterCounts, ScopeType};
use crate::ast::{Arg, Arguments, CmpOp, Expr, ExprContext, ExprKind, StmtKind};
use crate::diagnostics::Result;
use crate::ir::LabelId;
use crate::object::{Const, PyStr};
use crate::source::{Location, NameId, known};
use crate::symtable::{BlockType, ScopeId, ScopeKey, mangle};
use crate::target::Op;

/// The highest format that `__annotate__` functions evaluate themselves (`VALUE_WITH_FAKE_GLOBALS`).
const VALUE_WITH_FAKE_GLOBALS: i64 = 2;

/// The parameters of a function that evaluates annotations: the format.
const FORMAT_PARAMETER: ParameterCounts = ParameterCounts { args: 0, posonly: 1, kwonly: 0 };

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Starts a function that evaluates annotations. Mirrors CPython 3.14: `codegen_setup_annotations_scope`.
    ///
    /// Where annotations are not deferred, the functions that type parameters and aliases have for their values take no format.
    pub(super) fn setup_annotations_scope(&mut self, location: Location, key: ScopeKey, name: NameId) -> Result<()> {
        let Some(scope) = self.table.lookup(key) else {
            return self.internal_error("a scope is missing from the symbol table");
        };
        self.setup_annotations_scope_id(location, scope, name, None);
        Ok(())
    }

    /// The same for a scope that is known by its number.
    fn setup_annotations_scope_id(
        &mut self,
        location: Location,
        scope: ScopeId,
        name: NameId,
        annotated: Option<NameId>,
    ) {
        self.enter_scope_id(name, ScopeType::Annotations, scope, location.line, None, FORMAT_PARAMETER, annotated);
        // Other formats are made by the caller with the help of this one.
        self.emit_arg(Op::LoadFast, 0, location);
        self.emit_int(VALUE_WITH_FAKE_GLOBALS, location);
        self.emit_compare(location, CmpOp::Gt);
        let body = self.new_label();
        self.emit_jump(Op::PopJumpIfFalse, body, location);
        self.emit_arg(Op::LoadCommonConstant, common_constant::NOT_IMPLEMENTED_ERROR, location);
        self.emit_arg(Op::RaiseVarargs, 1, location);
        self.use_label(body);
    }

    /// Ends it and leaves the function on the stack. Mirrors CPython 3.14: `codegen_leave_annotations_scope`.
    fn leave_annotations_scope(&mut self, location: Location) -> Result<()> {
        self.emit(Op::ReturnValue, location);
        let code = self.exit_scope(true)?;
        // The parameter is called `format`, but while the annotations were compiled it had a name that these cannot use.
        let code = code.with_format_parameter(self.cx.arena);
        self.make_closure(location, code, 0)
    }

    /// Makes `__annotate__` of the annotated names of a module or class.
    ///
    /// Mirrors CPython 3.14: `codegen_process_deferred_annotations`.
    pub(crate) fn process_deferred_annotations(&mut self, location: Location) -> Result<()> {
        let deferred = std::mem::take(&mut self.unit.deferred_annotations);
        if deferred.is_empty() {
            return Ok(());
        }
        let outer = self.unit.scope_type;
        let in_own_sequence = outer == ScopeType::Module;
        let Some(scope) = self.scope().annotation_block else {
            return self.internal_error("a scope is missing from the symbol table");
        };
        if in_own_sequence {
            self.start_annotation_setup();
        }
        let name = self.table.scope(scope).name;
        self.setup_annotations_scope_id(location, scope, name, None);
        self.visit_deferred_annotations(location, &deferred, outer)?;
        self.leave_annotations_scope(location)?;
        let is_class = self.scope().block == BlockType::Class;
        let target = if is_class { known::ANNOTATE_FUNC } else { known::ANNOTATE };
        self.emit_name_access(location, target, ExprContext::Store)?;
        if in_own_sequence {
            self.end_annotation_setup();
        }
        Ok(())
    }

    /// Builds the dict of annotations. Mirrors CPython 3.14: `codegen_deferred_annotations_body`.
    fn visit_deferred_annotations(
        &mut self,
        location: Location,
        deferred: &[DeferredAnnotation<'a>],
        outer: ScopeType,
    ) -> Result<()> {
        self.emit_arg(Op::BuildMap, 0, location);
        for &DeferredAnnotation { statement, conditional_index } in deferred {
            let StmtKind::AnnAssign { target: Expr { kind: ExprKind::Name { id, .. }, .. }, annotation, .. } =
                statement.kind
            else {
                return self.internal_error("an annotation of something that is no name");
            };
            let name = mangle(self.cx.names, self.unit.private, *id);
            let not_set = self.new_label();
            if let Some(index) = conditional_index {
                self.skip_unless_annotated(statement.location, index, outer, not_set);
            }
            self.visit_expr(annotation)?;
            self.emit_copy(2, statement.location);
            self.emit_name_const(name, statement.location);
            self.emit(Op::StoreSubscr, location);
            self.use_label(not_set);
        }
        Ok(())
    }

    /// Jumps if the annotated assignment did not run.
    fn skip_unless_annotated(&mut self, location: Location, index: u32, outer: ScopeType, not_set: LabelId) {
        self.emit_int(index.into(), location);
        if outer == ScopeType::Class {
            let arg = self.freevar_argument(known::CONDITIONAL_ANNOTATIONS);
            self.emit_arg(Op::LoadDeref, arg, location);
        } else {
            // Its place in `co_names` is not shifted here, which is right only because it is the first name.
            self.emit_unmangled_name(Op::LoadGlobal, known::CONDITIONAL_ANNOTATIONS, location);
        }
        self.emit_arg(Op::ContainsOp, 0, location);
        self.emit_jump(Op::PopJumpIfFalse, not_set, location);
    }

    /// Makes `__annotate__` of a function and says so in flags for [`Self::make_closure`].
    ///
    /// Mirrors CPython 3.14: `codegen_function_annotations`.
    pub(super) fn visit_function_annotations(
        &mut self,
        location: Location,
        function: NameId,
        function_scope: ScopeId,
        args: &'a Arguments<'a>,
        returns: Option<&'a Expr<'a>>,
    ) -> Result<u32> {
        if !self.target.features.deferred_annotations {
            return self.visit_eager_annotations(location, args, returns);
        }
        // A function without annotations has no scope for them.
        let Some(id) = self.table.scope(function_scope).signature_block else { return Ok(0) };
        let scope = self.table.scope(id);
        if !scope.annotations_used {
            return Ok(0);
        }
        let name = scope.name;
        self.setup_annotations_scope_id(location, id, name, Some(function));
        let count = self.visit_annotations_of(location, args, returns)?;
        self.emit_arg(Op::BuildMap, count, location);
        self.leave_annotations_scope(location)?;
        Ok(make_function::ANNOTATE)
    }

    /// Leaves a tuple of names and annotations on the stack, if there are any. Mirrors CPython 3.13: `compiler_visit_annotations`.
    fn visit_eager_annotations(
        &mut self,
        location: Location,
        args: &'a Arguments<'a>,
        returns: Option<&'a Expr<'a>>,
    ) -> Result<u32> {
        let count = self.visit_annotations_of(location, args, returns)?;
        if count == 0 {
            return Ok(0);
        }
        self.emit_arg(Op::BuildTuple, count * 2, location);
        Ok(make_function::ANNOTATIONS)
    }

    /// Pushes names and annotations of parameters and of the result, and counts them.
    ///
    /// Mirrors CPython 3.14: `codegen_annotations_in_scope`.
    fn visit_annotations_of(
        &mut self,
        location: Location,
        args: &'a Arguments<'a>,
        returns: Option<&'a Expr<'a>>,
    ) -> Result<u32> {
        let mut count = 0;
        let in_order = self.target.features.positional_only_annotations_first;
        let (first, second) = if in_order { (args.posonlyargs, args.args) } else { (args.args, args.posonlyargs) };
        self.visit_annotations_of_args(location, first, &mut count)?;
        self.visit_annotations_of_args(location, second, &mut count)?;
        if let Some(arg) = args.vararg {
            self.visit_annotations_of_args(location, std::slice::from_ref(arg), &mut count)?;
        }
        self.visit_annotations_of_args(location, args.kwonlyargs, &mut count)?;
        if let Some(arg) = args.kwarg {
            self.visit_annotations_of_args(location, std::slice::from_ref(arg), &mut count)?;
        }
        if let Some(annotation) = returns {
            let name = self.cx.names.intern("return");
            self.visit_annotation_of(location, name, annotation)?;
            count += 1;
        }
        Ok(count)
    }

    fn visit_annotations_of_args(&mut self, location: Location, args: &'a [Arg<'a>], count: &mut u32) -> Result<()> {
        for arg in args {
            if let Some(annotation) = arg.annotation {
                self.visit_annotation_of(location, arg.arg, annotation)?;
                *count += 1;
            }
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_argannotation`.
    fn visit_annotation_of(&mut self, location: Location, name: NameId, annotation: &'a Expr<'a>) -> Result<()> {
        let name = self.maybe_mangle(name);
        self.emit_name_const(name, location);
        if self.has_future_annotations() {
            return self.visit_annotation_expr(annotation);
        }
        match annotation.kind {
            // `*args: *Ts` means the one element of `[*Ts]`.
            ExprKind::Starred { value, .. } => {
                self.visit_expr(value)?;
                self.emit_arg(Op::UnpackSequence, 1, location);
                Ok(())
            }
            _ => self.visit_expr(annotation),
        }
    }

    /// Pushes an annotation as its source text. Mirrors CPython 3.14: `codegen_visit_annexpr`.
    pub(crate) fn visit_annotation_expr(&mut self, annotation: &'a Expr<'a>) -> Result<()> {
        let text = crate::ast::unparse(annotation, self.cx.names, self.target.version)?;
        let text = PyStr::from_bytes(self.cx.arena.alloc_slice_copy(&text));
        let id = self.cx.consts.add(Const::Str(text));
        self.emit_const_id(id, annotation.location);
        Ok(())
    }
}
