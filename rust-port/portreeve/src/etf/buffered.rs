//! Integers of 128 bits in serde's own buffer, which `flatten`, `untagged` and an inner `tag` are read from.
//!
//! The buffer has no room for them: a value over 64 bits is refused when it goes in, and `u128` when it is asked
//! for. The second refusal may be swallowed (a flattened `Option` becomes `None`, an untagged enum tries its next
//! variant), so it is noted and the whole reading fails.

use std::cell::Cell;

use super::error::{Error, ErrorKind};

thread_local! {
    /// Whether a buffer was asked for an integer of 128 bits since an integer went into one.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// What serde says of a reader without such integers: the text of `serde::de::Deserializer`'s own methods.
const UNSUPPORTED: [&str; 2] = ["i128 is not supported", "u128 is not supported"];

/// What serde's buffer says that it takes.
const ANYTHING: &str = "any value";

#[cold]
fn error() -> Error {
    let why = "an integer of 128 bits cannot stand in a flattened, untagged or internally tagged shape, for which \
               serde has no room: take it out of that shape, or send it as text";
    Error::value(ErrorKind::Unsupported, why)
}

/// The error that serde's text stands for, where it is this one.
#[cold]
pub(super) fn recognized(message: &str) -> Option<Error> {
    UNSUPPORTED.contains(&message).then(|| {
        ASKED.set(true);
        error()
    })
}

/// An integer goes where anything may: forgets what was noted before.
pub(super) fn begin() {
    ASKED.set(false);
}

/// An integer of more than 64 bits was refused: by the buffer for want of room, or by a type of its own mind.
#[cold]
pub(super) fn refused(refusal: Error) -> Error {
    if refusal.expected() == Some(ANYTHING) {
        return error();
    }
    refusal
}

/// Whether a buffer was asked for what it cannot hold, although the value came about.
pub(super) fn lost() -> Result<(), Error> {
    if ASKED.take() {
        return Err(error());
    }
    Ok(())
}
