//! The calls that this program has to answer: every batch of which one has no answer yet.

use std::sync::{Arc, Weak};

use super::batch::Batch;

/// The table.
#[derive(Default)]
pub(crate) struct Served {
    live: Vec<Weak<Batch>>,
    /// Batches at which the table is swept next.
    sweep_at: usize,
}

impl Served {
    /// One more.
    pub(crate) fn keep(&mut self, batch: &Arc<Batch>) {
        if self.live.len() >= self.sweep_at {
            self.live.retain(|batch| batch.strong_count() > 0);
            self.sweep_at = (self.live.len() * 2).max(16);
        }
        self.live.push(Arc::downgrade(batch));
    }

    /// All of them, the newest first. To be dropped by who holds no lock: one of them may have become the last to hold
    /// its batch.
    #[must_use]
    pub(crate) fn batches(&self) -> Vec<Arc<Batch>> {
        self.live.iter().rev().filter_map(Weak::upgrade).collect()
    }
}
