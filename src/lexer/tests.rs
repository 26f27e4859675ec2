//! Tokens and errors of short texts, as CPython 3.14 gives them.
