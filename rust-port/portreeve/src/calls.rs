//! Room `calls`: the state of one call, the calls that were received and those that were made, and which call a thread
//! runs at the moment.
//!
//! Imports `etf`, `wire`, `sys`, `blackbox` and `link`. On the other side of the pipe: `src/wire/pending.ts`.

pub mod arguments;
pub mod batch;
pub mod budget;
pub mod current;
pub mod ids;
pub mod made;
pub mod options;
pub mod served;
pub mod state;
