//! Room `schedule`: which thread runs which call, and which one reads. A state machine without threads and without I/O, generic over its jobs; a
//! test walks all interleavings of its operations. What the monitor remembers of long calls is here too.
//!
//! Imports nothing of the crate. On the other side of the pipe: `src/dispatch/dispatcher.ts`.

mod plan;
mod slow;
#[cfg(test)]
mod walk;
mod watch;

pub(crate) use plan::{Done, Job, MAX_RUNNING, Plan, Role, Wake};
pub use slow::Slow;
pub(crate) use watch::Watches;
