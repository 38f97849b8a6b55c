//! Terms as deep as the limit fit on the 2 MB stack of an ordinary thread, in a test build too;
//! deeper ones are refused.

use std::thread;

use portreeve::{Term, etf};
use serde::{Deserialize, Serialize};

const STACK: usize = 2 << 20;

/// A term of `levels` containers, each made by `open` and `close`, around an integer.
fn nested(levels: usize, open: &[u8], close: &[u8]) -> Vec<u8> {
    let mut bytes = vec![131];
    bytes.extend(open.repeat(levels));
    bytes.extend([98, 0, 0, 1, 44]);
    bytes.extend(close.repeat(levels));
    bytes
}

fn tuples(levels: usize) -> Vec<u8> {
    nested(levels, &[104, 1], &[])
}

fn lists(levels: usize) -> Vec<u8> {
    nested(levels, &[108, 0, 0, 0, 1], &[106])
}

fn maps(levels: usize) -> Vec<u8> {
    nested(levels, &[116, 0, 0, 0, 1, 97, 1], &[])
}

fn on_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new()
        .stack_size(STACK)
        .spawn(run)
        .expect("a thread");
    thread.join().expect("no panic");
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Node {
    #[serde(rename = "n")]
    next: Option<Box<Node>>,
}

#[test]
fn trees_of_512_levels_fit_on_the_stack() {
    for bytes in [tuples(512), lists(512), maps(512)] {
        on_small_stack(move || {
            let term: Term = etf::from_slice(&bytes).expect("512 levels");
            assert_eq!(etf::to_vec(&term).expect("512 levels"), bytes);
        });
    }
}

#[test]
fn structs_of_512_levels_fit_on_the_stack() {
    on_small_stack(|| {
        let mut node = Node { next: None };
        for _ in 1..512 {
            node = Node {
                next: Some(Box::new(node)),
            };
        }
        let bytes = etf::to_vec(&node).expect("512 levels");
        assert_eq!(etf::from_slice::<Node>(&bytes).expect("512 levels"), node);
        let deeper = Node {
            next: Some(Box::new(node)),
        };
        let error = etf::to_vec(&deeper).expect_err("513 levels");
        assert_eq!(error.message(), "deeper than 512 levels");
    });
}
