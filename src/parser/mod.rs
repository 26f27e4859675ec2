//! From tokens to the abstract syntax tree, and to the error where there is none.

pub mod invalid_syntax;
