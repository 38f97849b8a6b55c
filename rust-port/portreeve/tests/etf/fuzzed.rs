//! The body of the fuzz target, for a bounded run: mutations of the vectors, from a fixed seed.

#[path = "../../../fuzz/bodies/term.rs"]
mod term;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::vectors::{self, read_lines};

/// One change to a run of bytes.
#[derive(Debug, Clone)]
enum Change {
    Set(Index, u8),
    Cut(Index),
    Double(Index, Index),
    Insert(Index, Vec<u8>),
}

fn change() -> impl Strategy<Value = Change> {
    let bytes = proptest::collection::vec(any::<u8>(), 1..6);
    prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Double(from, to)),
        1 => (any::<Index>(), bytes).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    if bytes.is_empty() {
        return;
    }
    match change {
        Change::Set(at, byte) => *at.get_mut(bytes) = *byte,
        Change::Cut(at) => bytes.truncate(at.index(bytes.len())),
        Change::Double(from, to) => {
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            bytes.extend_from_within(from.min(to)..from.max(to));
        }
        Change::Insert(at, more) => {
            let at = at.index(bytes.len());
            bytes.splice(at..at, more.iter().copied());
        }
    }
}

fn runner(cases: u32) -> TestRunner {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    TestRunner::new_with_rng(
        Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        },
        rng,
    )
}

#[test]
fn mutated_vectors() {
    vectors::on_large_stack(|| {
        let all: Vec<Vec<u8>> = ["etf.jsonl", "hostile.jsonl"]
            .into_iter()
            .flat_map(read_lines)
            .map(|vector| vector.bytes())
            .filter(|bytes| bytes.len() < 2000)
            .collect();
        let changes = proptest::collection::vec(change(), 1..5);
        let cases = (any::<Index>(), changes);
        let result = runner(6000).run(&cases, |(which, changes)| {
            let mut bytes = which.get(&all).clone();
            changes.iter().for_each(|change| apply(&mut bytes, change));
            term::any_bytes(&bytes);
            Ok(())
        });
        result.expect("every mutation is read or refused");
    });
}

#[test]
fn noise_behind_a_version_byte() {
    let cases = proptest::collection::vec(any::<u8>(), 0..64);
    let result = runner(6000).run(&cases, |mut bytes| {
        bytes.insert(0, 131);
        term::any_bytes(&bytes);
        Ok(())
    });
    result.expect("noise is refused");
}
