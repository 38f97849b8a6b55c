//! The calls of one read. Threads claim them one by one, in the order in which they were written, with an atomic
//! counter; the block of frames lives as long as any of them has no answer.

use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use bytes::Bytes;

use super::budget::Charge;
use super::state::CallState;

/// Where something stands in the block, which is far below 4 GiB.
type Place = Range<u32>;
/// Calls from which on a batch is searched with an index.
const MANY: usize = 32;
/// For a name that no function has.
const UNKNOWN: u32 = u32::MAX;

/// A call or a cast, as its frame says it. All places are in the block; an empty one is none, for a term has a byte.
#[derive(Debug)]
pub(crate) struct Call {
    id: Place,
    name: Place,
    arguments: Place,
    options: Place,
    /// In the table of the program's functions.
    function: u32,
    cancelled: AtomicBool,
}

/// The slices of the block that a call is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slices<'a> {
    /// `None` for a cast.
    pub id: Option<&'a [u8]>,
    pub name: &'a [u8],
    pub arguments: &'a [u8],
    pub options: Option<&'a [u8]>,
}

impl Call {
    /// Of slices of this block; `function`: the index of the one that has this name.
    #[must_use]
    pub(crate) fn new(block: &[u8], slices: Slices<'_>, function: Option<usize>) -> Self {
        let place = |slice: &[u8]| {
            let start = (slice.as_ptr() as usize - block.as_ptr() as usize) as u32;
            start..start + slice.len() as u32
        };
        let optional = |slice: Option<&[u8]>| slice.map_or(0..0, place);
        Self {
            id: optional(slices.id),
            name: place(slices.name),
            arguments: place(slices.arguments),
            options: optional(slices.options),
            function: function.map_or(UNKNOWN, |index| index as u32),
            cancelled: AtomicBool::new(false),
        }
    }

    /// The index of the function that it calls; `None` when none has this name.
    #[must_use]
    pub(crate) fn function(&self) -> Option<usize> {
        (self.function != UNKNOWN).then_some(self.function as usize)
    }

    /// The host has lost interest.
    pub(crate) fn cancel(&self) {
        self.cancelled.store(true, Relaxed);
    }

    /// Whether the host has lost interest.
    #[must_use]
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Relaxed)
    }

    /// Its Id in the block that it is of.
    #[must_use]
    pub(crate) fn id<'a>(&self, block: &'a [u8]) -> Option<&'a [u8]> {
        slice(block, &self.id)
    }
}

fn slice<'a>(block: &'a [u8], place: &Place) -> Option<&'a [u8]> {
    (place.end > 0).then(|| &block[place.start as usize..place.end as usize])
}

/// Calls that came together.
#[derive(Debug)]
pub(crate) struct Batch {
    block: Bytes,
    calls: Vec<Call>,
    next: AtomicUsize,
    /// The calls in the order of their Ids, once somebody looks for one in a large batch.
    by_id: OnceLock<Box<[u32]>>,
    /// The states that somebody keeps, with the index of the call.
    states: Mutex<Vec<(usize, Arc<CallState>)>>,
    /// When they were read: what their timeouts are counted from.
    pub read_at: Instant,
    /// The monitor's count then.
    pub tick: u32,
    /// Given back when the last call is answered.
    _charge: Charge,
}

impl Batch {
    #[must_use]
    pub(crate) fn new(block: Bytes, calls: Vec<Call>, charge: Charge, tick: u32) -> Arc<Self> {
        let bytes = block.len() + calls.capacity() * size_of::<Call>();
        Arc::new(Self {
            block,
            calls,
            next: AtomicUsize::new(0),
            by_id: OnceLock::new(),
            states: Mutex::default(),
            read_at: Instant::now(),
            tick,
            _charge: charge.of(bytes),
        })
    }

    /// Takes the next call, if one is left. Every call is given out once, in order.
    #[must_use]
    pub(crate) fn claim(&self) -> Option<usize> {
        let index = self.next.fetch_add(1, Relaxed);
        (index < self.calls.len()).then_some(index)
    }

    /// Whether every call was claimed.
    #[must_use]
    pub(crate) fn is_spent(&self) -> bool {
        self.next.load(Relaxed) >= self.calls.len()
    }

    /// Marks the call with this Id, as its bytes stand in the frame; false when it is not here.
    pub(crate) fn cancel(&self, id: &[u8]) -> bool {
        let Some(index) = self.find(id) else {
            return false;
        };
        self.calls[index].cancel();
        let states = self.states();
        for (_, state) in states.iter().filter(|(of, _)| *of == index) {
            state.cancel();
        }
        true
    }

    fn find(&self, id: &[u8]) -> Option<usize> {
        let id_of = |index: usize| self.calls[index].id(&self.block);
        if self.calls.len() < MANY {
            return (0..self.calls.len()).find(|index| id_of(*index) == Some(id));
        }
        let by_id = self.by_id.get_or_init(|| {
            let mut order: Vec<u32> = (0..self.calls.len() as u32).collect();
            order.sort_unstable_by_key(|index| id_of(*index as usize));
            order.into()
        });
        let found = by_id.binary_search_by_key(&Some(id), |index| id_of(*index as usize));
        found.ok().map(|at| by_id[at] as usize)
    }

    fn states(&self) -> MutexGuard<'_, Vec<(usize, Arc<CallState>)>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One call of a batch, which it keeps until the call is answered.
#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    batch: Arc<Batch>,
    index: usize,
}

impl Ticket {
    /// Of the first call, until one is claimed.
    #[must_use]
    pub(crate) fn new(batch: Arc<Batch>) -> Self {
        Self { batch, index: 0 }
    }

    #[must_use]
    pub(crate) fn call(&self) -> &Call {
        &self.batch.calls[self.index]
    }

    #[must_use]
    pub(crate) fn batch(&self) -> &Batch {
        &self.batch
    }

    /// The frames that the call is a slice of.
    #[must_use]
    pub(crate) fn block(&self) -> &Bytes {
        &self.batch.block
    }

    /// Moves on to the next call of the batch that nobody has claimed.
    pub(crate) fn claim_next(&mut self) -> bool {
        let claimed = self.batch.claim();
        self.index = claimed.unwrap_or(self.index);
        claimed.is_some()
    }

    /// The call's Id as it stands in the frame; `None` for a cast.
    #[must_use]
    pub(crate) fn id(&self) -> Option<&[u8]> {
        self.call().id(&self.batch.block)
    }

    /// The Id over a boxed pipe, INTEGER_EXT; 0 for every other one.
    #[must_use]
    pub(crate) fn box_id(&self) -> u32 {
        match self.id() {
            Some(&[98, a, b, c, d]) => u32::from_be_bytes([a, b, c, d]),
            _ => 0,
        }
    }

    /// The name that was called.
    #[must_use]
    pub(crate) fn name(&self) -> &[u8] {
        slice(&self.batch.block, &self.call().name).unwrap_or_default()
    }

    /// The argument list, one term.
    #[must_use]
    pub(crate) fn arguments(&self) -> &[u8] {
        slice(&self.batch.block, &self.call().arguments).unwrap_or_default()
    }

    /// The map of options, if there is one.
    #[must_use]
    pub(crate) fn options(&self) -> Option<&[u8]> {
        slice(&self.batch.block, &self.call().options)
    }

    /// The call's state, for somebody who may keep it longer than the call lasts.
    #[must_use]
    pub(crate) fn state(&self) -> Arc<CallState> {
        let mut states = self.batch.states();
        if let Some((_, state)) = states.iter().find(|(of, _)| *of == self.index) {
            return Arc::clone(state);
        }
        // Asked under the lock: a cancel that comes later finds the state.
        let state = Arc::new(CallState::new(self.id(), self.call().is_cancelled()));
        states.push((self.index, Arc::clone(&state)));
        state
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Batch, Call, Charge, MANY, Slices};
    use bytes::Bytes;
    use std::sync::Arc;

    /// A batch of as many calls, whose Ids are their numbers backwards; every tenth one is a cast.
    pub(crate) fn batch(count: usize) -> Arc<Batch> {
        let ids: Vec<[u8; 5]> = (0..count)
            .map(|at| {
                let [a, b, c, d] = ((count - at) as u32).to_be_bytes();
                [98, a, b, c, d]
            })
            .collect();
        let block = Bytes::from(ids.concat());
        let call = |(at, id): (usize, &[u8])| {
            let slices = Slices {
                id: (at % 10 != 9).then_some(id),
                name: id,
                arguments: id,
                options: None,
            };
            Call::new(&block, slices, None)
        };
        let calls = block.chunks(5).enumerate().map(call).collect();
        Batch::new(block.clone(), calls, Charge::open(&Arc::default()), 0)
    }

    fn cancelled(batch: &Batch) -> Vec<usize> {
        let calls = batch.calls.iter().enumerate();
        calls
            .filter_map(|(at, call)| call.is_cancelled().then_some(at))
            .collect()
    }

    #[test]
    fn a_cancel_finds_its_call_by_an_index_where_there_are_many() {
        for count in [MANY - 1, 5000] {
            let batch = batch(count);
            for at in [0, count / 2, count - 3] {
                assert!(batch.cancel(&batch.block[5 * at..5 * at + 5]));
            }
            assert!(!batch.cancel(&batch.block[5 * 9..5 * 9 + 5]), "a cast");
            assert!(!batch.cancel(b"\x62\xff\xff\xff\xff"));
            assert_eq!(cancelled(&batch), [0, count / 2, count - 3]);
            // What a walk over all calls would not need, for each of many cancels.
            assert_eq!(batch.by_id.get().is_some(), count >= MANY);
        }
    }
}
