//! Where everything lies in the black box: pure arithmetic, the same as in `src/process/blackbox.ts`.

/// Bytes of the header.
pub(super) const SLOTS: usize = 64;
/// The u32 that says that a program took the box.
pub(super) const ATTACHED: usize = 20;
/// The u64 that the monitor counts up.
pub(super) const TICK: usize = 24;
/// The u64 of the executable's load address.
pub(super) const LOAD: usize = 32;
/// The u32 that says that the program waits for the rest of a frame.
pub(super) const INSIDE: usize = 40;
/// The u32 with the Id of a stuck call: the host asks what it does.
pub(super) const ASKED: usize = 44;
/// Bytes per thread, and of the record of a crash.
const THREAD: usize = 64;
const CRASH: usize = 1024;
/// Reply buffer of a box that nobody reads.
const ROOM: u32 = 65_536;

/// The three numbers that fix all offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    /// N
    pub slots: u32,
    /// T
    pub threads: u32,
    /// R
    pub room: u32,
}

impl Layout {
    /// For memory that nobody reads: no slots.
    pub(crate) fn private(threads: usize) -> Self {
        Self {
            slots: 0,
            threads: threads as u32,
            room: ROOM,
        }
    }

    /// As a host wrote it; `None` for numbers that no host of ours writes. A slot number has 16 bits.
    pub(crate) fn checked(slots: u32, threads: u32, room: u32) -> Option<Self> {
        Self::within(isize::MAX as u64, slots, threads, room)
    }

    /// The same for offsets of up to `most`: on 32 bits threads times room need not fit.
    fn within(most: u64, slots: u32, threads: u32, room: u32) -> Option<Self> {
        let sound = slots <= 65_536 && threads <= 65_536 && (4096..=1 << 30).contains(&room);
        let aligned = room.is_multiple_of(64) && slots.is_multiple_of(2);
        let buffers = u64::from(threads) * u64::from(room);
        let size = SLOTS as u64 + 4 * u64::from(slots) + 64 * u64::from(threads) + 1024 + buffers;
        (sound && aligned && size <= most).then_some(Self {
            slots,
            threads,
            room,
        })
    }

    /// Where a thread's four words lie.
    pub(crate) fn thread(&self, index: usize) -> Option<usize> {
        (index < self.threads as usize).then(|| self.threads_at() + THREAD * index)
    }

    /// Where the record of a crash lies.
    pub(crate) fn crash(&self) -> usize {
        self.threads_at() + THREAD * self.threads as usize
    }

    /// Where a thread's reply buffer begins; only for an index that has one.
    pub(crate) fn buffer(&self, index: usize) -> usize {
        self.crash() + CRASH + self.room as usize * index
    }

    /// Bytes of the whole box.
    pub(crate) fn size(&self) -> usize {
        self.buffer(self.threads as usize)
    }

    fn threads_at(&self) -> usize {
        SLOTS + 4 * self.slots as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Layout;

    #[test]
    fn a_box_that_no_pointer_reaches_the_end_of_is_refused() {
        let (narrow, wide) = (i32::MAX as u64, i64::MAX as u64);
        // 4 * 1 GiB is 0 in 32 bits.
        assert_eq!(Layout::within(narrow, 2, 4, 1 << 30), None);
        assert!(Layout::within(narrow, 2, 1, 1 << 30).is_some());
        assert!(Layout::within(wide, 65_536, 65_536, 1 << 30).is_some());
        let here = Layout::checked(2, 4, 1 << 30).is_some();
        assert_eq!(here, cfg!(target_pointer_width = "64"));
    }
}
