//! The handlers of faults (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGXCPU), put in and taken. What is to happen is one
//! function, given by `blackbox/crash.rs` and run on the thread that took the signal, which then has its way.
//!
//! Everything in a handler is async-signal-safe (signal-safety(7)): plain stores, write(2), sigaction(2), alarm(2), and
//! an unwinder that was warmed up before, so that it neither allocates nor takes a lock (glibc >= 2.35,
//! `_dl_find_object`; on musl the loader's lock). Should it hang all the same, the alarm ends the program.

use std::ffi::{c_int, c_void};
use std::io;
use std::sync::OnceLock;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicI32, AtomicU32};

use super::{registers, signals, unwind};

/// Seconds until a handler that hangs is ended.
const PATIENCE: u32 = 2;

/// What a thread died of.
pub(crate) struct Fault {
    pub signal: c_int,
    /// `si_code` of sigaction(2): above 0 when the kernel sent the signal.
    pub code: c_int,
    /// The address that was touched, or executed.
    pub address: u64,
    /// It is alive and well, and was asked for its words before the program is killed.
    pub(crate) is_asked: bool,
    context: *mut c_void,
}

/// Whose words whoever sent a SIGABRT asks for.
pub(crate) enum Asked {
    /// Those of this thread, by the system's number.
    Thread(u32),
    /// There is nobody who could say anything.
    Nobody,
}

impl Fault {
    /// The program counter at the fault; 0 where it is not known.
    pub(crate) fn pc(&self) -> u64 {
        registers::read(self.context).pc
    }

    /// Gives the return addresses above the fault, innermost first, until `keep` says false. The walk itself may fault
    /// where the stack is destroyed: whatever else is to be said comes before it.
    pub(crate) fn walk(&self, keep: impl FnMut(u64) -> bool) {
        unwind::walk(self.context, keep);
    }

    /// The signal's name.
    pub(crate) fn name(&self) -> &'static str {
        match self.signal {
            libc::SIGSEGV => "SIGSEGV",
            libc::SIGBUS => "SIGBUS",
            libc::SIGILL => "SIGILL",
            libc::SIGFPE => "SIGFPE",
            libc::SIGXCPU => "SIGXCPU",
            _ => "SIGABRT",
        }
    }

    /// Whether the address says something: it does when the kernel found the fault.
    pub(crate) fn has_address(&self) -> bool {
        !matches!(self.signal, libc::SIGABRT | libc::SIGXCPU) && self.code > 0
    }

    /// Whether it ended itself by abort(3), as for an allocation that failed.
    pub(crate) fn is_abort(&self) -> bool {
        self.signal == libc::SIGABRT && !self.is_asked
    }

    /// Whether the processor time is used up that RLIMIT_CPU allows.
    pub(crate) fn is_out_of_time(&self) -> bool {
        self.signal == libc::SIGXCPU
    }

    /// Whether the address lies just below the stack pointer: the guard page. Compilers touch each page of a large frame
    /// in turn (stack probes), so the fault comes within a page or two.
    pub(crate) fn is_stack_overflow(&self) -> bool {
        let stack = registers::read(self.context).sp;
        self.has_address() && stack != 0 && stack.abs_diff(self.address) < 64 * 1024
    }
}

/// The process that put in the handlers. A child that was forked shares what they write to, and is not the program.
static PROCESS: AtomicU32 = AtomicU32::new(0);
/// The thread that took the first signal; 0 while all is well.
static DYING: AtomicU32 = AtomicU32::new(0);
/// The signal that it took: what the program dies of, whatever becomes of the handler.
static FIRST: AtomicI32 = AtomicI32::new(0);
/// The thread that was asked for its words; 0 for none.
static ASKED: AtomicU32 = AtomicU32::new(0);
/// Who is told of a fault, and says whether a SIGABRT is a question.
static LISTENER: OnceLock<Listener> = OnceLock::new();

struct Listener {
    told: fn(&Fault),
    asked: fn() -> Option<Asked>,
}

/// Puts the handlers in place. `told` and `asked` run in a handler: they neither allocate nor take a lock. `asked` says
/// of a SIGABRT that somebody sent whose words are wanted, if that is what it was sent for.
///
/// # Errors
/// When the system refuses a handler.
pub(crate) fn install(told: fn(&Fault), asked: fn() -> Option<Asked>) -> io::Result<()> {
    unwind::warm_up();
    LISTENER.get_or_init(|| Listener { told, asked });
    PROCESS.store(std::process::id(), Relaxed);
    for signal in [
        libc::SIGSEGV,
        libc::SIGBUS,
        libc::SIGILL,
        libc::SIGFPE,
        libc::SIGABRT,
        libc::SIGXCPU,
    ] {
        let handler = take as *const () as usize;
        signals::handle(signal, handler, libc::SA_SIGINFO | libc::SA_ONSTACK)?;
    }
    Ok(())
}

extern "C" fn take(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel passes a valid siginfo to an SA_SIGINFO handler.
    let info = unsafe { &*info };
    let thread = signals::thread_id();
    if std::process::id() == PROCESS.load(Relaxed) {
        if pass_on(signal, info.si_code) {
            return;
        }
        match DYING.compare_exchange(0, thread, SeqCst, SeqCst) {
            Ok(_) => {
                FIRST.store(signal, SeqCst);
                tell(signal, info, context);
            }
            // Its own handler faulted, as the walk may: nothing more can be said.
            Err(first) if first == thread => die_of(FIRST.load(SeqCst)),
            // The first thread ends the process, or the alarm does.
            Err(_) => wait_for_the_end(),
        }
        if ASKED.load(SeqCst) == thread {
            signals::kill();
        }
    }
    have_its_way(signal, info.si_code);
}

/// Any thread takes the signal of another process, and sends it to the one whose words are wanted; that one kills the
/// program. Says whether it was a question.
#[cfg(target_os = "linux")]
fn pass_on(signal: c_int, code: c_int) -> bool {
    if signal != libc::SIGABRT || code != libc::SI_USER {
        return false;
    }
    match LISTENER.get().and_then(|listener| (listener.asked)()) {
        None => return false,
        Some(Asked::Nobody) => signals::kill(),
        Some(Asked::Thread(thread)) => {
            ASKED.store(thread, SeqCst);
            signals::abort_in(thread);
        }
    }
    true
}

/// There is no way to choose the thread here, so hosts do not ask.
#[cfg(not(target_os = "linux"))]
fn pass_on(_signal: c_int, _code: c_int) -> bool {
    false
}

fn tell(signal: c_int, info: &libc::siginfo_t, context: *mut c_void) {
    // SAFETY: alarm(2) is async-signal-safe, and a fault has an address, which is not used where it has none.
    let address = unsafe {
        libc::alarm(PATIENCE);
        info.si_addr() as u64
    };
    let fault = Fault {
        signal,
        code: info.si_code,
        address,
        is_asked: ASKED.load(SeqCst) == signals::thread_id(),
        context,
    };
    if let Some(listener) = LISTENER.get() {
        (listener.told)(&fault);
    }
}

fn wait_for_the_end() -> ! {
    loop {
        // SAFETY: pause(2) is async-signal-safe.
        unsafe { libc::pause() };
    }
}

/// Ends the program by the signal whose handler faulted: what that faulted with is not what the program died of.
fn die_of(first: c_int) {
    if ASKED.load(SeqCst) == 0 {
        signals::unblock(first);
        have_its_way(first, 0);
    }
}

/// A fault comes again when the handler returns, and a signal that somebody sent is sent once more.
fn have_its_way(signal: c_int, code: c_int) {
    // SAFETY: signal(2) and raise(3) are async-signal-safe.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        if code <= 0 || matches!(signal, libc::SIGABRT | libc::SIGXCPU) {
            libc::raise(signal);
        }
    }
}
