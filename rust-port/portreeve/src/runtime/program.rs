//! The program as a whole: what it can do, and the parts that share it. It lives until the process ends.

use std::any::Any;
use std::fs::File;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, OnceLock};

use super::blocking::Blocking;
use super::monitor::Flusher;
use super::reader::Input;
use super::registry::Registry;
use super::start::Start;
use super::threads::Threads;
use crate::calls::ids::{self, Ids};
use crate::calls::made::MadeCalls;
use crate::link::Link;
use crate::observe::logging;
use crate::sys::exit::End;
use crate::sys::wake::Waker;

/// One running program.
pub(crate) struct Program {
    registry: Registry,
    link: Link,
    threads: Threads,
    blocking: Blocking,
    made: MadeCalls,
    ids: Ids,
    waker: Waker,
    flusher: Flusher,
    input: Mutex<Input>,
    start: Start,
    state: OnceLock<Arc<dyn Any + Send + Sync>>,
    stopping: AtomicBool,
    end: End,
}

impl Program {
    /// One that reads this input; it lives as long as the process.
    pub(crate) fn leak(
        registry: Registry,
        start: Start,
        input: File,
        link: Link,
        waker: Waker,
        end: End,
    ) -> &'static Self {
        let (incoming, ids) = ids::table(link.memory().layout().slots > 0);
        let program: &'static Self = Box::leak(Box::new(Self {
            registry,
            link,
            threads: Threads::new(),
            blocking: Blocking::default(),
            made: MadeCalls::default(),
            ids,
            waker,
            flusher: Flusher::default(),
            input: Mutex::new(Input::new(input, incoming)),
            start,
            state: OnceLock::new(),
            stopping: AtomicBool::new(false),
            end,
        }));
        let budget = program.threads.budget();
        budget.when_room(move || program.threads.room(program));
        program
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    pub(crate) fn link(&self) -> &Link {
        &self.link
    }

    /// The Ids of calls that are unanswered.
    pub(crate) fn ids(&self) -> &Ids {
        &self.ids
    }

    pub(crate) fn threads(&self) -> &Threads {
        &self.threads
    }

    pub(crate) fn blocking(&self) -> &Blocking {
        &self.blocking
    }

    pub(crate) fn made(&self) -> &MadeCalls {
        &self.made
    }

    pub(crate) fn waker(&self) -> &Waker {
        &self.waker
    }

    pub(crate) fn flusher(&self) -> &Flusher {
        &self.flusher
    }

    pub(crate) fn input(&self) -> &Mutex<Input> {
        &self.input
    }

    pub(crate) fn start(&self) -> &Start {
        &self.start
    }

    pub(crate) fn end(&self) -> &End {
        &self.end
    }

    /// The host has lost interest in a call that came with an earlier read.
    pub(crate) fn cancel(&self, id: &[u8]) {
        // An Id that is not known has its answer already: the cancel races with it.
        self.threads.cancel(id);
        self.made.cancel(&self.link, id);
        #[cfg(feature = "async")]
        super::futures::cancel(id);
    }

    /// SIGTERM. Under a reeve it is not for us to obey: a group gets it while the host still needs its workers. Anybody
    /// else means `stop`.
    pub(crate) fn terminate(&'static self) {
        let is_under_a_reeve = self.link.memory().is_shared() || self.link.settings().is_some();
        if !is_under_a_reeve {
            self.stop();
        }
    }

    /// Whether calls are refused because the end is near.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Relaxed)
    }

    /// Refuses calls from now on. The reader does so between two messages; `stop` then ends the program.
    pub(crate) fn refuse_calls(&self) {
        self.stopping.store(true, Relaxed);
    }

    /// Ends in good order once everything that was received is answered. The main thread does the rest, for writing may
    /// block: see [`finish`](Self::finish).
    pub(crate) fn stop(&'static self) {
        self.refuse_calls();
        let budget = self.threads.budget();
        budget.when_empty(|| self.end.orderly(0));
    }

    /// Writes out what waits, as the last one to do so: nobody writes after it.
    pub(crate) fn finish(&self) {
        self.link.flush_all();
        logging::flush();
        self.link.close();
    }

    /// Keeps what `on_start` set up.
    pub(crate) fn set_state(&self, state: Arc<dyn Any + Send + Sync>) {
        self.state.get_or_init(|| state);
    }

    /// What `on_start` set up.
    pub(crate) fn state(&self) -> Option<&Arc<dyn Any + Send + Sync>> {
        self.state.get()
    }
}
