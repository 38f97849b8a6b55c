//! Plain Rust functions as a port program: for Node, Erlang and Elixir, outside their process.
//!
//! A port program speaks in frames over stdin and stdout: four bytes of length, then a term of the external term
//! format. This crate does that part: a function with an attribute is all that a program needs.
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
//! # Functions and types
//!
//! [`macro@function`] makes a function callable, [`macro@term`] gives a struct or enum its shape as a term and its
//! description; [`FromCall`] is what a parameter is that has no argument: [`Host`] (progress, events, calls back),
//! [`Cancel`], [`Deadline`], [`State`] (what [`on_start`] set up). [`etf`] is the codec, [`guide`] how to come from
//! Rustler and napi-rs.
//!
//! A library of functions must be named in the program, or the linker leaves it out without a word:
//!
//! ```ignore
//! use my_functions as _;
//!
//! fn main() -> std::process::ExitCode {
//!     portreeve::run()
//! }
//! ```
//!
//! # Threads
//!
//! Calls begin in the order in which they came and overlap: on as many threads as the machine has cores, or as the host
//! asks for. One of them reads, so a function that computes for long keeps neither the others nor a `ping` waiting. A
//! function that *waits*, for a disk, a lock, another service, is `#[portreeve::function(blocking)]`: it runs on a pool
//! of its own and takes no thread from those that compute. An `async fn` (feature `async`) runs on one tokio runtime.
//!
//! # Panics and errors
//!
//! A panic fails its call, with message and `file:line` (a backtrace when `RUST_BACKTRACE=1`), and the program lives on.
//! An `Err` fails it with its text and those of its sources; an error that is a [`macro@term`] also goes to the caller as
//! data. A crash (a signal, a stack overflow, no memory) ends the program: which call and where is told by the host.
//!
//! # Stdout
//!
//! Stdin and stdout are the pipe, taken away from the rest of the program: what is printed by `println!` or by C goes to
//! stderr and cannot spoil a frame.
//!
//! # Features
//!
//! | feature | default | |
//! | --- | --- | --- |
//! | `log` | yes | records of the crate `log` reach the host |
//! | `tracing` | yes | events and spans of the crate `tracing` reach it |
//! | `symbols` | yes | functions and lines in the report of a crash |
//! | `eetf` | yes | [`Term`]: any term, as a tree of the crate `eetf`; [`Host::detached`], for tests |
//! | `num-bigint` | yes | [`BigInt`]: integers of any size, of the crate `num-bigint`; `eetf` needs it |
//! | `bytes` | yes | conversions between [`Bytes`] and that of the crate `bytes` |
//! | `async` | no | `async fn` under the attribute, on tokio |
//!
//! `eetf`, `num-bigint` and `bytes` put types of crates below 1.0, and of one above, into this one's interface. A program
//! that does without them builds fewer crates and is not concerned by their versions.
//!
//! # Platforms
//!
//! Linux (glibc and musl) and macOS. Elsewhere the crate does not build, and says so; on Windows there is WSL 2.
//!
//! # Inside
//!
//! How a call travels in here: `wire::frame` (bytes to frames) → `wire::message` (frames to messages) →
//! `runtime::reader` (messages to batches of calls) → `schedule` (which thread runs them) → `runtime::dispatch` (the
//! function and its answer) → `link::output`.
//!
//! The crate is made of rooms, each a folder, each of which imports only what stands to its left:
//! `etf` ← `types` ← `wire` · `sys` ← `blackbox` ← `link` ← `calls` ← `schedule` ← `observe` ← `runtime` ← `api`.

#![warn(missing_docs)]

#[cfg(not(unix))]
compile_error!(
    "portreeve runs on Linux and macOS: it lives by pipes, poll(2) and signals. On Windows use WSL 2."
);

// The attributes name the crate as others do, in its own tests too.
#[cfg(test)]
extern crate self as portreeve;

mod api;
mod blackbox;
mod calls;
pub mod etf;
pub mod guide;
mod link;
mod observe;
mod runtime;
mod schedule;
mod sys;
pub mod types;
mod wire;

#[cfg(feature = "eetf")]
pub use api::extractors::Sent;
pub use api::extractors::{Cancel, Cancelled, Deadline, Host, SendError, State};
pub use api::from_call::{Call, FromCall};
pub use calls::arguments::Arguments;
pub use calls::made::HostError;
#[cfg(feature = "eetf")]
pub use eetf;
#[cfg(feature = "num-bigint")]
pub use etf::BigInt;
#[cfg(feature = "eetf")]
pub use etf::Term;
pub use etf::{Atom, Bytes};
/// Makes a plain function callable by the host of this port program.
///
/// The function stays as it is: callable and testable from Rust. Its arguments are decoded from the frame, its
/// result is encoded into the answer, and its name, doc comment and types are announced in the program's `hello`.
///
/// Options, all of them optional: `name = "…"` (the name on the wire), `blocking` (the function waits for
/// something outside, such as a disk or a lock: it runs on a pool of its own), `idempotent` (the host may send a
/// call again after a death of the program), `crate = path` (where portreeve is, when it has another name here).
///
/// Parameters are any types that serde can read, by value or by shared reference; `&str`, `&[u8]` and `&Path` are
/// slices of the frame. Types that are [`FromCall`] have no place in the argument list: [`Host`], [`Cancel`],
/// [`Deadline`], [`State`], and those of your own. Arguments at the end that are `Option`s may be left out. A `Result<T, E>` answers with `T` or fails the call with `E`: any error, `String`, `Box<dyn Error>`
/// with or without `Send + Sync`, and what becomes one, such as `anyhow::Error`.
///
/// ```
/// use portreeve::Cancel;
///
/// /// How often a byte stands in some data.
/// #[portreeve::function(name = "count_byte", idempotent)]
/// fn count(data: &[u8], byte: u8, cancel: Cancel) -> Result<usize, String> {
///     cancel.check().map_err(|cancelled| cancelled.to_string())?;
///     Ok(data.iter().filter(|found| **found == byte).count())
/// }
///
/// // From the host: `await port.call("count_byte", [data, 97])`. From Rust it is what it was:
/// assert_eq!(count(b"banana", b'a', Cancel::never()), Ok(3));
/// ```
pub use portreeve_macros::function;

/// Gives a struct or enum its shape as a term: serde's derives with the shapes of Rustler.
///
/// | item | term |
/// | --- | --- |
/// | struct | map with atom keys |
/// | `module = "MyApp.User"` | Elixir struct; `exception` makes it an exception |
/// | `record` or `record = "user"` | tuple that begins with the name; by default the struct's, in snake_case |
/// | `tuple` | tuple of the fields in their order |
/// | tuple struct, newtype, unit struct | tuple, what is in it, `nil` |
/// | enum | atom in snake_case, or `{tag, …}` for a variant with data |
/// | `untagged` | the data of the variant alone |
///
/// Serde's attributes (`rename`, `default`, `skip`, `flatten`, …) keep working. Fields that are `Vec<u8>`, also
/// deep inside, empty, or by way of a type parameter, are bytes. Integers of 128 bits cannot stand in flattened,
/// untagged or internally tagged shapes, for which serde has no room: reading one is an error that says so.
///
/// In the program's hello, and so in generated clients, the type is called as it is in Rust; `name = "AdminUser"` gives
/// it another name there. Two types of one name keep the program from starting. The item also gets its description, with its documentation, for the program's
/// `hello`.
///
/// ```
/// use portreeve::etf;
///
/// /// A place on the map.
/// #[portreeve::term]
/// #[derive(Debug, PartialEq)]
/// struct Place {
///     name: String,
///     #[serde(default)]
///     photo: Vec<u8>,
/// }
///
/// #[portreeve::term]
/// #[derive(Debug, PartialEq)]
/// enum Route {
///     Nowhere,
///     OnFoot { minutes: u32 },
///     Via(Place, Place),
/// }
///
/// // nowhere, {on_foot, #{minutes => 5}}, {via, #{name => …, photo => …}, #{…}}
/// let route = Route::OnFoot { minutes: 5 };
/// let bytes = etf::to_vec(&route)?;
/// assert_eq!(bytes, b"\x83\x68\x02\x77\x07on_foot\x74\x00\x00\x00\x01\x77\x07minutes\x61\x05");
/// assert_eq!(etf::from_slice::<Route>(&bytes)?, route);
///
/// /// `%MyApp.User{name: …}` on the other side.
/// #[portreeve::term(module = "MyApp.User")]
/// struct User {
///     name: String,
/// }
///
/// let user: portreeve::Term = etf::from_slice(&etf::to_vec(&User { name: "Ada".into() })?)?;
/// assert!(user.to_string().contains("Elixir.MyApp.User"), "{user}");
/// # Ok::<(), etf::Error>(())
/// ```
pub use portreeve_macros::term;

pub use api::run::{Port, on_start, run};
pub use observe::traceparent::trace;

/// What the code of the attributes uses; no part of the interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::api::describing;
    pub use crate::api::from_call::{Taken, traits as taken};
    pub use crate::api::into_reply as answer;
    pub use crate::runtime::bench_support;
    pub use crate::runtime::invocation::Invocation;
    #[cfg(feature = "async")]
    pub use crate::runtime::invocation::{Answering, OwnedInvocation};
    pub use crate::runtime::registry::{Arity, Body, Function, Parameter, Registration};
    pub use crate::schedule::Slow;
    pub use crate::wire::failure::Failure;
    pub use crate::wire::fuzz_support;
    pub use crate::{
        __portreeve_describe as describe, __portreeve_describe_error as describe_error,
        __portreeve_describe_result as describe_result,
    };
    pub use inventory;
}
