//! `{error, Id, Map}`: a failure as the answer of a call, within what the host takes.

use super::output::Link;
use crate::sys::stderr::{Once, complain_once};
use crate::wire::failure::Failure;
use crate::wire::message::write;

/// Writes the answer. One that is too large loses what makes it so; an Id that leaves no room even for that gets no
/// answer.
pub(crate) fn write(link: &Link, id: &[u8], failure: &Failure, out: &mut Vec<u8>) {
    if let Err(large) = attempt(link, id, failure, out) {
        let short = Failure {
            data: None,
            backtrace: None,
            ..large
        };
        if attempt(link, id, &short, out).is_err() {
            static SAID: Once = Once::new();
            complain_once(&SAID, format_args!("an Id leaves no room for an answer"));
        }
    }
}

fn attempt(link: &Link, id: &[u8], failure: &Failure, out: &mut Vec<u8>) -> Result<(), Failure> {
    let start = write::begin(out);
    write::tuple(out, 3);
    write::atom(out, "error");
    out.extend_from_slice(id);
    failure.write(out);
    link.end_frame(out, start)
}
