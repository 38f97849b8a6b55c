//! Room `observe`: log records and spans, on their way to the host or to stderr.
//!
//! Imports `etf`, `wire`, `sys`, `link` and `calls`. On the other side of the pipe: `src/otel/`.

#[cfg(any(feature = "log", feature = "tracing"))]
pub(crate) mod logging;
#[cfg(not(any(feature = "log", feature = "tracing")))]
#[path = "observe/no_logging.rs"]
pub(crate) mod logging;
pub(crate) mod spans;
pub(crate) mod traceparent;
