//! Mapped memory, for as long as the program lives (mmap(2)).

use std::io;
use std::os::fd::BorrowedFd;
use std::ptr::NonNull;

/// A mapping that is never taken down.
pub(crate) struct Memory {
    base: NonNull<u8>,
    size: usize,
}

// SAFETY: it is plain memory; what is stored in it is stored through atomics, or through the pointer of the one
// thread that owns a buffer.
unsafe impl Send for Memory {}
// SAFETY: the same.
unsafe impl Sync for Memory {}

impl Memory {
    /// Zeroed memory of our own; pages that are never touched cost nothing.
    pub(crate) fn anonymous(size: usize) -> io::Result<Self> {
        Self::map(size, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1)
    }

    /// The first `size` bytes of a file, shared with whoever else has it.
    pub(crate) fn shared(file: BorrowedFd<'_>, size: usize) -> io::Result<Self> {
        use std::os::fd::AsRawFd;
        Self::map(size, libc::MAP_SHARED, file.as_raw_fd())
    }

    fn map(size: usize, flags: i32, fd: i32) -> io::Result<Self> {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: a new mapping at an address that the kernel chooses touches no memory in use.
        let base = unsafe { libc::mmap(std::ptr::null_mut(), size, access, flags, fd, 0) };
        if base == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let base = NonNull::new(base.cast()).ok_or_else(|| io::Error::other("mmap gave null"))?;
        Ok(Self { base, size })
    }

    /// The byte at an offset, which must lie inside.
    pub(crate) fn at(&self, offset: usize) -> *mut u8 {
        assert!(
            offset < self.size,
            "{offset} is outside of the {} bytes",
            self.size
        );
        // SAFETY: just checked.
        unsafe { self.base.as_ptr().add(offset) }
    }
}
