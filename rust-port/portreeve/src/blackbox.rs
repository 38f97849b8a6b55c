//! Room `blackbox`: memory shared with the host. Here the program marks each call as *begun* and as *finished*, so that
//! the host can tell after a death what became of it, and here lie answers that were not yet in the pipe. Its neighbour, the reader,
//! is `src/process/blackbox.ts`.
//!
//! Little-endian; N slots, T threads, R bytes of reply buffer per thread:
//!
//! | at | what | written by |
//! | --- | --- | --- |
//! | 0 | `"PRBX0001"`, N u32, T u32, R u32, attached u32, tick u64, load address u64, inside u32, asked u32 (Id, 0 none); to 64 | host to R and asked, else program |
//! | 64 | N × u32: `generation << 2 \| state`; state 1 begun, 2 finished | any thread |
//! | then | T × 64: running u32 (Id, 0 none), tid u32, published u32, flushed u32 | its thread |
//! | then | 1024: the record of a crash (`crash.rs`) | signal handler; its words: who is about to abort |
//! | then | T × R: reply frames, `[flushed, published)` not yet in the pipe | its thread |
//!
//! `published` and `flushed` are offsets into the R bytes; frames do not wrap. When all is flushed the thread stores
//! 0 in `published` and then in `flushed`, so `flushed >= published` means an empty buffer.
//!
//! A program that was handed no box writes the same into memory of its own, which nobody reads: one way to do it.

mod asked;
mod attach;
pub(crate) mod crash;
mod layout;
#[cfg(feature = "symbols")]
pub(crate) mod symbols;

use std::sync::atomic::Ordering::{self, Relaxed};
use std::sync::atomic::{AtomicU32, AtomicU64, compiler_fence};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::sys::mmap::Memory;
pub(crate) use attach::open;
pub(crate) use layout::Layout;

/// The states of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Begun = 1,
    Finished = 2,
}

/// The box, or the memory in its place.
pub(crate) struct BlackBox {
    memory: Memory,
    layout: Layout,
    is_shared: bool,
    places: Mutex<Places>,
}

/// Who has which place: no two threads ever have the same one.
struct Places {
    taken: Vec<bool>,
    /// Threads of the schedule that have asked for one.
    scheduled: usize,
}

impl Places {
    fn take(&mut self) -> Option<usize> {
        let free = self.taken.iter().position(|taken| !taken)?;
        self.taken[free] = true;
        Some(free)
    }
}

/// What belongs to one thread; where it notes its call is [`BlackBox::running`].
pub(crate) struct Thread<'a> {
    pub tid: &'a AtomicU32,
    pub published: &'a AtomicU32,
    pub flushed: &'a AtomicU32,
    /// The first of the R bytes of its reply buffer.
    pub buffer: *mut u8,
}

impl BlackBox {
    /// Memory of our own, for `threads` threads.
    pub(crate) fn private(threads: usize) -> std::io::Result<Self> {
        let layout = Layout::private(threads);
        Ok(Self::over(Memory::anonymous(layout.size())?, layout, false))
    }

    fn over(memory: Memory, layout: Layout, is_shared: bool) -> Self {
        let places = Places {
            taken: vec![false; layout.threads as usize],
            scheduled: 0,
        };
        Self {
            memory,
            layout,
            is_shared,
            places: Mutex::new(places),
        }
    }

    /// Whether a host reads it: then it is a reeve of ours.
    pub(crate) fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// A place for a thread of the schedule.
    pub(crate) fn take_scheduled_place(&self) -> Option<usize> {
        let mut places = self.places();
        places.scheduled += 1;
        places.take()
    }

    /// A place for any other thread, as long as enough are left for the schedule, which may come to have so many threads.
    pub(crate) fn take_place(&self, scheduled: usize) -> Option<usize> {
        let mut places = self.places();
        let kept = scheduled.saturating_sub(places.scheduled);
        let free = places.taken.iter().filter(|taken| !**taken).count();
        if free > kept { places.take() } else { None }
    }

    /// Gives a place back.
    pub(crate) fn leave_place(&self, place: usize) {
        self.places().taken[place] = false;
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn layout(&self) -> Layout {
        self.layout
    }

    /// The monitor is alive.
    pub(crate) fn tick(&self) {
        let tick = self.u64_at(layout::TICK);
        tick.store(tick.load(Relaxed).wrapping_add(1), Relaxed);
    }

    /// Whether nothing comes although the rest of a frame is due: the host knows whether it has sent it.
    pub(crate) fn wait_inside(&self, waits: bool) {
        self.u32_at(layout::INSIDE).store(u32::from(waits), Relaxed);
    }

    /// Notes the state of the call with this Id (`generation << 16 | slot`). An Id that has no slot is let go.
    pub(crate) fn mark(&self, id: u32, state: State) {
        let slot = id & 0xffff;
        if id != 0 && slot < self.layout.slots {
            // What was stored before stays before: the arguments are decoded after, the answer published before.
            compiler_fence(Ordering::SeqCst);
            let word = (id >> 16) << 2 | state as u32;
            self.u32_at(layout::SLOTS + 4 * slot as usize)
                .store(word, Relaxed);
            compiler_fence(Ordering::SeqCst);
        }
    }

    /// Where a thread notes the call that it runs.
    #[inline]
    pub(crate) fn running(&self, index: usize) -> Option<&AtomicU32> {
        Some(self.u32_at(self.layout.thread(index)?))
    }

    /// The part of one thread; a thread over the T of the layout has none.
    pub(crate) fn thread(&self, index: usize) -> Option<Thread<'_>> {
        let at = self.layout.thread(index)?;
        Some(Thread {
            tid: self.u32_at(at + 4),
            published: self.u32_at(at + 8),
            flushed: self.u32_at(at + 12),
            buffer: self.memory.at(self.layout.buffer(index)),
        })
    }

    /// The threads that run a call now, by the system's numbers.
    pub(crate) fn running_threads(&self) -> Vec<u32> {
        let threads = 0..self.layout.threads as usize;
        let runs = |index: &usize| self.running(*index).is_some_and(|id| id.load(Relaxed) != 0);
        let number = |index| Some(self.thread(index)?.tid.load(Relaxed));
        threads.filter(runs).filter_map(number).collect()
    }

    /// The record of a crash.
    pub(crate) fn crash(&self) -> *mut u8 {
        self.memory.at(self.layout.crash())
    }

    fn u32_at(&self, at: usize) -> &AtomicU32 {
        self.word(at)
    }

    /// A u32 of it, for handlers, which no reference to the black box reaches.
    fn word(&self, at: usize) -> &'static AtomicU32 {
        // SAFETY: the layout keeps `at` inside the memory and a multiple of 4; whoever shares it uses atomics too. The
        // mapping is never taken down.
        unsafe { AtomicU32::from_ptr(self.memory.at(at).cast()) }
    }

    fn u64_at(&self, at: usize) -> &AtomicU64 {
        // SAFETY: as above; the two u64 of the header lie at multiples of 8.
        unsafe { AtomicU64::from_ptr(self.memory.at(at).cast()) }
    }
}
