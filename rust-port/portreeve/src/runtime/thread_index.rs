//! A thread's index in the black box, and its stack for the handlers of a crash. Every thread that runs user code holds
//! one for as long as it lives. A thread that finds no index free runs unseen: its death names no culprit.

use std::sync::atomic::Ordering::Relaxed;

use crate::blackbox::crash;
use crate::runtime::program::Program;
use crate::sys::signals::{AlternateStack, thread_id};

/// Held by the thread that it belongs to.
pub(crate) struct ThreadIndex {
    _stack: AlternateStack,
    program: &'static Program,
    index: Option<usize>,
}

impl ThreadIndex {
    /// Of a thread of the schedule.
    pub(crate) fn scheduled(program: &'static Program) -> Self {
        Self::take(program, program.link().memory().take_scheduled_place())
    }

    /// Of any other thread.
    pub(crate) fn other(program: &'static Program) -> Self {
        let scheduled = program.threads().most();
        Self::take(program, program.link().memory().take_place(scheduled))
    }

    fn take(program: &'static Program, index: Option<usize>) -> Self {
        let taken = Self {
            _stack: AlternateStack::new(),
            program,
            index,
        };
        crash::set_index(index);
        if let Some(thread) = index.and_then(|index| program.link().memory().thread(index)) {
            thread.tid.store(thread_id(), Relaxed);
        }
        taken
    }

    /// The index.
    pub(crate) fn get(&self) -> Option<usize> {
        self.index
    }
}

impl Drop for ThreadIndex {
    fn drop(&mut self) {
        if let Some(index) = self.index.take() {
            crash::set_index(None);
            self.program.link().memory().leave_place(index);
        }
    }
}
