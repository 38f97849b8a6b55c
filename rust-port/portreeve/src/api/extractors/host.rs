//! [`Host`]: the way back to who called.

#[cfg(feature = "eetf")]
mod detached;

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::calls::arguments::Arguments;
use crate::calls::made::HostError;
use crate::calls::state::CallState;
use crate::etf;
use crate::runtime::program::Program;
use crate::runtime::waiting;
use crate::wire::host_hello::Word;
use crate::wire::message::write;

/// The host of this program, as one call sees it: progress of this call, events to all who listen, and calls back.
///
/// A host that did not say that it takes such messages (Erlang's `open_port` says nothing) is sent none: progress
/// and events then vanish, and [`Host::accepts_progress`] and [`Host::accepts_events`] say so beforehand.
///
/// ```
/// use portreeve::{Host, SendError};
///
/// #[portreeve::function]
/// fn index(files: Vec<String>, host: Host) -> Result<usize, SendError> {
///     for (done, file) in files.iter().enumerate() {
///         host.progress(&(done, file))?;
///     }
///     host.event("indexed", &files.len())?;
///     Ok(files.len())
/// }
/// ```
#[derive(Clone)]
pub struct Host(Way);

#[cfg(feature = "eetf")]
pub use detached::Sent;

/// Where messages go.
#[derive(Clone)]
enum Way {
    /// Out of this program, on behalf of a call.
    Program(&'static Program, Arc<CallState>),
    /// Nowhere: they are kept.
    #[cfg(feature = "eetf")]
    Kept(detached::Kept),
}

impl Host {
    pub(crate) fn new(program: &'static Program, call: Arc<CallState>) -> Self {
        Self(Way::Program(program, call))
    }

    /// Sends `{progress, Id, Term}` to the caller of this call.
    ///
    /// # Errors
    /// When the term cannot be written or is over the host's `max_frame`; nothing is sent then.
    pub fn progress<T: Serialize + ?Sized>(&self, term: &T) -> Result<(), SendError> {
        match &self.0 {
            #[cfg(feature = "eetf")]
            Way::Kept(kept) => kept.keep(term, detached::Sent::Progress),
            Way::Program(program, call) => match call.id() {
                Some(id) if self.accepts_progress() => {
                    send(program, "progress", |out| out.extend_from_slice(id), term)
                }
                _ => Ok(()),
            },
        }
    }

    /// Sends `{event, Topic, Term}`: unasked, to whoever listens to the port.
    ///
    /// # Errors
    /// When topic or term cannot be written or are over the host's `max_frame`; nothing is sent then.
    pub fn event<T: Serialize + ?Sized>(&self, topic: &str, term: &T) -> Result<(), SendError> {
        match &self.0 {
            #[cfg(feature = "eetf")]
            Way::Kept(kept) => {
                kept.keep(term, |term| detached::Sent::Event(topic.to_owned(), term))
            }
            Way::Program(program, _) if self.accepts_events() => {
                send(program, "event", |out| write::text(out, topic), term)
            }
            Way::Program(..) => Ok(()),
        }
    }

    /// Calls one of the host's functions (`handlers` of `open`) and waits for its value. Arguments are a tuple, such as
    /// `&("key", 1)` or `&(id,)`, or a list ([`Arguments`]).
    ///
    /// The thread that waits does not count as one that computes: other calls go on. In an `async fn` use
    /// `tokio::task::block_in_place` around it.
    ///
    /// ```
    /// use portreeve::{Host, HostError};
    ///
    /// #[portreeve::function]
    /// fn greet(id: u64, host: Host) -> Result<String, HostError> {
    ///     let name: String = host.call("user_name", &(id,))?;
    ///     Ok(format!("hello, {name}"))
    /// }
    /// ```
    ///
    /// # Errors
    /// [`HostError`]: the host takes no calls or has no such function, it failed, this call was cancelled meanwhile, or
    /// more than 256 calls wait already.
    pub fn call<A, R>(&self, function: &str, arguments: &A) -> Result<R, HostError>
    where
        A: Arguments + ?Sized,
        R: DeserializeOwned,
    {
        let (program, call) = match &self.0 {
            Way::Program(program, call) => (*program, call),
            #[cfg(feature = "eetf")]
            Way::Kept(_) => return Err(detached::no_functions()),
        };
        let (made, link) = (program.made(), program.link());
        made.call(link, call, (function, arguments), || waiting::wait(program))
    }

    /// Whether the host takes progress.
    #[must_use]
    pub fn accepts_progress(&self) -> bool {
        self.accepts(Word::Progress)
    }

    /// Whether the host takes events.
    #[must_use]
    pub fn accepts_events(&self) -> bool {
        self.accepts(Word::Event)
    }

    fn accepts(&self, word: Word) -> bool {
        match &self.0 {
            Way::Program(program, _) => program.link().accepts(word),
            #[cfg(feature = "eetf")]
            Way::Kept(_) => true,
        }
    }
}

/// Writes one message and sends it.
fn send<T: Serialize + ?Sized>(
    program: &Program,
    word: &str,
    about: impl FnOnce(&mut Vec<u8>),
    term: &T,
) -> Result<(), SendError> {
    let link = program.link();
    let mut out = Vec::new();
    let start = write::begin(&mut out);
    write::tuple(&mut out, 3);
    write::atom(&mut out, word);
    about(&mut out);
    etf::append(&mut out, term, link.encoding()).map_err(|error| SendError(error.to_string()))?;
    link.end_frame(&mut out, start)
        .map_err(|failure| SendError(failure.message))?;
    link.send(&out);
    Ok(())
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").finish_non_exhaustive()
    }
}

/// A term that could not be sent: it holds what no term can (a float that is not finite, say), or the message is over
/// the host's `max_frame`. The text says what and where; nothing was sent.
///
/// ```
/// use portreeve::{Host, SendError};
///
/// /// Fails with `ratio: expected a finite number, got NaN` when there are no rounds.
/// #[portreeve::function]
/// fn average(rounds: Vec<f64>, host: Host) -> Result<(), SendError> {
///     let ratio = rounds.iter().sum::<f64>() / rounds.len() as f64;
///     host.event("average", &ratio)
/// }
///
/// // An error like others: `?` makes it one of the caller's.
/// fn report(host: &Host) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
///     Ok(host.progress(&0.5)?)
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendError(String);

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SendError {}
