//! The calls of one read. Threads claim them one by one, in the order in which they were written, with an atomic
//! counter; the block of frames lives as long as any of them.

use std::fmt;
use std::ops::Range;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bytes::Bytes;

use crate::runtime::registry::Function;

/// A call or a cast, as its frame says it. All ranges are of the block.
#[derive(Debug)]
pub struct Call {
    /// `None` for a cast.
    pub id: Option<Range<usize>>,
    pub name: Range<usize>,
    /// `None` when no function has this name.
    pub function: Option<&'static Function>,
    pub arguments: Range<usize>,
    pub options: Option<Range<usize>>,
    cancelled: AtomicBool,
}

impl Call {
    #[must_use]
    pub fn new(
        id: Option<Range<usize>>,
        name: Range<usize>,
        function: Option<&'static Function>,
        arguments: Range<usize>,
        options: Option<Range<usize>>,
    ) -> Self {
        let cancelled = AtomicBool::new(false);
        Self {
            id,
            name,
            function,
            arguments,
            options,
            cancelled,
        }
    }

    /// The host has lost interest.
    pub fn cancel(&self) {
        self.cancelled.store(true, Relaxed);
    }

    /// Whether the host has lost interest.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Relaxed)
    }
}

/// Calls that came together.
#[derive(Debug)]
pub struct Batch {
    block: Bytes,
    calls: Vec<Call>,
    next: AtomicUsize,
    /// When they were read: what their timeouts are counted from.
    pub read_at: Instant,
    /// The monitor's count then.
    pub tick: u32,
    /// Counts as undone until the last call lets go of the batch.
    _alive: Alive,
}

impl Batch {
    #[must_use]
    pub fn new(block: Bytes, calls: Vec<Call>, alive: Alive, tick: u32) -> Arc<Self> {
        let next = AtomicUsize::new(0);
        let read_at = Instant::now();
        Arc::new(Self {
            block,
            calls,
            next,
            read_at,
            tick,
            _alive: alive,
        })
    }

    /// Takes the next call, if one is left. Every call is given out once, in order.
    #[must_use]
    pub fn claim(&self) -> Option<usize> {
        let index = self.next.fetch_add(1, Relaxed);
        (index < self.calls.len()).then_some(index)
    }

    /// Whether every call was claimed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.next.load(Relaxed) >= self.calls.len()
    }

    /// Marks the call with this Id, as its bytes stand in the frame; false when it is not here.
    pub fn cancel(&self, id: &[u8]) -> bool {
        let is_meant = |call: &&Call| call.id.as_ref().is_some_and(|at| self.slice(at) == id);
        let call = self.calls.iter().find(is_meant);
        call.inspect(|call| call.cancel()).is_some()
    }

    /// The frames that the calls are slices of.
    #[must_use]
    pub fn block(&self) -> &Bytes {
        &self.block
    }

    /// The bytes of one range.
    #[must_use]
    pub fn slice(&self, range: &Range<usize>) -> &[u8] {
        &self.block[range.clone()]
    }
}

/// One call of a batch, which it keeps.
#[derive(Debug, Clone)]
pub struct Ticket {
    batch: Arc<Batch>,
    index: usize,
}

impl Ticket {
    /// Of the first call, until one is claimed.
    #[must_use]
    pub fn new(batch: Arc<Batch>) -> Self {
        Self { batch, index: 0 }
    }

    #[must_use]
    pub fn call(&self) -> &Call {
        &self.batch.calls[self.index]
    }

    #[must_use]
    pub fn batch(&self) -> &Arc<Batch> {
        &self.batch
    }

    /// Moves on to the next call of the batch that nobody has claimed.
    pub fn claim_next(&mut self) -> bool {
        let claimed = self.batch.claim();
        self.index = claimed.unwrap_or(self.index);
        claimed.is_some()
    }

    /// The call's Id as it stands in the frame; `None` for a cast.
    #[must_use]
    pub fn id(&self) -> Option<&[u8]> {
        self.call().id.as_ref().map(|id| self.batch.slice(id))
    }
}

/// Counts the batches of which something is still to be done, for `stop`, which waits until there is none.
#[derive(Default)]
pub struct Drain {
    alive: AtomicUsize,
    then: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Drain {
    /// Runs `then` once nothing is left to do; at once, if that is now.
    pub fn when_empty(&self, then: impl FnOnce() + Send + 'static) {
        *self.lock() = Some(Box::new(then));
        if self.alive.load(SeqCst) == 0 {
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

impl fmt::Debug for Drain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drain")
            .field("alive", &self.alive)
            .finish_non_exhaustive()
    }
}

/// One batch of which something is still to be done.
#[derive(Debug)]
pub struct Alive(Arc<Drain>);

impl Alive {
    #[must_use]
    pub fn new(drain: &Arc<Drain>) -> Self {
        drain.alive.fetch_add(1, SeqCst);
        Self(Arc::clone(drain))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        if self.0.alive.fetch_sub(1, SeqCst) == 1 {
            self.0.fire();
        }
    }
}
