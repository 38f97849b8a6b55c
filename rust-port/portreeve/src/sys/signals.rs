//! Signals: SIGINT is heard and does nothing (a group gets it while the host still needs its workers); SIGTERM is the
//! same under a reeve, and `stop` otherwise. What else a terminal or a supervisor sends to the whole group does nothing
//! under a reeve either: the end of input is what ends a worker. Handlers and not SIG_IGN, which would survive exec(2)
//! into programs that are started from here; a handler that the program has put in itself stays. And the stacks that the
//! handlers of a crash run on.

use std::ffi::c_int;
use std::io;
use std::ptr::NonNull;

use super::wake;

/// Bytes of a handler's stack: enough for the unwinder.
const STACK: usize = 64 * 1024;

/// Bytes below it that nobody may touch: a page of any machine.
const GUARD: usize = 64 * 1024;

/// Puts the handlers in place that do not concern a crash.
///
/// # Errors
/// When the system refuses a handler.
pub(crate) fn install() -> io::Result<()> {
    for (signal, handler) in [
        (libc::SIGINT, nothing as *const () as usize),
        (libc::SIGTERM, terminate as *const () as usize),
    ] {
        if matches!(current(signal)?, libc::SIG_DFL | libc::SIG_IGN) {
            handle(signal, handler, libc::SA_RESTART)?;
        }
    }
    Ok(())
}

/// There is a reeve: what else comes to the whole group does nothing.
///
/// # Errors
/// When the system refuses a handler.
pub(crate) fn ignore_those_to_the_group() -> io::Result<()> {
    for signal in [libc::SIGHUP, libc::SIGQUIT, libc::SIGUSR1, libc::SIGUSR2] {
        if current(signal)? == libc::SIG_DFL {
            handle(signal, nothing as *const () as usize, libc::SA_RESTART)?;
        }
    }
    Ok(())
}

/// What a signal does at the moment.
fn current(signal: c_int) -> io::Result<usize> {
    // SAFETY: an all-zero sigaction is a valid one.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer is to a whole sigaction that lives over the call, which changes nothing.
    if unsafe { libc::sigaction(signal, std::ptr::null(), &raw mut action) } == 0 {
        return Ok(action.sa_sigaction);
    }
    Err(io::Error::last_os_error())
}

/// Sets a handler, with flags of sigaction(2).
pub(crate) fn handle(signal: c_int, handler: usize, flags: c_int) -> io::Result<()> {
    // SAFETY: an all-zero sigaction is a valid one, with an empty mask.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = handler;
    action.sa_flags = flags;
    // SAFETY: the handlers of this crate are async-signal-safe functions of the form that the flags ask for.
    if unsafe { libc::sigaction(signal, &raw const action, std::ptr::null_mut()) } == 0 {
        return Ok(());
    }
    Err(io::Error::last_os_error())
}

extern "C" fn nothing(_signal: c_int) {}

/// The monitor knows whether a host said hello.
extern "C" fn terminate(_signal: c_int) {
    wake::signal_terminate();
}

/// Ends the process as abort(3) does, in the name of another of its threads: it is that one's last words that are told.
#[cfg(target_os = "linux")]
pub(crate) fn abort_in(thread: u32) {
    // SAFETY: tgkill(2) of a number that is no thread of this process any more is an error and nothing else.
    unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), thread, libc::SIGABRT) };
}

/// There is no way to choose the thread here.
#[cfg(not(target_os = "linux"))]
pub(crate) fn abort_in(_thread: u32) {
    std::process::abort();
}

/// Lets the calling thread take a signal whose handler it is in.
pub(crate) fn unblock(signal: c_int) {
    // SAFETY: a set that is made here; pthread_sigmask(3) is async-signal-safe.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, signal);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const set, std::ptr::null_mut());
    }
}

/// Ends the process at once.
pub(crate) fn kill() {
    // SAFETY: kill(2) is async-signal-safe, and nothing comes after it.
    unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
}

/// The calling thread's number, as the kernel and debuggers know it.
pub(crate) fn thread_id() -> u32 {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: gettid(2) always succeeds. By number: glibc has had a function for it only since 2.30.
        let id = unsafe { libc::syscall(libc::SYS_gettid) };
        // Linux numbers them up to 2²².
        u32::try_from(id).unwrap_or(0)
    }
    #[cfg(target_os = "macos")]
    {
        // SAFETY: the port of the calling thread, which always has one.
        unsafe { libc::pthread_mach_thread_np(libc::pthread_self()) }
    }
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    {
        // SAFETY: the handle of the calling thread; some bits of it tell threads apart.
        let handle = unsafe { libc::pthread_self() } as usize;
        (handle >> 4) as u32
    }
}

/// A stack for the signal handlers of one thread, so that a stack overflow can be reported too. Taken down with it.
pub(crate) struct AlternateStack(Option<NonNull<libc::c_void>>);

impl AlternateStack {
    /// For the calling thread, which keeps it to its end. A thread that gets none runs without; only the report of a
    /// stack overflow in it is lost.
    pub(crate) fn new() -> Self {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        let none = std::ptr::null_mut();
        // SAFETY: a new mapping at an address that the kernel chooses.
        let base = unsafe { libc::mmap(none, GUARD + STACK, access, flags, -1, 0) };
        if base == libc::MAP_FAILED {
            return Self(None);
        }
        // SAFETY: the memory was just mapped, and is unmapped only after the thread stopped using it. Without its guard
        // a stack that is too small would grow into its neighbour.
        unsafe {
            libc::mprotect(base, GUARD, libc::PROT_NONE);
            set_stack(base.byte_add(GUARD), 0);
        }
        Self(NonNull::new(base))
    }
}

impl Drop for AlternateStack {
    fn drop(&mut self) {
        if let Some(base) = self.0 {
            // SAFETY: the stack is disabled before its memory goes.
            unsafe {
                set_stack(std::ptr::null_mut(), libc::SS_DISABLE);
                libc::munmap(base.as_ptr(), GUARD + STACK);
            }
        }
    }
}

unsafe fn set_stack(base: *mut libc::c_void, flags: c_int) {
    let stack = libc::stack_t {
        ss_sp: base,
        ss_flags: flags,
        ss_size: STACK,
    };
    // SAFETY: the caller's. A refusal leaves the thread without, as it was.
    unsafe { libc::sigaltstack(&raw const stack, std::ptr::null_mut()) };
}
