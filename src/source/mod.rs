//! Source text: reading and decoding it, and how places and names in it are written down.

mod interner;
mod location;
mod text;

pub use interner::{Interner, NameId, known};
pub use location::Location;
pub use text::SourceText;
