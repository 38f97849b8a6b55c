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
