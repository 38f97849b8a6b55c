//! A thread's place in the black box, and its stack for the handlers of a crash. Every thread that runs user code holds
//! one for as long as it lives.

use std::sync::atomic::Ordering::Relaxed;

use crate::blackbox::crash;
use crate::runtime::program::Program;
use crate::sys::signals::{AlternateStack, thread_id};

/// Held by the thread that it belongs to.
pub struct ThreadIndex {
    _stack: AlternateStack,
    program: &'static Program,
    /// To be given back at the end.
    borrowed: Option<usize>,
}

impl ThreadIndex {
    /// Of a thread of the schedule, by its number.
    pub fn numbered(program: &'static Program, index: usize) -> Self {
        let stack = AlternateStack::new();
        take(program, index);
        Self {
            _stack: stack,
            program,
            borrowed: None,
        }
    }

    /// Of any other thread. Without a place left it runs unseen: its death names no culprit.
    pub fn borrowed(program: &'static Program) -> Self {
        let stack = AlternateStack::new();
        let memory = program.link().memory();
        let borrowed = memory.take_place(0);
        if let Some(index) = borrowed {
            take(program, index);
        }
        Self {
            _stack: stack,
            program,
            borrowed,
        }
    }
}

fn take(program: &'static Program, index: usize) {
    crash::set_index(Some(index));
    if let Some(thread) = program.link().memory().thread(index) {
        thread.tid.store(thread_id(), Relaxed);
    }
}

impl Drop for ThreadIndex {
    fn drop(&mut self) {
        if let Some(index) = self.borrowed.take() {
            crash::set_index(None);
            self.program.link().memory().leave_place(index);
        }
    }
}
