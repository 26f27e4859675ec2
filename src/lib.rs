//! pycc compiles Python source to the .pyc files that CPython would write, without a Python.
//!
//! The stages, in order, are the modules below; `ARCHITECTURE.md` says who may import whom.

pub mod ast;
pub mod diagnostics;
pub mod ir;
pub mod lexer;
pub mod object;
pub mod parser;
pub mod source;
pub mod symtable;
pub mod target;
