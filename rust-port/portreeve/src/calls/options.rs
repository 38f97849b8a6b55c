//! What the options of a call say about its time.

use std::time::{Duration, Instant};

use serde::Deserialize;

use super::batch::Ticket;
use crate::etf;

#[derive(Deserialize)]
struct Options {
    #[serde(default)]
    timeout: Option<u64>,
}

/// Options with a timeout and nothing else, as the host writes them, up to the 32 bits of the timeout.
const TIMEOUT_ONLY: &[u8; 15] = b"\x74\0\0\0\x01w\x07timeout\x62";

/// The `timeout` of a call, in ms.
pub(crate) fn timeout(ticket: &Ticket) -> Option<u64> {
    let options = ticket.options()?;
    match options.strip_prefix(TIMEOUT_ONLY) {
        Some(&[a, b, c, d]) => u64::try_from(i32::from_be_bytes([a, b, c, d])).ok(),
        _ => etf::from_term::<Options>(options).ok()?.timeout,
    }
}

/// The moment after which nobody waits for it any more.
pub(crate) fn deadline(ticket: &Ticket) -> Option<Instant> {
    let read_at = ticket.batch().read_at;
    read_at.checked_add(Duration::from_millis(timeout(ticket)?))
}
