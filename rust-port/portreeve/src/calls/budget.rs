//! What `stop` waits for, and what reading is held back by: what was received and has no answer yet, counted in bytes and
//! batches, whoever runs it, a thread, the blocking pool or the async runtime.

use std::fmt;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Bytes from which on nothing more is read; the pipe then holds the host back. One message may go over it.
pub(crate) const MAX_UNANSWERED: usize = 64 * 1024 * 1024;

/// The count for the whole program.
#[derive(Default)]
pub(crate) struct Budget {
    bytes: AtomicUsize,
    batches: AtomicUsize,
    has_room_again: OnceLock<Box<dyn Fn() + Send + Sync>>,
    then: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Budget {
    /// Names what is to happen whenever there is room again. Once.
    pub(crate) fn when_room(&self, tell: impl Fn() + Send + Sync + 'static) {
        self.has_room_again.get_or_init(|| Box::new(tell));
    }

    /// Whether more may be read.
    #[must_use]
    pub(crate) fn has_room(&self) -> bool {
        self.bytes.load(SeqCst) < MAX_UNANSWERED
    }

    /// Runs `then` once nothing is left to do; at once, if that is now.
    pub(crate) fn when_empty(&self, then: impl FnOnce() + Send + 'static) {
        *self.lock() = Some(Box::new(then));
        if self.batches.load(SeqCst) == 0 {
            self.fire();
        }
    }

    fn fire(&self) {
        let then = self.lock().take();
        if let Some(then) = then {
            then();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Box<dyn FnOnce() + Send>>> {
        self.then.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget")
            .field("bytes", &self.bytes)
            .field("batches", &self.batches)
            .finish_non_exhaustive()
    }
}

/// The part of one batch, given back when the last of its calls is answered.
#[derive(Debug)]
pub(crate) struct Charge {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Charge {
    /// Of a batch that is being put together: it counts from its first call on.
    #[must_use]
    pub(crate) fn open(budget: &Arc<Budget>) -> Self {
        budget.batches.fetch_add(1, SeqCst);
        Self {
            budget: Arc::clone(budget),
            bytes: 0,
        }
    }

    /// How many bytes it keeps is known.
    #[must_use]
    pub(crate) fn of(mut self, bytes: usize) -> Self {
        self.budget.bytes.fetch_add(bytes, SeqCst);
        self.bytes = bytes;
        self
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        let before = self.budget.bytes.fetch_sub(self.bytes, SeqCst);
        let comes_under = before >= MAX_UNANSWERED && before - self.bytes < MAX_UNANSWERED;
        if comes_under && let Some(tell) = self.budget.has_room_again.get() {
            tell();
        }
        if self.budget.batches.fetch_sub(1, SeqCst) == 1 {
            self.budget.fire();
        }
    }
}
