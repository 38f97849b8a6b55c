//! The state of one call that outlives what it came in: its Id, and whether the host has lost interest.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// Kept by whoever asks about a call, however long; it keeps nothing else alive.
#[derive(Debug)]
pub(crate) struct CallState {
    id: Option<Box<[u8]>>,
    cancelled: AtomicBool,
}

impl CallState {
    #[must_use]
    pub(crate) fn new(id: Option<&[u8]>, is_cancelled: bool) -> Self {
        Self {
            id: id.map(Box::from),
            cancelled: AtomicBool::new(is_cancelled),
        }
    }

    /// The Id as it stands in the frame; `None` for a cast.
    #[must_use]
    pub(crate) fn id(&self) -> Option<&[u8]> {
        self.id.as_deref()
    }

    /// The host has lost interest.
    pub(crate) fn cancel(&self) {
        self.cancelled.store(true, Relaxed);
    }

    /// Whether the host has lost interest.
    #[must_use]
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Relaxed)
    }
}
