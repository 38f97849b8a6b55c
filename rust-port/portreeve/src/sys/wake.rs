//! The sleep of the monitor: poll(2) on the input and on a pipe that any thread and any signal handler may write to, to
//! wake it.

use std::fs::File;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::sync::atomic::AtomicI32;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::stdio;

/// What is written to the pipe.
const WAKE: u8 = 0;
const TERMINATE: u8 = 1;
/// The pipe's writing end, for the signal handler.
static WAKER: AtomicI32 = AtomicI32::new(-1);

#[cfg(target_os = "linux")]
use libc::__errno_location as errno;
#[cfg(not(target_os = "linux"))]
use libc::__error as errno;

/// Wakes the sleeper, from any thread.
pub(crate) struct Waker(PipeWriter);

/// Who sleeps.
pub(crate) struct Sleeper {
    input: File,
    pipe: PipeReader,
}

/// Why it woke up; after a mere timeout nothing is set.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Woken {
    /// The input has hung up.
    pub gone: bool,
    /// Somebody called.
    pub called: bool,
    /// SIGTERM came.
    pub terminate: bool,
}

/// A pipe of its own, which signal handlers write to from now on.
///
/// # Errors
/// When the system has no descriptors left.
pub(crate) fn pipe() -> io::Result<(Waker, PipeReader)> {
    let (listen, waker) = io::pipe()?;
    stdio::set_nonblocking(waker.as_raw_fd())?;
    stdio::set_nonblocking(listen.as_raw_fd())?;
    WAKER.store(waker.as_raw_fd(), Relaxed);
    Ok((Waker(waker), listen))
}

impl Waker {
    /// Wakes it. A full pipe means that it is being woken already.
    pub(crate) fn wake(&self) {
        drop((&self.0).write(&[WAKE]));
    }
}

/// SIGTERM has come: called from its handler, so it does nothing but write(2).
pub(crate) fn signal_terminate() {
    // SAFETY: a byte to a descriptor that is open as long as the process lives; errno is put back for the code that
    // the signal interrupted.
    unsafe {
        let errno = errno();
        let before = *errno;
        libc::write(WAKER.load(Relaxed), [TERMINATE].as_ptr().cast(), 1);
        *errno = before;
    }
}

impl Sleeper {
    #[must_use]
    pub(crate) fn new(input: File, pipe: PipeReader) -> Self {
        Self { input, pipe }
    }

    /// Sleeps until it is woken, the input hangs up, or so many ms are over (−1: no matter how long).
    pub(crate) fn sleep(&mut self, timeout: i32) -> Woken {
        let mut woken = poll(self.input.as_raw_fd(), self.pipe.as_raw_fd(), timeout);
        if woken.called {
            let mut words = [WAKE; 64];
            // None to read is an answer too.
            let count = self.pipe.read(&mut words).unwrap_or(0);
            woken.terminate = words[..count].contains(&TERMINATE);
        }
        woken
    }
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
    // SAFETY: two entries, as the count says. After an error nothing has come back in them.
    if unsafe { libc::poll(polled.as_mut_ptr(), 2, timeout) } < 0 {
        pause(timeout);
    }
    Woken {
        gone: polled[0].revents & (HANG_UP | libc::POLLHUP | libc::POLLERR | libc::POLLNVAL) != 0,
        called: polled[1].revents != 0,
        terminate: false,
    }
}

/// A poll(2) that is refused (EINVAL: RLIMIT_NOFILE below the number of descriptors) must not become a busy loop. One
/// that a signal has interrupted is begun again.
fn pause(timeout: i32) {
    if io::Error::last_os_error().kind() != io::ErrorKind::Interrupted {
        let ms = u64::try_from(timeout).unwrap_or(20).clamp(1, 20);
        std::thread::sleep(Duration::from_millis(ms));
    }
}
