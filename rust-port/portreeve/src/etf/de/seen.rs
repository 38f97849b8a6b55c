//! The keys of a map that are data: no two may be one key, of which the last would win in silence.
//!
//! Keys that are read by their text are one key if the text is the same, whatever terms they are: `a`, `<<"a">>`, and
//! for numbers `7` and `<<"7">>`.

use std::borrow::Cow;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};

use crate::etf::error::{Error, ErrorKind};
use crate::etf::read::Reader;
use crate::etf::show::show;
use crate::etf::tags::{BINARY_EXT, SMALL_ATOM_UTF8_EXT};

/// Room that is made at once.
const AT_ONCE: usize = 1024;
/// Keys from which on their hashes are sorted first, which takes half as long.
const MANY: usize = 32;

pub(super) struct Seen<'de> {
    /// The bytes of keys that are what they are.
    terms: InOrder<&'de [u8]>,
    /// The text of the others.
    texts: InOrder<Cow<'de, [u8]>>,
    count: usize,
}

impl<'de> Seen<'de> {
    pub(super) fn of(count: usize) -> Self {
        Self {
            terms: InOrder::default(),
            texts: InOrder::default(),
            count: count.min(AT_ONCE),
        }
    }

    #[inline]
    pub(super) fn push(&mut self, key: &'de [u8], by_name: bool) {
        if by_name {
            self.texts.push(text(key), self.count);
        } else {
            self.terms.push(key, self.count);
        }
    }

    /// Two keys are one.
    pub(super) fn check(mut self) -> Result<(), Error> {
        if !self.texts.keys.is_empty() && !self.terms.keys.is_empty() {
            for number in self.terms.keys.iter().filter_map(|key| number(key)) {
                self.texts.push(number, 0);
            }
        }
        if let Some(key) = self.terms.double() {
            return Err(duplicate(&show(key, 0)));
        }
        match self.texts.double() {
            Some(text) => Err(duplicate(&format!("{:?}", String::from_utf8_lossy(text)))),
            None => Ok(()),
        }
    }
}

/// Keys, and whether each was greater than the one before: then no two are the same, and nothing has to be sorted.
struct InOrder<T> {
    keys: Vec<T>,
    is_mixed: bool,
}

impl<T> Default for InOrder<T> {
    fn default() -> Self {
        let (keys, is_mixed) = (Vec::new(), false);
        Self { keys, is_mixed }
    }
}

impl<T: Ord + Hash> InOrder<T> {
    #[inline]
    fn push(&mut self, key: T, room: usize) {
        match self.keys.last() {
            Some(last) => self.is_mixed |= *last >= key,
            None => self.keys.reserve(room),
        }
        self.keys.push(key);
    }

    fn double(&mut self) -> Option<&T> {
        if !self.is_mixed || self.keys.len() >= MANY && self.differ_by_hash() {
            return None;
        }
        self.keys.sort_unstable();
        let double = self.keys.windows(2).find(|pair| pair[0] == pair[1]);
        double.map(|pair| &pair[0])
    }

    /// Whether no two hashes are the same. Keys made to have the same one cost the sort of all keys, and no more.
    fn differ_by_hash(&self) -> bool {
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        let mut hashes: Vec<u64> = self.keys.iter().map(|key| hasher.hash_one(key)).collect();
        hashes.sort_unstable();
        hashes.is_sorted_by(|one, other| one < other)
    }
}

#[cold]
fn duplicate(key: &str) -> Error {
    Error::value(ErrorKind::DuplicateKey, format_args!("duplicate key {key}"))
}

/// The text of an atom or binary that was read as such.
#[inline]
fn text(key: &[u8]) -> Cow<'_, [u8]> {
    match key {
        [BINARY_EXT, _, _, _, _, text @ ..] => Cow::Borrowed(text),
        [SMALL_ATOM_UTF8_EXT, _, text @ ..] => Cow::Borrowed(text),
        _ => other_text(key),
    }
}

fn other_text(key: &[u8]) -> Cow<'_, [u8]> {
    match Reader::new(key, 0).whole_atom() {
        Ok(Cow::Borrowed(name)) => Cow::Borrowed(name.as_bytes()),
        Ok(Cow::Owned(name)) => Cow::Owned(name.into_bytes()),
        Err(_) => Cow::Borrowed(key),
    }
}

/// An integer as the text that would be the same key.
fn number<'de>(key: &[u8]) -> Option<Cow<'de, [u8]>> {
    let mut reader = Reader::new(key, 0);
    let tag = reader.u8().ok()?;
    let (is_negative, size) = reader.integer(tag).ok()??.magnitude128()?;
    let sign = if is_negative { "-" } else { "" };
    Some(Cow::Owned(format!("{sign}{size}").into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{InOrder, MANY};

    #[test]
    fn the_one_double_is_found_among_few_keys_and_many() {
        for count in [3, 20, MANY as u32, 1000] {
            let mut keys = InOrder::default();
            (0..count).for_each(|n| keys.push(n * 37 % 1009, 0));
            keys.push(1010, 0);
            keys.push(1009, 0);
            assert_eq!(keys.double(), None);
            keys.push(37, 0);
            assert_eq!(keys.double(), Some(&37));
        }
    }
}
