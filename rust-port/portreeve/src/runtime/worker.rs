//! A thread that runs calls, and reads when nobody else does.

use std::io;
use std::sync::Arc;
use std::thread::Thread;

use super::dispatch;
use super::program::Program;
use super::reader::Receiver;
use super::thread_index::ThreadIndex;
use super::waiting;
use crate::calls::batch::{Batch, Ticket};
use crate::schedule::{Done, Role};

/// Bytes of a thread's stack: what a main thread has, so that a function that recursed there does so here.
pub(crate) const STACK: usize = 8 * 1024 * 1024;
/// Room that a thread keeps for the next answer; one that needed more gives it back.
const KEPT: usize = 1024 * 1024;

/// One of the threads.
pub(crate) struct Worker {
    program: &'static Program,
    /// Which thread of the schedule it is.
    pub index: usize,
    /// Which thread of the black box; its reply buffer is there.
    pub place: Option<usize>,
    /// Where answers are written before they are published.
    pub out: Vec<u8>,
}

/// Starts a thread.
///
/// # Errors
/// When the system gives none.
pub(crate) fn spawn(program: &'static Program, index: usize) -> io::Result<Thread> {
    let thread = std::thread::Builder::new()
        .name(format!("portreeve-{index}"))
        .stack_size(STACK);
    let started = thread.spawn(move || {
        let in_box = ThreadIndex::scheduled(program);
        Worker::new(program, index, in_box.get()).work();
    })?;
    Ok(started.thread().clone())
}

impl Worker {
    /// One that has done nothing yet.
    #[must_use]
    pub(crate) fn new(program: &'static Program, index: usize, place: Option<usize>) -> Self {
        Self {
            program,
            index,
            place,
            out: Vec::new(),
        }
    }

    /// Makes room for the next answer.
    pub(crate) fn clear(&mut self) {
        self.out.clear();
        self.out.shrink_to(KEPT);
    }

    fn work(mut self) {
        waiting::mark_thread();
        let (program, index, place) = (self.program, self.index, self.place);
        let mut done = Done::Nothing;
        loop {
            // Answers leave before the thread reads or parks.
            let flush = || program.link().flush(place);
            done = match program.threads().next(program, index, done, flush) {
                Role::Run(batch) => {
                    self.run(batch);
                    Done::Run
                }
                Role::Read => Done::Read(self.read()),
            };
        }
    }

    fn run(&mut self, batch: Arc<Batch>) {
        let mut ticket = Ticket::new(batch);
        while ticket.claim_next() {
            dispatch::serve(self.program, &ticket, self);
            self.clear();
        }
    }

    fn read(&self) -> Vec<Arc<Batch>> {
        let received = Receiver::of(self.program, self.program.input()).receive();
        if received.stop {
            self.program.stop();
        }
        received.batches
    }
}
