//! Ways to die.

use std::hint::black_box;
use std::ptr;

/// Panics with a message. The program goes on: a panic fails its own call only.
#[cfg_attr(feature = "port", portreeve::function)]
pub fn panic(message: String) {
    panic!("{message}");
}

/// Writes through a stray pointer, to address 0x2a: SIGSEGV.
#[cfg_attr(feature = "port", portreeve::function)]
#[inline(never)] // So that the crash report names it in an optimised program, too.
pub fn segfault() {
    // SAFETY: there is none, that is the point. (Not address 0: a debug build would notice and panic instead.)
    unsafe { ptr::without_provenance_mut::<u8>(black_box(0x2a)).write_volatile(0) };
}

/// Ends the program by `abort`: SIGABRT.
#[cfg_attr(feature = "port", portreeve::function)]
pub fn abort() {
    std::process::abort();
}

/// Ends the program with an exit code, from 0 to 255.
#[cfg_attr(feature = "port", portreeve::function)]
pub fn exit(code: u8) {
    std::process::exit(code.into());
}

/// Sends a signal to the program itself, by its number: 9 kills, 19 stops (on Linux).
#[cfg(all(unix, feature = "port"))]
#[portreeve::function]
pub fn kill(signal: i32) -> Result<(), String> {
    // SAFETY: kill(2) on the own process touches no memory.
    match unsafe { libc::kill(libc::getpid(), signal) } {
        0 => Ok(()),
        _ => Err(format!(
            "signal {signal}: {}",
            std::io::Error::last_os_error()
        )),
    }
}

/// Takes a handler of the program away, by the number of its signal: the signal is ignored then, or does what it does to
/// any process.
#[cfg(all(unix, feature = "port"))]
#[portreeve::function]
pub fn take_handler_away(signal: i32, ignored: bool) -> Result<(), String> {
    let action = if ignored {
        libc::SIG_IGN
    } else {
        libc::SIG_DFL
    };
    // SAFETY: neither runs any code of this process.
    match unsafe { libc::signal(signal, action) } {
        libc::SIG_ERR => Err(format!(
            "signal {signal}: {}",
            std::io::Error::last_os_error()
        )),
        _ => Ok(()),
    }
}

/// Recurses until the stack is used up: SIGSEGV in the guard page, then SIGABRT by Rust's handler.
#[cfg_attr(feature = "port", portreeve::function)]
pub fn overflow_stack() -> u64 {
    deeper(0)
}

#[inline(never)]
#[expect(unconditional_recursion, reason = "that it never ends is its use")]
fn deeper(depth: u64) -> u64 {
    let frame = black_box([depth; 128]);
    deeper(depth + 1) + frame[127]
}
