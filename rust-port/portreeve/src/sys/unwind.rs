//! The stack of a thread that took a signal: its program counter, and the return addresses above it.

use std::ffi::{c_int, c_void};

/// `_URC_NO_REASON` goes on, `_URC_END_OF_STACK` ends (Itanium C++ ABI, level I).
const GO_ON: c_int = 0;
const END: c_int = 5;

unsafe extern "C-unwind" {
    fn _Unwind_Backtrace(
        trace: extern "C-unwind" fn(context: *mut c_void, argument: *mut c_void) -> c_int,
        argument: *mut c_void,
    ) -> c_int;
    fn _Unwind_GetIP(context: *mut c_void) -> usize;
}

/// Has the unwinder load and initialise what it needs, while that may still allocate.
pub fn warm_up() {
    walk(0, |_| true);
}

/// A walk in progress.
struct Walk<'a> {
    pc: u64,
    /// Whether the frame of the fault was passed; what comes before it is the handler itself.
    outside: bool,
    keep: &'a mut dyn FnMut(u64) -> bool,
}

/// Gives the return addresses above the frame that stands at `pc`, innermost first, until `keep` says false.
pub fn walk(pc: u64, mut keep: impl FnMut(u64) -> bool) {
    let mut walk = Walk {
        pc,
        outside: false,
        keep: &mut keep,
    };
    // SAFETY: the callback gets back the pointer to `walk`, which lives over the call.
    unsafe { _Unwind_Backtrace(frame, (&raw mut walk).cast()) };
}

extern "C-unwind" fn frame(context: *mut c_void, argument: *mut c_void) -> c_int {
    // SAFETY: the pointer is the one that `walk` passed in.
    let walk = unsafe { &mut *argument.cast::<Walk<'_>>() };
    // SAFETY: the unwinder passes its own context.
    let ip = unsafe { _Unwind_GetIP(context) } as u64;
    if !walk.outside {
        walk.outside = ip == walk.pc;
        return GO_ON;
    }
    if ip != 0 && (walk.keep)(ip) {
        GO_ON
    } else {
        END
    }
}

/// Where the thread was, and its stack pointer, by the context that the kernel passed to the handler.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn registers(context: *mut c_void) -> (u64, u64) {
    // SAFETY: the third argument of an SA_SIGINFO handler is a ucontext_t.
    let registers = unsafe { &(*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs };
    (
        registers[libc::REG_RIP as usize] as u64,
        registers[libc::REG_RSP as usize] as u64,
    )
}

#[cfg(all(target_os = "linux", target_arch = "aarch64"))]
fn registers(context: *mut c_void) -> (u64, u64) {
    // SAFETY: the third argument of an SA_SIGINFO handler is a ucontext_t.
    let machine = unsafe { &(*context.cast::<libc::ucontext_t>()).uc_mcontext };
    (machine.pc, machine.sp)
}

#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
fn registers(_context: *mut c_void) -> (u64, u64) {
    (0, 0)
}

/// The program counter at the fault; 0 where it is not known.
pub fn pc(context: *mut c_void) -> u64 {
    registers(context).0
}

/// Whether the address lies just below the stack pointer: the guard page. Compilers touch each page of a large frame
/// in turn (stack probes), so the fault comes within a page or two.
pub fn is_stack_overflow(context: *mut c_void, address: u64) -> bool {
    let (_, stack) = registers(context);
    stack != 0 && stack.abs_diff(address) < 64 * 1024
}
