//! What large bytes cost: a slice of the frame is no copy, an owned value is one.

use portreeve::etf::{self, Elements};
use portreeve::{Bytes, Term};

use crate::allocations::measure;

const MB: usize = 1 << 20;

/// `[<<…>>]`: the arguments of a call with 1 MB of bytes.
fn arguments() -> Bytes {
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

/// Every form that a sequence of `u8` comes in, and terms that are none.
#[test]
fn owned_bytes_are_what_serde_alone_would_read() {
    use portreeve::etf::via::{FromBytes, ReadBytes as _, Via};
    fn same<T: FromBytes + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(term: &[u8]) {
        let list = [&[108, 0, 0, 0, 1], term, &[106]].concat();
        let open = || Elements::open(&list).expect("a list");
        let (mut whole, mut one_by_one) = (open(), open());
        let whole = (&&Via::<T>::new()).next(&mut whole).expect("one");
        let one_by_one = one_by_one.next_value::<T>().expect("one");
        assert_eq!(whole.is_ok(), one_by_one.is_ok(), "{term:?}: {whole:?}");
        assert_eq!(whole.ok(), one_by_one.ok(), "{term:?}");
    }
    let large = [&[109, 0, 16, 0, 0], [9; MB].as_slice()].concat();
    let terms: [&[u8]; 16] = [
        &[109, 0, 0, 0, 0],
        &[109, 0, 0, 0, 3, 1, 2, 255],
        &[77, 0, 0, 0, 0, 0],
        &[77, 0, 0, 0, 2, 8, 1, 2],
        &[77, 0, 0, 0, 1, 7, 2],
        &[106],
        &[107, 0, 2, 1, 2],
        &[108, 0, 0, 0, 2, 97, 1, 97, 255, 106],
        &[108, 0, 0, 0, 1, 98, 0, 0, 1, 0, 106],
        &[108, 0, 0, 0, 1, 97, 1, 97, 2],
        &[104, 2, 97, 1, 97, 2],
        &[119, 3, b'n', b'i', b'l'],
        b"\x77\x09undefined",
        &[97, 1],
        &[116, 0, 0, 0, 0],
        &large,
    ];
    for term in terms {
        same::<Vec<u8>>(term);
        same::<Box<[u8]>>(term);
        same::<Option<Vec<u8>>>(term);
    }
}

#[test]
fn bytes_outside_the_frame_are_copied() {
    let frame = arguments();
    let other = Bytes::from(vec![0; 16]);
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
fn small_bytes_are_copied_and_let_their_frame_go() {
    // A frame that says when it goes.
    struct Frame {
        bytes: Vec<u8>,
        _held: std::sync::Arc<()>,
    }
    impl AsRef<[u8]> for Frame {
        fn as_ref(&self) -> &[u8] {
            &self.bytes
        }
    }
    let is_kept = |size: usize| {
        let here = std::sync::Arc::new(());
        let term = etf::to_vec(&Bytes::from(vec![7; size])).expect("a term");
        let (bytes, _held) = (term, here.clone());
        let frame = Bytes::from(bytes::Bytes::from_owner(Frame { bytes, _held }));
        let kept: Bytes = etf::from_frame(&frame[1..], &frame).expect("bytes");
        drop(frame);
        assert_eq!(*kept, vec![7; size]);
        std::sync::Arc::strong_count(&here) > 1
    };
    assert!(!is_kept(0) && !is_kept(10) && !is_kept(4095));
    assert!(is_kept(4096) && is_kept(1 << 20));
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
