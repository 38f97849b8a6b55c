//! Parameters that come from portreeve and not from the host: they stand anywhere among the others, by value, and
//! have no place in the argument list.

mod cancel;
mod deadline;
mod host;
mod state;

pub use cancel::{Cancel, Cancelled};
pub use deadline::Deadline;
pub(crate) use deadline::timeout;
pub use host::{Host, SendError};
pub use state::State;
