//! Logging without the features `log` and `tracing`: there is nothing that records could come from.

use crate::link::Link;

/// Becomes no logger.
pub(crate) fn install(_: &'static Link) {}

/// The level that a host asks for, of records that there are not.
pub(crate) fn set_level(_: &str) {}

/// Nothing waits.
pub(crate) fn flush() {}
