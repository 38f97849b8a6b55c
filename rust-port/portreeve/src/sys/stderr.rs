//! What the program itself has to say, on stderr. A reader of stderr that is gone is no reason to die: `eprintln!`
//! would panic.

use std::fmt::Arguments;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Writes one line.
pub(crate) fn complain(text: Arguments<'_>) {
    let line = format!("portreeve: {text}\n");
    // Nobody is left to tell when stderr is closed.
    drop(std::io::stderr().write_all(line.as_bytes()));
}

/// Whether a kind of trouble was told already: a static of its own at each place that tells of one.
pub(crate) struct Once(AtomicBool);

impl Once {
    #[must_use]
    pub(crate) const fn new() -> Self {
        Self(AtomicBool::new(false))
    }
}

/// Writes one line for the first of many such troubles, and nothing for the others.
pub(crate) fn complain_once(said: &Once, text: Arguments<'_>) {
    if !said.0.swap(true, Relaxed) {
        complain(format_args!(
            "{text} (more of these are dropped in silence)"
        ));
    }
}

/// Writes bytes from a signal handler, which may neither allocate nor take the lock of `std::io::stderr`.
pub(crate) fn write_in_a_handler(bytes: &[u8]) {
    // SAFETY: write(2) is async-signal-safe, and the buffer has that length. Nobody is left to tell when it fails.
    unsafe { libc::write(2, bytes.as_ptr().cast(), bytes.len()) };
}
