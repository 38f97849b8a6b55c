//! The monitor: a thread that sleeps in poll(2) on the input for the end of the host, and wakes up every millisecond
//! only while calls run, to see whether somebody is stuck. It runs no user code and never blocks on anything else,
//! so it notices the host's end whatever the other threads do.

use std::fs::File;
use std::io::{PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::sync::atomic::AtomicI32;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Condvar, Mutex, PoisonError};

use super::worker;
use crate::runtime::program::Program;
use crate::sys::stdio;

/// Milliseconds between two looks at running calls.
const TICK: i32 = 1;
/// Looks at an idle program before the monitor sleeps: waking it up costs more than a look.
const IDLE_TICKS: u32 = 16;

/// What is written to the monitor.
const WAKE: u8 = 0;
const TERMINATE: u8 = 1;
/// The pipe's writing end, for the signal handler.
static WAKER: AtomicI32 = AtomicI32::new(-1);

#[cfg(target_os = "linux")]
use libc::__errno_location as errno;
#[cfg(not(target_os = "linux"))]
use libc::__error as errno;

/// Wakes the monitor, from any thread and from signal handlers.
pub struct Monitor {
    waker: PipeWriter,
    flusher: Flusher,
}

/// A thread that writes out answers of threads that are stuck in their next call; writing may block, and the monitor
/// must not.
#[derive(Default)]
struct Flusher {
    wanted: Mutex<bool>,
    come: Condvar,
}

impl Monitor {
    /// The handle, and the end of the pipe that the monitor itself listens to.
    pub fn new() -> std::io::Result<(Self, PipeReader)> {
        let (listen, waker) = std::io::pipe()?;
        stdio::set_nonblocking(waker.as_raw_fd())?;
        stdio::set_nonblocking(listen.as_raw_fd())?;
        WAKER.store(waker.as_raw_fd(), Relaxed);
        Ok((
            Self {
                waker,
                flusher: Flusher::default(),
            },
            listen,
        ))
    }

    /// SIGTERM has come: called from its handler, so it does nothing but write(2).
    pub fn signal_terminate() {
        // SAFETY: a byte to a descriptor that is open as long as the process lives; errno is put back for the code
        // that the signal interrupted.
        unsafe {
            let errno = errno();
            let before = *errno;
            libc::write(WAKER.load(Relaxed), [TERMINATE].as_ptr().cast(), 1);
            *errno = before;
        }
    }

    /// Wakes it. A full pipe means that it is being woken already.
    pub fn wake(&self) {
        drop((&self.waker).write(&[WAKE]));
    }
}

/// Starts monitor and flusher.
///
/// # Errors
/// When the system gives no thread.
pub fn spawn(program: &'static Program, input: File, listen: PipeReader) -> std::io::Result<()> {
    let thread = std::thread::Builder::new().name("portreeve-monitor".into());
    thread
        .stack_size(256 * 1024)
        .spawn(move || watch(program, input, listen))?;
    let thread = std::thread::Builder::new().name("portreeve-flusher".into());
    thread
        .stack_size(256 * 1024)
        .spawn(move || program.monitor().flusher.work(program))?;
    Ok(())
}

fn watch(program: &'static Program, input: File, mut listen: PipeReader) {
    let mut look = Look::default();
    loop {
        let woken = poll(input.as_raw_fd(), listen.as_raw_fd(), look.timeout());
        if woken.gone {
            program.end().host_gone();
        }
        if woken.called {
            let mut words = [WAKE; 64];
            // None to read is an answer too.
            let count = listen.read(&mut words).unwrap_or(0);
            if words[..count].contains(&TERMINATE) {
                program.terminate();
            }
            look.quiet = 0;
            look.asleep = false;
        }
        if !look.asleep {
            look.around(program);
        }
    }
}

/// What the monitor remembers from tick to tick.
#[derive(Default)]
struct Look {
    turns: u64,
    seen: Vec<u32>,
    quiet: u32,
    asleep: bool,
    answers_waited: bool,
}

impl Look {
    fn timeout(&self) -> i32 {
        if self.asleep { -1 } else { TICK }
    }

    fn around(&mut self, program: &'static Program) {
        program.output().memory().tick();
        program.schedule().ticks.fetch_add(1, Relaxed);
        program.schedule().watches.look(&mut self.seen);
        let (idle, spawn) = program.schedule().tick(&mut self.turns);
        if let Some(spawn) = spawn {
            worker::spawn(program, spawn);
        }
        let waiting = program.output().is_waiting();
        if waiting && self.answers_waited {
            program.monitor().flusher.call();
        }
        self.answers_waited = waiting;
        self.quiet = if idle && !waiting { self.quiet + 1 } else { 0 };
        self.asleep = self.quiet >= IDLE_TICKS && program.schedule().sleep();
    }
}

impl Flusher {
    fn call(&self) {
        *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.come.notify_one();
    }

    fn work(&self, program: &'static Program) {
        loop {
            let wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
            let mut wanted = self
                .come
                .wait_while(wanted, |wanted| !*wanted)
                .unwrap_or_else(PoisonError::into_inner);
            *wanted = false;
            drop(wanted);
            program.output().flush_all();
        }
    }
}

struct Woken {
    gone: bool,
    called: bool,
}

/// POLLRDHUP: the host shut its end of a socketpair (Node); POLLHUP: it closed a pipe (the BEAM). Both come while
/// unread bytes are still there.
#[cfg(target_os = "linux")]
const HANG_UP: i16 = libc::POLLRDHUP;
#[cfg(not(target_os = "linux"))]
const HANG_UP: i16 = 0;

fn poll(input: RawFd, listen: RawFd, timeout: i32) -> Woken {
    let entry = |fd, events| libc::pollfd {
        fd,
        events,
        revents: 0,
    };
    let mut polled = [entry(input, HANG_UP), entry(listen, libc::POLLIN)];
    // SAFETY: two entries, as the count says. After an error (EINTR) nothing has come back in them.
    unsafe { libc::poll(polled.as_mut_ptr(), 2, timeout) };
    Woken {
        gone: polled[0].revents & (HANG_UP | libc::POLLHUP | libc::POLLERR | libc::POLLNVAL) != 0,
        called: polled[1].revents != 0,
    }
}
