//! Source text: reading and decoding it, and how places and names in it are written down.

mod character_name;
mod codec;
mod codec_table;
mod coding;
mod decode;
mod hash;
mod interner;
mod location;
mod path_text;
mod text;
mod unicode;
mod unicode_table;

pub use character_name::{character_named, named_in_unicode_17};
pub use codec::utf8_error;
pub use decode::{decode, lossy_line};
pub use hash::source_hash;
pub use interner::{Interner, NameId, NameKey, known};
pub use location::Location;
pub use path_text::path_text;
pub use text::{PADDING, SourceBytes, SourceText};
pub use unicode::{is_identifier_continue, is_identifier_start, is_printable};
