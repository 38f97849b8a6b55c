//! What must hold for any input, for the fuzz targets `frame` and `message` (rust-port/fuzz); the tests below run the
//! same bodies for a bounded time.

use crate::etf;
use crate::wire::frame::Frames;
use crate::wire::message::{self, Refused};

/// Largest frame while fuzzing: small, so that the limit is met.
const MAX: usize = 300;

/// Any bytes are the same frames, however they are cut into reads.
pub fn any_frames(bytes: &[u8]) {
    let whole = cut(bytes, bytes.len().max(1));
    for size in [1, 3, 64] {
        assert_eq!(cut(bytes, size), whole);
    }
}

/// The frames of `bytes` read in pieces of `size`, and whether one over the limit ended them.
fn cut(bytes: &[u8], size: usize) -> (Vec<Vec<u8>>, bool) {
    let mut frames = Frames::new(MAX);
    let mut found = Vec::new();
    for piece in bytes.chunks(size) {
        let filled = frames.fill(|into| {
            into.extend_from_slice(piece);
            Ok(piece.len())
        });
        assert_eq!(filled.ok(), Some(piece.len()));
        loop {
            match frames.take() {
                Ok(Some(block)) => {
                    found.extend(block.frames().map(|at| block.bytes()[at].to_vec()));
                }
                Ok(None) => break,
                Err(long) => {
                    assert!(long.size > MAX);
                    return (found, true);
                }
            }
        }
    }
    (found, false)
}

/// Any frame is a message, or refused for what it is: bad exactly when there is no single whole term in it, of whatever
/// size.
pub fn any_message(frame: &[u8]) {
    let ends_at = |end: Result<usize, etf::Error>| end.is_ok_and(|end| end == frame.len());
    let whole = frame.first() == Some(&131) && ends_at(etf::extent(frame, 1));
    if ends_at(etf::skip(frame, 1)) {
        assert!(ends_at(etf::extent(frame, 1)));
    }
    match message::read(frame) {
        Err(Refused::Compressed) => assert_eq!(frame[..2], [131, 80]),
        Err(Refused::Bad { at, why, .. }) => {
            assert!(!whole && at <= frame.len() && !why.is_empty());
        }
        Err(Refused::Call { id, .. }) => {
            assert!(whole && etf::extent(id, 0).is_ok_and(|end| end == id.len()))
        }
        Ok(_) | Err(Refused::Malformed(_) | Refused::Unknown) => assert!(whole),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{any_frames, any_message};

    /// Frames that are nearly messages: the words, Ids and lists of the protocol in any order.
    fn nearly() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            Just(vec![104, 4]),
            Just(vec![104, 3]),
            Just(vec![105, 0, 0, 0, 2]),
            Just(b"\x77\x04call".to_vec()),
            Just(b"\x77\x04cast".to_vec()),
            Just(b"\x64\x00\x05reply".to_vec()),
            Just(b"\x77\x04part".to_vec()),
            Just(b"\x77\x04stop".to_vec()),
            Just(vec![97, 7]),
            Just(vec![98, 0, 1, 0, 3]),
            Just(vec![106]),
            Just(vec![108, 0, 0, 0, 1]),
            Just(vec![107, 0, 2, 1, 2]),
            Just(vec![116, 0, 0, 0, 0]),
            Just(b"\x6d\x00\x00\x00\x02ab".to_vec()),
            Just(vec![119, 2, 0xc3, 0xbc]),
            Just(vec![119, 1, 0xff]),
            any::<u8>().prop_map(|byte| vec![byte]),
        ];
        proptest::collection::vec(piece, 0..12)
            .prop_map(|pieces| [vec![131], pieces.concat()].concat())
    }

    proptest! {
        #[test]
        fn any_bytes_are_frames(pieces in proptest::collection::vec(nearly(), 0..8), tail: Vec<u8>) {
            let framed = pieces.iter().flat_map(|piece| {
                [&(piece.len() as u32).to_be_bytes(), piece.as_slice()].concat()
            });
            any_frames(&framed.chain(tail).collect::<Vec<u8>>());
        }

        #[test]
        fn any_frame_is_a_message_or_refused(frame in nearly()) {
            any_message(&frame);
        }

        #[test]
        fn any_bytes_are_a_message_or_refused(frame: Vec<u8>) {
            any_message(&frame);
        }
    }
}
