//! A thread that waits inside portreeve, for an answer of the host, computes nothing: somebody else may use its core
//! meanwhile, and somebody else must read.

use std::cell::Cell;

use super::program::Program;
use crate::blackbox::crash;

thread_local! {
    static RUNS_CALLS: Cell<bool> = const { Cell::new(false) };
}

/// This is a thread of the schedule.
pub(crate) fn mark_thread() {
    RUNS_CALLS.set(true);
}

/// Held while the thread waits.
pub(crate) struct Waiting {
    program: &'static Program,
    is_of_schedule: bool,
}

/// The calling thread is about to wait; `None` when too many wait already, or nobody could read the answer. Its finished
/// answers go out first.
pub(crate) fn wait(program: &'static Program) -> Option<Waiting> {
    let is_of_schedule = RUNS_CALLS.get();
    if !is_of_schedule {
        program.threads().begin_outside_wait(program);
    } else {
        program.link().flush(crash::index());
        if !program.threads().begin_wait(program) {
            return None;
        }
    }
    Some(Waiting {
        program,
        is_of_schedule,
    })
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let threads = self.program.threads();
        if self.is_of_schedule {
            threads.end_wait(self.program);
        } else {
            threads.end_outside_wait(self.program);
        }
    }
}
