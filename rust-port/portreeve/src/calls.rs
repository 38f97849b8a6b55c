//! Room `calls`: the state of one call, the calls that were received and those that were made, and which call a thread
//! runs at the moment.
//!
//! Imports `etf`, `wire`, `sys`, `blackbox` and `link`. On the other side of the pipe: `src/wire/pending.ts`.

pub(crate) mod arguments;
pub(crate) mod batch;
pub(crate) mod budget;
pub(crate) mod current;
pub(crate) mod ids;
pub(crate) mod made;
pub(crate) mod options;
pub(crate) mod served;
pub(crate) mod state;
