//! The spans that are open, for a host that takes them: those of traced calls, and those that are opened inside of
//! them. Any other span is nobody's and costs next to nothing. A span is on its way to the host as soon as it is closed,
//! children before their parents.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use tracing_core::Metadata;
use tracing_core::span::{Attributes, Current, Id};

use super::record;
use crate::calls::batch::Ticket;
use crate::observe::logging::{self, Value};
use crate::observe::traceparent::Traceparent;
use crate::wire::failure::Failure;

/// Spans that are open at most: a program that forgets to close them does not grow by them.
const MOST: usize = 65_536;
/// The id of every span that belongs to no traced call.
const NOBODYS: u64 = u64::MAX;

type Meta = &'static Metadata<'static>;

/// The traced call that a span belongs to.
pub(crate) struct Call {
    /// As it came: what the call's own span is a child of.
    pub trace: Box<str>,
    /// Its Id as a term; a cast has none.
    pub id: Option<Box<[u8]>>,
    /// One reading of the clock for all spans of a call, so that they nest whatever the clock does meanwhile.
    began: Instant,
    began_at: SystemTime,
}

/// A span.
pub(crate) struct Span {
    pub call: Arc<Call>,
    pub metadata: Meta,
    /// Of the span that it is in.
    pub parent: u64,
    pub start: u64,
    pub fields: Vec<(&'static str, Value)>,
    /// What kind of error, in the words of the wire, where that is known; and its message.
    pub error: Option<(Option<&'static str>, String)>,
    handles: usize,
    /// The span of a call that has ended.
    is_sent: bool,
}

static OPEN: LazyLock<Mutex<HashMap<u64, Span>>> = LazyLock::new(Mutex::default);

thread_local! {
    /// The spans that this thread is in.
    static ENTERED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Opens the span of a call. `None` when too many are open.
pub(crate) fn call(metadata: Meta, trace: Traceparent<'_>, ticket: &Ticket) -> Option<u64> {
    let call = Call {
        trace: trace.text().into(),
        id: ticket.id().map(Box::from),
        began: Instant::now(),
        began_at: SystemTime::now(),
    };
    let parent = u64::from_str_radix(trace.parent_id(), 16).ok()?;
    add(&mut lock(), Arc::new(call), metadata, parent, Vec::new())
}

/// Opens a span of the program's own.
pub(crate) fn inside(attributes: &Attributes<'_>) -> Id {
    Id::from_u64(try_inside(attributes).unwrap_or(NOBODYS))
}

fn try_inside(attributes: &Attributes<'_>) -> Option<u64> {
    let explicit = attributes.parent().map(Id::into_u64);
    let current = || attributes.is_contextual().then(innermost).flatten();
    let parent = explicit.or_else(current)?;
    let call = Arc::clone(&lock().get(&parent)?.call);
    // Fields are written by code of the program, which may log or open spans itself: no lock is held meanwhile.
    let fields = logging::fields(|visitor| attributes.record(visitor));
    add(&mut lock(), call, attributes.metadata(), parent, fields)
}

fn add(
    open: &mut HashMap<u64, Span>,
    call: Arc<Call>,
    metadata: Meta,
    parent: u64,
    fields: Vec<(&'static str, Value)>,
) -> Option<u64> {
    if open.len() >= MOST {
        logging::drop_span();
        return None;
    }
    let id = next_id();
    let span = Span {
        start: call.now(),
        call,
        metadata,
        parent,
        fields,
        error: None,
        handles: 1,
        is_sent: false,
    };
    open.insert(id, span);
    Some(id)
}

/// The thread goes on in this span.
pub(crate) fn enter(id: u64) {
    ENTERED.with_borrow_mut(|entered| entered.push(id));
}

/// The thread leaves it.
pub(crate) fn exit(id: u64) {
    ENTERED.with_borrow_mut(|entered| {
        if let Some(at) = entered.iter().rposition(|other| *other == id) {
            entered.remove(at);
        }
    });
}

/// The span that the thread is in.
pub(crate) fn current() -> Current {
    let id = innermost().filter(|id| *id != NOBODYS);
    let metadata = id.and_then(|id| lock().get(&id).map(|span| span.metadata));
    id.zip(metadata)
        .map_or_else(Current::none, |(id, metadata)| {
            Current::new(Id::from_u64(id), metadata)
        })
}

fn innermost() -> Option<u64> {
    ENTERED.with_borrow(|entered| entered.last().copied())
}

/// Adds fields to an open span; one that is there gets the new value.
pub(crate) fn set(id: &Id, fields: Vec<(&'static str, Value)>) {
    let mut open = lock();
    let Some(span) = open.get_mut(&id.into_u64()) else {
        return;
    };
    for (name, value) in fields {
        match span.fields.iter_mut().find(|(other, _)| *other == name) {
            Some(field) => field.1 = value,
            None => span.fields.push((name, value)),
        }
    }
}

/// An error was logged in the thread's span, or in the one given.
pub(crate) fn log_error(parent: Option<&Id>, message: &str) {
    let id = parent.map(Id::into_u64).or_else(innermost);
    let mut open = lock();
    if let Some(span) = id.and_then(|id| open.get_mut(&id)) {
        span.error = Some((None, message.to_owned()));
    }
}

/// One more holds it.
pub(crate) fn share(id: &Id) {
    if let Some(span) = lock().get_mut(&id.into_u64()) {
        span.handles += 1;
    }
}

/// The call has ended, and its span with it; who still holds it may go on opening spans in it.
pub(crate) fn end_call(id: u64, failure: Option<&Failure>) {
    let mut open = lock();
    if let Some(span) = open.get_mut(&id) {
        let error = |failure: &Failure| (Some(failure.kind.word()), failure.message.clone());
        // An error that was logged meanwhile is the function's own affair.
        span.error = failure.map(error);
        span.is_sent = true;
        send(id, span);
    }
    drop(open);
    close(id);
}

/// One of those who hold it lets go. True when that was the last one: the span is closed and sent.
pub(crate) fn close(id: u64) -> bool {
    let mut open = lock();
    let Some(span) = open.get_mut(&id) else {
        return false;
    };
    span.handles -= 1;
    if span.handles > 0 {
        return false;
    }
    if let Some(span) = open.remove(&id).filter(|span| !span.is_sent) {
        drop(open);
        send(id, &span);
    }
    true
}

fn send(id: u64, span: &Span) {
    let end = span.call.now();
    logging::send_span(|link, out| record::write(span, id, end, link, out));
}

impl Call {
    /// ns since 1970.
    fn now(&self) -> u64 {
        let since = self.began_at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = since + self.began.elapsed();
        u64::try_from(now.as_nanos()).unwrap_or(u64::MAX)
    }
}

fn lock() -> MutexGuard<'static, HashMap<u64, Span>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Random, for the ids of all programs of a trace must differ, and never the same twice: a counter from a random start,
/// mixed by a bijection (the finalizer of SplitMix64).
fn next_id() -> u64 {
    static COUNTER: LazyLock<AtomicU64> =
        LazyLock::new(|| AtomicU64::new(RandomState::new().hash_one(std::process::id())));
    loop {
        let mut id = COUNTER.fetch_add(1, Relaxed);
        id = (id ^ (id >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        id = (id ^ (id >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        id ^= id >> 31;
        if id != 0 && id != NOBODYS {
            return id;
        }
    }
}
