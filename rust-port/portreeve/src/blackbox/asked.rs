//! What a stuck call does: the host writes its Id into the black box and sends SIGABRT, for which the thread of that call
//! leaves the crash record before the program is killed. All but [`watch`] runs in a signal handler.

use std::sync::OnceLock;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};

use super::{BlackBox, layout};
use crate::sys::fault::Asked;

/// Where the host asks, and the threads that it may ask for.
struct Question {
    id: &'static AtomicU32,
    threads: Vec<Thread>,
}

struct Thread {
    running: &'static AtomicU32,
    tid: &'static AtomicU32,
}

static QUESTION: OnceLock<Question> = OnceLock::new();
/// The Id that was asked for.
static WANTED: AtomicU32 = AtomicU32::new(0);

/// Says where the host will ask.
pub(crate) fn watch(memory: &BlackBox) {
    let threads = (0..memory.layout.threads as usize)
        .filter_map(|index| memory.layout.thread(index))
        .map(|at| Thread {
            running: memory.word(at),
            tid: memory.word(at + 4),
        });
    QUESTION.get_or_init(|| Question {
        id: memory.word(layout::ASKED),
        threads: threads.collect(),
    });
}

/// Takes the host's question: whose words it wants. `None` when it asks for nothing, so that a SIGABRT is what it
/// always was.
pub(crate) fn take() -> Option<Asked> {
    let question = QUESTION.get()?;
    let id = question.id.swap(0, SeqCst);
    if id == 0 {
        return None;
    }
    WANTED.store(id, SeqCst);
    let mut threads = question.threads.iter();
    let thread = threads.find(|thread| thread.running.load(Relaxed) == id);
    Some(thread.map_or(Asked::Nobody, |thread| {
        Asked::Thread(thread.tid.load(Relaxed))
    }))
}

/// Whether the thread of this index still runs the call.
pub(crate) fn is_wanted(index: Option<usize>) -> bool {
    let thread = QUESTION
        .get()
        .zip(index)
        .and_then(|(question, index)| question.threads.get(index));
    thread.is_some_and(|thread| thread.running.load(Relaxed) == WANTED.load(SeqCst))
}
