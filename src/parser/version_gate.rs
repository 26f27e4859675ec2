//! Syntax that is newer than the oldest target: what a file uses of it, and which targets have it.

use super::{Parse, Parser};
use crate::target::Features;

/// Syntax that not every target has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GatedSyntax {
    TypeParameters,
    TypeParameterDefaults,
    TemplateStrings,
    UnparenthesizedExcept,
    LazyImports,
    UnpackingInComprehensions,
    SignedPlusInPatterns,
    Unicode17Names,
    /// Which all releases have, but do not read alike.
    FStrings,
}

impl GatedSyntax {
    const ALL: [GatedSyntax; 9] = [
        GatedSyntax::TypeParameters,
        GatedSyntax::TypeParameterDefaults,
        GatedSyntax::TemplateStrings,
        GatedSyntax::UnparenthesizedExcept,
        GatedSyntax::LazyImports,
        GatedSyntax::UnpackingInComprehensions,
        GatedSyntax::SignedPlusInPatterns,
        GatedSyntax::Unicode17Names,
        GatedSyntax::FStrings,
    ];

    /// Whether a release has it.
    pub const fn is_in(self, features: &Features) -> bool {
        match self {
            GatedSyntax::TypeParameters => features.type_parameters,
            GatedSyntax::TypeParameterDefaults => features.type_parameter_defaults,
            GatedSyntax::TemplateStrings => features.template_strings,
            GatedSyntax::UnparenthesizedExcept => features.unparenthesized_except,
            GatedSyntax::LazyImports => features.lazy_imports,
            GatedSyntax::UnpackingInComprehensions => features.unpacking_in_comprehensions,
            GatedSyntax::SignedPlusInPatterns => features.signed_plus_in_patterns,
            GatedSyntax::Unicode17Names => features.unicode_17,
            GatedSyntax::FStrings => true,
        }
    }
}

/// The set of [`GatedSyntax`] that a file uses.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct SyntaxUses(u16);

impl SyntaxUses {
    /// Whether the file uses it.
    pub const fn contains(self, syntax: GatedSyntax) -> bool {
        self.0 & (1 << syntax as u8) != 0
    }

    /// Whether a release has all that the file uses.
    pub fn all_in(self, features: &Features) -> bool {
        GatedSyntax::ALL.iter().all(|syntax| !self.contains(*syntax) || syntax.is_in(features))
    }

    pub(super) fn insert(&mut self, syntax: GatedSyntax) {
        self.0 |= 1 << syntax as u8;
    }
}

impl Parser<'_, '_> {
    /// Notes the use of newer syntax. To a release that lacks it, the next token is a plain syntax error.
    pub(super) fn require(&mut self, syntax: GatedSyntax) -> Parse<()> {
        self.uses.insert(syntax);
        if syntax.is_in(&self.target.features) { Ok(()) } else { self.fail() }
    }
}
