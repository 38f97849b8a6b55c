//! A [`Host`] for tests, without a program: what is sent through it is kept.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::{Host, SendError, Way};
use crate::calls::made::HostError;
use crate::etf::{self, Term};

/// A message that a detached [`Host`] keeps.
///
/// ```
/// use portreeve::{Host, Sent, SendError};
///
/// #[portreeve::function]
/// fn index(files: Vec<String>, host: Host) -> Result<usize, SendError> {
///     host.progress(&0.5)?;
///     host.event("indexed", &files.len())?;
///     Ok(files.len())
/// }
///
/// let host = Host::detached();
/// assert_eq!(index(vec![], host.clone()), Ok(0));
/// let sent = host.sent();
/// assert!(matches!(&sent[0], Sent::Progress(half) if half.to_string() == "0.5"));
/// assert!(matches!(&sent[1], Sent::Event(topic, _) if topic == "indexed"));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Sent {
    /// Of the call itself.
    Progress(Term),
    /// By its topic.
    Event(String, Term),
}

impl Host {
    /// One without a program, for a test that calls a function by hand: it takes progress and events and keeps them
    /// ([`Host::sent`]), and has no functions to call. Feature `eetf`.
    #[must_use]
    pub fn detached() -> Self {
        Self(Way::Kept(Kept::default()))
    }

    /// What was sent through a detached host and its clones so far, in order; nothing of any other.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        match &self.0 {
            Way::Program(..) => Vec::new(),
            Way::Kept(kept) => kept.lock().clone(),
        }
    }
}

/// The messages of one detached host and of its clones.
#[derive(Clone, Default)]
pub(super) struct Kept(Arc<Mutex<Vec<Sent>>>);

impl Kept {
    /// Keeps what would be sent, as the term that it would be.
    pub(super) fn keep<T: Serialize + ?Sized>(
        &self,
        term: &T,
        sent: impl FnOnce(Term) -> Sent,
    ) -> Result<(), SendError> {
        let term = etf::to_vec(term).and_then(|bytes| etf::from_slice(&bytes));
        let term = term.map_err(|error| SendError(error.to_string()))?;
        self.lock().push(sent(term));
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Sent>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer to its calls.
pub(super) fn no_functions() -> HostError {
    HostError::Undef("a detached host takes no calls".into())
}
