//! Room `runtime`: the running program. Its reader, the threads that run calls, the monitor that watches them, the
//! handshake, the start and the end.
//!
//! Imports every room but `api`. On the other side of the pipe: `src/pool/worker.ts`.

pub mod bench_support;
pub(crate) mod blocking;
pub(crate) mod describe;
pub(crate) mod dispatch;
#[cfg(feature = "async")]
pub(crate) mod futures;
pub(crate) mod handshake;
pub(crate) mod invocation;
pub(crate) mod monitor;
pub(crate) mod panics;
pub(crate) mod program;
pub(crate) mod reader;
pub(crate) mod registry;
pub(crate) mod start;
pub(crate) mod thread_index;
pub(crate) mod threads;
pub(crate) mod waiting;
pub(crate) mod worker;
