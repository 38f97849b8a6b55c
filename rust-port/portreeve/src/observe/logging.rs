//! Where records of `log` and events of `tracing` leave: to the host that wants them, or to stderr; and spans to the host
//! that wants those. A record never blocks the thread that made it: it is written at once where that cannot wait, and
//! queued otherwise; when the queue is full it is dropped, and the count of what was dropped is a record of its own.

#[cfg(feature = "log")]
mod from_log;
#[cfg(feature = "tracing")]
mod from_tracing;
mod record;

#[cfg(feature = "tracing")]
pub(crate) use from_tracing::fields;

use std::collections::VecDeque;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::link::Link;
#[cfg(feature = "tracing")]
use crate::wire::failure::Failure;
use crate::wire::host_hello::Word;
pub(crate) use record::{Level, Record, Value};

/// Bytes of records and spans that wait at most.
const MAX_WAITING: usize = 1024 * 1024;
/// What goes to stderr of a program that no host has asked for logs.
const UNASKED: Level = Level::Info;

/// Where records go, once the program runs.
static LOGS: OnceLock<Logs> = OnceLock::new();
/// The lowest level that is wanted; one load decides for the others.
static WANTED: AtomicU8 = AtomicU8::new(UNASKED as u8);

/// The queue and the thread that empties it.
struct Logs {
    link: &'static Link,
    queue: Mutex<Queue>,
    come: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Entry>,
    bytes: usize,
    dropped: Dropped,
    has_thread: bool,
}

/// A frame for the host, or a line for stderr.
struct Entry {
    bytes: Vec<u8>,
    to_host: bool,
}

/// How much found no room.
#[derive(Default, PartialEq, Eq)]
struct Dropped {
    records: u64,
    spans: u64,
}

/// Becomes the logger of this process, unless it has one already: a program that sets its own keeps it.
pub(crate) fn install(link: &'static Link) {
    LOGS.get_or_init(|| Logs {
        link,
        queue: Mutex::default(),
        come: Condvar::new(),
    });
    #[cfg(feature = "log")]
    from_log::install();
    #[cfg(feature = "tracing")]
    from_tracing::install();
}

/// The host has said how much it wants to hear.
pub(crate) fn set_level(name: &str) {
    WANTED.store(Level::named(name).map_or(0, |level| level as u8), Relaxed);
    #[cfg(feature = "log")]
    from_log::set_level();
    #[cfg(feature = "tracing")]
    from_tracing::set_level();
}

/// The lowest level that is wanted; `None` for none at all.
pub(crate) fn wanted() -> Option<Level> {
    Level::numbered(WANTED.load(Relaxed))
}

/// Whether records of this level are wanted.
#[inline]
pub(crate) fn is_wanted(level: Level) -> bool {
    level as u8 <= WANTED.load(Relaxed)
}

/// Sends a record on its way.
pub(crate) fn send(record: &Record<'_>) {
    let Some(logs) = LOGS.get() else { return };
    if !logs.queue(logs.encode(record)) {
        logs.drop_one(|dropped| &mut dropped.records);
    }
}

/// Sends a span on its way to the host, which takes spans.
#[cfg(feature = "tracing")]
pub(crate) fn send_span(encode: impl FnOnce(&Link, &mut Vec<u8>) -> Result<(), Failure>) {
    let Some(logs) = LOGS.get() else { return };
    let (mut bytes, to_host) = (Vec::new(), true);
    // What is over the host's `max_frame` cannot be sent either.
    let encoded = encode(logs.link, &mut bytes).is_ok();
    if !encoded || !logs.queue(Entry { bytes, to_host }) {
        drop_span();
    }
}

/// Counts a span that found no room.
#[cfg(feature = "tracing")]
pub(crate) fn drop_span() {
    if let Some(logs) = LOGS.get() {
        logs.drop_one(|dropped| &mut dropped.spans);
    }
}

/// Writes out what waits, before an orderly end.
pub(crate) fn flush() {
    if let Some(logs) = LOGS.get() {
        logs.flush();
    }
}

impl Logs {
    /// Writes an entry if that waits for nobody, else queues it. False when there is no room.
    fn queue(&'static self, entry: Entry) -> bool {
        let mut queue = self.lock();
        let is_next = queue.waiting.is_empty() && queue.dropped == Dropped::default();
        if is_next && self.try_write(&entry) {
            return true;
        }
        if queue.bytes + entry.bytes.len() > MAX_WAITING {
            return false;
        }
        queue.bytes += entry.bytes.len();
        queue.waiting.push_back(entry);
        self.wake(&mut queue);
        true
    }

    fn drop_one(&'static self, count: impl FnOnce(&mut Dropped) -> &mut u64) {
        let mut queue = self.lock();
        *count(&mut queue.dropped) += 1;
        self.wake(&mut queue);
    }

    fn wake(&'static self, queue: &mut Queue) {
        if !std::mem::replace(&mut queue.has_thread, true) {
            let thread = std::thread::Builder::new().name("portreeve-log".into());
            queue.has_thread = thread.spawn(move || self.work()).is_ok();
        }
        self.come.notify_one();
    }

    fn flush(&self) {
        let mut queue = self.lock();
        let waiting = std::mem::take(&mut queue.waiting);
        queue.bytes = 0;
        drop(queue);
        waiting.iter().for_each(|entry| self.write(entry));
    }

    /// A frame, or a line for stderr.
    fn encode(&self, record: &Record<'_>) -> Entry {
        let to_host = self.link.accepts(Word::Log);
        let mut bytes = Vec::new();
        if !to_host {
            bytes = record.line().into_bytes();
        } else if record.frame(self.link, &mut bytes).is_err() {
            bytes.clear();
        }
        Entry { bytes, to_host }
    }

    /// Writes, if that does not wait for anybody.
    fn try_write(&self, Entry { bytes, to_host }: &Entry) -> bool {
        if *to_host {
            self.link.try_send(bytes)
        } else {
            crate::sys::stdio::try_write_stderr(bytes)
        }
    }

    fn write(&self, Entry { bytes, to_host }: &Entry) {
        if *to_host {
            self.link.send(bytes);
        } else {
            // Nobody is left to tell when stderr is closed.
            drop(std::io::Write::write_all(&mut std::io::stderr(), bytes));
        }
    }

    fn work(&self) {
        loop {
            let (entry, dropped) = self.next();
            if let Some(entry) = entry {
                self.write(&entry);
            }
            self.tell(dropped.records, "log messages");
            self.tell(dropped.spans, "spans");
        }
    }

    /// Says that so many were dropped.
    fn tell(&self, dropped: u64, what: &str) {
        if dropped == 0 {
            return;
        }
        self.write(&self.encode(&Record {
            level: Level::Warn,
            target: "portreeve",
            message: format!("{dropped} {what} were dropped: the host reads too slowly"),
            fields: vec![("dropped", Value::Unsigned(dropped))],
        }));
    }

    /// The next entry, and what was dropped once no more of them wait.
    fn next(&self) -> (Option<Entry>, Dropped) {
        let idle =
            |queue: &mut Queue| queue.waiting.is_empty() && queue.dropped == Dropped::default();
        let queue = self.lock();
        let mut queue = self
            .come
            .wait_while(queue, idle)
            .unwrap_or_else(PoisonError::into_inner);
        let entry = queue.waiting.pop_front();
        queue.bytes -= entry
            .as_ref()
            .map_or(0, |entry| entry.bytes.len())
            .min(queue.bytes);
        let dropped = if queue.waiting.is_empty() {
            std::mem::take(&mut queue.dropped)
        } else {
            Dropped::default()
        };
        (entry, dropped)
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::sync::{Condvar, Mutex};

    use super::{Dropped, Entry, Logs, MAX_WAITING, Queue};
    use crate::blackbox::BlackBox;
    use crate::link::Link;
    use crate::sys::exit::End;

    /// Where nothing is written at once, and no thread writes what waits.
    fn logs() -> &'static Logs {
        let nowhere = File::options().write(true).open("/dev/null");
        let (memory, end) = (BlackBox::private(1).expect("memory"), End::new(false).0);
        let queue = Queue {
            dropped: Dropped {
                records: 1,
                spans: 0,
            },
            has_thread: true,
            ..Queue::default()
        };
        Box::leak(Box::new(Logs {
            link: Box::leak(Box::new(Link::new(
                nowhere.expect("/dev/null"),
                memory,
                end,
            ))),
            queue: Mutex::new(queue),
            come: Condvar::new(),
        }))
    }

    #[test]
    fn a_queue_that_was_flushed_has_all_its_room_again() {
        let logs = logs();
        let entry = || Entry {
            bytes: vec![b' '; MAX_WAITING / 2],
            to_host: true,
        };
        for _ in 0..3 {
            assert!(logs.queue(entry()) && logs.queue(entry()));
            assert!(!logs.queue(entry()), "it is full");
            logs.flush();
        }
    }
}
