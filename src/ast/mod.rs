//! The abstract syntax tree, with the node names of Python.asdl, in an arena.

mod docstring;
pub mod dump;
mod node;
mod operator;
mod unparse;

pub use docstring::docstring;
pub use node::*;
pub use operator::*;
pub use unparse::unparse;
