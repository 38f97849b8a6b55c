//! Records of the crates `log` and `tracing`, to the host that wants them or to stderr. A record never blocks the thread
//! that made it: it is written at once where that cannot wait, and queued otherwise; when the queue is full it is
//! dropped, and the count of what was dropped is a record of its own.

#[cfg(feature = "log")]
mod from_log;
#[cfg(feature = "tracing")]
mod from_tracing;
mod record;

use std::collections::VecDeque;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::program::Program;
use crate::settings::Word;
pub use record::{Level, Record, Value};

/// Bytes that wait at most.
const MAX_WAITING: usize = 1024 * 1024;
/// What goes to stderr of a program that no host has asked for logs.
const UNASKED: Level = Level::Info;

/// Where records go, once the program runs.
static LOGS: OnceLock<Logs> = OnceLock::new();
/// The lowest level that is wanted; one load decides for the others.
static WANTED: AtomicU8 = AtomicU8::new(UNASKED as u8);

/// The queue and the thread that empties it.
struct Logs {
    program: &'static Program,
    queue: Mutex<Queue>,
    come: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Vec<u8>>,
    bytes: usize,
    dropped: u64,
    has_thread: bool,
}

/// Becomes the logger of this process, unless it has one already: a program that sets its own keeps it.
pub fn install(program: &'static Program) {
    LOGS.get_or_init(|| Logs {
        program,
        queue: Mutex::default(),
        come: Condvar::new(),
    });
    #[cfg(feature = "log")]
    from_log::install();
    #[cfg(feature = "tracing")]
    from_tracing::install();
}

/// The host has said how much it wants to hear.
pub fn set_level(name: &str) {
    WANTED.store(Level::named(name).map_or(0, |level| level as u8), Relaxed);
    #[cfg(feature = "log")]
    from_log::set_level();
    #[cfg(feature = "tracing")]
    from_tracing::set_level();
}

/// The lowest level that is wanted; `None` for none at all.
pub fn wanted() -> Option<Level> {
    Level::numbered(WANTED.load(Relaxed))
}

/// Whether records of this level are wanted.
#[inline]
pub fn is_wanted(level: Level) -> bool {
    level as u8 <= WANTED.load(Relaxed)
}

/// Sends a record on its way.
pub fn send(record: &Record<'_>) {
    let Some(logs) = LOGS.get() else { return };
    let bytes = logs.encode(record);
    let mut queue = logs.lock();
    if queue.waiting.is_empty() && queue.dropped == 0 && logs.try_write(&bytes) {
        return;
    }
    if queue.bytes + bytes.len() > MAX_WAITING {
        queue.dropped += 1;
        return;
    }
    queue.bytes += bytes.len();
    queue.waiting.push_back(bytes);
    if !std::mem::replace(&mut queue.has_thread, true) {
        let thread = std::thread::Builder::new().name("portreeve-log".into());
        queue.has_thread = thread.spawn(move || logs.work()).is_ok();
    }
    logs.come.notify_one();
}

/// Writes out what waits, before an orderly end.
pub fn flush() {
    if let Some(logs) = LOGS.get() {
        let waiting = std::mem::take(&mut logs.lock().waiting);
        waiting.iter().for_each(|bytes| logs.write(bytes));
    }
}

impl Logs {
    fn to_host(&self) -> bool {
        self.program.accepts(Word::Log)
    }

    /// A frame, or a line for stderr.
    fn encode(&self, record: &Record<'_>) -> Vec<u8> {
        if !self.to_host() {
            return record.line().into_bytes();
        }
        let mut out = Vec::new();
        match record.frame(self.program, &mut out) {
            Ok(()) => out,
            Err(_) => Vec::new(),
        }
    }

    /// Writes, if that does not wait for anybody.
    fn try_write(&self, bytes: &[u8]) -> bool {
        if self.to_host() {
            self.program.output().try_send(bytes)
        } else {
            crate::stdio::try_write_stderr(bytes)
        }
    }

    fn write(&self, bytes: &[u8]) {
        if self.to_host() {
            self.program.output().send(bytes);
        } else {
            // Nobody is left to tell when stderr is closed.
            drop(std::io::Write::write_all(&mut std::io::stderr(), bytes));
        }
    }

    fn work(&self) {
        loop {
            let (bytes, dropped) = self.next();
            self.write(&bytes);
            if dropped > 0 {
                self.write(&self.encode(&Record {
                    level: Level::Warn,
                    target: "portreeve",
                    message: format!(
                        "{dropped} log messages were dropped: the host reads too slowly"
                    ),
                    fields: vec![("dropped", Value::Unsigned(dropped))],
                }));
            }
        }
    }

    /// The next record, and how many were dropped once no more of them wait.
    fn next(&self) -> (Vec<u8>, u64) {
        let queue = self.lock();
        let mut queue = self
            .come
            .wait_while(queue, |queue| queue.waiting.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        let bytes = queue.waiting.pop_front().unwrap_or_default();
        queue.bytes -= bytes.len().min(queue.bytes);
        let dropped = if queue.waiting.is_empty() {
            std::mem::take(&mut queue.dropped)
        } else {
            0
        };
        (bytes, dropped)
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
