//! Names under which this crate's own types pass through serde unharmed.
//!
//! A newtype struct of such a name is not looked at as a newtype by our reader and writer:
//! it is a term as it stands, or bytes that stay in their frame. No Rust type can be called so.

/// The inner value is the bytes of a term, without the version byte.
pub(crate) const RAW: &str = "$portreeve::raw";
/// The inner value is text that is an atom.
pub(crate) const ATOM: &str = "$portreeve::atom";
/// The inner value is bytes that may keep the frame instead of a copy.
pub(crate) const BYTES: &str = "$portreeve::bytes";
/// The inner value is an enum that may also come out of serde's own buffers.
pub(crate) const ENUM: &str = "$portreeve::enum";

/// Text in front of the name of a struct that says which shape its term has.
pub(crate) const MODULE: &str = "$module:";
pub(crate) const EXCEPTION: &str = "$exception:";
pub(crate) const RECORD: &str = "$record:";
pub(crate) const TUPLE: &str = "$tuple";
/// A map whose keys of type `str` are names of fields, as a struct with flattened fields is.
pub(crate) const MAP: &str = "$map";
