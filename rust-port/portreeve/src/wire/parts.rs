//! Messages that come in pieces: `{part, Key, Binary}` … `{part, Key, Binary, last}`. Pieces of several Keys may be
//! interleaved; all together they stay within the limit of one message.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use crate::wire::message::write;

/// Pieces that wait for their last one.
pub(crate) struct Parts {
    waiting: HashMap<Box<[u8]>, Vec<u8>>,
    bytes: usize,
    max: usize,
}

impl Parts {
    #[must_use]
    pub(crate) fn new(max: usize) -> Self {
        Self {
            waiting: HashMap::new(),
            bytes: 0,
            max,
        }
    }

    /// Takes messages of up to `max` bytes from now on.
    pub(crate) fn set_max(&mut self, max: usize) {
        self.max = max;
    }

    /// Adds a piece; gives the message when it was the last one.
    pub(crate) fn add(
        &mut self,
        key: &[u8],
        piece: &[u8],
        last: bool,
    ) -> Result<Option<Vec<u8>>, String> {
        // The key counts too: a thousand empty pieces of new keys are not free.
        let cost = piece.len() + key.len();
        if self.bytes + cost > self.max {
            return Err(format!("parts of more than {} bytes together", self.max));
        }
        let mut message = self.waiting.remove(key).unwrap_or_default();
        message.extend_from_slice(piece);
        if last {
            self.bytes = self
                .waiting
                .iter()
                .map(|(key, part)| key.len() + part.len())
                .sum();
            return Ok(Some(message));
        }
        self.bytes += cost;
        self.waiting.insert(key.into(), message);
        Ok(None)
    }
}

/// Cuts a message (its version byte and term) into the frames of its parts, each made when the last one is gone.
pub(crate) fn split(message: &[u8], piece: usize, mut send: impl FnMut(&[u8])) {
    static KEY: AtomicU64 = AtomicU64::new(0);
    let key = KEY.fetch_add(1, Relaxed);
    let mut pieces = message.chunks(piece).peekable();
    let mut out = Vec::with_capacity(piece + 64);
    while let Some(piece) = pieces.next() {
        let last = pieces.peek().is_none();
        out.clear();
        let start = write::begin(&mut out);
        write::tuple(&mut out, if last { 4 } else { 3 });
        write::atom(&mut out, "part");
        write::integer(&mut out, key);
        write::binary(&mut out, piece);
        if last {
            write::atom(&mut out, "last");
        }
        // A piece is smaller than any `max_frame` that the whole message was within.
        if write::end(&mut out, start, usize::MAX).is_ok() {
            send(&out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Parts, split};
    use crate::wire::message::{self, Message};

    #[test]
    fn what_is_split_comes_out_whole() {
        let message: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        let mut parts = Parts::new(20_000);
        let mut whole = None;
        split(&message, 3000, |frame| match message::read(&frame[4..]) {
            Ok(Message::Part { key, piece, last }) => whole = parts.add(key, piece, last).unwrap(),
            other => panic!("{other:?}"),
        });
        assert_eq!(whole, Some(message));
    }

    #[test]
    fn interleaved_keys_come_out_whole() {
        let mut parts = Parts::new(100);
        assert_eq!(parts.add(b"a", b"one ", false), Ok(None));
        assert_eq!(parts.add(b"b", b"three ", false), Ok(None));
        assert_eq!(parts.add(b"a", b"two", true), Ok(Some(b"one two".to_vec())));
        assert_eq!(
            parts.add(b"b", b"four", true),
            Ok(Some(b"three four".to_vec()))
        );
        assert_eq!(parts.bytes, 0);
    }

    #[test]
    fn the_sum_is_bounded() {
        let mut parts = Parts::new(10);
        assert_eq!(parts.add(b"a", b"12345", false), Ok(None));
        assert!(parts.add(b"b", b"12345", false).is_err());
        assert_eq!(
            parts.add(b"a", b"678", true),
            Ok(Some(b"12345678".to_vec()))
        );
    }
}
