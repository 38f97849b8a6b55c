//! Calls as spans of the crate `tracing`. A host that takes `span` and traces a call gets the call's span and those that
//! the function opens in it; a program with a subscriber of its own sees the same span around each call. Without either
//! a call pays one load. The host makes OpenTelemetry spans of them in `src/otel/`.

#[cfg(feature = "tracing")]
mod call;
#[cfg(feature = "tracing")]
pub(crate) mod open;
#[cfg(feature = "tracing")]
mod record;
#[cfg(feature = "tracing")]
mod site;

#[cfg(feature = "tracing")]
pub(crate) use call::{CallSpan, are_for_the_host, ask, tell_subscriber};
#[cfg(feature = "tracing")]
pub(crate) use site::set_names;

#[cfg(not(feature = "tracing"))]
mod none;
#[cfg(not(feature = "tracing"))]
pub(crate) use none::{CallSpan, ask, set_names};
