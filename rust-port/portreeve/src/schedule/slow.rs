//! A memory of long calls, one for each function. The monitor sees a call that lasts longer than its tick; the next calls
//! of that function hand the reading over before they start. It fades, for the monitor may have caught the machine and
//! not the function.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

/// Whether a function was seen to run long.
pub struct Slow(AtomicU8);

/// Calls for which one sighting is remembered.
const REMEMBERED: u8 = 16;

impl Slow {
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "only the attribute makes one, in a static"
    )]
    /// One that has not been seen to run long.
    pub const fn new() -> Self {
        Self(AtomicU8::new(0))
    }

    /// The monitor saw it.
    pub(crate) fn caught(&self) {
        self.0.store(REMEMBERED, Relaxed);
    }

    /// Whether to expect a long call; asked once a call. Racing threads may forget a little too slowly.
    pub(crate) fn expected(&self) -> bool {
        let left = self.0.load(Relaxed);
        if left > 0 {
            self.0.store(left - 1, Relaxed);
        }
        left > 0
    }
}
