//! Who does what: which thread reads, which run calls, which wait. Only decisions and the waiting itself; no I/O.
//!
//! One thread reads at a time. The calls of a read are a batch, which the thread that read it runs itself, one by
//! one; the others stay parked. When that takes long the monitor wakes one more, which helps with the batch and
//! reads on when it is empty. At most cores + 1 threads run calls; the one thread beyond that only reads and queues,
//! so that pings, cancels and the end of the host are seen while everybody computes.

pub mod watch;

use std::collections::VecDeque;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::Thread;

use crate::calls::batch::{Alive, Batch, Drain};
use watch::Watches;

/// Bytes of calls that wait in the queue before nobody reads any more; the pipe then holds the host back.
const MAX_QUEUED: usize = 64 * 1024 * 1024;
/// Most threads of calls that wait.
const MAX_WAITING: usize = 256;
/// Most threads that run calls.
pub const MAX_RUNNING: usize = 256;

/// What a thread is to do next.
#[derive(Debug)]
pub enum Role {
    /// Run calls of this batch.
    Run(Arc<Batch>),
    /// Read the next batch.
    Read,
}

/// A thread that is to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spawn(pub usize);

/// The shared plan.
pub struct Schedule {
    state: Mutex<State>,
    drain: Arc<Drain>,
    /// What each thread is doing, for the monitor.
    pub watches: Watches,
    /// Looks of the monitor so far: as long as it stays the same no more than some ms have passed, and reading it costs
    /// less than a clock.
    pub ticks: AtomicU32,
}

struct State {
    /// The front one may be claimed in part or whole.
    queue: VecDeque<Arc<Batch>>,
    queued_bytes: usize,
    /// Every batch of which a call may still run, for `cancel`.
    live: Vec<Weak<Batch>>,
    /// Live batches at which the list is swept next.
    sweep_at: usize,
    reading: bool,
    running: usize,
    /// Threads in calls that wait for the host: they count neither as running nor as free.
    waiting: usize,
    limit: usize,
    spawned: usize,
    parked: Vec<(usize, Thread)>,
    /// Counts roles given out: unchanged over a tick means that everybody is stuck in a call.
    turns: u64,
    monitor_sleeps: bool,
}

impl Schedule {
    #[must_use]
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let state = State {
            queue: VecDeque::new(),
            queued_bytes: 0,
            live: Vec::new(),
            sweep_at: 16,
            reading: false,
            running: 0,
            waiting: 0,
            limit: cores.min(MAX_RUNNING) + 1,
            spawned: 0,
            parked: Vec::new(),
            turns: 0,
            monitor_sleeps: false,
        };
        Self {
            state: Mutex::new(state),
            drain: Arc::default(),
            watches: Watches::new(),
            ticks: AtomicU32::new(0),
        }
    }

    /// Sets how many threads may compute at once; one more may run calls, and another one reads.
    pub fn set_threads(&self, threads: usize) {
        self.lock().limit = threads.clamp(1, MAX_RUNNING) + 1;
    }

    /// Threads that it may come to have.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.lock().limit + 1
    }

    /// A batch to be pushed; it counts as undone from now on.
    #[must_use]
    pub fn alive(&self) -> Alive {
        Alive::new(&self.drain)
    }

    /// The count of undone batches.
    #[must_use]
    pub fn drain(&self) -> &Drain {
        &self.drain
    }

    /// The reader brings what it read. True when the monitor sleeps and has to be woken.
    pub fn push(&self, batches: impl Iterator<Item = Arc<Batch>>) -> bool {
        let mut state = self.lock();
        state.reading = false;
        for batch in batches {
            state.keep(&batch);
            state.queued_bytes += batch.block().len();
            state.queue.push_back(batch);
        }
        std::mem::take(&mut state.monitor_sleeps)
    }

    /// Gives the calling thread its next role; parks it until there is one.
    pub fn next(&self, index: usize, was_running: bool) -> Role {
        let mut state = self.lock();
        state.running -= usize::from(was_running);
        loop {
            if let Some(role) = state.role() {
                state.turns += 1;
                return role;
            }
            state.parked.push((index, std::thread::current()));
            while state.parked.iter().any(|(parked, _)| *parked == index) {
                drop(state);
                std::thread::park();
                state = self.lock();
            }
        }
    }

    /// A thread that runs a call is about to wait for the host; `None` when too many wait already.
    pub fn begin_wait(&self) -> Option<Option<Spawn>> {
        let mut state = self.lock();
        if state.waiting >= MAX_WAITING {
            return None;
        }
        state.waiting += 1;
        state.running -= 1;
        // Whoever reads may have queued what comes next, for want of a thread to run it.
        let is_needed = !state.reading || state.has_work();
        Some(if is_needed { state.wake_one() } else { None })
    }

    /// It goes on. True when the monitor sleeps and has to be woken.
    pub fn end_wait(&self) -> bool {
        let mut state = self.lock();
        state.waiting -= 1;
        // For a moment one more thread than the limit may run: it was running before those that took its place.
        state.running += 1;
        std::mem::take(&mut state.monitor_sleeps)
    }

    /// Whether a thread that has emptied its batch finds another one.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.lock().has_work()
    }

    /// Before a call that is expected to be long: sees to it that somebody reads or helps.
    #[must_use]
    pub fn hand_over(&self) -> Option<Spawn> {
        let mut state = self.lock();
        if state.reading {
            None
        } else {
            state.wake_one()
        }
    }

    /// The monitor's tick: wakes one more thread when everybody has been stuck since the last one. `None` when there
    /// is nothing left to watch and the monitor may sleep.
    pub fn tick(&self, last_turns: &mut u64) -> (bool, Option<Spawn>) {
        let mut state = self.lock();
        let stuck = state.running > 0 && !state.reading && state.turns == *last_turns;
        let idle = state.running == 0 && state.turns == *last_turns;
        *last_turns = state.turns;
        let spawn = if stuck { state.wake_one() } else { None };
        (idle, spawn)
    }

    /// The monitor goes to sleep, unless calls run by now.
    #[must_use]
    pub fn sleep(&self) -> bool {
        let mut state = self.lock();
        state.monitor_sleeps = state.running == 0;
        state.monitor_sleeps
    }

    /// The first thread.
    pub fn first(&self) -> Spawn {
        let mut state = self.lock();
        state.spawned += 1;
        Spawn(state.spawned - 1)
    }

    /// Marks the call with this Id as cancelled, if it is known.
    pub fn cancel(&self, id: &[u8]) -> bool {
        let live: Vec<Arc<Batch>> = self.lock().live.iter().filter_map(Weak::upgrade).collect();
        live.iter().rev().any(|batch| batch.cancel(id))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn role(&mut self) -> Option<Role> {
        while self.queue.front().is_some_and(|batch| batch.is_empty()) {
            let done = self.queue.pop_front();
            self.queued_bytes -= done.map_or(0, |batch| batch.block().len());
        }
        if let Some(batch) = self.queue.front().filter(|_| self.running < self.limit) {
            self.running += 1;
            return Some(Role::Run(Arc::clone(batch)));
        }
        if self.reading || self.queued_bytes > MAX_QUEUED {
            return None;
        }
        self.reading = true;
        Some(Role::Read)
    }

    fn has_work(&self) -> bool {
        self.queue.iter().any(|batch| !batch.is_empty())
    }

    fn wake_one(&mut self) -> Option<Spawn> {
        if let Some((_, thread)) = self.parked.pop() {
            thread.unpark();
            return None;
        }
        if self.spawned > self.limit + self.waiting {
            return None;
        }
        self.spawned += 1;
        Some(Spawn(self.spawned - 1))
    }

    fn keep(&mut self, batch: &Arc<Batch>) {
        if self.live.len() >= self.sweep_at {
            self.live.retain(|batch| batch.strong_count() > 0);
            self.sweep_at = (self.live.len() * 2).max(16);
        }
        self.live.push(Arc::downgrade(batch));
    }
}
