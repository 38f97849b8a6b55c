//! What the program itself has to say, on stderr. A reader of stderr that is gone is no reason to die: `eprintln!`
//! would panic.

use std::fmt::Arguments;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Writes one line.
pub fn complain(text: Arguments<'_>) {
    let line = format!("portreeve: {text}\n");
    // Nobody is left to tell when stderr is closed.
    drop(std::io::stderr().write_all(line.as_bytes()));
}

/// Writes one line for the first of many such troubles, and nothing for the others.
pub fn complain_once(text: Arguments<'_>) {
    static SAID: AtomicBool = AtomicBool::new(false);
    if !SAID.swap(true, Relaxed) {
        complain(format_args!(
            "{text} (more of these are dropped in silence)"
        ));
    }
}

/// Writes bytes from a signal handler, which may neither allocate nor take the lock of `std::io::stderr`.
pub fn write_in_a_handler(bytes: &[u8]) {
    // SAFETY: write(2) is async-signal-safe, and the buffer has that length. Nobody is left to tell when it fails.
    unsafe { libc::write(2, bytes.as_ptr().cast(), bytes.len()) };
}
