//! Room `observe`: log records and spans, on their way to the host or to stderr.
//!
//! Imports `etf`, `wire`, `sys`, `link` and `calls`. On the other side of the pipe: `src/otel/`.

#[cfg(any(feature = "log", feature = "tracing"))]
pub mod logging;
#[cfg(not(any(feature = "log", feature = "tracing")))]
#[path = "observe/no_logging.rs"]
pub mod logging;
pub mod spans;
pub mod traceparent;
