//! What happens at SIGSEGV and its like: the last words of the thread that took it. Signal, address and a raw backtrace go
//! into the black box, and one line to stderr. All
//! of it runs in a signal handler (`sys/fault.rs`), and neither allocates nor takes a lock.

use std::cell::Cell;
use std::io;
use std::ptr;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicPtr};

use super::{BlackBox, asked};
use crate::sys::fault::{self, Fault};
use crate::sys::{memory, stderr};

/// Offsets in the record.
const VALID: usize = 0;
const SIGNAL: usize = 4;
const CODE: usize = 8;
const THREAD: usize = 12;
const ADDRESS: usize = 16;
const PC: usize = 24;
const COUNT: usize = 32;
const STACK_OVERFLOW: usize = 36;
const TRACE: usize = 40;
/// Most return addresses.
const MOST: usize = 64;
/// What was said before the signal: its length in bytes, and UTF-8 up to the end of the record.
const WORDS_LENGTH: usize = TRACE + 8 * MOST;
const WORDS: usize = WORDS_LENGTH + 4;
const MOST_WORDS: usize = 1024 - WORDS;

/// What stands there: nothing, the record of a crash, or what a stuck call was doing when the host asked for it.
const CRASHED: u32 = 1;
const STUCK: u32 = 2;
/// A thread without a place in the box.
const NO_THREAD: u32 = u32::MAX;

static RECORD: AtomicPtr<u8> = AtomicPtr::new(ptr::null_mut());

thread_local! {
    /// The index of this thread in the box, and the function that it runs; both readable from a handler, for they
    /// need neither allocation nor a destructor.
    static INDEX: Cell<u32> = const { Cell::new(NO_THREAD) };
    static FUNCTION: Cell<Option<&'static &'static str>> = const { Cell::new(None) };
}

/// Says which thread of the box this is.
pub(crate) fn set_index(index: Option<usize>) {
    INDEX.set(index.map_or(NO_THREAD, |index| index as u32));
}

/// The index of this thread in the box.
pub(crate) fn index() -> Option<usize> {
    let index = INDEX.get();
    (index != NO_THREAD).then_some(index as usize)
}

/// Notes the name of the function that this thread runs, for the line on stderr, and gives what was noted before. One
/// pointer, so that a handler never sees half of it.
#[inline]
pub(crate) fn set_function(name: Option<&'static &'static str>) -> Option<&'static &'static str> {
    FUNCTION.replace(name)
}

/// Puts the handlers in place.
///
/// # Errors
/// When the system refuses a handler.
pub(crate) fn install(memory: &BlackBox) -> io::Result<()> {
    RECORD.store(memory.crash(), Relaxed);
    asked::watch(memory);
    fault::install(die, asked::take)
}

/// Notes what a thread is about to die of, for it knows more than its signal will say: a panic that is not caught, an
/// allocation that failed. The first one stays. May be called by any thread that is not in a handler.
pub(crate) fn note_words(text: &str) {
    static NOTED: AtomicBool = AtomicBool::new(false);
    let record = RECORD.load(Relaxed);
    if record.is_null() || NOTED.swap(true, SeqCst) {
        return;
    }
    let mut length = text.len().min(MOST_WORDS);
    while !text.is_char_boundary(length) {
        length -= 1;
    }
    // SAFETY: the record has 1024 bytes, and this thread alone comes here.
    unsafe {
        ptr::copy_nonoverlapping(text.as_ptr(), record.add(WORDS), length);
        std::sync::atomic::compiler_fence(SeqCst);
        word(record, WORDS_LENGTH, length as u32);
    }
}

/// The facts first, then the line, and last the walk, which may fault itself where the stack is destroyed.
fn die(fault: &Fault) {
    if fault.is_asked && !asked::is_wanted(index()) {
        return; // The call has ended meanwhile.
    }
    let record = RECORD.load(Relaxed);
    if !record.is_null() {
        // SAFETY: the record has 1024 bytes, and this thread alone writes it.
        unsafe { note(record, fault) };
    }
    // Stderr may be full, and then this waits for the host; what it asked for is there by then.
    if !fault.is_asked {
        complain(fault);
    }
    if !record.is_null() {
        // SAFETY: the same.
        unsafe { trace(record, fault) };
    }
    if fault.is_asked {
        complain(fault);
    }
}

/// Fills the record, all but the backtrace. Offsets are multiples of the types' sizes from a base that may only be a
/// multiple of 4.
unsafe fn note(record: *mut u8, fault: &Fault) {
    // SAFETY: the caller's.
    unsafe {
        word(record, SIGNAL, fault.signal as u32);
        word(record, CODE, fault.code as u32);
        word(record, THREAD, INDEX.get());
        long(record, ADDRESS, fault.address);
        long(record, PC, fault.pc());
        word(record, COUNT, 0);
        word(record, STACK_OVERFLOW, u32::from(fault.is_stack_overflow()));
        std::sync::atomic::compiler_fence(SeqCst);
        word(record, VALID, if fault.is_asked { STUCK } else { CRASHED });
    }
}

/// Lets the backtrace grow, one return address after the other.
unsafe fn trace(record: *mut u8, fault: &Fault) {
    let mut count = 0;
    fault.walk(|address| {
        // SAFETY: the caller's.
        unsafe {
            long(record, TRACE + 8 * count, address);
            count += 1;
            word(record, COUNT, count as u32);
        }
        count < MOST
    });
}

unsafe fn word(record: *mut u8, at: usize, value: u32) {
    // SAFETY: the caller's.
    unsafe { record.add(at).cast::<u32>().write_volatile(value) };
}

unsafe fn long(record: *mut u8, at: usize, value: u64) {
    // SAFETY: the caller's.
    unsafe { record.add(at).cast::<u64>().write_unaligned(value) };
}

/// `portreeve: SIGSEGV at 0x0 in `segfault`: the stack overflowed`, put together without allocating.
fn complain(fault: &Fault) {
    let mut line = Line::default();
    line.text("portreeve: ");
    if fault.is_asked {
        line.text("killed by its host, stuck");
    } else {
        line.text(fault.name());
    }
    if fault.has_address() {
        line.text(" at 0x");
        line.hex(fault.address);
    }
    if let Some(function) = FUNCTION.get() {
        line.text(" in `");
        line.text(function);
        line.text("`");
    }
    if fault.is_stack_overflow() {
        line.text(": the stack overflowed");
    }
    if fault.is_out_of_time() {
        line.text(": its processor time is used up (limits, cpu_seconds)");
    }
    if let Some(used) = fault.is_abort().then(memory::resident).flatten() {
        line.text(" (");
        line.decimal(used.div_ceil(1024 * 1024));
        line.text(" MiB of memory in use)");
    }
    line.text("\n");
    stderr::write_in_a_handler(&line.bytes[..line.len]);
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

    fn decimal(&mut self, value: u64) {
        if value >= 10 {
            self.decimal(value / 10);
        }
        let digit = (value % 10) as usize;
        self.text(&"0123456789"[digit..=digit]);
    }

    fn hex(&mut self, value: u64) {
        let digits = 16 - (value | 1).leading_zeros() / 4;
        for digit in (0..digits).rev() {
            let nibble = (value >> (4 * digit)) as usize & 15;
            self.text(&"0123456789abcdef"[nibble..=nibble]);
        }
    }
}
