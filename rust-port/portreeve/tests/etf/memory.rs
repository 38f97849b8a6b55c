//! What large bytes cost: a slice of the frame is no copy, an owned value is one.

use portreeve::etf::{self, Elements};
use portreeve::{Bytes, Term};

use crate::allocations::measure;

const MB: usize = 1 << 20;

/// `[<<…>>]`: the arguments of a call with 1 MB of bytes.
fn arguments() -> bytes::Bytes {
    let mut list = vec![108, 0, 0, 0, 1, 109, 0, 16, 0, 0];
    list.resize(10 + MB, 7);
    list.push(106);
    list.into()
}

#[test]
fn slices_and_kept_bytes_copy_nothing() {
    let frame = arguments();
    let (length, peak) = measure(|| {
        let mut elements = Elements::open_in(&frame, &frame).expect("a list");
        elements
            .next_value::<&[u8]>()
            .expect("one")
            .expect("bytes")
            .len()
    });
    assert_eq!((length, peak), (MB, 0));
    let (kept, peak) = measure(|| {
        let mut elements = Elements::open_in(&frame, &frame).expect("a list");
        elements.next_value::<Bytes>().expect("one").expect("bytes")
    });
    assert_eq!(kept.as_ptr(), frame[10..].as_ptr());
    // The buffer becomes a shared one with the first slice that is kept.
    assert!(peak < 100, "{peak} bytes");
    drop(frame);
    assert!(kept.iter().all(|&byte| byte == 7));
}

#[test]
fn owned_bytes_are_copied_once() {
    use portreeve::etf::via::{ReadBytes as _, Via};
    let frame = arguments();
    let (bytes, peak) = measure(|| {
        let mut elements = Elements::open_in(&frame, &frame).expect("a list");
        (&&Via::<Vec<u8>>::new())
            .next(&mut elements)
            .expect("one")
            .expect("bytes")
    });
    assert_eq!((bytes.len(), peak), (MB, MB));
}

#[test]
fn bytes_outside_the_frame_are_copied() {
    let frame = arguments();
    let other = bytes::Bytes::from_static(&[0; 16]);
    let kept: Bytes = etf::from_frame(&frame[5..frame.len() - 1], &other).expect("bytes");
    assert_ne!(kept.as_ptr(), frame[10..].as_ptr());
    assert_eq!(kept.len(), MB);
}

#[test]
fn kept_bytes_deep_inside_are_slices_too() {
    let frame = arguments();
    let found: Vec<Bytes> = etf::from_frame(&frame, &frame).expect("a list");
    assert_eq!(found[0].as_ptr(), frame[10..].as_ptr());
}

#[test]
fn a_tree_of_many_small_terms_is_bounded() {
    let mut list = vec![108, 0, 1, 0, 0];
    list.resize(5 + 65_536, 106);
    list.push(106);
    let (term, peak) = measure(|| etf::from_term::<Term>(&list).expect("a list"));
    drop(term);
    assert!(peak <= 64 * list.len(), "{peak} bytes for {}", list.len());
}
