//! Bytes to frames: where frames are cut out of what was read. A frame is four bytes of length, then that many bytes.
//! Bytes go in as they come, whole frames go out as one block. A length over the limit is refused before a byte of it is stored, and
//! memory grows with what arrived, never with what a length claims. Neighbour: `src/wire/frame.ts`.

use std::io;
use std::ops::Range;

use bytes::{Bytes, BytesMut};

/// Bytes of length before each frame.
const HEADER: usize = 4;
/// Room made for each read: what a Linux pipe holds.
const READ: usize = 64 * 1024;
/// A frame over this many bytes gets memory of its own, which goes with its last call.
const LARGE: usize = 4 * READ;
/// How much more room than bytes a large frame that is on its way is given at most.
const AHEAD: usize = 4;

/// A run of whole frames. The calls in it share it while they run, for their arguments are slices of it.
#[derive(Debug, Default)]
pub(crate) struct Block(Bytes);

impl Block {
    /// A block that is one message without a frame around it, as parts add up to.
    #[must_use]
    pub(crate) fn message(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }

    /// All its bytes.
    #[must_use]
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// Where each frame's content lies; empty frames are left out.
    pub(crate) fn frames(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || {
            let size = length(&self.0[at..])?;
            let start = at + HEADER;
            at = start + size;
            Some(start..at)
        })
        .filter(|frame| !frame.is_empty())
    }
}

/// A frame that announced more bytes than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong {
    pub size: usize,
    pub max: usize,
    /// The first bytes of the offending frame, its length included.
    pub first: [u8; 4],
}

/// Bytes on their way to being frames.
pub(crate) struct Frames {
    bytes: BytesMut,
    max: usize,
}

impl Frames {
    /// Takes frames of up to `max` bytes.
    #[must_use]
    pub(crate) fn new(max: usize) -> Self {
        Self {
            bytes: BytesMut::with_capacity(READ),
            max,
        }
    }

    /// Takes frames of up to `max` bytes from now on.
    pub(crate) fn set_max(&mut self, max: usize) {
        self.max = max;
    }

    /// Has `read` append bytes; gives how many came, 0 at the end of input.
    pub(crate) fn fill(
        &mut self,
        read: impl FnOnce(&mut BytesMut) -> io::Result<usize>,
    ) -> io::Result<usize> {
        self.make_room();
        read(&mut self.bytes)
    }

    fn make_room(&mut self) {
        let on_its_way = self.on_its_way();
        if on_its_way <= LARGE {
            // A new buffer, or the old one when no call holds a part of it any more.
            return self.bytes.reserve(READ);
        }
        let len = self.bytes.len();
        if len == self.bytes.capacity() {
            self.move_to(on_its_way.min(len.max(READ) * AHEAD));
        }
    }

    /// Bytes of the frame of which a part has arrived, its length included; 0 when none has, or it will be refused.
    fn on_its_way(&self) -> usize {
        let size = length(&self.bytes).filter(|size| *size <= self.max);
        size.map_or(0, |size| HEADER + size)
    }

    /// To a buffer of just that capacity: one that grows by itself would end up to twice as large as its frame.
    fn move_to(&mut self, capacity: usize) {
        let mut moved = BytesMut::with_capacity(capacity);
        moved.extend_from_slice(&self.bytes);
        self.bytes = moved;
    }

    /// Whether a part of a frame has arrived whose rest has not; to be asked when all whole ones are taken.
    #[must_use]
    pub(crate) fn is_inside(&self) -> bool {
        !self.bytes.is_empty()
    }

    /// All whole frames that have arrived. A frame over the limit is an error once it is the next one; the whole
    /// ones before it are given out first.
    pub(crate) fn take(&mut self) -> Result<Option<Block>, TooLong> {
        let end = self.whole()?;
        if end == 0 {
            return Ok(None);
        }
        let block = self.bytes.split_to(end).freeze();
        if end > LARGE {
            // The rest must not keep the memory of the large one.
            self.move_to(self.bytes.len().max(READ));
        }
        Ok(Some(Block(block)))
    }

    /// The end of the last whole frame.
    fn whole(&self) -> Result<usize, TooLong> {
        let mut end = 0;
        while let Some(size) = length(&self.bytes[end..]) {
            if size > self.max {
                return if end > 0 {
                    Ok(end)
                } else {
                    Err(self.too_long(size))
                };
            }
            if self.bytes.len() - end - HEADER < size {
                break;
            }
            end += HEADER + size;
        }
        Ok(end)
    }

    fn too_long(&self, size: usize) -> TooLong {
        TooLong {
            size,
            max: self.max,
            first: (size as u32).to_be_bytes(),
        }
    }
}

fn length(bytes: &[u8]) -> Option<usize> {
    let header = bytes.first_chunk::<HEADER>()?;
    usize::try_from(u32::from_be_bytes(*header)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(contents: &[&[u8]]) -> Vec<u8> {
        contents
            .iter()
            .flat_map(|content| [&(content.len() as u32).to_be_bytes(), *content].concat())
            .collect()
    }

    fn feed(frames: &mut Frames, bytes: &[u8]) {
        frames
            .fill(|into| {
                into.extend_from_slice(bytes);
                Ok(bytes.len())
            })
            .unwrap();
    }

    fn taken(frames: &mut Frames) -> Vec<Vec<u8>> {
        let Some(block) = frames.take().unwrap() else {
            return Vec::new();
        };
        block
            .frames()
            .map(|frame| block.bytes()[frame].to_vec())
            .collect()
    }

    #[test]
    fn one_byte_at_a_time() {
        let mut frames = Frames::new(100);
        let mut seen = Vec::new();
        for byte in framed(&[b"one", b"", b"three"]) {
            feed(&mut frames, &[byte]);
            seen.extend(taken(&mut frames));
        }
        assert_eq!(seen, [b"one".to_vec(), b"three".to_vec()]);
        assert!(frames.bytes.is_empty());
    }

    #[test]
    fn many_at_once_and_the_rest_waits() {
        let mut frames = Frames::new(100);
        let bytes = framed(&[b"a", b"bc", b"tail"]);
        feed(&mut frames, &bytes[..bytes.len() - 2]);
        assert_eq!(taken(&mut frames), [b"a".to_vec(), b"bc".to_vec()]);
        assert_eq!(taken(&mut frames), Vec::<Vec<u8>>::new());
        feed(&mut frames, &bytes[bytes.len() - 2..]);
        assert_eq!(taken(&mut frames), [b"tail".to_vec()]);
    }

    #[test]
    fn a_large_frame_has_memory_of_its_size_and_takes_it_along() {
        let mut frames = Frames::new(100 * READ);
        let bytes = framed(&[b"a", &vec![7; 50 * READ]]);
        let mut rest = bytes.as_slice();
        let mut seen = Vec::new();
        while !rest.is_empty() {
            // As a pipe does it: as much as it holds and there is room for.
            let fill = |into: &mut BytesMut| {
                let count = (into.capacity() - into.len()).min(READ).min(rest.len());
                into.extend_from_slice(&rest[..count]);
                Ok(count)
            };
            let count = frames.fill(fill).unwrap();
            assert!(count > 0);
            rest = &rest[count..];
            let (len, capacity) = (frames.bytes.len(), frames.bytes.capacity());
            assert!(capacity <= (AHEAD * len.max(READ)).min(HEADER + 50 * READ));
            seen.extend(taken(&mut frames));
        }
        assert_eq!(seen, [b"a".to_vec(), vec![7; 50 * READ]]);
        assert_eq!(frames.bytes.capacity(), READ);
    }

    #[test]
    fn a_length_over_the_limit_is_refused_before_its_bytes() {
        let mut frames = Frames::new(3);
        feed(&mut frames, &framed(&[b"abc"]));
        feed(&mut frames, &[0xff, 0xff, 0xff, 0xff]);
        assert_eq!(taken(&mut frames), [b"abc".to_vec()]);
        let error = frames.take().unwrap_err();
        assert_eq!((error.size, error.max), (u32::MAX as usize, 3));
        assert!(frames.bytes.capacity() <= 2 * READ);
    }
}
