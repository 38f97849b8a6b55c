//! Room `api`: what users of the crate name, and what the code of the attributes calls.
//!
//! Imports every other room. On the other side of the pipe: `src/index.ts`.

pub mod describing;
pub(crate) mod extractors;
pub(crate) mod from_call;
pub mod into_reply;
pub(crate) mod run;
pub(crate) mod usage;
