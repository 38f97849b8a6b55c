//! Room `runtime`: the running program. Its reader, the threads that run calls, the monitor that watches them, the
//! handshake, the start and the end.
//!
//! Imports every room but `api`. On the other side of the pipe: `src/pool/worker.ts`.

pub mod bench_support;
pub mod blocking;
pub mod describe;
pub mod dispatch;
#[cfg(feature = "async")]
pub mod futures;
pub mod handshake;
pub mod invocation;
pub mod monitor;
pub mod panics;
pub mod program;
pub mod reader;
pub mod registry;
pub mod start;
pub mod thread_index;
pub mod threads;
pub mod waiting;
pub mod worker;
