//! What each thread is doing, as the monitor sees it: two plain stores a call, no clock. A thread that is in the same
//! call at two ticks is in a long one, and its function is remembered.

use std::ptr;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicPtr, AtomicU32};

use super::{MAX_RUNNING, Slow};

/// Threads that can be watched: all that run calls, and the one that reads.
const WATCHED: usize = MAX_RUNNING + 2;

/// One entry per thread.
pub(crate) struct Watches(Box<[Watch]>);

/// On a cache line of its own: each is written by one thread for every call.
#[repr(align(64))]
struct Watch {
    calls: AtomicU32,
    slow: AtomicPtr<Slow>,
}

impl Watches {
    pub(crate) fn new() -> Self {
        let watch = || Watch {
            calls: AtomicU32::new(0),
            slow: AtomicPtr::new(ptr::null_mut()),
        };
        Self((0..WATCHED).map(|_| watch()).collect())
    }

    /// A thread begins a call.
    #[inline]
    pub(crate) fn enter(&self, index: usize, slow: &'static Slow) {
        if let Some(watch) = self.0.get(index) {
            let calls = watch.calls.load(Relaxed);
            watch.calls.store(calls.wrapping_add(1), Relaxed);
            watch.slow.store(ptr::from_ref(slow).cast_mut(), Relaxed);
        }
    }

    /// It ended.
    #[inline]
    pub(crate) fn leave(&self, index: usize) {
        if let Some(watch) = self.0.get(index) {
            watch.slow.store(ptr::null_mut(), Relaxed);
        }
    }

    /// Remembers the functions that have been running since the last look.
    pub(crate) fn look(&self, seen: &mut Vec<u32>) {
        seen.resize(self.0.len(), 0);
        for (watch, seen) in self.0.iter().zip(seen) {
            let calls = watch.calls.load(Relaxed);
            let same = std::mem::replace(seen, calls) == calls;
            // SAFETY: null, or what `enter` made of a `&'static Slow`.
            let slow = unsafe { watch.slow.load(Relaxed).as_ref() };
            if let Some(slow) = slow.filter(|_| same) {
                slow.caught();
            }
        }
    }
}
