//! The Ids of calls that are unanswered: one that comes again is another call's, and refused.
//!
//! Over a pipe with a black box an Id has a slot, which its host keeps apart: there is nothing to remember then.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The Ids in use.
pub struct Ids {
    used: Option<Mutex<Used>>,
}

#[derive(Default)]
struct Used {
    /// Those of a few bytes, integers above all, each in one word: every call pays for this.
    short: HashSet<u64, Keyed>,
    /// All others, as their bytes stand in the frames.
    long: HashSet<Box<[u8]>>,
}

impl Ids {
    /// `have_slots`: the pipe has a black box.
    #[must_use]
    pub fn new(have_slots: bool) -> Self {
        let used = (!have_slots).then(Mutex::default);
        Self { used }
    }

    /// A call with this Id came; false when another one has it.
    #[must_use]
    pub fn take(&self, id: &[u8]) -> bool {
        self.lock().is_none_or(|mut used| match packed(id) {
            Some(short) => used.short.insert(short),
            None => used.long.insert(id.into()),
        })
    }

    /// The call is about to be answered; a cast has no Id.
    pub fn free(&self, id: Option<&[u8]>) {
        if let Some(id) = id
            && let Some(mut used) = self.lock()
        {
            match packed(id) {
                Some(short) => used.short.remove(&short),
                None => used.long.remove(id),
            };
        }
    }

    fn lock(&self) -> Option<MutexGuard<'_, Used>> {
        let used = self.used.as_ref()?;
        Some(used.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Up to seven bytes and their number, in one word.
fn packed(id: &[u8]) -> Option<u64> {
    let mut word = [0; 8];
    word.get_mut(..id.len()).filter(|_| id.len() < 8)?;
    word[..id.len()].copy_from_slice(id);
    word[7] = id.len() as u8;
    Some(u64::from_le_bytes(word))
}

/// Hashes one word by a multiplication with a random key, which is no secret to defend: whoever chooses the Ids pays for
/// their collisions alone.
#[derive(Clone)]
struct Keyed(u64);

impl Default for Keyed {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0) | 1)
    }
}

impl BuildHasher for Keyed {
    type Hasher = Multiplied;

    fn build_hasher(&self) -> Multiplied {
        Multiplied { key: self.0, at: 0 }
    }
}

struct Multiplied {
    key: u64,
    at: u64,
}

impl Hasher for Multiplied {
    fn write_u64(&mut self, word: u64) {
        let product = u128::from(word ^ self.at) * u128::from(self.key);
        self.at = (product >> 64) as u64 ^ product as u64;
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64((*byte).into());
        }
    }

    fn finish(&self) -> u64 {
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::{Ids, packed};

    #[test]
    fn an_id_is_taken_once_until_it_is_free() {
        let ids = Ids::new(false);
        for id in [&b"\x61\x01"[..], b"\x62\0\0\0\x01", b"\x6d\0\0\0\x05hello"] {
            assert!(ids.take(id));
            assert!(!ids.take(id));
            ids.free(Some(id));
            assert!(ids.take(id));
        }
    }

    #[test]
    fn short_ids_differ_as_their_bytes_do() {
        assert_ne!(packed(b"a"), packed(b"a\0"));
        assert_ne!(packed(b"\x61\x01"), packed(b"\x61\x02"));
        assert_eq!(packed(b"12345678"), None);
        assert!(packed(b"1234567").is_some());
    }
}
