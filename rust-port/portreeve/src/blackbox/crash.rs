//! The last words of a dying thread: handlers for SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT that note signal, address
//! and a raw backtrace in the black box and one line on stderr, and then let the signal have its way.
//!
//! Everything in a handler is async-signal-safe (signal-safety(7)): plain stores, write(2), sigaction(2), alarm(2), and
//! an unwinder that was warmed up before, so that it neither allocates nor takes a lock (glibc >= 2.35,
//! `_dl_find_object`). Should it hang all the same, the alarm ends the program.

use std::cell::Cell;
use std::ffi::c_int;
use std::io;
use std::ptr;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicPtr};

use super::BlackBox;
use crate::runtime::registry::Function;
use crate::sys::unwind;

/// Offsets in the record.
const VALID: usize = 0;
const SIGNAL: usize = 4;
const CODE: usize = 8;
const THREAD: usize = 12;
const ADDRESS: usize = 16;
const PC: usize = 24;
const COUNT: usize = 32;
const TRACE: usize = 40;
/// Most return addresses.
const MOST: usize = 64;

/// A thread without a place in the box.
const NO_THREAD: u32 = u32::MAX;

static RECORD: AtomicPtr<u8> = AtomicPtr::new(ptr::null_mut());
static DYING: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// The index of this thread in the box, and the function that it runs; both readable from a handler, for they
    /// need neither allocation nor a destructor.
    static INDEX: Cell<u32> = const { Cell::new(NO_THREAD) };
    static FUNCTION: Cell<Option<&'static Function>> = const { Cell::new(None) };
}

/// Says which thread of the box this is.
pub fn set_index(index: Option<usize>) {
    INDEX.set(index.map_or(NO_THREAD, |index| index as u32));
}

/// The index of this thread in the box.
pub fn index() -> Option<usize> {
    let index = INDEX.get();
    (index != NO_THREAD).then_some(index as usize)
}

/// Notes which function this thread runs, for the line on stderr.
#[inline]
pub fn set_function(function: Option<&'static Function>) {
    FUNCTION.set(function);
}

/// Puts the handlers in place.
///
/// # Errors
/// When the system refuses a handler.
pub fn install(memory: &BlackBox) -> io::Result<()> {
    RECORD.store(memory.crash(), Relaxed);
    unwind::warm_up();
    for signal in [
        libc::SIGSEGV,
        libc::SIGBUS,
        libc::SIGILL,
        libc::SIGFPE,
        libc::SIGABRT,
    ] {
        crate::sys::signals::handle(
            signal,
            die as *const () as usize,
            libc::SA_SIGINFO | libc::SA_ONSTACK,
        )?;
    }
    Ok(())
}

extern "C" fn die(signal: c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    if !DYING.swap(true, SeqCst) {
        // SAFETY: alarm(2) and write(2) are async-signal-safe; the kernel passes a valid siginfo.
        unsafe {
            libc::alarm(2);
            note(signal, &*info, context);
            complain(signal, &*info, context);
        }
    }
    // SAFETY: sigaction(2) and raise(3) are async-signal-safe. A fault comes again when the handler returns, and a
    // signal that somebody sent is sent once more.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        if (*info).si_code <= 0 || signal == libc::SIGABRT {
            libc::raise(signal);
        }
    }
}

/// Fills the record. It is valid from the moment on that the plain facts are in it; the backtrace grows after.
unsafe fn note(signal: c_int, info: &libc::siginfo_t, context: *mut libc::c_void) {
    let record = RECORD.load(Relaxed);
    if record.is_null() {
        return;
    }
    let pc = unwind::pc(context);
    // SAFETY: the record has 1024 bytes, and this thread alone writes it. Offsets are multiples of the types' sizes
    // from a base that may only be a multiple of 4.
    unsafe {
        let word = |at: usize, value: u32| record.add(at).cast::<u32>().write_volatile(value);
        let long = |at: usize, value: u64| record.add(at).cast::<u64>().write_unaligned(value);
        word(SIGNAL, signal as u32);
        word(CODE, info.si_code as u32);
        word(THREAD, INDEX.get());
        long(ADDRESS, info.si_addr() as u64);
        long(PC, pc);
        word(COUNT, 0);
        std::sync::atomic::compiler_fence(SeqCst);
        word(VALID, 1);
        let mut count = 0;
        unwind::walk(pc, |address| {
            long(TRACE + 8 * count, address);
            count += 1;
            word(COUNT, count as u32);
            count < MOST
        });
    }
}

/// `portreeve: SIGSEGV at 0x0 in `segfault`: the program dies`, put together without allocating.
unsafe fn complain(signal: c_int, info: &libc::siginfo_t, context: *mut libc::c_void) {
    let mut line = Line::default();
    line.text("portreeve: ");
    line.text(match signal {
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGBUS => "SIGBUS",
        libc::SIGILL => "SIGILL",
        libc::SIGFPE => "SIGFPE",
        _ => "SIGABRT",
    });
    if signal != libc::SIGABRT && info.si_code > 0 {
        line.text(" at 0x");
        // SAFETY: a fault has an address.
        line.hex(unsafe { info.si_addr() } as u64);
    }
    if let Some(function) = FUNCTION.get() {
        line.text(" in `");
        line.text(function.name);
        line.text("`");
    }
    // SAFETY: the same.
    if unwind::is_stack_overflow(context, unsafe { info.si_addr() } as u64) {
        line.text(": the stack overflowed");
    }
    line.text("\n");
    // SAFETY: write(2) from a buffer of that length. Nobody is left to tell when it fails.
    unsafe { libc::write(2, line.bytes.as_ptr().cast(), line.len) };
}

/// A line of text of bounded length.
struct Line {
    bytes: [u8; 512],
    len: usize,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            bytes: [0; 512],
            len: 0,
        }
    }
}

impl Line {
    fn text(&mut self, text: &str) {
        for byte in text.bytes().take(self.bytes.len() - self.len) {
            self.bytes[self.len] = byte;
            self.len += 1;
        }
    }

    fn hex(&mut self, value: u64) {
        let digits = 16 - (value | 1).leading_zeros() / 4;
        for digit in (0..digits).rev() {
            let nibble = (value >> (4 * digit)) as usize & 15;
            self.text(&"0123456789abcdef"[nibble..=nibble]);
        }
    }
}
