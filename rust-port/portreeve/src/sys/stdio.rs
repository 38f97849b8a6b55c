//! Takes the pipe away from user code. What was fd 0 and fd 1 moves to descriptors that only portreeve knows; in
//! their place fd 0 reads /dev/null and fd 1 writes to stderr, so that neither `println!` nor a C library's
//! `printf` can touch a frame. Programs started by `nouse_stdio` have the pipe on fd 3 and fd 4 and keep the others.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use bytes::BytesMut;

/// Names the descriptors of the pipe: `34` reads fd 3 and writes fd 4 (`nouse_stdio` of `erlang:open_port/2`).
pub(crate) const STDIO: &str = "PORTREEVE_STDIO";

/// Where frames come in and go out.
pub(crate) struct Pipes {
    pub input: File,
    pub output: File,
}

/// Whether somebody started the program by hand: its stdin is a terminal and no other descriptors were named.
#[must_use]
pub(crate) fn is_by_hand() -> bool {
    std::env::var_os(STDIO).is_none() && io::stdin().is_terminal()
}

/// Takes the pipe. Called once, before any other thread runs.
///
/// # Errors
/// When `PORTREEVE_STDIO` says something else than `34`, or a descriptor is not there.
pub(crate) fn take() -> io::Result<Pipes> {
    match std::env::var(STDIO).ok().as_deref() {
        None | Some("01") => {
            let pipes = Pipes {
                input: keep(0)?,
                output: keep(1)?,
            };
            let null = File::open("/dev/null")?;
            put(null.as_raw_fd(), 0)?;
            put(2, 1)?;
            Ok(pipes)
        }
        Some("34") => Ok(Pipes {
            input: keep(3)?,
            output: keep(4)?,
        }),
        Some(other) => {
            let text = format!("{STDIO}={other} is not known: 34 reads fd 3 and writes fd 4");
            Err(io::Error::new(io::ErrorKind::InvalidInput, text))
        }
    }
}

/// A copy of the descriptor that programs started from here do not inherit; what was at its number stays until it
/// is replaced, except fd 3 and fd 4, which are closed.
fn keep(fd: RawFd) -> io::Result<File> {
    // SAFETY: fcntl(2) with a number that may not be open gives EBADF and does nothing else.
    let copy = unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 3) };
    if copy < 0 {
        let error = io::Error::last_os_error();
        return Err(io::Error::new(
            error.kind(),
            format!("fd {fd} of the pipe: {error}"),
        ));
    }
    // SAFETY: the copy was just made and belongs to nobody else.
    let copy = unsafe { OwnedFd::from_raw_fd(copy) };
    if fd > 2 {
        // SAFETY: the host handed this descriptor over for this very use.
        drop(unsafe { OwnedFd::from_raw_fd(fd) });
    }
    Ok(copy.into())
}

/// Makes `to` mean what `from` means.
fn put(from: RawFd, to: RawFd) -> io::Result<()> {
    // SAFETY: 0 and 1 are not owned by any value of this program; nothing else runs yet.
    if unsafe { libc::dup2(from, to) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Appends what is there, waiting for at least one byte; 0 is the end of input.
pub(crate) fn read(input: &File, into: &mut BytesMut) -> io::Result<usize> {
    loop {
        let free = into.spare_capacity_mut();
        // SAFETY: the pointer and length are those of the spare capacity, which read(2) only writes to.
        let got = unsafe { libc::read(input.as_raw_fd(), free.as_mut_ptr().cast(), free.len()) };
        if let Ok(got) = usize::try_from(got) {
            // SAFETY: the kernel has written that many bytes.
            unsafe { into.set_len(into.len() + got) };
            return Ok(got);
        }
        match io::Error::last_os_error() {
            error if error.kind() == io::ErrorKind::Interrupted => {}
            error if error.kind() == io::ErrorKind::WouldBlock => {
                wait(input.as_raw_fd(), libc::POLLIN)
            }
            error => return Err(error),
        }
    }
}

/// Waits until a non-blocking descriptor takes bytes again.
pub(crate) fn wait_writable(pipe: BorrowedFd<'_>) {
    wait(pipe.as_raw_fd(), libc::POLLOUT);
}

/// Whether a descriptor takes bytes right now.
#[cfg(any(feature = "log", feature = "tracing"))]
pub(crate) fn is_writable(pipe: BorrowedFd<'_>) -> bool {
    let mut poll = libc::pollfd {
        fd: pipe.as_raw_fd(),
        events: libc::POLLOUT,
        revents: 0,
    };
    // SAFETY: one pollfd, as the count says.
    unsafe { libc::poll(&raw mut poll, 1, 0) == 1 && poll.revents & libc::POLLOUT != 0 }
}

/// Writes a line to stderr if it has room for it.
#[cfg(any(feature = "log", feature = "tracing"))]
pub(crate) fn try_write_stderr(line: &[u8]) -> bool {
    let stderr = io::stderr();
    if line.len() > 4096 || !is_writable(std::os::fd::AsFd::as_fd(&stderr)) {
        return false;
    }
    // A closed stderr has taken all it ever will.
    drop(io::Write::write_all(&mut stderr.lock(), line));
    true
}

fn wait(fd: RawFd, events: i16) {
    let mut poll = libc::pollfd {
        fd,
        events,
        revents: 0,
    };
    // SAFETY: one pollfd, as the count says. An error shows at the read or write that follows.
    unsafe { libc::poll(&raw mut poll, 1, -1) };
}

/// Makes reads and writes of a descriptor give up instead of waiting.
pub(crate) fn set_nonblocking(fd: RawFd) -> io::Result<()> {
    // SAFETY: fcntl(2) on a number touches no memory.
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFL) };
    // SAFETY: the same.
    if flags < 0 || unsafe { libc::fcntl(fd, libc::F_SETFL, flags | libc::O_NONBLOCK) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
