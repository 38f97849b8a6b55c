//! Where everything lies in the black box: pure arithmetic, the same as in `src/process/blackbox.ts`.

/// Bytes of the header.
pub const SLOTS: usize = 64;
/// The u64 that the monitor counts up.
pub const TICK: usize = 24;
/// Bytes per thread, the record of a crash, and the largest N: a slot number has 16 bits.
const THREAD: usize = 64;
const CRASH: usize = 1024;
/// Reply buffer of a box that nobody reads.
const ROOM: u32 = 65_536;

/// The three numbers that fix all offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// N
    pub slots: u32,
    /// T
    pub threads: u32,
    /// R
    pub room: u32,
}

impl Layout {
    /// For memory that nobody reads: no slots.
    pub fn private(threads: usize) -> Self {
        Self {
            slots: 0,
            threads: threads as u32,
            room: ROOM,
        }
    }

    /// Where a thread's four words lie.
    pub fn thread(&self, index: usize) -> Option<usize> {
        (index < self.threads as usize).then(|| self.threads_at() + THREAD * index)
    }

    /// Where the record of a crash lies.
    pub fn crash(&self) -> usize {
        self.threads_at() + THREAD * self.threads as usize
    }

    /// Where a thread's reply buffer begins; only for an index that has one.
    pub fn buffer(&self, index: usize) -> usize {
        self.crash() + CRASH + self.room as usize * index
    }

    /// Bytes of the whole box.
    pub fn size(&self) -> usize {
        self.buffer(self.threads as usize)
    }

    fn threads_at(&self) -> usize {
        SLOTS + 4 * self.slots as usize
    }
}
