//! A field whose type is a parameter is written as the type that it is.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Debug;

use portreeve::types::{Describe, Type, Types};
use portreeve::{Bytes, etf};
use serde::{Deserialize, Serialize};

#[portreeve::term]
#[derive(Debug, PartialEq)]
struct Holder<T> {
    inner: T,
}

#[portreeve::term]
#[derive(Debug, PartialEq)]
struct Wrapped<T>(T);

#[portreeve::term]
#[derive(Debug, PartialEq)]
struct Pair<T>(T, Option<T>);

#[portreeve::term]
#[derive(Debug, PartialEq)]
enum Either<T> {
    Left(T),
    Right { value: T },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Bare<T> {
    inner: T,
}

/// The term of the field, as generated code gets it from a result.
macro_rules! field {
    ($value:expr) => {{
        #[allow(unused_imports)]
        use portreeve::etf::via::{Via, WriteAny as _, WriteKnown as _};
        let holder = Holder { inner: $value };
        let mut out = Vec::new();
        (&&Via::of(&holder))
            .append(&mut out, &holder, etf::Options::default())
            .expect("a term");
        out.split_off(b"t\0\0\0\x01w\x05inner".len())
    }};
}

const EMPTY: &[u8] = b"m\0\0\0\0";
const TWO: &[u8] = b"m\0\0\0\x02\x01\x02";

fn described<T: Describe>() -> Type {
    let mut types = Types::default();
    Holder::<T>::describe(&mut types);
    let definition = types.iter().next().expect("a type").1;
    let Type::Struct(fields) = &definition.r#type else {
        panic!("{definition:?}")
    };
    fields[0].1.clone()
}

#[test]
fn bytes_behind_a_parameter_are_bytes_also_when_empty() {
    macro_rules! both {
        ($($of:ty),* $(,)?) => {$(
            assert_eq!(described::<$of>(), Type::Bytes, stringify!($of));
            assert_eq!(field!(<$of>::from(vec![])), EMPTY, stringify!($of));
            assert_eq!(field!(<$of>::from(vec![1, 2])), TWO, stringify!($of));
        )*};
    }
    both!(Vec<u8>, Box<[u8]>, Cow<'_, [u8]>, VecDeque<u8>, Bytes);
    assert_eq!(described::<[u8; 2]>(), Type::Bytes);
    assert_eq!(field!([1_u8, 2]), TWO);
    assert_eq!(field!([0_u8; 0]), EMPTY);
    assert_eq!(field!(Box::<Vec<u8>>::default()), EMPTY);
    assert_eq!(field!(&[0_u8; 0][..]), EMPTY);
    assert_eq!(field!(BTreeSet::<u8>::new()), EMPTY);
}

#[test]
fn bytes_deep_behind_a_parameter_are_bytes_too() {
    let none: Vec<u8> = vec![];
    let in_list = [&b"l\0\0\0\x01"[..], EMPTY, b"j"].concat();
    assert_eq!(field!(Some(none.clone())), EMPTY);
    assert_eq!(field!(vec![none.clone()]), in_list);
    assert_eq!(field!([none.clone()]), in_list);
    assert_eq!(field!((none.clone(),)), [b"h\x01", EMPTY].concat());
    assert_eq!(field!(vec![[0_u8; 0]]), in_list);
    let map = [&b"t\0\0\0\x01"[..], EMPTY, EMPTY].concat();
    assert_eq!(field!(BTreeMap::from([(none.clone(), none.clone())])), map);
    assert_eq!(field!(Wrapped(none.clone())), EMPTY);
    assert_eq!(
        field!(Pair(none.clone(), Some(none.clone()))),
        [b"h\x02", EMPTY, EMPTY].concat()
    );
    assert_eq!(
        field!(Either::Left(none.clone())),
        [b"h\x02w\x04left", EMPTY].concat()
    );
    let right = [&b"h\x02w\x05rightt\0\0\0\x01w\x05value"[..], EMPTY].concat();
    assert_eq!(
        field!(Either::Right {
            value: none.clone()
        }),
        right
    );
    assert_eq!(
        field!(Bare { inner: none }),
        [&b"t\0\0\0\x01w\x05inner"[..], EMPTY].concat()
    );
}

#[test]
fn arrays_behind_a_parameter_are_lists() {
    let list = b"l\0\0\0\x02a\x01a\x02j";
    assert_eq!(described::<[u16; 2]>(), Type::List(Box::new(Type::U16)));
    assert_eq!(field!([1_u16, 2]), list);
    assert_eq!(field!(vec![1_u16, 2]), list);
}

#[test]
fn a_list_of_what_is_written_as_u8_is_a_list_also_when_full() {
    /// As of the crate `serde_repr`.
    struct Code(u8);
    impl Serialize for Code {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_u8(self.0)
        }
    }
    let codes = etf::to_vec(&vec![Code(1), Code(2)]).expect("a term");
    assert_eq!(codes, b"\x83l\0\0\0\x02a\x01a\x02j");
    assert_eq!(etf::to_vec(&Vec::<Code>::new()).expect("a term"), b"\x83j");
    let codes = etf::to_vec(&[Code(1), Code(2)]).expect("a term");
    assert_eq!(codes, b"\x83l\0\0\0\x02a\x01a\x02j");
}

#[test]
fn bare_serde_has_empty_bytes_too() {
    assert_eq!(
        etf::to_vec(&Vec::<u8>::new()).expect("a term"),
        b"\x83m\0\0\0\0"
    );
    assert_eq!(
        etf::to_vec(&vec![vec![1_u8], vec![]]).expect("a term"),
        b"\x83l\0\0\0\x02m\0\0\0\x01\x01m\0\0\0\0j"
    );
}
