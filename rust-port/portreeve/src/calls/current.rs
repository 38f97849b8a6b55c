//! Which call a thread runs: for the black box, which a death is blamed by, and for whatever is logged meanwhile.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use super::batch::Ticket;
use crate::blackbox::{BlackBox, crash};

thread_local! {
    /// The call that this thread runs; lent by the `Running` that set it, which outlives every use.
    static CURRENT: Cell<*const Ticket> = const { Cell::new(ptr::null()) };
}

/// Lends out the call that this thread runs, if it runs one.
pub(crate) fn with_current<T>(body: impl FnOnce(Option<&Ticket>) -> T) -> T {
    // SAFETY: null, or the ticket behind the `Running` of an outer frame of this thread, which takes it back when it ends.
    body(unsafe { CURRENT.get().as_ref() })
}

/// For as long as the calling thread runs user code. What was there before comes back with its end, in a call that polls
/// futures itself.
pub(crate) struct Running<'a> {
    /// Where the thread's place in the black box says what runs, and what it said before; a thread without one has none.
    note: Option<(&'static AtomicU32, u32)>,
    call: *const Ticket,
    function: Option<&'static &'static str>,
    _ticket: PhantomData<&'a Ticket>,
}

impl<'a> Running<'a> {
    /// The thread enters the function of this name.
    #[inline]
    pub(crate) fn enter(
        memory: &'static BlackBox,
        function: &'static &'static str,
        ticket: &'a Ticket,
    ) -> Self {
        let note = crash::index().and_then(|index| memory.running(index));
        let note = note.map(|note| {
            let before = note.load(Relaxed);
            note.store(ticket.box_id(), Relaxed);
            (note, before)
        });
        Self {
            note,
            call: CURRENT.replace(ptr::from_ref(ticket)),
            function: crash::set_function(Some(function)),
            _ticket: PhantomData,
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        crash::set_function(self.function);
        if let Some((note, before)) = self.note {
            note.store(before, Relaxed);
        }
        CURRENT.set(self.call);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering::Relaxed;

    use super::{Running, with_current};
    use crate::blackbox::{BlackBox, crash};
    use crate::calls::batch::Ticket;
    use crate::calls::batch::tests::batch;

    /// What is said of the calling thread: its function, the Id in the black box, the call.
    fn said(memory: &BlackBox) -> (Option<&'static str>, u32, Option<u32>) {
        let function = crash::set_function(None);
        crash::set_function(function);
        let noted = memory.running(0).expect("a place").load(Relaxed);
        let call = with_current(|call| call.map(Ticket::box_id));
        (function.copied(), noted, call)
    }

    #[test]
    fn with_the_end_of_an_inner_call_the_outer_one_is_back() {
        let memory: &BlackBox = Box::leak(Box::new(BlackBox::private(1).expect("memory")));
        crash::set_index(Some(0));
        let (outer, mut inner) = (Ticket::new(batch(2)), Ticket::new(batch(2)));
        assert!(inner.claim_next() && inner.claim_next());
        let first = Running::enter(memory, &"outer", &outer);
        let second = Running::enter(memory, &"inner", &inner);
        assert_eq!(said(memory), (Some("inner"), 1, Some(1)));
        drop(second);
        assert_eq!(said(memory), (Some("outer"), 2, Some(2)));
        drop(first);
        assert_eq!(said(memory), (None, 0, None));
    }
}
