//! Room `observe`: log records and spans, on their way to the host or to stderr.
//!
//! Imports `etf`, `wire`, `sys`, `link` and `calls`. On the other side of the pipe: `src/otel/`.

pub mod logging;
pub mod spans;
pub mod traceparent;
