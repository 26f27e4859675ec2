//! The abstract syntax tree, with the node names of Python.asdl, in an arena.

mod node;
mod operator;

pub use node::*;
pub use operator::*;
