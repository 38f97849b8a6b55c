//! Parameters that come from portreeve and not from the host: they stand anywhere among the others, by value, and
//! have no place in the argument list.

mod cancel;
mod deadline;
mod host;
mod state;

pub use cancel::{Cancel, Cancelled};
pub use deadline::Deadline;
#[cfg(feature = "eetf")]
pub use host::Sent;
pub use host::{Host, SendError};
pub use state::State;

use std::error::Error;

use super::from_call::{Call, FromCall};
use crate::runtime::registry::RequiredState;

type Made<T> = Result<T, Box<dyn Error + Send + Sync>>;

impl FromCall for Host {
    fn from_call(call: &Call<'_>) -> Made<Self> {
        Ok(Self::new(call.program, call.ticket.state()))
    }
}

impl FromCall for Cancel {
    fn from_call(call: &Call<'_>) -> Made<Self> {
        Ok(Self::new(call.ticket.state()))
    }
}

impl FromCall for Deadline {
    fn from_call(call: &Call<'_>) -> Made<Self> {
        Ok(Self::of(call.ticket))
    }
}

impl<T: Send + Sync + 'static> FromCall for State<T> {
    fn from_call(call: &Call<'_>) -> Made<Self> {
        let state = call.program.state().and_then(Self::from_any);
        state.ok_or_else(|| {
            let name = std::any::type_name::<T>();
            format!("`on_start` set up no `{name}`").into()
        })
    }

    fn required() -> Option<RequiredState> {
        Some(RequiredState::of::<T>())
    }
}
