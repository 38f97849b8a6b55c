//! A descriptor that the host says it has handed over. The environment may be inherited from another program, so its
//! number alone proves nothing: the inode does.

use std::fs::File;
use std::io;
use std::os::fd::{FromRawFd, RawFd};

/// Takes the descriptor of this number if it is open and has this inode; `None`: it is not what was meant.
///
/// # Errors
/// When the system does not say what it is.
pub(crate) fn take(fd: RawFd, inode: u64) -> io::Result<Option<File>> {
    if inode_of(fd)? != Some(inode) {
        return Ok(None);
    }
    // SAFETY: it is open, and it is the very file that the host opened for us and for nothing else.
    Ok(Some(unsafe { File::from_raw_fd(fd) }))
}

fn inode_of(fd: RawFd) -> io::Result<Option<u64>> {
    // SAFETY: an all-zero stat is a valid one.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer is to a whole stat that lives over the call; a number that is not open is an error.
    if unsafe { libc::fstat(fd, &raw mut stat) } == 0 {
        #[allow(clippy::unnecessary_cast, reason = "other widths elsewhere")]
        return Ok(Some(stat.st_ino as u64));
    }
    match io::Error::last_os_error() {
        error if error.raw_os_error() == Some(libc::EBADF) => Ok(None),
        error => Err(error),
    }
}
