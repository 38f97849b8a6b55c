//! Calls that the program makes: `{call, Id, Function, Args}` to a host that accepts `call`. The Ids are the program's
//! own; `{reply, Id, Term}` and `{error, Id, Map}` from the host belong to them.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::arguments::Arguments;
use super::state::CallState;
use crate::etf::{self, Atom};
use crate::link::Link;
use crate::wire::host_hello::Word;
use crate::wire::message::write;
use crate::wire::nearest::nearest;

/// Why a call to the host ([`Host::call`](crate::Host::call)) gave no value.
///
/// ```
/// use portreeve::{Host, HostError};
///
/// #[portreeve::function]
/// fn title(id: u64, host: Host) -> Result<String, HostError> {
///     match host.call("title", &(id,)) {
///         // A host without that function is no reason to fail.
///         Err(HostError::Undef(_)) => Ok(format!("number {id}")),
///         answer => answer,
///     }
/// }
///
/// let failed = HostError::Failed { kind: "error".into(), message: "no such row".into() };
/// assert_eq!(failed.to_string(), "the host answered error: no such row");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostError {
    /// The host takes no calls, or has no such function; the message says which ones it has.
    Undef(String),
    /// The arguments cannot be written, or the result is no such value.
    Value(String),
    /// The host's own answer.
    Failed {
        /// What sort of error, in the words of the protocol: `badarg`, `error`, `timeout`, …
        kind: String,
        /// What the host says about it.
        message: String,
    },
    /// The call in which this one was made was cancelled meanwhile.
    Cancelled,
    /// Too many calls wait for the host already.
    Overloaded,
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undef(message) | Self::Value(message) => f.write_str(message),
            Self::Failed { kind, message } => write!(f, "the host answered {kind}: {message}"),
            Self::Cancelled => f.write_str("the call was cancelled while it waited for the host"),
            Self::Overloaded => f.write_str("too many calls wait for the host"),
        }
    }
}

impl std::error::Error for HostError {}

/// What comes back: a term, or why there is none.
type Outcome = Result<Vec<u8>, HostError>;

/// The calls that have no answer yet.
#[derive(Default)]
pub(crate) struct MadeCalls {
    next: AtomicU64,
    waiting: Mutex<HashMap<u64, Waiting>>,
}

struct Waiting {
    answer: Sender<Outcome>,
    /// The call on whose behalf it was made.
    by: Arc<CallState>,
}

impl MadeCalls {
    /// Sends a call and waits for its answer. What `wait` gives is held meanwhile: the thread hands over what it did for
    /// others before it waits.
    pub(crate) fn call<A, R, W>(
        &self,
        link: &Link,
        by: &Arc<CallState>,
        (function, arguments): (&str, &A),
        wait: impl FnOnce() -> Option<W>,
    ) -> Result<R, HostError>
    where
        A: Arguments + ?Sized,
        R: DeserializeOwned,
    {
        check(link, function)?;
        let id = self.next.fetch_add(1, Relaxed);
        let frame = frame(link, id, function, arguments)?;
        let waiting = wait().ok_or(HostError::Overloaded)?;
        let answer = self.register(id, by);
        link.send(&frame);
        // The sender is kept until there is an answer.
        let term = answer.recv().unwrap_or(Err(HostError::Cancelled))?;
        drop(waiting);
        etf::from_term(&term)
            .map_err(|error| HostError::Value(format!("the answer of `{function}`: {error}")))
    }

    fn register(&self, id: u64, by: &Arc<CallState>) -> Receiver<Outcome> {
        let (answer, received) = channel();
        let waiting = Waiting {
            answer,
            by: Arc::clone(by),
        };
        self.lock().insert(id, waiting);
        if by.is_cancelled()
            && let Some(waiting) = self.lock().remove(&id)
        {
            // The cancel came before there was anything to find.
            let _ = waiting.answer.send(Err(HostError::Cancelled));
        }
        received
    }

    /// The host has answered.
    pub(crate) fn settle(&self, id: &[u8], outcome: Result<&[u8], &[u8]>) {
        let waiting = etf::from_term(id)
            .ok()
            .and_then(|id: u64| self.lock().remove(&id));
        if let Some(waiting) = waiting {
            // Who no longer waits needs no answer.
            let _ = waiting
                .answer
                .send(outcome.map(<[u8]>::to_vec).map_err(failed));
        }
    }

    /// The call with this Id was cancelled: what it waits for is cancelled too.
    pub(crate) fn cancel(&self, link: &Link, id: &[u8]) {
        let mut waiting = self.lock();
        let meant = waiting
            .iter()
            .filter(|(_, waiting)| waiting.by.id() == Some(id));
        let meant: Vec<u64> = meant.map(|(id, _)| *id).collect();
        for id in meant {
            if let Some(waiting) = waiting.remove(&id) {
                let _ = waiting.answer.send(Err(HostError::Cancelled));
                tell_cancelled(link, id);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check(link: &Link, function: &str) -> Result<(), HostError> {
    let settings = link
        .settings()
        .filter(|settings| settings.accepts(Word::Call));
    let Some(settings) = settings else {
        return Err(HostError::Undef("the host takes no calls".into()));
    };
    let names = || settings.functions.iter().map(Atom::as_str);
    if names().any(|name| name == function) {
        return Ok(());
    }
    let near = nearest(function, names());
    Err(HostError::Undef(match near.first() {
        Some(near) => format!("the host has no function `{function}`; did you mean `{near}`?"),
        None => format!("the host has no function `{function}`"),
    }))
}

fn frame<A: Arguments + ?Sized>(
    link: &Link,
    id: u64,
    function: &str,
    arguments: &A,
) -> Result<Vec<u8>, HostError> {
    let mut out = Vec::new();
    let start = write::begin(&mut out);
    write::tuple(&mut out, 4);
    write::atom(&mut out, "call");
    write::integer(&mut out, id);
    write::atom(&mut out, function);
    append_list(&mut out, arguments, link.encoding())
        .map_err(|error| HostError::Value(format!("the arguments of `{function}`: {error}")))?;
    link.end_frame(&mut out, start)
        .map_err(|failure| HostError::Value(failure.message))?;
    Ok(out)
}

/// Arguments are a list on the wire, of elements of different types.
fn append_list<A: Arguments + ?Sized>(
    out: &mut Vec<u8>,
    arguments: &A,
    options: etf::Options,
) -> Result<(), etf::Error> {
    write::list(out, arguments.count());
    arguments.append_each(out, options)?;
    if arguments.count() > 0 {
        write::nil(out);
    }
    Ok(())
}

fn failed(map: &[u8]) -> HostError {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Failed {
        kind: Option<Atom>,
        message: String,
    }
    let Failed { kind, message } = etf::from_term(map).unwrap_or_default();
    let kind = kind.map_or_else(|| "error".to_owned(), |kind| kind.to_string());
    HostError::Failed { kind, message }
}

fn tell_cancelled(link: &Link, id: u64) {
    let mut out = Vec::new();
    let start = write::begin(&mut out);
    write::tuple(&mut out, 2);
    write::atom(&mut out, "cancel");
    write::integer(&mut out, id);
    if link.end_frame(&mut out, start).is_ok() {
        link.send(&out);
    }
}
