//! Messages that come in pieces: `{part, Key, Binary}` … `{part, Key, Binary, last}`. Pieces of several Keys may be
//! interleaved; all together they stay within the limit of one message.

use std::collections::HashMap;

/// Pieces that wait for their last one.
pub struct Parts {
    waiting: HashMap<Box<[u8]>, Vec<u8>>,
    bytes: usize,
    max: usize,
}

impl Parts {
    #[must_use]
    pub fn new(max: usize) -> Self {
        Self {
            waiting: HashMap::new(),
            bytes: 0,
            max,
        }
    }

    /// Adds a piece; gives the message when it was the last one.
    pub fn add(&mut self, key: &[u8], piece: &[u8], last: bool) -> Result<Option<Vec<u8>>, String> {
        // The key counts too: a thousand empty pieces of new keys are not free.
        let cost = piece.len() + key.len();
        if self.bytes + cost > self.max {
            return Err(format!("parts of more than {} bytes together", self.max));
        }
        let mut message = match self.waiting.remove(key) {
            Some(message) => message,
            None => Vec::new(),
        };
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

#[cfg(test)]
mod tests {
    use super::Parts;

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
