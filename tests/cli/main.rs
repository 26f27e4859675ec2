//! Drives the binary: what `python -m compileall` promises, and what pycc promises beyond.
//!
//! Expectations come from compileall of CPython 3.14, but for the differences that the README states.

mod environment;
mod errors;
mod filters;
mod formats;
mod freshness;
mod options;
mod project;
mod stored_paths;
mod targets;
mod terminal;
mod walking;
mod writing;
