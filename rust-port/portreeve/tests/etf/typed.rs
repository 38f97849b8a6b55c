//! Rust types there and back, in the forms that terms come in.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt::Debug;
use std::num::{NonZeroI64, NonZeroU8};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use portreeve::etf::{self, BytesAs, Elements, Options};
use portreeve::{Atom, BigInt, Bytes, Term};
use serde::{Deserialize, Serialize};

#[track_caller]
fn both<T: Serialize + for<'de> Deserialize<'de> + PartialEq + Debug>(value: T, bytes: &[u8]) {
    let written = etf::to_vec(&value).expect("a term");
    assert_eq!(written, [&[131], bytes].concat(), "{value:?}");
    assert_eq!(etf::from_slice::<T>(&written).expect("the value"), value);
}

#[track_caller]
fn reads<T: for<'de> Deserialize<'de> + PartialEq + Debug>(bytes: &[u8], value: T) {
    assert_eq!(etf::from_term::<T>(bytes).expect("the value"), value);
}

#[test]
fn integers_of_every_width() {
    both(0_u8, &[97, 0]);
    both(255_u8, &[97, 255]);
    both(-1_i8, &[98, 255, 255, 255, 255]);
    both(256_u16, &[98, 0, 0, 1, 0]);
    both(i32::MIN, &[98, 128, 0, 0, 0]);
    both(i32::MAX, &[98, 127, 255, 255, 255]);
    both(u32::MAX, &[110, 4, 0, 255, 255, 255, 255]);
    both(i64::MIN, &[110, 8, 1, 0, 0, 0, 0, 0, 0, 0, 128]);
    both(
        i64::MAX,
        &[110, 8, 0, 255, 255, 255, 255, 255, 255, 255, 127],
    );
    both(u64::MAX, &[&[110, 8, 0][..], &[255; 8]].concat());
    both(i128::MIN, &[&[110, 16, 1][..], &[0; 15], &[128]].concat());
    both(u128::MAX, &[&[110, 16, 0][..], &[255; 16]].concat());
    both(7_i128, &[97, 7]);
    #[cfg(target_pointer_width = "64")]
    both(usize::MAX, &[&[110, 8, 0][..], &[255; 8]].concat());
    #[cfg(target_pointer_width = "64")]
    both(isize::MIN, &[110, 8, 1, 0, 0, 0, 0, 0, 0, 0, 128]);
    #[cfg(target_pointer_width = "32")]
    both(usize::MAX, &[&[110, 4, 0][..], &[255; 4]].concat());
    #[cfg(target_pointer_width = "32")]
    both(isize::MIN, &[98, 128, 0, 0, 0]);
    both(NonZeroU8::MAX, &[97, 255]);
    both(NonZeroI64::MIN, &[110, 8, 1, 0, 0, 0, 0, 0, 0, 0, 128]);
}

#[test]
fn integers_in_forms_that_nobody_writes() {
    reads(&[110, 1, 0, 7], 7_u8);
    reads(&[110, 0, 0], 0_u8);
    reads(&[110, 0, 1], 0_i64);
    reads(&[110, 3, 9, 1, 0, 0], -1_i8);
    reads(&[111, 0, 0, 0, 1, 0, 7], 7_u64);
    reads(&[98, 0, 0, 0, 7], 7_u8);
}

#[test]
fn big_integers() {
    both(BigInt::from(5), &[97, 5]);
    let wide = BigInt::from(num_bigint::BigInt::from(1) << 128);
    both(wide.clone(), &[&[110, 17, 0][..], &[0; 16], &[1]].concat());
    both(
        BigInt::from(-wide.into_num_bigint()),
        &[&[110, 17, 1][..], &[0; 16], &[1]].concat(),
    );
    let widest = BigInt::from((num_bigint::BigInt::from(1) << (8 * 65_536)) - 1);
    both(
        widest,
        &[&[111, 0, 1, 0, 0, 0][..], &[255; 65_536]].concat(),
    );
}

#[test]
fn floats_take_integers() {
    both(1.5_f64, &[70, 63, 248, 0, 0, 0, 0, 0, 0]);
    both(-0.0_f64, &[70, 128, 0, 0, 0, 0, 0, 0, 0]);
    both(0.5_f32, &[70, 63, 224, 0, 0, 0, 0, 0, 0]);
    reads(&[97, 3], 3.0_f64);
    reads(&[98, 255, 255, 255, 254], -2.0_f32);
    reads(
        &[110, 8, 0, 0, 0, 0, 0, 0, 0, 0, 128],
        9_223_372_036_854_775_808.0_f64,
    );
    reads(
        &[&[110, 20, 1][..], &[0; 19], &[1]].concat(),
        -(2.0_f64.powi(152)),
    );
}

#[test]
fn an_integer_that_no_float_holds_is_refused() {
    use num_bigint::BigInt as Big;
    let power = |exponent: u32| Big::from(1) << exponent;
    let read = |value: &Big| {
        let written = etf::to_vec(&BigInt::from(value.clone())).expect("a term");
        etf::from_slice::<f64>(&written).map_err(|error| error.to_string())
    };
    // The largest float of all, and powers of 2 up to it.
    let largest: Big = power(1024) - power(971);
    for (held, float) in [
        (power(53), 2.0_f64.powi(53)),
        (power(53) - 1, 2.0_f64.powi(53) - 1.0),
        (power(53) + 2, 2.0_f64.powi(53) + 2.0),
        (power(63), 2.0_f64.powi(63)),
        (power(64) - power(11), 18_446_744_073_709_549_568.0),
        (
            power(200) + power(148),
            2.0_f64.powi(200) + 2.0_f64.powi(148),
        ),
        (power(1023), 2.0_f64.powi(1023)),
        (largest.clone(), f64::MAX),
    ] {
        assert_eq!(read(&held), Ok(float));
        assert_eq!(read(&-held), Ok(-float));
    }
    for lost in [
        power(53) + 1,
        power(63) - 1,
        power(64) - 1,
        power(128) - 1,
        power(200) + power(147),
        power(200) + 1,
        largest + power(970),
        power(1024),
        power(8 * 65_536 - 1),
    ] {
        let error = read(&lost).expect_err("an error");
        assert!(
            error.starts_with("expected an integer that f64 holds exactly, got "),
            "{error}"
        );
        assert!(read(&-lost).is_err());
    }
    // Rounding is what f32 means, but not from an integer that was rounded before.
    let written = etf::to_vec(&16_777_217).expect("a term");
    assert_eq!(
        etf::from_slice::<f32>(&written).expect("a float").to_bits(),
        16_777_216.0_f32.to_bits()
    );
    let written = etf::to_vec(&(1_u64 << 53 | 1)).expect("a term");
    assert!(etf::from_slice::<f32>(&written).is_err());
}

#[test]
fn nothing_in_its_three_names() {
    both(None::<u8>, b"w\x03nil");
    both((), b"w\x03nil");
    for name in [
        &b"w\x03nil"[..],
        b"w\x09undefined",
        b"w\x04null",
        b"d\0\x03nil",
        b"s\x03nil",
    ] {
        reads::<Option<u8>>(name, None);
        reads(name, ());
        reads::<Option<Vec<u8>>>(name, None);
    }
    reads::<Option<Atom>>(b"w\x04none", Some(Atom::new("none")));
    reads::<Vec<Option<u8>>>(b"l\0\0\0\x02w\x03nila\x01j", vec![None, Some(1)]);
}

#[test]
fn text_and_characters() {
    both("é".to_owned(), &[109, 0, 0, 0, 2, 195, 169]);
    both('é', &[109, 0, 0, 0, 2, 195, 169]);
    both(PathBuf::from("/tmp"), b"m\0\0\0\x04/tmp");
    both(String::new(), &[109, 0, 0, 0, 0]);
    let bytes = etf::to_vec("borrowed").expect("a term");
    let found: &str = etf::from_slice(&bytes).expect("text");
    assert_eq!(found.as_ptr(), bytes[6..].as_ptr());
}

#[test]
fn bytes_in_all_their_forms() {
    let forms: [&[u8]; 5] = [
        &[109, 0, 0, 0, 2, 1, 2],
        &[77, 0, 0, 0, 2, 8, 1, 2],
        &[107, 0, 2, 1, 2],
        &[108, 0, 0, 0, 2, 97, 1, 98, 0, 0, 0, 2, 106],
        &[108, 0, 0, 0, 1, 97, 1, 107, 0, 1, 2],
    ];
    for form in forms {
        reads(form, vec![1_u8, 2]);
        reads(form, Bytes::from(vec![1, 2]));
        reads(form, VecDeque::from([1_u8, 2]));
        reads(form, [1_u8, 2]);
        reads(form, BTreeSet::from([1_u8, 2]));
        reads(form, Vec::into_boxed_slice(vec![1_u8, 2]));
    }
    for form in &forms[..3] {
        assert_eq!(etf::from_term::<&[u8]>(form).expect("bytes"), [1, 2]);
    }
    for empty in [
        &[109, 0, 0, 0, 0][..],
        &[77, 0, 0, 0, 0, 0],
        &[106],
        &[107, 0, 0],
    ] {
        reads(empty, Vec::<u8>::new());
        reads(empty, Bytes::default());
        assert!(etf::from_term::<&[u8]>(empty).expect("bytes").is_empty());
    }
    both(Bytes::from(vec![1, 2]), &[109, 0, 0, 0, 2, 1, 2]);
    both(vec![1_u8, 2], &[109, 0, 0, 0, 2, 1, 2]);
}

#[test]
fn bytes_apart_from_text() {
    let written = |value: &dyn Fn(&mut Vec<u8>, Options)| {
        let mut out = Vec::new();
        value(&mut out, Options::default().with_bytes(BytesAs::BitBinary));
        out
    };
    let append = |out: &mut Vec<u8>, options| etf::append(out, &vec![7_u8, 8], options);
    assert_eq!(
        written(&|out, options| append(out, options).expect("a term")),
        [77, 0, 0, 0, 2, 8, 7, 8],
    );
    let empty = |out: &mut Vec<u8>, options| etf::append(out, &Bytes::default(), options);
    assert_eq!(
        written(&|out, options| empty(out, options).expect("a term")),
        [77, 0, 0, 0, 0, 0],
    );
    let text = |out: &mut Vec<u8>, options| etf::append(out, "a", options);
    assert_eq!(
        written(&|out, options| text(out, options).expect("a term")),
        [109, 0, 0, 0, 1, 97],
    );
}

#[test]
fn only_sequences_of_u8_alone_are_bytes() {
    both(
        vec![Some(1_u8), Some(2)],
        &[108, 0, 0, 0, 2, 97, 1, 97, 2, 106],
    );
    both(vec![(1_u8,)], &[108, 0, 0, 0, 1, 104, 1, 97, 1, 106]);
    both(vec![1_u16, 2], &[108, 0, 0, 0, 2, 97, 1, 97, 2, 106]);
    both(
        vec![vec![1_u8], vec![]],
        &[108, 0, 0, 0, 2, 109, 0, 0, 0, 1, 1, 109, 0, 0, 0, 0, 106],
    );
    both((vec![1_u8], 2_u8), &[104, 2, 109, 0, 0, 0, 1, 1, 97, 2]);
    both(
        vec![vec![1_u16], vec![2]],
        &[
            108, 0, 0, 0, 2, 108, 0, 0, 0, 1, 97, 1, 106, 108, 0, 0, 0, 1, 97, 2, 106, 106,
        ],
    );
    both(vec![true], b"l\0\0\0\x01w\x04truej");
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Byte(u8);
    both(vec![Byte(1)], &[108, 0, 0, 0, 1, 97, 1, 106]);
}

#[test]
fn tuples_and_lists_stand_for_each_other() {
    both(
        (1_u8, "a".to_owned()),
        &[104, 2, 97, 1, 109, 0, 0, 0, 1, 97],
    );
    reads(&[108, 0, 0, 0, 2, 97, 1, 97, 2, 106], (1_u8, 2_u8));
    reads(&[107, 0, 2, 1, 2], (1_u8, 2_i64));
    reads(&[104, 2, 97, 1, 97, 2], vec![1_i64, 2]);
    reads(&[105, 0, 0, 0, 1, 97, 1], (1_u8,));
    reads(&[107, 0, 2, 1, 2], vec![1.0_f64, 2.0]);
    reads(&[107, 0, 2, 1, 2], vec![Some(1_u8), Some(2)]);
    reads(&[106], Vec::<String>::new());
    reads(
        &[108, 0, 0, 0, 1, 97, 1, 108, 0, 0, 0, 1, 97, 2, 106],
        vec![1_i64, 2],
    );
}

#[test]
fn maps_and_their_keys() {
    both(
        BTreeMap::from([("a".to_owned(), 1_u8)]),
        b"t\0\0\0\x01m\0\0\0\x01aa\x01",
    );
    both(
        HashMap::from([(-1_i64, true)]),
        b"t\0\0\0\x01b\xff\xff\xff\xffw\x04true",
    );
    both(BTreeMap::<String, u8>::new(), &[116, 0, 0, 0, 0]);
    both(
        BTreeMap::from([(Atom::new("a"), ())]),
        b"t\0\0\0\x01w\x01aw\x03nil",
    );
    reads(
        b"t\0\0\0\x01w\x01aa\x01",
        HashMap::from([("a".to_owned(), 1_u8)]),
    );
    reads(
        b"t\0\0\0\x01m\0\0\0\x02-7a\x01",
        HashMap::from([(-7_i32, 1_u8)]),
    );
    reads(b"t\0\0\0\x01w\x017a\x01", HashMap::from([(7_u64, 1_u8)]));
    reads(
        b"t\0\0\0\x01m\0\0\0\x04truea\x01",
        HashMap::from([(true, 1_u8)]),
    );
    reads(
        b"t\0\0\0\x01m\0\0\0\x01xa\x01",
        HashMap::from([('x', 1_u8)]),
    );
    reads(
        b"t\0\0\0\x01h\x01a\x01a\x02",
        HashMap::from([((1_u8,), 2_u8)]),
    );
    reads(
        b"t\0\0\0\x01m\0\0\0\x01aa\x01",
        HashMap::from([(Bytes::from(vec![b'a']), 1_u8)]),
    );
}

#[test]
fn text_keys_are_numbers_in_one_form() {
    let keyed = |key: &str| etf::to_vec(&BTreeMap::from([(key, 1_u8)])).expect("a term");
    let read = |key: &str| etf::from_slice::<BTreeMap<i64, u8>>(&keyed(key));
    assert_eq!(read("7").expect("a map"), BTreeMap::from([(7, 1)]));
    assert_eq!(read("-7").expect("a map"), BTreeMap::from([(-7, 1)]));
    assert_eq!(read("0").expect("a map"), BTreeMap::from([(0, 1)]));
    for other in ["07", "+7", "-0", "00", " 7", "7 ", "7.0", "0x7", ""] {
        let error = read(other).expect_err("another form");
        assert!(
            error.to_string().starts_with("expected i64, got "),
            "{error}"
        );
    }
    let widest = etf::from_slice::<BTreeMap<u128, u8>>(&keyed(&u128::MAX.to_string()));
    assert_eq!(widest.expect("a map"), BTreeMap::from([(u128::MAX, 1)]));
    let lowest = etf::from_slice::<BTreeMap<i128, u8>>(&keyed(&i128::MIN.to_string()));
    assert_eq!(lowest.expect("a map"), BTreeMap::from([(i128::MIN, 1)]));
    assert!(read(&u128::MAX.to_string()).is_err());
}

#[test]
fn keys_that_are_one_key_are_refused() {
    let map = |keys: &[&[u8]]| {
        let count = u8::try_from(keys.len()).expect("few");
        let pairs: Vec<u8> = keys
            .iter()
            .flat_map(|key| [key, &b"a\x01"[..]].concat())
            .collect();
        [&[131, 116, 0, 0, 0, count][..], &pairs].concat()
    };
    let refused = |error: Option<etf::Error>| {
        let error = error.expect("one key twice");
        assert_eq!(error.kind(), etf::ErrorKind::DuplicateKey, "{error}");
    };
    let (text7, atom7, old7) = (&b"m\0\0\0\x017"[..], &b"w\x017"[..], &b"d\0\x017"[..]);
    let wide7 = &b"b\0\0\0\x07"[..];
    for pair in [
        [text7, b"a\x07"],
        [b"a\x07", text7],
        [atom7, wide7],
        [text7, atom7],
        [atom7, old7],
        [wide7, old7],
    ] {
        refused(etf::from_slice::<BTreeMap<i64, u8>>(&map(&pair)).err());
    }
    for pair in [[text7, atom7], [old7, text7], [old7, atom7], [text7, text7]] {
        refused(etf::from_slice::<BTreeMap<String, u8>>(&map(&pair)).err());
        refused(etf::from_slice::<BTreeMap<Atom, u8>>(&map(&pair)).err());
    }
    // The same letter in Latin-1 and in UTF-8.
    let pair: [&[u8]; 2] = [&[100, 0, 1, 0xfc], &[119, 2, 0xc3, 0xbc]];
    refused(etf::from_slice::<BTreeMap<String, u8>>(&map(&pair)).err());
    let pair: [&[u8]; 2] = [b"w\x04true", b"m\0\0\0\x04true"];
    refused(etf::from_slice::<BTreeMap<bool, u8>>(&map(&pair)).err());
    // In any order, and far apart.
    let keys: Vec<Vec<u8>> = (0..50_u8)
        .map(|at| vec![97, 49 - at])
        .chain([text7.to_vec()])
        .collect();
    let keys: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
    refused(etf::from_slice::<HashMap<u8, u8>>(&map(&keys)).err());
    // To a tree they are two: an atom is not a binary on the BEAM.
    let pair = [text7, atom7];
    assert_eq!(
        etf::from_slice::<HashMap<Term, u8>>(&map(&pair))
            .expect("two keys")
            .len(),
        2
    );
    assert!(etf::from_slice::<HashMap<u8, u8>>(&map(&[b"a\x07", b"m\0\0\0\x018"])).is_ok());
}

#[test]
fn a_struct_passes_over_keys_that_are_not_its_own() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct One {
        a: u8,
    }
    // #{1 => {}, <<"a">> => 7, b => #{}}
    reads(
        b"t\0\0\0\x03a\x01h\0m\0\0\0\x01aa\x07w\x01bt\0\0\0\0",
        One { a: 7 },
    );
}

#[test]
fn times_have_serdes_shape() {
    let duration = Duration::new(1, 2);
    both(duration, b"t\0\0\0\x02w\x04secsa\x01w\x05nanosa\x02");
    let time = SystemTime::UNIX_EPOCH + duration;
    let written = etf::to_vec(&time).expect("a term");
    assert_eq!(
        etf::from_slice::<SystemTime>(&written).expect("a time"),
        time
    );
}

#[test]
fn sets() {
    both(
        BTreeSet::from([1_u16, 300]),
        &[108, 0, 0, 0, 2, 97, 1, 98, 0, 0, 1, 44, 106],
    );
    reads(&[107, 0, 2, 5, 5], HashSet::from([5_i32]));
}

#[test]
fn atoms() {
    both(Atom::new("ok"), b"w\x02ok");
    reads(b"m\0\0\0\x02ok", Atom::new("ok"));
    reads(b"d\0\x01\xe9", Atom::new("é"));
    reads(b"w\x04true", Atom::new("true"));
    let long = Atom::from("é".repeat(255));
    both(
        long,
        &[&[118, 1, 254][..], "é".repeat(255).as_bytes()].concat(),
    );
}

#[test]
fn a_negative_number_in_a_list_comes_back_through_a_tree() {
    for bytes in [
        &[131, 108, 0, 0, 0, 2, 98, 255, 255, 255, 255, 97, 2, 106][..],
        &[131, 108, 0, 0, 0, 2, 98, 255, 255, 254, 212, 97, 2, 106],
        &[131, 107, 0, 2, 1, 2],
    ] {
        let term: Term = etf::from_slice(bytes).expect("a term");
        assert_eq!(etf::to_vec(&term).expect("a term"), bytes);
    }
}

#[test]
fn a_tree_writes_equal_maps_as_equal_bytes() {
    let mut written = HashSet::new();
    for _ in 0..20 {
        let map = etf::to_vec(&BTreeMap::from([("a", 1), ("b", 2), ("c", 3), ("d", 4)]));
        let term: Term = etf::from_slice(&map.expect("a term")).expect("a term");
        written.insert(etf::to_vec(&term).expect("a term"));
    }
    assert_eq!(written.len(), 1);
}

#[test]
fn a_long_list_of_bytes_in_a_tree_keeps_its_length() {
    let term = Term::from(portreeve::eetf::Term::from(
        portreeve::eetf::ByteList::from(vec![7; 70_000]),
    ));
    let written = etf::to_vec(&term).expect("a term");
    assert_eq!(
        etf::from_slice::<Vec<u8>>(&written).expect("bytes"),
        vec![7; 70_000]
    );
}

#[test]
fn elements_of_all_three_kinds_of_list() {
    for list in [
        &[107, 0, 2, 1, 2][..],
        &[108, 0, 0, 0, 2, 97, 1, 97, 2, 106],
    ] {
        let mut elements = Elements::open(list).expect("a list");
        assert_eq!(elements.len(), 2);
        assert_eq!(elements.next_raw(), Some(&[97, 1][..]));
        assert_eq!(elements.next_value::<i64>().expect("one").expect("2"), 2);
        assert!(elements.is_empty() && elements.next_raw().is_none());
    }
    assert!(Elements::open(&[106]).expect("a list").is_empty());
    let tuple = Elements::open(&[104, 1, 97, 1]).expect_err("a tuple");
    assert_eq!(tuple.to_string(), "expected a list, got {1}");
    let improper = Elements::open(&[108, 0, 0, 0, 1, 97, 1, 97, 2]).expect_err("a tail");
    assert_eq!(improper.to_string(), "expected a proper list, got [1|2]");
    let trailing = Elements::open(&[106, 106]).expect_err("two terms");
    assert_eq!(trailing.to_string(), "1 byte after the term at byte 1");
}

#[test]
fn elements_after_one_that_cannot_be_read_still_can() {
    let list = [108, 0, 0, 0, 2, 104, 1, 97, 9, 97, 2, 106];
    let mut elements = Elements::open(&list).expect("a list");
    let first = elements
        .next_value::<u8>()
        .expect("one")
        .expect_err("a tuple");
    assert_eq!(first.to_string(), "expected u8, got {9}");
    assert_eq!(elements.next_value::<u8>().expect("one").expect("2"), 2);
}

#[test]
fn compressed_terms_are_inflated_within_bounds() {
    // 131 80, 6 bytes, zlib of {1,2}.
    let frame = [
        131, 80, 0, 0, 0, 6, 120, 156, 203, 96, 74, 100, 76, 100, 2, 0, 4, 203, 1, 48,
    ];
    let payload = etf::payload(&frame, 6).expect("a term");
    assert!(matches!(payload, Cow::Owned(_)));
    assert_eq!(
        etf::from_term::<(u8, u8)>(&payload).expect("a tuple"),
        (1, 2)
    );
    let over = etf::payload(&frame, 5).expect_err("over the limit");
    assert_eq!(
        over.to_string(),
        "a term of 6 bytes inflated is over the limit of 5"
    );
    let mut wrong = frame;
    wrong[5] = 7;
    let wrong = etf::payload(&wrong, 100).expect_err("another size");
    assert_eq!(
        wrong.to_string(),
        "compressed data that is not the 7 bytes it says it is at byte 2",
    );
    let mut damaged = frame;
    damaged[18] = 0;
    let damaged = etf::payload(&damaged, 100).expect_err("a wrong sum");
    assert_eq!(damaged.to_string(), "damaged compressed data at byte 6");
    let long = [&frame[..], &[1, 2, 3]].concat();
    let long = etf::payload(&long, 100).expect_err("more bytes");
    assert_eq!(
        long.to_string(),
        "3 bytes after the compressed term at byte 20"
    );
}

#[test]
fn appending_leaves_nothing_of_a_value_that_failed() {
    let mut out = vec![1, 2, 3];
    let error = etf::append(&mut out, &vec![1.0, f64::NAN], Options::default());
    assert!(error.is_err());
    assert_eq!(out, [1, 2, 3]);
}
