//! The Ids of calls that are unanswered: one that comes again is another call's, and refused.
//!
//! Over a pipe with a black box an Id has a slot, which its host keeps apart: there is nothing to remember then.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The Ids in use, as their bytes stand in the frames.
pub struct Ids {
    used: Option<Mutex<HashSet<Box<[u8]>>>>,
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
        self.lock().is_none_or(|mut used| used.insert(id.into()))
    }

    /// The call is about to be answered; a cast has no Id.
    pub fn free(&self, id: Option<&[u8]>) {
        if let Some(id) = id
            && let Some(mut used) = self.lock()
        {
            used.remove(id);
        }
    }

    fn lock(&self) -> Option<MutexGuard<'_, HashSet<Box<[u8]>>>> {
        let used = self.used.as_ref()?;
        Some(used.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
