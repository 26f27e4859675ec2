//! Numbers and behaviours that vary with the release and have more than two values, or concern objects rather than syntax.

use super::{PythonVersion, Target};

impl Target {
    /// The first four bytes of a .pyc file as a little-endian number, which also seeds the source hash.
    pub const fn magic_word(&self) -> u32 {
        self.magic as u32 | (b'\r' as u32) << 16 | (b'\n' as u32) << 24
    }

    /// Code units from a `SEND` to the `END_SEND` of the same `await` (CPython's `END_SEND_OFFSET`).
    pub const fn end_send_offset(&self) -> u32 {
        if self.version as u8 >= PythonVersion::Py315 as u8 { 6 } else { 5 }
    }

    /// Whether the loops of comprehensions make an iterator of what is an iterator already (gh-125038).
    pub const fn comprehensions_iterate_iterators(&self) -> bool {
        matches!(self.version, PythonVersion::Py313)
    }

    /// Stack entries of an iterator that a loop goes over.
    pub const fn iterator_entries(&self) -> u32 {
        1 + self.features.iterator_pairs as u32
    }

    /// Says in the argument of `RESUME` that the only handler around it is the generator's own (CPython's
    /// `RESUME_OPARG_DEPTH1_MASK`).
    pub const fn resume_depth1(&self) -> u32 {
        if self.version as u8 >= PythonVersion::Py315 as u8 { 8 } else { 4 }
    }

    /// The largest integer of which the interpreter holds one immortal object; the smallest is -5.
    pub const fn small_int_max(&self) -> i64 {
        if self.version as u8 >= PythonVersion::Py315 as u8 { 1024 } else { 256 }
    }

    /// Whether the code object handed to `marshal.dumps` by `py_compile` has one owner only: from 3.15 on the frames between
    /// them borrow it, so that it carries no FLAG_REF.
    pub const fn root_code_is_unshared(&self) -> bool {
        self.version as u8 >= PythonVersion::Py315 as u8
    }
}
