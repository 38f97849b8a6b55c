//! The program as a whole: what it can do, what the host said, and the parts that share it. It lives until the
//! process ends.

use std::any::Any;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, OnceLock};

use crate::api::extractors::State;
use crate::calls::made::HostCalls;
use crate::etf;
use crate::link::output::Output;
use crate::runtime::blocking::Blocking;
use crate::runtime::monitor::Monitor;
use crate::runtime::reader::Input;
use crate::runtime::registry::Registry;
use crate::runtime::start::Start;
use crate::schedule::Schedule;
use crate::sys::exit::End;
use crate::wire::failure::{Failure, Kind};
use crate::wire::host_hello::{MAX_FRAME, Settings, Word};
use crate::wire::message::write;

/// One running program.
pub struct Program {
    registry: Registry,
    output: Output,
    schedule: Schedule,
    blocking: Blocking,
    host_calls: HostCalls,
    monitor: Monitor,
    input: Mutex<Input>,
    start: Start,
    settings: OnceLock<Peer>,
    state: OnceLock<Arc<dyn Any + Send + Sync>>,
    stopping: AtomicBool,
    end: End,
}

/// What follows from the host's hello, worked out once.
struct Peer {
    settings: Settings,
    encoding: etf::Options,
}

impl Program {
    pub(crate) fn new(
        registry: Registry,
        start: Start,
        input: Input,
        output: Output,
        monitor: Monitor,
        end: End,
    ) -> Self {
        Self {
            registry,
            output,
            schedule: Schedule::new(),
            blocking: Blocking::default(),
            host_calls: HostCalls::default(),
            monitor,
            input: Mutex::new(input),
            start,
            settings: OnceLock::new(),
            state: OnceLock::new(),
            stopping: AtomicBool::new(false),
            end,
        }
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    pub(crate) fn output(&self) -> &Output {
        &self.output
    }

    pub(crate) fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    pub(crate) fn blocking(&self) -> &Blocking {
        &self.blocking
    }

    pub(crate) fn host_calls(&self) -> &HostCalls {
        &self.host_calls
    }

    pub(crate) fn monitor(&self) -> &Monitor {
        &self.monitor
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

    /// Keeps what the host said; only the first hello counts.
    pub(crate) fn greet(&self, settings: Settings) {
        let bytes = if settings.accepts(Word::Bytes) {
            etf::BytesAs::BitBinary
        } else {
            etf::BytesAs::Binary
        };
        if settings.accepts(Word::Part) {
            self.output.allow_parts();
        }
        if settings.accepts(Word::Log) {
            crate::observe::logging::set_level(settings.log.as_deref().unwrap_or("info"));
        }
        if settings.accepts(Word::Span) {
            crate::observe::spans::ask();
        }
        // A second hello finds the cell full and changes nothing.
        self.settings.get_or_init(|| Peer {
            settings,
            encoding: etf::Options { bytes },
        });
    }

    /// What the host said, if it said hello.
    pub(crate) fn settings(&self) -> Option<&Settings> {
        self.settings.get().map(|peer| &peer.settings)
    }

    /// The largest message that is taken, in bytes.
    pub(crate) fn max_received(&self) -> usize {
        self.settings().map_or(MAX_FRAME, Settings::max_received)
    }

    pub(crate) fn accepts(&self, word: Word) -> bool {
        self.settings()
            .is_some_and(|settings| settings.accepts(word))
    }

    /// How values for this host are written.
    pub(crate) fn encoding(&self) -> etf::Options {
        self.settings
            .get()
            .map_or_else(etf::Options::default, |peer| peer.encoding)
    }

    /// Puts the length into a frame, which must be within what the host takes.
    pub(crate) fn end_frame(&self, out: &mut Vec<u8>, start: usize) -> Result<(), Failure> {
        let max = self
            .settings()
            .map_or(MAX_FRAME, |settings| settings.max_frame);
        write::end(out, start, max).map_err(|large| {
            let text = format!(
                "the result is a message of {} bytes; the host takes {}",
                large.size, large.max
            );
            Failure::new(Kind::Error, text)
        })
    }

    /// The host has lost interest in a call that came with an earlier read.
    pub(crate) fn cancel(&self, id: &[u8]) {
        // An Id that is not known has its answer already: the cancel races with it.
        self.schedule.cancel(id);
        self.host_calls.cancel(self, id);
        #[cfg(feature = "async")]
        crate::runtime::futures::cancel(id);
    }

    /// SIGTERM. Under a host that said hello it is not for us to obey: a group gets it while the host still needs its
    /// workers. Anybody else means `stop`.
    pub(crate) fn terminate(&'static self) {
        if self.settings().is_none() {
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

    /// Ends in good order once everything that was received is answered.
    pub(crate) fn stop(&'static self) {
        self.refuse_calls();
        self.schedule.drain().when_empty(|| {
            self.output.flush_all();
            crate::observe::logging::flush();
            self.end.orderly(0);
        });
    }

    /// Keeps what `on_start` set up.
    pub(crate) fn set_state(&self, state: Arc<dyn Any + Send + Sync>) {
        self.state.get_or_init(|| state);
    }

    pub(crate) fn state<T: Send + Sync + 'static>(&self) -> Option<State<T>> {
        self.state.get().and_then(State::from_any)
    }
}
