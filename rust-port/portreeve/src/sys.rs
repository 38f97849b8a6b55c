//! Room `sys`: what the operating system gives and takes: descriptors, signals, mapped memory, limits, the exit, stderr.
//! `libc` is named here and nowhere else, so that another operating system is another room like this one.
//!
//! Imports nothing of the crate. On the other side of the pipe: `src/process/`.

pub mod executable;
pub mod exit;
pub mod fault;
pub mod handed;
pub mod memory;
pub mod mmap;
pub mod oom;
mod registers;
pub mod rlimits;
pub mod signals;
pub mod stderr;
pub mod stdio;
mod unwind;
pub mod wake;
