//! The entry point: a module's unit, and the bodies of modules and classes.

use super::docstring::{clean_doc, find_docstring};
use super::lookups::Imports;
use super::{CodeGenerator, FinishUnit, ParameterCounts, ScopeType, Unit};
use crate::ast::{ExprContext, Module, Stmts};
use crate::diagnostics::Result;
use crate::ir::CompileContext;
use crate::object::{CodeObject, PyStr, flags};
use crate::source::{Location, known};
use crate::symtable::SymbolTable;
use crate::target::Op;

/// The code object of a module, with those of everything in it.
///
/// Mirrors CPython 3.14: `compiler_mod`.
pub fn generate<'a>(
    module: &'a Module<'a>,
    table: SymbolTable<'a>,
    cx: &mut CompileContext<'_, 'a>,
    finish: FinishUnit<'a>,
) -> Result<&'a CodeObject<'a>> {
    let target = cx.target;
    let imports = Imports::of(table.scope(SymbolTable::MODULE));
    let mut generator = CodeGenerator {
        cx,
        table,
        target,
        unit: Box::new(Unit::new()),
        outer: Vec::new(),
        spare: Vec::new(),
        imports,
        ids: Vec::new(),
        finish,
        follows_cursor: !target.features.instructions_are_placed,
        has_old_ways: !(target.features.instructions_are_placed && target.features.load_attr_loads_methods)
            || target.has(Op::Precall),
        inlined_in_module: 0,
        disable_warning: 0,
        depth: 0,
    };
    generator.start_unit(SymbolTable::MODULE, known::MODULE, ScopeType::Module, 1, None, ParameterCounts::default());
    generator.visit_module(module)?;
    let code = generator.finish_unit(true)?;
    generator.imports.recycle();
    for unit in generator.spare.into_iter().chain([generator.unit]) {
        unit.lookups.recycle();
        unit.code.recycle();
    }
    Ok(code)
}

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `compiler_codegen`, `_PyCodegen_Module`.
    fn visit_module(&mut self, module: &'a Module<'a>) -> Result<()> {
        let entry = Location::new(0, 1, 0, 0);
        self.set_cursor(entry);
        self.emit_arg(Op::Resume, 0, entry);
        if self.target.features.deferred_annotations {
            self.emit(Op::AnnotationsPlaceholder, entry);
        }
        // The set-up of annotations belongs to the first statement's line.
        let location = module.body.first().map_or(Location::new(1, 1, 0, 0), |first| first.location);
        self.set_cursor(location);
        if self.scope().has_conditional_annotations {
            self.emit_arg(Op::BuildSet, 0, location);
            self.emit_unmangled_name(Op::StoreName, known::CONDITIONAL_ANNOTATIONS, location);
        }
        self.visit_body(location, module.body)
    }

    /// The statements of a module or class, with docstring and annotations. Mirrors CPython 3.14: `codegen_body`.
    pub(crate) fn visit_body(&mut self, location: Location, stmts: Stmts<'a>) -> Result<()> {
        let future_annotations = self.has_future_annotations();
        let is_eager = future_annotations || !self.target.features.deferred_annotations;
        if is_eager && self.scope().annotations_used {
            self.emit(Op::SetupAnnotations, location);
        }
        if stmts.is_empty() {
            return Ok(());
        }
        let mut rest = stmts;
        if self.scope().has_docstring
            && let Some((expr, text)) = find_docstring(stmts)
        {
            rest = self.without_docstring(stmts);
            if self.stores_docstrings() {
                let text = self.stored_docstring(text)?;
                self.set_cursor(expr.location);
                self.emit_constant(&crate::object::Constant::Str(text), &expr.location);
                self.unset_cursor();
                self.emit_name_access(Location::NONE, known::DOC, ExprContext::Store)?;
            }
        }
        self.visit_stmts(rest)?;
        if !is_eager {
            self.process_deferred_annotations(location)?;
        }
        Ok(())
    }

    /// What follows a docstring; one that is not stored may still count as a statement.
    pub(crate) fn without_docstring(&self, body: Stmts<'a>) -> Stmts<'a> {
        let leaves = self.stores_docstrings() || self.target.features.dropped_docstrings_leave_nothing;
        &body[leaves as usize..]
    }

    /// Whether docstrings are kept at this level of optimisation.
    pub(crate) fn stores_docstrings(&self) -> bool {
        self.cx.optimize < 2
    }

    /// A docstring as this release stores it.
    pub(crate) fn stored_docstring(&self, text: &'a PyStr) -> Result<&'a PyStr> {
        if self.target.features.clean_docstrings { clean_doc(self.cx.arena, text) } else { Ok(text) }
    }

    /// Whether `from __future__ import annotations` is in effect.
    pub(crate) fn has_future_annotations(&self) -> bool {
        self.table.future_flags & flags::FUTURE_ANNOTATIONS != 0
    }
}
