//! Panics of user code become answers: each is caught and made the failure of its call. The hook notes message and place
//! where they happen, for the place is gone once the stack is unwound; a panic outside of a call goes on to the hook that was there before.
//!
//! In a program that was built with `panic = "abort"` nothing is caught: a panic is a death, and what the hook noted is
//! in the record of the crash.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use crate::blackbox::crash;
use crate::wire::failure::{Failure, Kind};

/// What is known of a panic.
#[derive(Debug, Default)]
pub(crate) struct Panic {
    pub message: String,
    /// `file:line`
    pub location: Option<Box<str>>,
    pub backtrace: Option<Box<str>>,
}

thread_local! {
    /// How many calls are being caught on this thread; a panic in one of them is ours.
    static CATCHING: Cell<u32> = const { Cell::new(0) };
    static LAST: RefCell<Option<Panic>> = const { RefCell::new(None) };
    /// Whether there is one; cheaper to ask.
    static HAS_LAST: Cell<bool> = const { Cell::new(false) };
}

/// Puts the hook in place, once.
pub(crate) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            if cfg!(panic = "abort") {
                crash::note_words(&format!("panicked: {}", note(info).sentence()));
                before(info);
            } else if CATCHING.get() > 0 {
                LAST.set(Some(note(info)));
                HAS_LAST.set(true);
            } else {
                before(info);
            }
        }));
    });
}

/// Runs `body` and gives what is known of its panic.
#[inline(always)]
pub(crate) fn catch<T>(body: impl FnOnce() -> T) -> Result<T, Panic> {
    CATCHING.set(CATCHING.get() + 1);
    if HAS_LAST.get() {
        // One that the code before has caught itself.
        take_last();
    }
    // What a panic leaves half done is the function's own state; portreeve's own is touched after it returned.
    let caught = catch_unwind(AssertUnwindSafe(body));
    CATCHING.set(CATCHING.get() - 1);
    caught.map_err(|payload| {
        let message = text(&*payload);
        // A panic that was resumed has passed no hook: what was noted last is then another one.
        let noted = take_last().filter(|noted| noted.message == message);
        noted.unwrap_or_else(|| Panic {
            message,
            ..Panic::default()
        })
    })
}

#[cold]
fn take_last() -> Option<Panic> {
    HAS_LAST.set(false);
    LAST.take()
}

impl Panic {
    /// As the answer to a call.
    #[must_use]
    pub(crate) fn failure(self) -> Failure {
        Failure {
            location: self.location,
            backtrace: self.backtrace,
            ..Failure::new(Kind::Panic, format!("panicked: {}", self.message))
        }
    }

    /// Message and place in one sentence.
    #[must_use]
    pub(crate) fn sentence(&self) -> String {
        match &self.location {
            Some(location) => format!("{} ({location})", self.message),
            None => self.message.clone(),
        }
    }
}

fn note(info: &PanicHookInfo<'_>) -> Panic {
    // Captured only when RUST_BACKTRACE or RUST_LIB_BACKTRACE asks for it.
    let backtrace = Backtrace::capture();
    let captured = backtrace.status() == BacktraceStatus::Captured;
    Panic {
        message: text(info.payload()),
        location: info
            .location()
            .map(|at| format!("{}:{}", at.file(), at.line()).into()),
        backtrace: captured.then(|| backtrace.to_string().into()),
    }
}

fn text(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
