//! Parameters that come from portreeve and not from the host: they stand anywhere among the others, by value, and
//! have no place in the argument list.

mod cancel;
mod deadline;
mod host;
mod state;

pub use cancel::{Cancel, Cancelled};
pub use deadline::Deadline;
pub use host::{Host, SendError};
pub use state::State;

use crate::runtime::invocation::Invocation;
use crate::wire::failure::{Failure, Kind};

/// What the code of the attribute asks for.
impl Invocation<'_> {
    /// The parameter [`Host`].
    #[must_use]
    pub fn host(&self) -> Host {
        Host::new(self.program(), self.ticket().state())
    }

    /// The parameter [`Cancel`].
    #[must_use]
    pub fn cancel(&self) -> Cancel {
        Cancel::new(self.ticket().state())
    }

    /// The parameter [`Deadline`].
    #[must_use]
    pub fn deadline(&self) -> Deadline {
        Deadline::of(self.ticket())
    }

    /// The parameter [`State`].
    ///
    /// # Errors
    /// When `on_start` set up something else.
    pub fn state<T: Send + Sync + 'static>(&self) -> Result<State<T>, Failure> {
        let state = self.program().state().and_then(State::from_any);
        state.ok_or_else(|| {
            let name = std::any::type_name::<T>();
            Failure::new(Kind::Error, format!("`on_start` set up no `{name}`"))
        })
    }
}
