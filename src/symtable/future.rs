//! `from __future__ import ...`: which features a module asks for.

use crate::ast::{Alias, Module, StmtKind, docstring};
use crate::diagnostics::{CompileError, Result};
use crate::object::flags;
use crate::source::{Interner, Location, known};
use crate::target::Target;

/// What the future imports at the head of a module ask for.
#[derive(Clone, Copy, Debug)]
pub struct FutureFeatures {
    /// `co_flags` of the features that still make a difference.
    pub flags: u32,
    /// The last future import at the head; a later one is an error.
    pub location: Location,
}

/// What is said of a future import behind other statements.
pub(super) const LATE_FUTURE: &str = "from __future__ imports must occur at the beginning of the file";

/// Reads the future imports at the head of a module. Mirrors CPython 3.14: `_PyFuture_FromAST`.
///
/// The tree pass does not change what this gives, so it may be asked before the pass (which needs the flags) and after.
pub fn future_features(module: &Module<'_>, names: &Interner<'_>, target: &Target) -> Result<FutureFeatures> {
    let mut features = FutureFeatures { flags: 0, location: Location::NONE };
    let skip = usize::from(docstring(module.body).is_some());
    // The last line of the head, once something else than future imports stands on it.
    let mut done = None;
    for stmt in &module.body[skip..] {
        if done.is_some_and(|line| stmt.location.line > line) {
            break;
        }
        let aliases = match stmt.kind {
            StmtKind::ImportFrom { module: Some(known::FUTURE), names, level, .. }
                if level == 0 || !target.features.relative_future_imports =>
            {
                names
            }
            _ if target.features.future_errors_at_name => break,
            _ => {
                done = Some(stmt.location.line);
                continue;
            }
        };
        if done.is_some() {
            // Later releases leave this to the symbol table. The column is not counted from 1, as others are.
            let place = Location::new(stmt.location.line, stmt.location.line, stmt.location.column - 1, -1);
            return Err(CompileError::syntax(place, LATE_FUTURE));
        }
        check_features(&mut features, stmt.location, aliases, names, target)?;
        features.location = stmt.location;
    }
    Ok(features)
}

/// Mirrors CPython 3.14: `future_check_features`.
fn check_features(
    features: &mut FutureFeatures,
    statement: Location,
    aliases: &[Alias],
    names: &Interner<'_>,
    target: &Target,
) -> Result<()> {
    for alias in aliases {
        // Before, an error was only said to be on the line and at the column where the statement starts.
        let start = Location::new(statement.line, statement.line, statement.column, -1);
        let place = if target.features.future_errors_at_name { alias.location } else { start };
        match names.text(alias.name) {
            // Mandatory for long, so they set no flag.
            "nested_scopes" | "generators" | "division" | "absolute_import" | "with_statement" | "print_function"
            | "unicode_literals" | "generator_stop" => {}
            "barry_as_FLUFL" => features.flags |= flags::FUTURE_BARRY_AS_BDFL,
            "annotations" => features.flags |= flags::FUTURE_ANNOTATIONS,
            "braces" => return Err(CompileError::syntax(place, "not a chance")),
            feature => {
                // The format is `%.100s`, which counts bytes.
                let shown = &feature[..feature.floor_char_boundary(100)];
                let message = format!("future feature {shown} is not defined");
                return Err(CompileError::syntax(place, message));
            }
        }
    }
    Ok(())
}
