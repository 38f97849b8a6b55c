//! Room `sys`: what the operating system gives and takes: descriptors, signals, mapped memory, limits, the exit, stderr.
//! `libc` is named here and nowhere else, so that another operating system is another room like this one.
//!
//! Imports nothing of the crate. On the other side of the pipe: `src/process/`.

pub(crate) mod executable;
pub(crate) mod exit;
pub(crate) mod fault;
pub(crate) mod handed;
pub(crate) mod memory;
pub(crate) mod mmap;
pub(crate) mod oom;
mod registers;
pub(crate) mod rlimits;
pub(crate) mod signals;
pub(crate) mod stderr;
pub(crate) mod stdio;
mod unwind;
pub(crate) mod wake;
