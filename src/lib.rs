//! pycc compiles Python source to the .pyc files that CPython would write, without a Python.
//!
//! The stages, in order, are the modules below; `ARCHITECTURE.md` says who may import whom.

pub mod assemble;
pub mod ast;
pub mod cli;
pub mod codegen;
pub mod diagnostics;
pub mod flowgraph;
pub mod fold;
pub mod ir;
pub mod lexer;
pub mod marshal;
pub mod object;
pub mod parser;
pub mod pipeline;
pub mod preprocess;
pub mod pyc;
pub mod run;
pub mod source;
pub mod symtable;
pub mod target;
pub mod tree;
