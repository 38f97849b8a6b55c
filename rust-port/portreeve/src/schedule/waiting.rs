//! A thread that waits inside portreeve, for an answer of the host, computes nothing: somebody else may use its core
//! meanwhile, and somebody else must read.

use std::cell::Cell;

use super::{Schedule, worker};
use crate::blackbox::crash;
use crate::program::Program;

/// Most threads of calls that wait.
const MAX_WAITING: usize = 256;

thread_local! {
    static RUNS_CALLS: Cell<bool> = const { Cell::new(false) };
}

/// This is a thread of the schedule.
pub fn mark_thread() {
    RUNS_CALLS.set(true);
}

/// Held while the thread waits.
pub struct Waiting(Option<&'static Program>);

impl Schedule {
    /// The calling thread is about to wait; `None` when too many wait already. Its finished answers go out first.
    pub fn wait(&self, program: &'static Program) -> Option<Waiting> {
        if !RUNS_CALLS.get() {
            return Some(Waiting(None));
        }
        if let Some(index) = crash::index() {
            program.output().flush(index);
        }
        let mut state = self.lock();
        if state.waiting >= MAX_WAITING {
            return None;
        }
        state.waiting += 1;
        state.running -= 1;
        // Whoever reads may have queued what comes next, for want of a thread to run it.
        let is_needed = !state.reading || state.has_work();
        let spawn = if is_needed { state.wake_one() } else { None };
        drop(state);
        if let Some(spawn) = spawn {
            worker::spawn(program, spawn);
        }
        Some(Waiting(Some(program)))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(program) = self.0 {
            let mut state = program.schedule().lock();
            state.waiting -= 1;
            // For a moment one more thread than the limit may run: it was running before those that took its place.
            state.running += 1;
            let monitor_sleeps = std::mem::take(&mut state.monitor_sleeps);
            drop(state);
            if monitor_sleeps {
                program.monitor().wake();
            }
        }
    }
}
