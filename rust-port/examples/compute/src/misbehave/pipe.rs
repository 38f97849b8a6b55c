//! Ways to spoil the pipe. The runtime moves the pipe to descriptors that user code does not know, so most of these
//! first look for them: by device and inode, as fd 0 and fd 1 had them when the program began.

use std::fs::File;
use std::io::{self, Write};
use std::mem::ManuallyDrop;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::fs::MetadataExt;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Device and inode: the same for all descriptors of one pipe.
type Identity = (u64, u64);

static PIPES: OnceLock<[Option<Identity>; 2]> = OnceLock::new();

/// More descriptors than this no example has.
const MOST_DESCRIPTORS: RawFd = 1024;

/// To be called first in `main`, while fd 0 and fd 1 still are the pipe.
pub fn remember_pipes() {
    PIPES.get_or_init(|| [identity(0), identity(1)]);
}

fn identity(fd: RawFd) -> Option<Identity> {
    // SAFETY: never closed here. A number that is not open gives an error from fstat(2), not undefined behaviour.
    let file = ManuallyDrop::new(unsafe { File::from_raw_fd(fd) });
    file.metadata().ok().map(|data| (data.dev(), data.ino()))
}

/// All descriptors that mean the pipe which was `fd` (0 or 1) at the start.
fn descriptors(fd: usize) -> Vec<RawFd> {
    let wanted = PIPES.get().and_then(|pipes| pipes[fd]);
    (0..MOST_DESCRIPTORS)
        .filter(|&fd| wanted.is_some() && identity(fd) == wanted)
        .collect()
}

fn descriptor(fd: usize) -> io::Result<RawFd> {
    descriptors(fd)
        .first()
        .copied()
        .ok_or_else(|| io::Error::other(format!("what was fd {fd} is closed")))
}

/// Copies of both ends, for a process that is to hold them.
struct Copies {
    input: OwnedFd,
    output: OwnedFd,
}

fn copies() -> io::Result<Copies> {
    // SAFETY: found open a moment ago, and only these functions here close it.
    let copy = |fd| unsafe { BorrowedFd::borrow_raw(descriptor(fd)?) }.try_clone_to_owned();
    Ok(Copies {
        input: copy(0)?,
        output: copy(1)?,
    })
}

fn close(fd: usize) -> Result<(), String> {
    let open = descriptors(fd);
    for &descriptor in &open {
        // SAFETY: closing what others still use is what is wanted here.
        unsafe { libc::close(descriptor) };
    }
    if open.is_empty() {
        Err(format!("what was fd {fd} is closed already"))
    } else {
        Ok(())
    }
}

/// Writes to the very pipe that frames go through.
fn write_between_frames(bytes: &[u8]) -> Result<(), String> {
    let write = |copies: Copies| File::from(copies.output).write_all(bytes);
    copies().and_then(write).map_err(|error| error.to_string())
}

/// Prints a line with `println!`. It reaches stderr.
#[portreeve::function]
pub(super) fn print_line(text: &str) {
    println!("{text}");
}

/// Writes bytes to fd 1 as a C library would, past Rust's own stdout. They reach stderr.
#[portreeve::function]
pub(super) fn write_to_stdout(data: &[u8]) -> Result<(), String> {
    // SAFETY: fd 1 is open for the whole life of the program, and is not closed here.
    let mut stdout = ManuallyDrop::new(unsafe { File::from_raw_fd(1) });
    stdout
        .write_all(data)
        .map_err(|error| format!("fd {}: {error}", stdout.as_raw_fd()))
}

/// Closes the pipe that answers go through, and lives on.
#[portreeve::function]
pub(super) fn close_stdout() -> Result<(), String> {
    close(1)
}

/// Closes the pipe that calls come through, and lives on.
#[portreeve::function]
pub(super) fn close_stdin() -> Result<(), String> {
    close(0)
}

/// Sends a frame that says it has 1000 bytes, and ten of them; then ends the program with code 0 when `exit` is true.
#[portreeve::function]
pub(super) fn send_half_frame(exit: bool) -> Result<(), String> {
    write_between_frames(&[&1000_u32.to_be_bytes()[..], &[131; 10]].concat())?;
    if exit {
        std::process::exit(0);
    }
    Ok(())
}

/// Sends the length of a frame, 4 294 967 295 bytes, that never comes.
#[portreeve::function]
pub(super) fn send_huge_length() -> Result<(), String> {
    write_between_frames(&u32::MAX.to_be_bytes())
}

/// Writes bytes between two frames, where only frames may be.
#[portreeve::function]
pub(super) fn send_garbage(data: &[u8]) -> Result<(), String> {
    write_between_frames(data)
}

/// Writes so many bytes to stderr, in lines of 80.
#[portreeve::function]
pub(super) fn flood_stderr(bytes: u64) -> Result<(), String> {
    const LINE: &[u8; 80] =
        b"this line is written again and again, until stderr has seen more than enough of\n";
    let mut stderr = io::stderr().lock();
    let mut left = bytes;
    while left > 0 {
        let length = left.min(LINE.len() as u64) as usize;
        stderr
            .write_all(&LINE[..length])
            .map_err(|error| format!("stderr: {error}"))?;
        left -= length as u64;
    }
    Ok(())
}

/// Starts a process that holds this program's pipes open for so many seconds, also after the program's death. Gives
/// its process id.
#[portreeve::function]
pub(super) fn leave_grandchild(seconds: u32) -> Result<u32, String> {
    let held = copies().map_err(|error| format!("the pipes cannot be copied: {error}"))?;
    let mut command = Command::new("sleep");
    command
        .arg(seconds.to_string())
        .stdin(Stdio::from(held.input))
        .stdout(Stdio::from(held.output));
    match command.spawn() {
        Ok(grandchild) => Ok(grandchild.id()),
        Err(error) => Err(format!("`sleep` cannot be started: {error}")),
    }
}
