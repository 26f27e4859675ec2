//! The generated instruction tables, one a version.

pub mod py311;
pub mod py312;
pub mod py313;
pub mod py314;
pub mod py315;
