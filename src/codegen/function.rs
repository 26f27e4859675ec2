//! Function definitions, and making functions of code objects.

use super::docstring::find_docstring;
use super::intrinsic::binary;
use super::{CodeGenerator, FrameBlockKind, ParameterCounts, ScopeType};
use crate::ast::{Arg, Arguments, Expr, ExprContext, Exprs, FunctionDef, Stmt};
use crate::diagnostics::Result;
use crate::ir::LabelId;
use crate::object::{CodeObject, ConstCache, ConstId, local_kind};
use crate::source::Location;
use crate::symtable::{ScopeId, ScopeKey, ScopePart};
use crate::target::Op;

/// What is on the stack for a function to be made (CPython's `MAKE_FUNCTION_*`).
pub(super) mod make_function {
    pub(crate) const DEFAULTS: u32 = 0x01;
    pub(crate) const KWDEFAULTS: u32 = 0x02;
    pub(crate) const ANNOTATIONS: u32 = 0x04;
    pub(crate) const CLOSURE: u32 = 0x08;
    pub(crate) const ANNOTATE: u32 = 0x10;
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_function`.
    #[inline(never)]
    pub(crate) fn visit_function_def(&mut self, s: &'a Stmt<'a>, def: &'a FunctionDef<'a>) -> Result<()> {
        let location = s.location;
        self.visit_exprs(def.decorator_list)?;
        let first_line = first_line(location, def.decorator_list);
        if !def.type_params.is_empty() {
            self.emit_null_before_callable(location);
        }
        let defaults = self.visit_default_arguments(location, def.args)?;
        if def.type_params.is_empty() {
            self.visit_function_parts(location, def, defaults, first_line)?;
        } else {
            self.visit_generic_function(location, def, defaults, first_line)?;
        }
        self.apply_decorators(def.decorator_list);
        self.emit_name_access(location, def.name, ExprContext::Store)
    }

    /// A function with type parameters, which is made within a function that makes these and takes its defaults.
    fn visit_generic_function(
        &mut self,
        location: Location,
        def: &'a FunctionDef<'a>,
        defaults: u32,
        first_line: i32,
    ) -> Result<()> {
        let arg_count = defaults.count_ones();
        if arg_count == 2 {
            self.emit_swap(2, location);
        }
        let name = self.type_params_name(def.name);
        let key = ScopeKey::new(def, ScopePart::TypeParams);
        let counts = ParameterCounts { args: arg_count, ..ParameterCounts::default() };
        self.enter_scope(name, ScopeType::Annotations, key, first_line, None, counts)?;
        self.visit_type_params(def.type_params)?;
        for i in 0..arg_count {
            self.emit_arg(Op::LoadFast, i, location);
        }
        self.visit_function_parts(location, def, defaults, first_line)?;
        self.emit_swap(2, location);
        self.emit_arg(Op::CallIntrinsic2, binary::SET_FUNCTION_TYPE_PARAMS, location);
        let code = self.exit_scope(false)?;
        self.make_closure(location, code, 0)?;
        if arg_count > 0 {
            self.emit_swap(arg_count + 1, location);
            // Where no NULL is below the function, the first default stands where one would.
            let first_is_self = self.target.features.null_follows_callable;
            self.emit_arg(Op::Call, arg_count - first_is_self as u32, location);
        } else {
            self.emit_null_after_callable(location);
            self.emit_arg(Op::Call, 0, location);
        }
        Ok(())
    }

    /// The annotations and the body; the function is left on the stack.
    fn visit_function_parts(
        &mut self,
        location: Location,
        def: &'a FunctionDef<'a>,
        defaults: u32,
        first_line: i32,
    ) -> Result<()> {
        let Some(scope) = self.table.lookup(ScopeKey::new(def, ScopePart::Body)) else {
            return self.internal_error("a scope is missing from the symbol table");
        };
        let annotations = self.visit_function_annotations(location, def.name, scope, def.args, def.returns)?;
        self.visit_function_body(location, def, scope, defaults | annotations, first_line)
    }

    /// Mirrors CPython 3.14: `codegen_function_body`.
    fn visit_function_body(
        &mut self,
        location: Location,
        def: &'a FunctionDef<'a>,
        scope: ScopeId,
        make_flags: u32,
        first_line: i32,
    ) -> Result<()> {
        let scope_type = if def.is_async { ScopeType::AsyncFunction } else { ScopeType::Function };
        self.enter_scope_id(def.name, scope_type, scope, first_line, None, parameter_counts(def.args), None);
        let mut body = def.body;
        if self.scope().has_docstring
            && let Some((_, docstring)) = find_docstring(body)
        {
            body = self.without_docstring(body);
            if self.stores_docstrings() {
                // The docstring is the first constant, which nothing loads.
                let cleaned = self.stored_docstring(docstring)?;
                let id = self.cx.consts.add_str(cleaned);
                self.const_place(id);
            }
        }
        self.add_absent_docstring();
        let features = &self.target.features;
        let catches = features.stop_iteration_is_caught_by_code;
        let wraps = catches && (self.scope().is_coroutine || self.scope().is_generator);
        // Where nothing jumps to it the label still starts a block in older releases.
        if wraps || !features.unused_labels_start_no_block {
            let start = self.new_label();
            if catches {
                self.use_label(start);
            }
            if wraps {
                self.push_frame_block(Location::NONE, FrameBlockKind::StopIteration, start, LabelId::NONE)?;
            }
        }
        self.visit_stmts(body)?;
        if wraps {
            self.wrap_in_stop_iteration_handler();
            self.pop_frame_block();
        }
        let code = self.exit_scope(true)?;
        self.make_closure(location, code, make_flags)
    }

    /// Puts `None` in the place of a docstring, where code objects do not say whether they have one.
    pub(super) fn add_absent_docstring(&mut self) {
        if !self.target.features.docstring_flag && self.unit.code.metadata.consts.is_empty() {
            self.const_place(ConstCache::NONE);
        }
    }

    /// Makes a function of a code object and of what `flags` say is on the stack.
    ///
    /// Mirrors CPython 3.14: `codegen_make_closure`.
    pub(super) fn make_closure(&mut self, location: Location, code: &'a CodeObject<'a>, flags: u32) -> Result<()> {
        let mut flags = flags;
        let mut free = 0;
        // Free variables are the last ones.
        let mut others = code.localspluskinds.len();
        while others > 0 && code.localspluskinds[others - 1] & local_kind::FREE != 0 {
            others -= 1;
        }
        for &name in &code.localsplusnames[others..] {
            let arg = self.closure_argument(code, name)?;
            self.emit_arg(Op::LoadClosure, arg, location);
            free += 1;
        }
        if free > 0 {
            flags |= make_function::CLOSURE;
            self.emit_arg(Op::BuildTuple, free, location);
        }
        let id = self.cx.consts.add_code(code);
        self.emit_const_id(id, location);
        if !self.target.has(Op::SetFunctionAttribute) {
            self.emit_arg(Op::MakeFunction, flags, location);
            return Ok(());
        }
        self.emit(Op::MakeFunction, location);
        if flags == 0 {
            return Ok(());
        }
        for flag in [
            make_function::CLOSURE,
            make_function::ANNOTATIONS,
            make_function::ANNOTATE,
            make_function::KWDEFAULTS,
            make_function::DEFAULTS,
        ] {
            if flags & flag != 0 {
                self.emit_arg(Op::SetFunctionAttribute, flag, location);
            }
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_apply_decorators`.
    #[inline]
    pub(super) fn apply_decorators(&mut self, decorators: Exprs<'a>) {
        if !decorators.is_empty() {
            self.apply_all(decorators);
        }
    }

    #[inline(never)]
    fn apply_all(&mut self, decorators: Exprs<'a>) {
        let outer = self.unit.cursor;
        for decorator in decorators.iter().rev() {
            self.set_cursor(decorator.location);
            self.emit_arg(Op::Call, 0, decorator.location);
        }
        self.set_cursor(outer);
    }

    /// Pushes the defaults and says which kinds there are. Mirrors CPython 3.14: `codegen_default_arguments`.
    #[inline]
    pub(super) fn visit_default_arguments(&mut self, location: Location, args: &'a Arguments<'a>) -> Result<u32> {
        if args.defaults.is_empty() && args.kwonlyargs.is_empty() {
            return Ok(0);
        }
        self.visit_all_default_arguments(location, args)
    }

    #[inline(never)]
    fn visit_all_default_arguments(&mut self, location: Location, args: &'a Arguments<'a>) -> Result<u32> {
        let mut flags = 0;
        if !args.defaults.is_empty() {
            self.visit_exprs(args.defaults)?;
            self.emit_arg(Op::BuildTuple, args.defaults.len() as u32, location);
            flags |= make_function::DEFAULTS;
        }
        if self.visit_keyword_only_defaults(location, args.kwonlyargs, args.kw_defaults)? {
            flags |= make_function::KWDEFAULTS;
        }
        Ok(flags)
    }

    /// Mirrors CPython 3.14: `codegen_kwonlydefaults`.
    fn visit_keyword_only_defaults(
        &mut self,
        location: Location,
        args: &'a [Arg<'a>],
        defaults: &'a [Option<&'a Expr<'a>>],
    ) -> Result<bool> {
        if args.is_empty() {
            return Ok(false);
        }
        let mut keys: Vec<ConstId> = Vec::new();
        let keys_are_one_constant = self.target.has(Op::BuildConstKeyMap);
        for (arg, default) in args.iter().zip(defaults) {
            if let Some(default) = default {
                let name = self.maybe_mangle(arg.arg);
                if !keys_are_one_constant {
                    self.emit_name_const(name, location);
                }
                self.visit_expr(default)?;
                keys.push(self.name_const(name));
            }
        }
        let count = keys.len() as u32;
        if count == 0 {
            return Ok(false);
        }
        if keys_are_one_constant {
            let keys = self.cx.consts.add_tuple(&keys);
            self.emit_const_id(keys, location);
            self.emit_arg(Op::BuildConstKeyMap, count, location);
        } else {
            self.emit_arg(Op::BuildMap, count, location);
        }
        Ok(true)
    }
}

/// The line that a definition starts on: that of its first decorator, if it has one.
pub(super) fn first_line(location: Location, decorators: Exprs<'_>) -> i32 {
    decorators.first().map_or(location.line, |decorator| decorator.location.line)
}

/// How many parameters of each kind there are.
pub(super) fn parameter_counts(args: &Arguments<'_>) -> ParameterCounts {
    ParameterCounts {
        args: args.args.len() as u32,
        posonly: args.posonlyargs.len() as u32,
        kwonly: args.kwonlyargs.len() as u32,
    }
}
