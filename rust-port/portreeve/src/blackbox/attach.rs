//! Takes the box that the host handed over: `PORTREEVE_BOX=<fd>`. It is as untrusted as the pipe: magic and size are
//! checked before anything is stored in it.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, FromRawFd};
use std::os::unix::fs::FileExt;

use super::layout::{ATTACHED, LOAD, Layout};
use super::{BlackBox, Ordering};
use crate::sys::executable::load_address;
use crate::sys::mmap::Memory;

/// Names the descriptor of the box.
const VARIABLE: &str = "PORTREEVE_BOX";
const MAGIC: &[u8; 8] = b"PRBX0001";

/// The host's box, when there is one; memory of our own for `threads` threads otherwise. Called once, while no other
/// thread runs.
///
/// # Errors
/// When there is a box that is none, or no memory.
pub fn open(threads: usize) -> io::Result<BlackBox> {
    let Some(value) = std::env::var_os(VARIABLE) else {
        return BlackBox::private(threads);
    };
    // SAFETY: no other thread runs that could read the environment.
    unsafe { std::env::remove_var(VARIABLE) };
    let fd: Option<i32> = value.to_str().and_then(|fd| fd.parse().ok());
    let fd = fd.filter(|fd| *fd > 2).ok_or_else(|| {
        io::Error::new(
            ErrorKind::InvalidInput,
            format!("{VARIABLE}={value:?} is no descriptor"),
        )
    })?;
    // SAFETY: the host opened this descriptor for us and for nothing else. A number that is not open fails below.
    let file = unsafe { File::from_raw_fd(fd) };
    attach(&file)
        .map_err(|error| io::Error::new(error.kind(), format!("the black box on fd {fd}: {error}")))
}

/// The mapping outlives the descriptor, which is closed: programs started from here do not get it.
fn attach(file: &File) -> io::Result<BlackBox> {
    let layout = read_header(file)?;
    let size = layout.size();
    if file.metadata()?.len() < size as u64 {
        return Err(io::Error::new(
            ErrorKind::InvalidData,
            format!("it has less than {size} bytes"),
        ));
    }
    let memory = Memory::shared(file.as_fd(), size)?;
    let taken = BlackBox::over(memory, layout);
    taken.u64_at(LOAD).store(load_address(), Ordering::Relaxed);
    taken.u32_at(ATTACHED).store(1, Ordering::Release);
    Ok(taken)
}

fn read_header(file: &File) -> io::Result<Layout> {
    let mut header = [0; 20];
    file.read_exact_at(&mut header, 0)?;
    if &header[..8] != MAGIC {
        return Err(io::Error::new(
            ErrorKind::InvalidData,
            "it does not begin with PRBX0001",
        ));
    }
    let word = |at: usize| {
        u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    Layout::checked(word(8), word(12), word(16))
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "its header makes no sense"))
}
