//! A thread that waits inside portreeve, for an answer of the host, computes nothing: somebody else may use its core
//! meanwhile, and somebody else must read.

use std::cell::Cell;

use super::worker;
use crate::blackbox::crash;
use crate::runtime::program::Program;

thread_local! {
    static RUNS_CALLS: Cell<bool> = const { Cell::new(false) };
}

/// This is a thread of the schedule.
pub fn mark_thread() {
    RUNS_CALLS.set(true);
}

/// Held while the thread waits.
pub struct Waiting(Option<&'static Program>);

/// The calling thread is about to wait; `None` when too many wait already. Its finished answers go out first.
pub fn wait(program: &'static Program) -> Option<Waiting> {
    if !RUNS_CALLS.get() {
        return Some(Waiting(None));
    }
    if let Some(index) = crash::index() {
        program.output().flush(index);
    }
    if let Some(spawn) = program.schedule().begin_wait()? {
        worker::spawn(program, spawn);
    }
    Some(Waiting(Some(program)))
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(program) = self.0
            && program.schedule().end_wait()
        {
            program.monitor().wake();
        }
    }
}
