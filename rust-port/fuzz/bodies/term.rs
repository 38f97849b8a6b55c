//! What must hold for any bytes that claim to be a term. Run by the fuzz target `term` and, for a
//! bounded time, by the tests.

use portreeve::etf::{self, Elements};
use portreeve::{BigInt, Bytes, Term};
use serde::de::IgnoredAny;

/// Any bytes: nothing panics, and what the guard lets through reads, and comes back the same.
pub(super) fn any_bytes(bytes: &[u8]) {
    let Ok(payload) = etf::payload(bytes, 1 << 20) else {
        return;
    };
    let guarded = etf::skip(&payload, 0);
    let tree = etf::from_term::<Term>(&payload);
    match &guarded {
        Ok(end) => assert!((1..=payload.len()).contains(end)),
        Err(_) => assert!(tree.is_err()),
    }
    typed(&payload);
    if let Ok(mut elements) = Elements::open(&payload) {
        let count = elements.len();
        let found = std::iter::from_fn(|| elements.next_raw());
        let all_terms = found.filter(|raw| etf::skip(raw, 0).is_ok_and(|end| end == raw.len()));
        assert_eq!(all_terms.count(), count);
    }
    if let Ok(tree) = tree {
        come_back(&tree);
    }
}

/// Types of every kind: they may refuse, and that is all.
fn typed(term: &[u8]) {
    macro_rules! read {
        ($($of:ty),* $(,)?) => {
            $(let _ = etf::from_term::<$of>(term);)*
        };
    }
    read! {
        IgnoredAny, u8, i64, u128, f32, f64, bool, char, String, &str, &[u8], Bytes, Vec<u8>,
        BigInt, Option<u64>, (u8, String), Vec<(i64, Option<String>)>, Result<u8, String>,
        std::collections::BTreeMap<String, Vec<u64>>, std::collections::HashMap<i32, Bytes>,
        Vec<Vec<Vec<Vec<()>>>>, Vec<Term>,
    };
}

fn come_back(tree: &Term) {
    let Ok(written) = etf::to_vec(tree) else {
        panic!("a term that was read cannot be written: {tree}");
    };
    let again: Term = etf::from_slice(&written).expect("what was written reads");
    // eetf gives equal maps different hashes, so maps as keys are compared as bytes.
    assert_eq!(etf::to_vec(&again).expect("it writes again"), written);
}
