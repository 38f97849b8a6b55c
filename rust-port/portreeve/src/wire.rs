//! Room `wire`: bytes to messages and back. Frames, words, parts, and the shapes of both hellos and of a failure.
//! Everything here is pure: no I/O, no threads, no state that outlives a call but that of `parts`.
//!
//! Imports `etf` and `types`. On the other side of the pipe: `src/wire/`.

pub mod failure;
pub mod frame;
pub mod fuzz_support;
pub mod hello;
pub mod host_hello;
pub mod message;
pub mod nearest;
pub mod parts;
