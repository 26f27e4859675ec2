//! Everything that depends on the version of Python: instruction tables, features, behaviours, lists of passes.
//!
//! Nothing outside this folder compares versions. The rest of the compiler asks a [`Target`] for an instruction's row, for a
//! named feature or for a named behaviour.

mod behaviours;
pub mod features;
mod interned;
mod op;
pub mod op_info;
mod opcodes;

pub use features::Features;
pub use op::Op;
pub use op_info::OpInfo;

use std::fmt;
use std::ptr;

/// A release of CPython that pycc writes files for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PythonVersion {
    Py311,
    Py312,
    Py313,
    Py314,
    Py315,
}

impl PythonVersion {
    /// All supported versions, oldest first.
    pub const ALL: [PythonVersion; 5] =
        [PythonVersion::Py311, PythonVersion::Py312, PythonVersion::Py313, PythonVersion::Py314, PythonVersion::Py315];

    /// The minor version: 14 for CPython 3.14.
    pub const fn minor(self) -> u8 {
        11 + self as u8
    }
}

impl fmt::Display for PythonVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "3.{}", self.minor())
    }
}

/// A release of CPython with the number of its patch release, where that is known: it says which fixes the compiler has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Release {
    pub version: PythonVersion,
    /// 7 for CPython 3.11.7.
    pub micro: Option<u8>,
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.micro {
            Some(micro) => write!(f, "{}.{micro}", self.version),
            None => write!(f, "{}", self.version),
        }
    }
}

/// One version of CPython as the compiler sees it.
pub struct Target {
    /// Which release.
    pub version: PythonVersion,
    /// The first 16 bits of a .pyc file (followed by `\r\n`).
    pub magic: u16,
    /// The `version` argument of `marshal.dumps` that the release uses by default.
    pub marshal_version: u8,
    /// `sys.implementation.cache_tag` of an ordinary build.
    pub cache_tag: &'static str,
    /// What the release's compiler does and older ones do not.
    pub features: Features,
    ops: &'static [OpInfo; Op::COUNT],
}

impl Target {
    /// The description of a release.
    pub const fn of(version: PythonVersion) -> &'static Target {
        &TARGETS[version as usize]
    }

    /// The description of a patch release. Where that is not known it is the newest; of 3.11, those before 3.11.9, which
    /// the distributions have.
    pub fn of_release(release: Release) -> &'static Target {
        match (release.version, release.micro) {
            (PythonVersion::Py311, Some(PY311_WITH_FIXES..)) => &PY311_FIXED,
            (version, _) => Target::of(version),
        }
    }

    /// Which patch releases write what is written for one, if not all of the version do.
    pub fn patch_releases(release: Release) -> Option<&'static str> {
        let fixed = ptr::eq(Target::of_release(release), &PY311_FIXED);
        Target::depends_on_micro(release.version).then_some(if fixed { "3.11.9 and later" } else { "3.11.0 to 3.11.8" })
    }

    /// Whether patch releases of a version write different files.
    pub fn depends_on_micro(version: PythonVersion) -> bool {
        matches!(version, PythonVersion::Py311)
    }

    /// Whether the release has an instruction.
    #[inline]
    pub const fn has(&self, op: Op) -> bool {
        self.op(op).exists()
    }

    /// What the release says of an instruction.
    #[inline]
    pub const fn op(&self, op: Op) -> &'static OpInfo {
        &self.ops[op as usize]
    }
}

const fn target(
    version: PythonVersion,
    magic: u16,
    marshal_version: u8,
    cache_tag: &'static str,
    ops: &'static [OpInfo; Op::COUNT],
) -> Target {
    Target { version, magic, marshal_version, cache_tag, features: Features::of(version), ops }
}

/// The patch release of 3.11 that places what a failed assertion raises at the test (gh-116034) and mangles the targets of assignment
/// expressions before it looks them up (gh-96497).
const PY311_WITH_FIXES: u8 = 9;

static PY311_FIXED: Target = {
    let mut fixed = target(PythonVersion::Py311, 3495, 4, "cpython-311", &opcodes::py311::TABLE);
    fixed.features.failed_assertions_have_their_place = true;
    fixed.features.named_expression_targets_are_mangled = true;
    fixed
};

static TARGETS: [Target; 5] = [
    target(PythonVersion::Py311, 3495, 4, "cpython-311", &opcodes::py311::TABLE),
    target(PythonVersion::Py312, 3531, 4, "cpython-312", &opcodes::py312::TABLE),
    target(PythonVersion::Py313, 3571, 4, "cpython-313", &opcodes::py313::TABLE),
    target(PythonVersion::Py314, 3627, 5, "cpython-314", &opcodes::py314::TABLE),
    target(PythonVersion::Py315, 3666, 6, "cpython-315", &opcodes::py315::TABLE),
];

impl fmt::Debug for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Op::NAMES[*self as usize])
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CPython {}", self.version)
    }
}
