//! The abstract syntax tree, with the node names of Python.asdl, in an arena.

pub mod dump;
mod node;
mod operator;

pub use node::*;
pub use operator::*;
