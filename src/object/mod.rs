//! Python's constant objects and code objects, as far as a compiler needs them.

mod code;
mod const_cache;
mod constant;
mod int;
mod pystr;
mod repr;

pub use code::{CodeObject, flags, local_kind};
pub use const_cache::{Const, ConstCache, ConstId};
pub use constant::Constant;
pub use int::Int;
pub use pystr::{PyStr, push_code_point};
pub use repr::{Escaping, TooManyDigits, write_bytes_repr, write_float_repr, write_repr, write_str_repr};
