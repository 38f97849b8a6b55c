//! [`Cancel`]: whether the host has lost interest.

use std::fmt;
use std::sync::Arc;

use crate::calls::state::CallState;

/// Tells a long function that the host no longer wants its result (`{cancel, Id}`: a timeout or an abort there).
///
/// A function that looks at it now and then can stop early; one that does not is retired by the host with its whole
/// worker after `cancelGrace`. An `async fn` needs no `Cancel`: its future is dropped.
///
/// ```
/// use portreeve::{Cancel, Cancelled};
///
/// #[portreeve::function]
/// fn search(limit: u64, cancel: Cancel) -> Result<u64, Cancelled> {
///     let mut found = 0;
///     for number in 0..limit {
///         cancel.check()?;
///         found += u64::from(number % 7 == 0);
///     }
///     Ok(found)
/// }
///
/// assert_eq!(search(14, Cancel::never()).unwrap(), 2);
/// ```
#[derive(Debug, Clone)]
pub struct Cancel(Option<Arc<CallState>>);

impl Cancel {
    pub(crate) fn new(call: Arc<CallState>) -> Self {
        Self(Some(call))
    }

    /// One that never is, for a test that calls a function by hand.
    #[must_use]
    pub fn never() -> Self {
        Self(None)
    }

    /// One that is already, for such a test.
    ///
    /// ```
    /// use portreeve::{Cancel, Cancelled};
    ///
    /// assert_eq!(Cancel::now().check(), Err(Cancelled));
    /// ```
    #[must_use]
    pub fn now() -> Self {
        Self::new(Arc::new(CallState::new(None, true)))
    }

    /// One with the function that cancels it, for a test of what happens when.
    ///
    /// ```
    /// use portreeve::Cancel;
    ///
    /// let (cancel, do_cancel) = Cancel::by_hand();
    /// assert!(!cancel.is_cancelled());
    /// std::thread::spawn(do_cancel).join().unwrap();
    /// assert!(cancel.is_cancelled());
    /// ```
    pub fn by_hand() -> (Self, impl FnOnce() + Send + 'static) {
        let call = Arc::new(CallState::new(None, false));
        (Self::new(Arc::clone(&call)), move || call.cancel())
    }

    /// Whether the host has lost interest. Costs one load.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.as_ref().is_some_and(|call| call.is_cancelled())
    }

    /// The same as an error, to leave a function with `?`.
    ///
    /// # Errors
    /// [`Cancelled`], when the host has lost interest.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() {
            Err(Cancelled)
        } else {
            Ok(())
        }
    }
}

/// The call was cancelled by the host: the error with which a function leaves early ([`Cancel::check`]). The call is
/// then answered with `cancelled`, whatever error its function makes of it.
///
/// ```
/// use portreeve::{Cancel, Cancelled};
///
/// fn step(cancel: &Cancel) -> Result<(), Cancelled> {
///     cancel.check()
/// }
///
/// assert_eq!(step(&Cancel::never()), Ok(()));
/// assert_eq!(Cancelled.to_string(), "the call was cancelled");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the call was cancelled")
    }
}

impl std::error::Error for Cancelled {}
