//! [`Term`] gives back what it was given: bytes stay bytes, text stays text.

use std::collections::BTreeMap;

use portreeve::etf::{self, BytesAs, Options};
use portreeve::{Bytes, Term, eetf};
use serde::{Deserialize, Serialize};

/// As a host sends it that tells bytes from text.
fn sent<T: Serialize>(value: &T) -> Vec<u8> {
    let mut out = vec![131];
    let options = Options::default().with_bytes(BytesAs::BitBinary);
    etf::append(&mut out, value, options).expect("a term");
    out
}

fn comes_back<T: Serialize>(value: &T) {
    let bytes = sent(value);
    let term: Term = etf::from_slice(&bytes).expect("a term");
    assert_eq!(etf::to_vec(&term).expect("a term"), bytes, "{term}");
    let again: Term = etf::from_slice(&etf::to_vec(&term).expect("a term")).expect("a term");
    assert_eq!(again, term);
}

#[test]
fn bytes_in_a_tree_stay_bytes() {
    for bytes in [&[][..], &[65], &[1, 200], &[0; 70_000]] {
        let bytes = Bytes::from(bytes);
        comes_back(&bytes);
        comes_back(&vec![bytes.clone(), bytes.clone()]);
        comes_back(&(bytes.clone(), "text", [bytes.clone()]));
        comes_back(&BTreeMap::from([(bytes.clone(), bytes.clone())]));
        comes_back(&BTreeMap::from([("k", BTreeMap::from([("k", bytes)]))]));
    }
}

#[test]
fn a_key_as_text_and_as_bytes_is_one_key() {
    // As for Erlang, where both are the binary <<"A">>.
    let (text, bytes) = (&b"m\0\0\0\x01A"[..], &b"M\0\0\0\x01\x08A"[..]);
    let in_list = |key: &[u8]| [b"l\0\0\0\x01", key, b"j"].concat();
    let in_tuple = |key: &[u8]| [b"h\x01", key].concat();
    let in_map = |key: &[u8]| [b"t\0\0\0\x01", key, b"a\x01"].concat();
    let wrapped = |key| [key, &in_list(key), &in_tuple(key), &in_map(key)].map(<[u8]>::to_vec);
    let (text, bytes) = (wrapped(text), wrapped(bytes));
    for (text, bytes) in text.iter().zip(&bytes) {
        for (one, other) in [(text, bytes), (bytes, text), (bytes, bytes)] {
            let map = [&b"\x83t\0\0\0\x02"[..], one, b"a\x01", other, b"a\x02"].concat();
            let error = etf::from_slice::<Term>(&map).expect_err("one key twice");
            assert!(error.to_string().starts_with("duplicate key "), "{error}");
        }
    }
}

#[test]
fn bytes_in_serdes_buffer_stay_bytes() {
    #[derive(Debug, Serialize, Deserialize)]
    struct Loose {
        #[serde(flatten)]
        rest: BTreeMap<String, Term>,
    }
    let bytes = sent(&BTreeMap::from([("k", Bytes::from(vec![1, 200]))]));
    let loose: Loose = etf::from_slice(&bytes).expect("a map");
    let eetf::Term::BitBinary(found) = loose.rest["k"].as_eetf() else {
        panic!("{loose:?}")
    };
    assert_eq!((&*found.bytes, found.tail_bits_size), (&[1, 200][..], 8));
}
