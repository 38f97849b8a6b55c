//! A thread that runs calls, and reads when nobody else does.

use std::sync::Arc;

use super::waiting;
use crate::calls::batch::{Batch, Ticket};
use crate::runtime::dispatch;
use crate::runtime::program::Program;
use crate::runtime::reader::Receiver;
use crate::runtime::thread_index::ThreadIndex;
use crate::schedule::{Role, Spawn};

/// Bytes of a thread's stack: what a main thread has, so that a function that recursed there does so here.
const STACK: usize = 8 * 1024 * 1024;
/// Room that a thread keeps for the next answer; one that needed more gives it back.
const KEPT: usize = 1024 * 1024;

/// One of the threads.
pub struct Worker {
    program: &'static Program,
    pub index: usize,
    /// Where answers are written before they are published.
    pub out: Vec<u8>,
}

/// Starts a thread.
pub fn spawn(program: &'static Program, Spawn(index): Spawn) {
    let thread = std::thread::Builder::new()
        .name(format!("portreeve-{index}"))
        .stack_size(STACK);
    let started = thread.spawn(move || Worker::new(program, index).work());
    if let Err(error) = started {
        // The threads that are there go on; calls wait for them.
        crate::sys::stderr::complain(format_args!("no thread for calls: {error}"));
    }
}

impl Worker {
    /// One that has done nothing yet.
    #[must_use]
    pub fn new(program: &'static Program, index: usize) -> Self {
        Self {
            program,
            index,
            out: Vec::new(),
        }
    }

    /// Makes room for the next answer.
    pub fn clear(&mut self) {
        self.out.clear();
        self.out.shrink_to(KEPT);
    }

    fn work(mut self) {
        waiting::mark_thread();
        let _place = ThreadIndex::numbered(self.program, self.index);
        let mut was_running = false;
        loop {
            match self.program.schedule().next(self.index, was_running) {
                Role::Run(batch) => {
                    self.run(batch);
                    was_running = true;
                }
                Role::Read => {
                    self.read();
                    was_running = false;
                }
            }
        }
    }

    fn run(&mut self, batch: Arc<Batch>) {
        let mut ticket = Ticket::new(batch);
        while ticket.claim_next() {
            dispatch::serve(self.program, &ticket, self);
            self.clear();
        }
        if !self.program.schedule().has_more() {
            self.program.output().flush(self.index);
        }
    }

    fn read(&self) {
        let received = Receiver::of(self.program, self.program.input()).receive();
        if self.program.schedule().push(received.batches.into_iter()) {
            self.program.monitor().wake();
        }
        if received.stop {
            self.program.stop();
        }
    }
}
