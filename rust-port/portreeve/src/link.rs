//! Room `link`: the writing end of the pipe, and what the host said about what it takes. Whoever writes a frame needs
//! this and not the program.
//!
//! Imports `etf`, `wire`, `sys` and `blackbox`. On the other side of the pipe: `src/wire/channel.ts`.

pub(crate) mod errors;
mod output;
mod peer;

pub(crate) use output::Link;
