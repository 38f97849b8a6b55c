//! What serde reads out of a buffer of its own: `flatten`, `untagged`, an inner `tag`. That buffer has no room for
//! integers of 128 bits, and what it cannot give must not vanish.

use std::collections::BTreeMap;

use portreeve::etf::{self, ErrorKind};
use serde::{Deserialize, Serialize};

const WIDE: &str =
    "an integer of 128 bits cannot stand in a flattened, untagged or internally tagged shape";

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Wide {
    a: u128,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Maybe {
    id: u64,
    #[serde(flatten)]
    rest: Option<Wide>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Always {
    #[serde(flatten)]
    rest: Wide,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Either {
    Wide(i128),
    Float(f64),
    Text(String),
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    Wide { a: u128 },
}

#[derive(Debug, PartialEq, Deserialize)]
struct Extra {
    #[serde(flatten)]
    all: BTreeMap<String, u128>,
}

fn refused<T: for<'de> Deserialize<'de> + std::fmt::Debug>(value: &impl Serialize) {
    let bytes = etf::to_vec(value).expect("a term");
    let error = etf::from_slice::<T>(&bytes).expect_err("an error");
    assert!(error.to_string().contains(WIDE), "{error}");
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[derive(Serialize)]
struct Sent<T> {
    kind: &'static str,
    id: u64,
    a: T,
}

fn sent<T>(a: T) -> Sent<T> {
    let (kind, id) = ("Wide", 1);
    Sent { kind, id, a }
}

#[test]
fn a_wide_integer_in_a_buffer_is_an_error_and_not_lost() {
    refused::<Maybe>(&sent(5));
    refused::<Maybe>(&sent(u128::MAX));
    refused::<Always>(&sent(5));
    refused::<Tagged>(&sent(5));
    refused::<Tagged>(&sent(u128::MAX));
    refused::<Extra>(&BTreeMap::from([("a", 5)]));
    refused::<Either>(&5);
    refused::<Either>(&i128::MIN);
    refused::<Vec<Either>>(&[5]);
    // STRING_EXT, whose bytes are read as terms of their own.
    let error = etf::from_term::<Vec<Either>>(&[107, 0, 1, 5]).expect_err("an error");
    assert!(error.to_string().contains(WIDE), "{error}");
}

#[test]
fn an_argument_is_refused_like_a_whole_term() {
    let bytes = etf::to_vec(&vec![sent(5)]).expect("a term");
    let mut elements = etf::Elements::open(&bytes[1..]).expect("a list");
    let error = elements
        .next_value::<Maybe>()
        .expect("one")
        .expect_err("an error");
    assert!(error.to_string().contains(WIDE), "{error}");
}

#[test]
fn what_a_buffer_can_hold_is_read() {
    let read = |value: &dyn Fn() -> Vec<u8>| etf::from_slice::<Maybe>(&value()).expect("a value");
    let missing = read(&|| etf::to_vec(&BTreeMap::from([("id", 7)])).expect("a term"));
    assert_eq!(missing, Maybe { id: 7, rest: None });
    let text = etf::to_vec("text").expect("a term");
    let found = etf::from_slice::<Either>(&text).expect("a value");
    assert_eq!(found, Either::Text("text".into()));
    // An integer of 128 bits outside of such a shape is what it was, also right after an error.
    refused::<Either>(&5);
    let wide = etf::to_vec(&Wide { a: u128::MAX }).expect("a term");
    assert_eq!(
        etf::from_slice::<Wide>(&wide).expect("a value").a,
        u128::MAX
    );
}
