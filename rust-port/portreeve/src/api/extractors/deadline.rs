//! [`Deadline`]: until when the host waits.

use std::time::{Duration, Instant};

use crate::calls::batch::Ticket;
use crate::calls::options;

/// The moment after which nobody waits for the result of this call any more: the time at which the call was read,
/// plus the `timeout` (in ms) that the host wrote into it. A call without one has no deadline.
///
/// ```
/// use portreeve::Deadline;
/// use std::time::Duration;
///
/// #[portreeve::function]
/// fn patient(deadline: Deadline) -> bool {
///     deadline.remaining().is_none_or(|left| left > Duration::from_secs(1))
/// }
///
/// assert!(patient(Deadline::none()));
/// assert!(!patient(Deadline::after(Duration::from_millis(5))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// No deadline.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// A deadline so far from now, for a test that calls a function by hand.
    #[must_use]
    pub fn after(left: Duration) -> Self {
        Self(Instant::now().checked_add(left))
    }

    /// The moment itself; `None` when there is none.
    #[must_use]
    pub fn instant(self) -> Option<Instant> {
        self.0
    }

    /// Time left: zero when it is over, `None` when there is no deadline.
    #[must_use]
    pub fn remaining(self) -> Option<Duration> {
        self.0
            .map(|moment| moment.saturating_duration_since(Instant::now()))
    }

    /// Whether the time is over.
    #[must_use]
    pub fn is_over(self) -> bool {
        self.remaining().is_some_and(|left| left.is_zero())
    }

    pub(crate) fn of(ticket: &Ticket) -> Self {
        Self(options::deadline(ticket))
    }
}
