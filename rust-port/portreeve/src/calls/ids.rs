//! The Ids of calls that are unanswered: one that comes again is another call's, and refused.
//!
//! Over a pipe with a black box an Id has a slot, which its host keeps apart: there is nothing to remember then. Over any
//! other one every call pays for this, so an Id of a few bytes, as integers are, costs no lock: it is one word of a table
//! in which only the reader puts words, and only the call that has it takes its word away.

use std::collections::HashSet;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Rows of the table, a power of two: with as many calls unanswered nearly every row has room still.
const ROWS: usize = 1024;
/// Words of a row, which are looked at one by one. An empty one is 0, which no Id is.
const ROW: usize = 4;

/// The Ids in use, for those that answer calls.
pub(crate) struct Ids(Option<Arc<Used>>);

/// The same for the one that reads: nobody else takes Ids.
pub(crate) struct Incoming(Option<Arc<Used>>);

type Row = [AtomicU64; ROW];

struct Used {
    table: [Row; ROWS],
    /// Ids that found no room in their row, and those of many bytes, as they stand in the frames.
    others: Mutex<HashSet<Box<[u8]>>>,
    /// How many those are, so that nobody locks them for nothing.
    count: AtomicUsize,
}

/// Both ends of one table; `have_slots`: the pipe has a black box.
#[must_use]
pub(crate) fn table(have_slots: bool) -> (Incoming, Ids) {
    let used = (!have_slots).then(Arc::<Used>::default);
    (Incoming(used.clone()), Ids(used))
}

impl Incoming {
    /// A call with this Id came; false when another one has it.
    #[must_use]
    #[inline]
    pub(crate) fn take(&mut self, id: &[u8]) -> bool {
        self.0.as_ref().is_none_or(|used| used.take(id))
    }
}

impl Ids {
    /// The call is about to be answered; a cast has no Id.
    #[inline]
    pub(crate) fn free(&self, id: Option<&[u8]>) {
        if let (Some(used), Some(id)) = (&self.0, id) {
            used.free(id);
        }
    }
}

impl Default for Used {
    fn default() -> Self {
        Self {
            table: [const { [const { AtomicU64::new(0) }; ROW] }; ROWS],
            others: Mutex::default(),
            count: AtomicUsize::new(0),
        }
    }
}

impl Used {
    #[inline]
    fn take(&self, id: &[u8]) -> bool {
        let Some(word) = packed(id) else {
            return self.put_aside(id);
        };
        let row = self.row(word);
        let found = row.iter().fold(0, |any, place| any | place.load(Acquire));
        if (found | self.count.load(Acquire) as u64) != 0 {
            return self.take_among_others(row, word, id);
        }
        row[0].store(word, Release);
        true
    }

    #[inline]
    fn free(&self, id: &[u8]) {
        let in_table = packed(id)
            .and_then(|word| (self.row(word).iter()).find(|place| place.load(Relaxed) == word));
        match in_table {
            Some(place) => place.store(0, Release),
            None => self.take_from_aside(id),
        }
    }

    /// In a row that is not empty, or when some Ids lie aside.
    #[inline(never)]
    fn take_among_others(&self, row: &Row, word: u64, id: &[u8]) -> bool {
        let mut room = None;
        for place in row {
            match place.load(Acquire) {
                0 => room = Some(place),
                taken if taken == word => return false,
                _ => {}
            }
        }
        let is_aside = || self.count.load(Acquire) > 0 && self.others().contains(id);
        match room {
            None => self.put_aside(id),
            Some(_) if is_aside() => false,
            Some(room) => {
                room.store(word, Release);
                true
            }
        }
    }

    #[cold]
    fn put_aside(&self, id: &[u8]) -> bool {
        let is_new = self.others().insert(id.into());
        self.count.fetch_add(is_new.into(), Release);
        is_new
    }

    #[cold]
    fn take_from_aside(&self, id: &[u8]) {
        let was_there = self.others().remove(id);
        self.count.fetch_sub(was_there.into(), Release);
    }

    /// Ids that follow one another lie in different rows.
    #[inline]
    fn row(&self, word: u64) -> &Row {
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        let hash = word.wrapping_mul(GOLDEN) >> (u64::BITS - ROWS.ilog2());
        &self.table[hash as usize]
    }

    fn others(&self) -> MutexGuard<'_, HashSet<Box<[u8]>>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Up to seven bytes and their number, in one word in which integers that follow one another do so, too; never 0, for an
/// Id has a byte.
#[inline]
fn packed(id: &[u8]) -> Option<u64> {
    if let &[98, a, b, c, d] = id {
        // INTEGER_EXT, what most Ids are: in registers.
        return Some(u64::from_be_bytes([5, 0, 0, 98, a, b, c, d]));
    }
    (id.len() < 8).then(|| {
        let bytes = id.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        (id.len() as u64) << 56 | bytes
    })
}

#[cfg(test)]
mod tests {
    use super::{Incoming, packed, table};

    #[test]
    fn an_id_is_taken_once_until_it_is_free() {
        let (mut incoming, ids) = table(false);
        for id in [&b"\x61\x01"[..], b"\x62\0\0\0\x01", b"\x6d\0\0\0\x05hello"] {
            assert!(incoming.take(id));
            assert!(!incoming.take(id));
            ids.free(Some(id));
            assert!(incoming.take(id));
        }
    }

    #[test]
    fn short_ids_differ_as_their_bytes_do() {
        assert_ne!(packed(b"a"), packed(b"a\0"));
        assert_ne!(packed(b"\x61\x01"), packed(b"\x61\x02"));
        assert_ne!(packed(b"12345"), packed(b"12345\0"));
        assert_eq!(packed(b"12345678"), None);
        assert!(packed(b"1234567").is_some());
    }

    fn taken(incoming: &mut Incoming, numbers: std::ops::Range<u32>) -> usize {
        let ids = numbers.map(|number| [&[98], number.to_be_bytes().as_slice()].concat());
        ids.filter(|id| incoming.take(id)).count()
    }

    /// Far more than the table has room for: those that overflow are kept as strictly.
    #[test]
    fn ids_that_find_no_room_in_the_table_are_kept_apart_too() {
        let (mut incoming, ids) = table(false);
        assert_eq!(taken(&mut incoming, 0..50_000), 50_000);
        assert_eq!(taken(&mut incoming, 0..50_000), 0);
        for number in (0..50_000_u32).step_by(2) {
            ids.free(Some(&[&[98], number.to_be_bytes().as_slice()].concat()));
        }
        // Rows have room again while others of them still lie aside: those are found all the same.
        assert_eq!(taken(&mut incoming, 0..50_000), 25_000);
        let used = ids.0.expect("a table");
        assert_eq!(used.others().len(), used.count.load(super::Relaxed));
    }

    #[test]
    fn over_a_pipe_with_a_black_box_nothing_is_remembered() {
        let (mut incoming, ids) = table(true);
        assert!(incoming.take(b"\x61\x01") && incoming.take(b"\x61\x01"));
        ids.free(Some(b"\x61\x01"));
    }
}
