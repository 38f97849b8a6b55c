//! The program without pipes and without threads of its own, for the bench `dispatch`: frames come from memory and
//! answers are looked at in memory. Everything between the two is what a call goes through anyway.

use std::fs::File;
use std::io;

use crate::blackbox::BlackBox;
use crate::calls::batch::Ticket;
use crate::link::output::Output;
use crate::runtime::dispatch;
use crate::runtime::monitor::Monitor;
use crate::runtime::panics;
use crate::runtime::program::Program;
use crate::runtime::reader::{Input, Receiver};
use crate::runtime::registry::Registry;
use crate::runtime::start::Start;
use crate::runtime::thread_index::ThreadIndex;
use crate::runtime::worker::Worker;
use crate::schedule::Role;
use crate::sys::exit::End;

/// The functions of this binary, run by the thread that made it.
pub struct Unpiped {
    program: &'static Program,
    worker: Worker,
    _place: ThreadIndex,
}

impl Unpiped {
    /// # Errors
    /// When the system has no memory or descriptors left.
    pub fn new() -> io::Result<Self> {
        panics::install();
        let nowhere = File::options().read(true).write(true).open("/dev/null")?;
        let (end, _) = End::new(true);
        let (monitor, _) = Monitor::new()?;
        let output = Output::new(nowhere.try_clone()?, BlackBox::private(1)?, end.clone());
        let input = Input::new(nowhere);
        let program = Program::new(
            Registry::collect(),
            Start::none(),
            input,
            output,
            monitor,
            end,
        );
        let program: &'static Program = Box::leak(Box::new(program));
        // The one thread reads first, as that of a program does.
        assert!(matches!(program.schedule().next(0, false), Role::Read));
        Ok(Self {
            program,
            worker: Worker::new(program, 0),
            _place: ThreadIndex::numbered(program, 0),
        })
    }

    /// Takes what one read brought, whole frames, and shows the frame of each answer to `answered`.
    pub fn serve(&mut self, frames: &[u8], mut answered: impl FnMut(&[u8])) {
        let (program, schedule) = (self.program, self.program.schedule());
        let received = Receiver::of(program, program.input()).receive_by(|_, into| {
            into.extend_from_slice(frames);
            Ok(frames.len())
        });
        schedule.push(received.batches.into_iter());
        let mut was_running = false;
        while let Role::Run(batch) = schedule.next(0, was_running) {
            let mut ticket = Ticket::new(batch);
            while ticket.claim_next() {
                dispatch::serve(program, &ticket, &mut self.worker);
                answered(&self.worker.out);
                self.worker.clear();
            }
            program.output().flush(0);
            was_running = true;
        }
    }
}
