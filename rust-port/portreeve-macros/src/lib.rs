//! The attributes of the crate `portreeve`.
