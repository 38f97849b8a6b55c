//! The vectors that real Erlang made: what must decode, and encode back.
//!
//! Neighbour: the codec on the host's side is held against the same files.

use portreeve::etf::{self, Options};
use portreeve::{Term, eetf};
use serde_json::Value;

use crate::vectors::{self, Vector, read_lines};

const MAX: usize = 64 << 20;

#[test]
fn every_vector_reads_as_the_term_that_erlang_printed() {
    vectors::on_large_stack(compare_with_erlang);
}

fn compare_with_erlang() {
    let mut compared = 0;
    for vector in read_lines("etf.jsonl") {
        let bytes = vector.bytes();
        let payload = etf::payload(&bytes, MAX).unwrap_or_else(|e| panic!("{}: {e}", vector.name));
        let term: Term =
            etf::from_term(&payload).unwrap_or_else(|error| panic!("{}: {error}", vector.name));
        if let Some(expected) = vector.term() {
            assert_same(&vector, expected, &term);
            compared += 1;
        }
    }
    assert!(
        compared > 480,
        "only {compared} vectors had a term to compare with"
    );
}

#[test]
fn canonical_vectors_come_back_byte_for_byte() {
    vectors::on_large_stack(compare_bytes);
}

fn compare_bytes() {
    let mut compared = 0;
    for vector in read_lines("etf.jsonl").filter(Vector::is_canonical) {
        let bytes = vector.bytes();
        let term: Term = etf::from_slice(&bytes).expect(&vector.name);
        let back = etf::to_vec(&term).expect(&vector.name);
        if vector.has_ordered_map() {
            // A tree does not keep the order of a map's pairs.
            let again: Term = etf::from_slice(&back).expect(&vector.name);
            // eetf gives equal maps different hashes, so a map with a map for a key is compared
            // in neutral form.
            assert_eq!(
                vectors::normal(again.as_eetf()),
                vectors::normal(term.as_eetf()),
                "{}",
                vector.name
            );
            assert_eq!(back.len(), bytes.len(), "{}", vector.name);
        } else {
            assert_eq!(back, bytes, "{}", vector.name);
            compared += 1;
        }
    }
    assert!(compared > 250, "only {compared} canonical vectors");
}

#[test]
fn typed_and_dynamic_readings_agree_on_every_vector() {
    let mut compared = 0;
    for vector in read_lines("etf.jsonl") {
        let bytes = vector.bytes();
        let payload = etf::payload(&bytes, MAX).expect(&vector.name);
        let term: Term = etf::from_term(&payload).expect(&vector.name);
        let Ok(value) = etf::from_term::<vectors::Any>(&payload) else {
            // Nobody writes an improper list of no elements; only the tree takes it for its tail.
            let odd = vector.name.starts_with("raw/list/LIST_EXT-0-tail");
            assert!(
                odd || vectors::beyond_serde(term.as_eetf()),
                "{}: {term}",
                vector.name
            );
            continue;
        };
        assert!(
            value.agrees(term.as_eetf()),
            "{}: {value:?} and {term}",
            vector.name
        );
        compared += 1;
    }
    assert!(compared > 350, "only {compared} vectors");
}

/// Says where eetf alone is right, so that a better eetf shows itself.
#[test]
fn eetf_alone_reads_the_same_or_is_known_to_err() {
    vectors::on_large_stack(compare_with_eetf);
}

fn compare_with_eetf() {
    let mut agreed = 0;
    for vector in read_lines("etf.jsonl") {
        let bytes = vector.bytes();
        let payload = etf::payload(&bytes, MAX).expect(&vector.name);
        let ours: Term = etf::from_term(&payload).expect(&vector.name);
        let mut whole = vec![131];
        whole.extend_from_slice(&payload);
        let theirs = eetf::Term::decode(&whole[..]);
        if theirs
            .as_ref()
            .is_ok_and(|theirs| vectors::normal(theirs) == vectors::normal(ours.as_eetf()))
        {
            agreed += 1;
            continue;
        }
        assert!(
            vectors::eetf_errs(&vector),
            "{}: {ours} and {theirs:?}",
            vector.name
        );
    }
    assert!(agreed > 400, "only {agreed} vectors");
}

#[test]
fn what_follows_the_term_is_refused() {
    for vector in read_lines("etf.jsonl").filter(|vector| vector.name.len() % 4 == 0) {
        let mut bytes = vector.bytes();
        bytes.push(106);
        let error = match etf::payload(&bytes, MAX) {
            Ok(payload) => etf::from_term::<Term>(&payload).expect_err(&vector.name),
            Err(error) => error,
        };
        assert_eq!(error.code(), "ETF_TRAILING", "{}: {error}", vector.name);
    }
}

#[test]
fn every_cut_is_refused() {
    for vector in read_lines("etf.jsonl") {
        let bytes = vector.bytes();
        if bytes.len() > 400 || bytes.get(1) == Some(&80) {
            continue;
        }
        for end in 0..bytes.len() {
            let cut = &bytes[..end];
            let result = etf::from_slice::<Term>(cut);
            assert!(result.is_err(), "{} cut at {end}", vector.name);
        }
    }
}

fn assert_same(vector: &Vector, expected: &Value, term: &Term) {
    let found = vectors::neutral(term.as_eetf());
    assert_eq!(
        vectors::sorted(&found),
        vectors::sorted(expected),
        "{}",
        vector.name
    );
}

#[test]
fn options_do_not_change_what_a_tree_is_written_as() {
    let term: Term = etf::from_slice(&[131, 109, 0, 0, 0, 1, 7]).expect("a binary");
    let mut out = Vec::new();
    let bits = Options::default().with_bytes(etf::BytesAs::BitBinary);
    etf::append(&mut out, &term, bits).expect("a binary");
    assert_eq!(out, [109, 0, 0, 0, 1, 7]);
}
