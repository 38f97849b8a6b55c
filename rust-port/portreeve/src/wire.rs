//! Room `wire`: bytes to messages and back. Frames, words, parts, and the shapes of both hellos and of a failure.
//! Everything here is pure: no I/O, no threads, no state that outlives a call but that of `parts`.
//!
//! Imports `etf` and `types`. On the other side of the pipe: `src/wire/`.

pub(crate) mod failure;
pub(crate) mod frame;
pub mod fuzz_support;
pub(crate) mod hello;
pub(crate) mod host_hello;
pub(crate) mod message;
pub(crate) mod nearest;
pub(crate) mod parts;
