//! Plain Rust functions as a port program: for Node, Erlang and Elixir, outside their process.
//!
//! A port program speaks in frames over stdin and stdout ({packet,4}, the external term format). This crate does
//! that part: a function with an attribute is all that a program needs.
//!
//! ```no_run
//! /// Adds up a list.
//! #[portreeve::function]
//! fn sum(values: Vec<i64>) -> i64 {
//!     values.iter().sum()
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     portreeve::run()
//! }
//! ```
//!
//! How a call travels in here: `frame` (bytes to frames) → `message` (frames to messages) → `receive` (messages to
//! batches of calls) → `schedule` (which thread runs them) → `dispatch` (the function and its answer) → `output`.

#[cfg(not(unix))]
compile_error!(
    "portreeve runs on Linux and macOS: it lives by pipes, poll(2) and signals. On Windows use WSL 2."
);

#[cfg(panic = "abort")]
compile_error!(
    "portreeve answers a call that panics and lives on; with `panic = \"abort\"` the whole program would end. \
     Remove that line from the profile in Cargo.toml."
);

// The attributes name the crate as others do, in its own tests too.
#[cfg(test)]
extern crate self as portreeve;

pub mod etf;
pub mod guide;
pub mod types;

#[doc(hidden)]
pub mod answer;
mod batch;
mod blackbox;
mod blocking;
mod by_hand;
mod complain;
#[doc(hidden)]
pub mod describing;
mod dispatch;
mod end;
mod failure;
mod frame;
#[cfg(feature = "async")]
mod futures;
#[doc(hidden)]
pub mod fuzzed;
mod hello;
mod host_calls;
mod invocation;
mod limits;
mod logging;
mod message;
mod nearest;
mod oom;
mod opening;
mod output;
mod panics;
mod parameters;
mod parts;
mod place;
mod program;
mod receive;
mod registry;
mod run;
mod schedule;
mod settings;
mod signals;
mod start;
mod stdio;
#[cfg(feature = "symbols")]
mod symbols;

pub use eetf;
pub use etf::{Atom, BigInt, Bytes, Term};
pub use host_calls::HostError;
pub use parameters::{Cancel, Cancelled, Deadline, Host, SendError, State};
pub use portreeve_macros::{function, term};
pub use run::{Port, on_start, run};

/// What the code of the attributes uses; no part of the interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::answer;
    pub use crate::describing;
    pub use crate::failure::Failure;
    pub use crate::fuzzed;
    pub use crate::invocation::Invocation;
    #[cfg(feature = "async")]
    pub use crate::invocation::{Answering, OwnedInvocation};
    pub use crate::registry::{Body, Function, Parameter, Registration, RequiredState, Slow};
    pub use crate::{
        __portreeve_describe as describe, __portreeve_describe_error as describe_error,
        __portreeve_describe_result as describe_result,
    };
    pub use inventory;
}
