//! The program without pipes and without threads of its own, for the bench `dispatch`: frames come from memory and
//! answers are looked at in memory. Everything between the two is what a call goes through anyway.

use std::fs::File;
use std::io;

use super::dispatch;
use super::panics;
use super::program::Program;
use super::reader::Receiver;
use super::registry::Registry;
use super::start::Start;
use super::thread_index::ThreadIndex;
use super::worker::Worker;
use crate::blackbox::BlackBox;
use crate::calls::batch::Ticket;
use crate::link::Link;
use crate::schedule::{Done, Role};
use crate::sys::exit::End;
use crate::sys::wake;

/// The functions of this binary, run by the thread that made it.
pub struct Unpiped {
    program: &'static Program,
    worker: Worker,
    index: ThreadIndex,
}

impl Unpiped {
    /// # Errors
    /// When the system has no memory or descriptors left.
    pub fn new() -> io::Result<Self> {
        panics::install();
        let nowhere = File::options().read(true).write(true).open("/dev/null")?;
        let (end, _) = End::new(true);
        let (waker, _) = wake::pipe()?;
        let link = Link::new(nowhere.try_clone()?, BlackBox::private(1)?, end.clone());
        let (registry, start) = (Registry::collect(), Start::none());
        let program = Program::leak(registry, start, nowhere, link, waker, end);
        let index = ThreadIndex::scheduled(program);
        // The one thread reads first, as that of a program does.
        let role = program.threads().next(program, 0, Done::Nothing, || {});
        assert!(matches!(role, Role::Read));
        Ok(Self {
            program,
            worker: Worker::new(program, 0, index.get()),
            index,
        })
    }

    #[cfg(test)]
    pub(super) fn program(&self) -> &'static Program {
        self.program
    }

    /// Takes what one read brought, whole frames, and shows the frame of each answer to `answered`.
    pub fn serve(&mut self, frames: &[u8], mut answered: impl FnMut(&[u8])) {
        let program = self.program;
        let received = Receiver::of(program, program.input()).receive_by(|_, into| {
            into.extend_from_slice(frames);
            Ok(frames.len())
        });
        let mut done = Done::Read(received.batches);
        while let Role::Run(batch) = program.threads().next(program, 0, done, || {}) {
            let mut ticket = Ticket::new(batch);
            while ticket.claim_next() {
                dispatch::serve(program, &ticket, &mut self.worker);
                answered(&self.worker.out);
                self.worker.clear();
            }
            program.link().flush(self.index.get());
            done = Done::Run;
        }
    }

    /// The same for functions that run elsewhere: waits until all are answered.
    pub fn serve_elsewhere(&mut self, frames: &[u8]) {
        self.serve(frames, |_| {});
        let (say, done) = std::sync::mpsc::channel();
        let when_empty = move || say.send(()).expect("the bench waits");
        self.program.threads().budget().when_empty(when_empty);
        done.recv().expect("all are answered");
    }
}
