//! [`State`]: what `on_start` set up, without a global.

use std::any::Any;
use std::ops::Deref;
use std::sync::Arc;

/// The value that [`on_start`](crate::on_start) returned, shared by all calls.
///
/// A program whose functions ask for a type that `on_start` did not return does not start: it says which.
///
/// ```
/// use portreeve::State;
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// #[derive(Default)]
/// struct Counter(AtomicU64);
///
/// #[portreeve::function]
/// fn count(counter: State<Counter>) -> u64 {
///     counter.0.fetch_add(1, Ordering::Relaxed) + 1
/// }
///
/// // Callable from Rust like any function.
/// let counter = State::new(Counter::default());
/// assert_eq!(count(counter.clone()), 1);
/// assert_eq!(count(counter), 2);
/// ```
#[derive(Debug)]
pub struct State<T>(Arc<T>);

impl<T: Send + Sync + 'static> State<T> {
    /// Wraps a value, for a test that calls a function by hand.
    pub fn new(value: T) -> Self {
        Self(Arc::new(value))
    }

    pub(crate) fn from_any(any: &Arc<dyn Any + Send + Sync>) -> Option<Self> {
        Arc::clone(any).downcast().ok().map(Self)
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
