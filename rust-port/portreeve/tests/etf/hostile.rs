//! The hostile vectors: refused where Erlang refuses, at a cost in proportion to their bytes.
//!
//! Neighbour: the codec on the host's side is held against the same file.

use portreeve::{Term, etf};
use serde::de::IgnoredAny;

use crate::allocations::measure;
use crate::vectors::{self, Any, Vector, read_lines};

const MAX: usize = 64 << 20;

/// Reads in the four ways there are, and gives whether all, some or none of them succeeded.
fn outcomes(bytes: &[u8]) -> Vec<Result<(), etf::Error>> {
    let payload = match etf::payload(bytes, MAX) {
        Ok(payload) => payload,
        Err(error) => return vec![Err(error)],
    };
    let guard = etf::skip(&payload, 0).map(drop);
    if guard.is_err() {
        let tree = etf::from_term::<Term>(&payload).map(drop);
        let typed = etf::from_term::<Any>(&payload).map(drop);
        let ignored = etf::from_term::<IgnoredAny>(&payload).map(drop);
        return vec![guard, tree, typed, ignored];
    }
    // Typed readings know no pids; a guard knows no duplicate keys.
    vec![etf::from_term::<Term>(&payload).map(drop)]
}

#[test]
fn each_is_refused_or_accepted_as_by_erlang() {
    vectors::on_large_stack(|| {
        for vector in read_lines("hostile.jsonl") {
            let found = outcomes(&vector.bytes());
            let refused = found.iter().all(Result::is_err);
            let accepted = found.iter().all(Result::is_ok);
            let name = &vector.name;
            match vector.expect() {
                // A frame may not have bytes after its term.
                "reject" | "accept-prefix" => assert!(refused, "{name}: {found:?}"),
                "accept" if vector.is_resource() => assert!(refused || accepted, "{name}"),
                "accept" => assert!(accepted, "{name}: {found:?}"),
                other => assert_eq!(other, "either", "{name}"),
            }
        }
    });
}

#[test]
fn none_allocates_by_a_claimed_length() {
    for vector in read_lines("hostile.jsonl") {
        let bytes = vector.bytes();
        let (_, peak) = measure(|| outcomes(&bytes));
        assert!(
            peak <= allowance(&vector, &bytes),
            "{}: {peak} bytes",
            vector.name
        );
    }
}

/// What reading may hold at once: a tree of `eetf` has 56 bytes an element and grows by
/// doubling; a compressed term is as large as it says, which is checked against the limit.
fn allowance(vector: &Vector, bytes: &[u8]) -> usize {
    let inflated = match bytes {
        [131, 80, a, b, c, d, ..] => {
            let claim = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).expect("64 bits");
            if claim <= MAX && vector.is_resource() {
                claim
            } else {
                0
            }
        }
        _ => 0,
    };
    160 * 1024 + 300 * bytes.len() + 300 * inflated
}

#[test]
fn a_flipped_byte_is_an_error_or_another_term() {
    for vector in read_lines("etf.jsonl") {
        let bytes = vector.bytes();
        if bytes.len() > 300 || bytes.get(1) == Some(&80) {
            continue;
        }
        for at in 0..bytes.len() {
            for mask in [1, 8, 64, 128, 255] {
                let mut bent = bytes.clone();
                bent[at] ^= mask;
                let (_, peak) = measure(|| outcomes(&bent));
                assert!(
                    peak <= 160 * 1024 + 300 * bent.len(),
                    "{} at {at}",
                    vector.name
                );
            }
        }
    }
}
