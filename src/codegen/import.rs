//! `import` and `from ... import`.

use super::CodeGenerator;
use super::emit::NameShape;
use super::{FrameBlockKind, ScopeType};
use crate::ast::{Alias, ExprContext};
use crate::diagnostics::Result;
use crate::source::{Location, NameId, known};
use crate::target::Op;

/// The argument of `CALL_INTRINSIC_1` that imports all names of a module.
const INTRINSIC_IMPORT_STAR: u32 = 2;

impl<'g, 'c, 'a> CodeGenerator<'g, 'c, 'a> {
    /// Mirrors CPython 3.14: `codegen_import`.
    #[inline(never)]
    pub(crate) fn visit_import(&mut self, location: Location, names: &'a [Alias], is_lazy: bool) -> Result<()> {
        for alias in names {
            self.emit_int(0, location);
            self.emit_none(location);
            self.emit_import_name(location, alias.name, is_lazy, false)?;
            let text = self.cx.names.text(alias.name);
            match (alias.asname, text.split_once('.')) {
                (Some(asname), Some((_, attributes))) => self.bind_submodule(location, attributes, asname)?,
                (Some(asname), None) => self.emit_name_access(location, asname, ExprContext::Store)?,
                (None, Some((package, _))) => {
                    let package = self.cx.names.intern_borrowed(package);
                    self.emit_name_access(location, package, ExprContext::Store)?;
                }
                (None, None) => self.emit_name_access(location, alias.name, ExprContext::Store)?,
            }
        }
        Ok(())
    }

    /// In `import a.b.c as d` gets `b.c` from the package, which is on the stack, and binds it.
    ///
    /// Mirrors CPython 3.14: `codegen_import_as`.
    fn bind_submodule(&mut self, location: Location, attributes: &'a str, asname: NameId) -> Result<()> {
        for (i, attribute) in attributes.split('.').enumerate() {
            if i > 0 {
                self.emit_swap(2, location);
                self.emit(Op::PopTop, location);
            }
            let attribute = self.cx.names.intern_borrowed(attribute);
            self.emit_unmangled_name(Op::ImportFrom, attribute, location);
        }
        self.emit_name_access(location, asname, ExprContext::Store)?;
        self.emit(Op::PopTop, location);
        Ok(())
    }

    /// Mirrors CPython 3.14: `codegen_from_import`.
    #[inline(never)]
    pub(crate) fn visit_import_from(
        &mut self,
        location: Location,
        module: Option<NameId>,
        names: &'a [Alias],
        level: u32,
        is_lazy: bool,
    ) -> Result<()> {
        self.emit_int(level as i64, location);
        let wanted = self.names_tuple(names.iter().map(|alias| alias.name));
        self.emit_const_id(wanted, location);
        let is_star = names.first().is_some_and(|alias| alias.name == known::STAR);
        if is_lazy && is_star {
            return self.error(location, "cannot lazy import *");
        }
        self.emit_import_name(location, module.unwrap_or(known::EMPTY), is_lazy, is_star)?;
        if is_star && self.target.has(Op::ImportStar) {
            self.emit(Op::ImportStar, location);
            return Ok(());
        }
        if is_star {
            self.emit_arg(Op::CallIntrinsic1, INTRINSIC_IMPORT_STAR, location);
            self.emit(Op::PopTop, Location::NONE);
            return Ok(());
        }
        for alias in names {
            self.emit_name(Op::ImportFrom, alias.name, NameShape::PLAIN, location);
            self.emit_name_access(location, alias.asname.unwrap_or(alias.name), ExprContext::Store)?;
        }
        // The module itself is not bound.
        self.emit(Op::PopTop, location);
        Ok(())
    }

    /// `IMPORT_NAME`, whose argument says how lazy the import may be where the release knows of that.
    fn emit_import_name(&mut self, location: Location, name: NameId, is_lazy: bool, is_star: bool) -> Result<()> {
        let in_module = self.unit.scope_type == ScopeType::Module;
        let shape = if !self.target.features.lazy_imports {
            NameShape::PLAIN
        } else if is_lazy {
            if !in_module {
                return self.error(location, "lazy imports only allowed in module scope");
            }
            LAZY
        } else if is_star || !in_module || self.in_exception_handler() {
            EAGER
        } else {
            AS_CONFIGURED
        };
        self.emit_name(Op::ImportName, name, shape, location);
        Ok(())
    }

    /// Mirrors CPython 3.15: `_PyCompile_InExceptionHandler`.
    fn in_exception_handler(&self) -> bool {
        self.unit.frame_blocks.iter().any(|block| {
            matches!(
                block.kind,
                FrameBlockKind::TryExcept
                    | FrameBlockKind::FinallyTry(_)
                    | FrameBlockKind::FinallyEnd
                    | FrameBlockKind::ExceptionHandler
                    | FrameBlockKind::ExceptionGroupHandler
                    | FrameBlockKind::HandlerCleanup(_)
            )
        })
    }
}

/// `IMPORT_NAME` that the interpreter's settings may make lazy.
const AS_CONFIGURED: NameShape = NameShape { shift: 2, low: 0 };

/// `IMPORT_NAME` of `lazy import`.
const LAZY: NameShape = NameShape { shift: 2, low: 1 };

/// `IMPORT_NAME` that is never lazy.
const EAGER: NameShape = NameShape { shift: 2, low: 2 };
