//! Every error of a value, word for word.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::num::NonZeroU8;

use portreeve::etf::{self, Error};
use portreeve::{Atom, BigInt, Bytes, Term};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    sub: String,
    exp: u8,
}

#[derive(Debug, Serialize, Deserialize)]
enum Color {
    Red,
    Rgb(u8, u8, u8),
}

fn error<T: for<'de> Deserialize<'de> + std::fmt::Debug>(value: &impl Serialize) -> Error {
    let bytes = etf::to_vec(value).expect("a term");
    etf::from_slice::<T>(&bytes).expect_err("an error")
}

#[track_caller]
fn read<T: for<'de> Deserialize<'de> + std::fmt::Debug>(value: impl Serialize, expected: &str) {
    assert_eq!(error::<T>(&value).to_string(), expected);
}

#[track_caller]
fn bytes<T: for<'de> Deserialize<'de> + std::fmt::Debug>(bytes: &[u8], expected: &str) {
    let error = etf::from_slice::<T>(bytes).expect_err("an error");
    assert_eq!(error.to_string(), expected);
}

#[track_caller]
fn write(value: impl Serialize, expected: &str) {
    assert_eq!(
        etf::to_vec(&value).expect_err("an error").to_string(),
        expected
    );
}

#[test]
fn bytes_and_charlists_in_the_place_of_text() {
    // A host that tells bytes from text sent bytes.
    let sent = [131, 77, 0, 0, 0, 3, 8, 97, 98, 99];
    let bytes_text = "expected a string, got <<97,98,99>>: bytes, not text";
    bytes::<String>(&sent, bytes_text);
    bytes::<Option<String>>(&sent, bytes_text);
    bytes::<char>(
        &sent,
        "expected a character, got <<97,98,99>>: bytes, not text",
    );
    bytes::<Atom>(&sent, "expected an atom, got <<97,98,99>>: bytes, not text");
    let list = [131, 107, 0, 3, 97, 98, 99];
    let list_text = "expected a string, got [97,98,99]: a charlist; send a binary";
    bytes::<String>(&list, list_text);
    bytes::<Vec<String>>(
        &[&[131, 108, 0, 0, 0, 1][..], &list[1..], &[106]].concat(),
        &format!("[0]: {list_text}"),
    );
    bytes::<String>(
        &[131, 106],
        "expected a string, got []: a charlist; send a binary",
    );
    // Long ones are cut before that is said.
    let long = [&[131, 107, 1, 0][..], &[97; 256]].concat();
    let error = etf::from_slice::<String>(&long)
        .expect_err("an error")
        .to_string();
    assert!(error.ends_with("…: a charlist; send a binary"), "{error}");
}

#[test]
fn a_term_of_another_type() {
    read::<u8>("abc", "expected u8, got \"abc\"");
    read::<i64>(1.5, "expected i64, got 1.5");
    read::<f64>("abc", "expected f64, got \"abc\"");
    read::<bool>(Atom::new("yes"), "expected a boolean, got yes");
    read::<bool>(1, "expected a boolean, got 1");
    read::<String>(Atom::new("ok"), "expected a string, got ok");
    read::<String>([300, 1].as_slice(), "expected a string, got [300,1]");
    read::<char>("ab", "expected a character, got \"ab\"");
    read::<char>(97, "expected a character, got 97");
    read::<()>(0, "expected nil, got 0");
    read::<Option<u8>>("x", "expected u8, got \"x\"");
    read::<Vec<i64>>(5, "expected a list, got 5");
    read::<Vec<i64>>("abc", "expected a list, got \"abc\"");
    read::<Vec<i64>>("", "expected a list, got \"\"");
    read::<Bytes>(5, "expected bytes, got 5");
    read::<Vec<u8>>(Atom::new("a"), "expected a list, got a");
    read::<(u8, u8)>(5, "expected a tuple of 2, got 5");
    read::<HashMap<String, u8>>((1, 2), "expected a map, got {1,2}");
    read::<Claims>((1, 2), "expected a map, got {1,2}");
    read::<Atom>(5, "expected an atom, got 5");
    read::<BigInt>("5", "expected an integer, got \"5\"");
    read::<Color>(5, "expected an atom or a tuple that begins with one, got 5");
    read::<Color>((), "unknown variant `nil`, expected one of `Red`, `Rgb`");
}

#[test]
fn a_number_out_of_range() {
    read::<u8>(256, "expected u8 (0 to 255), got 256");
    read::<u8>(-1, "expected u8 (0 to 255), got -1");
    read::<i8>(128, "expected i8 (-128 to 127), got 128");
    read::<u16>(65_536, "expected u16 (0 to 65535), got 65536");
    read::<i16>(-32_769, "expected i16 (-32768 to 32767), got -32769");
    read::<u32>(
        1_u64 << 32,
        "expected u32 (0 to 4294967295), got 4294967296",
    );
    read::<i32>(
        1_u64 << 31,
        "expected i32 (-2147483648 to 2147483647), got 2147483648",
    );
    read::<u64>(-1, "expected u64 (0 to 18446744073709551615), got -1");
    read::<i64>(
        u64::MAX,
        "expected i64 (-9223372036854775808 to 9223372036854775807), got 18446744073709551615",
    );
    read::<u64>(
        1_u128 << 64,
        "expected u64 (0 to 18446744073709551615), got 18446744073709551616",
    );
    read::<i128>(
        u128::MAX,
        "expected i128 (-170141183460469231731687303715884105728 to \
         170141183460469231731687303715884105727), got 340282366920938463463374607431768211455",
    );
    read::<u128>(
        BigInt::from(num_bigint::BigInt::from(1) << 128),
        "expected u128 (0 to 340282366920938463463374607431768211455), got an integer of 17 bytes",
    );
    read::<f32>(1e39, "expected f32 (up to 3.4028235e38), got 1e39");
    read::<f64>(
        BigInt::from(num_bigint::BigInt::from(1) << 1024),
        "expected an integer that f64 holds exactly, got an integer of 129 bytes",
    );
    read::<NonZeroU8>(0, "expected a nonzero u8, got 0");
}

#[test]
fn where_in_the_value() {
    let claims = |exp: i64| BTreeMap::from([("exp", exp)]);
    read::<HashMap<String, Vec<u8>>>(
        BTreeMap::from([("a", vec![1_i64, 300])]),
        "a[1]: expected u8 (0 to 255), got 300",
    );
    read::<Vec<HashMap<String, u8>>>(
        [claims(1), claims(256)].as_slice(),
        "[1].exp: expected u8 (0 to 255), got 256",
    );
    read::<(u8, Option<(u8, u8)>)>((1, (2, 256)), "[1][1]: expected u8 (0 to 255), got 256");
    read::<HashMap<String, u8>>(
        BTreeMap::from([("two words", 256)]),
        "[\"two words\"]: expected u8 (0 to 255), got 256",
    );
    read::<HashMap<u8, u8>>(
        BTreeMap::from([(7, 256)]),
        "[7]: expected u8 (0 to 255), got 256",
    );
    read::<HashMap<(u8, u8), u8>>(
        BTreeMap::from([((1, 2), 256)]),
        "[{1,2}]: expected u8 (0 to 255), got 256",
    );
    read::<HashMap<u8, u8>>(BTreeMap::from([("x", 2)]), "expected u8, got \"x\"");
    read::<HashMap<u8, u8>>(
        BTreeMap::from([("256", 2)]),
        "expected u8 (0 to 255), got \"256\"",
    );
    read::<Result<u8, String>>(Ok::<_, ()>(256), "ok: expected u8 (0 to 255), got 256");
}

#[test]
fn keys_and_variants() {
    read::<Claims>(BTreeMap::from([("exp", 1)]), "missing key `sub`");
    read::<Claims>(
        BTreeMap::from([("nbf", 1)]),
        "unknown key `nbf`, expected one of `sub`, `exp`",
    );
    bytes::<Claims>(
        b"\x83t\0\0\0\x02w\x03expa\x01m\0\0\0\x03expa\x02",
        "duplicate key `exp`",
    );
    let double = b"\x83t\0\0\0\x02w\x01aa\x01w\x01aa\x02";
    bytes::<Term>(double, "duplicate key a");
    bytes::<HashMap<String, u8>>(double, "duplicate key \"a\"");
    read::<Color>(
        Atom::new("Blue"),
        "unknown variant `Blue`, expected one of `Red`, `Rgb`",
    );
    read::<Color>(Atom::new("Rgb"), "expected a tuple {'Rgb',…}, got 'Rgb'");
    read::<Color>(
        (Atom::new("Red"), 1),
        "expected the atom 'Red', got {'Red',1}",
    );
    read::<Color>(
        (Atom::new("Rgb"), 1),
        "expected a tuple {'Rgb',_,_,_}, got {'Rgb',1}",
    );
    read::<Vec<Color>>(
        [(Atom::new("Rgb"), 1, 2, 256)].as_slice(),
        "[0].Rgb[2]: expected u8 (0 to 255), got 256",
    );
}

#[test]
fn another_length() {
    read::<(u8, u8)>((1, 2, 3), "expected a tuple of 2, got {1,2,3}");
    read::<(u8, u8)>([300].as_slice(), "expected a tuple of 2, got [300]");
    read::<[u8; 2]>("abc", "expected a tuple of 2, got \"abc\"");
    read::<(i64, i64)>(
        [1, 2, 300].as_slice(),
        "expected a tuple of 2, got [1,2,300]",
    );
}

#[test]
fn text_that_is_not_utf8() {
    bytes::<String>(
        b"\x83m\0\0\0\x03ab\xff",
        "expected a string, got 3 bytes that are not UTF-8 from byte 2 on",
    );
    bytes::<HashMap<String, u8>>(
        b"\x83t\0\0\0\x01m\0\0\0\x01\xffa\x01",
        "expected a string, got 1 bytes that are not UTF-8 from byte 0 on",
    );
}

#[test]
fn what_serde_has_no_word_for() {
    let pid = b"\x83h\x01Xw\x01n\0\0\0\x01\0\0\0\x02\0\0\0\x03";
    bytes::<(u8,)>(pid, "[0]: expected u8, got a pid");
    bytes::<serde_json::Value>(pid, "[0]: expected any valid JSON value, got a pid");
    bytes::<Vec<u8>>(
        b"\x83M\0\0\0\x02\x03\x01\xe0",
        "expected bytes, got <<1,224:3>>",
    );
    bytes::<Vec<u8>>(
        b"\x83l\0\0\0\x01a\x01a\x02",
        "expected a proper list, got [1|2]",
    );
}

#[test]
fn bytes_that_are_no_term() {
    bytes::<u8>(b"", "the bytes end inside a term at byte 0");
    bytes::<u8>(
        b"\x82a\x01",
        "expected the version byte 131, got 130 at byte 0",
    );
    bytes::<u8>(b"\x83", "the bytes end inside a term at byte 1");
    bytes::<u8>(b"\x83b\x01", "the bytes end inside a term at byte 2");
    bytes::<u8>(b"\x83a\x01a", "1 byte after the term at byte 3");
    bytes::<u8>(b"\x83a\x01aaa", "3 bytes after the term at byte 3");
    bytes::<u8>(b"\x83D\x01", "unknown tag 68 at byte 1");
    bytes::<Term>(b"\x83D\x01", "unknown tag 68 at byte 1");
    bytes::<Vec<u64>>(
        b"\x83l\0\0\0\x02a\x01R\x01j",
        "[1]: unknown tag 82 at byte 8",
    );
    bytes::<Vec<u64>>(
        b"\x83l\xff\xff\xff\xfea\x01",
        "4294967295 elements in 2 bytes at byte 1",
    );
    bytes::<Term>(b"\x83w\x01\xff", "an atom that is not UTF-8 at byte 1");
    bytes::<Term>(
        b"\x83F\x7f\xf0\0\0\0\0\0\0",
        "a float that is not finite at byte 1",
    );
    bytes::<f64>(
        b"\x83F\x7f\xf8\0\0\0\0\0\0",
        "a float that is not finite at byte 1",
    );
    bytes::<Term>(
        b"\x83P\0\0\0\x01",
        "a compressed term, which `payload` must inflate first at byte 1",
    );
    let deep = [&[131][..], &[104, 1].repeat(513), &[106]].concat();
    bytes::<Term>(&deep, "deeper than 512 levels");
    bytes::<serde::de::IgnoredAny>(&deep, "deeper than 512 levels");
    let long = [&[131, 118, 1, 0][..], &[b'a'; 256]].concat();
    bytes::<Atom>(&long, "an atom of 256 characters is over the limit of 255");
    let wide = [&[131, 111, 0, 1, 0, 1, 0][..], &[1; 65_537]].concat();
    bytes::<BigInt>(
        &wide,
        "an integer of 65537 bytes is over the limit of 65536",
    );
}

/// The codes are those of the codec on the host's side where it knows the fault.
#[test]
fn codes_of_faulty_bytes() {
    let code = |bytes: &[u8]| etf::from_slice::<Term>(bytes).expect_err("an error").code();
    assert_eq!(code(b"\x83a"), "ETF_TRUNCATED");
    assert_eq!(code(b"\x83l\0\0\0\x09j"), "ETF_TRUNCATED");
    assert_eq!(code(b"\x83jj"), "ETF_TRAILING");
    assert_eq!(code(b"\x84j"), "ETF_VERSION");
    assert_eq!(code(b"\x83D"), "ETF_TAG");
    assert_eq!(code(b"\x83M\0\0\0\x01\x09a"), "ETF_INVALID");
    assert_eq!(code(b"\x83w\x01\xff"), "ETF_UTF8");
    assert_eq!(code(b"\x83P\0\0\0\x01"), "ETF_COMPRESSED");
    assert_eq!(
        code(&[&[131][..], &[104, 1].repeat(513), &[106]].concat()),
        "ETF_LIMIT"
    );
    assert_eq!(
        etf::to_vec(&f64::NAN).expect_err("an error").code(),
        "ETF_UNSUPPORTED"
    );
}

#[test]
fn values_that_no_term_can_hold() {
    write(f64::NAN, "expected a finite number, got NaN");
    write(f32::INFINITY, "expected a finite number, got inf");
    write(
        BTreeMap::from([("a", vec![1.0, f64::NEG_INFINITY])]),
        "a[1]: expected a finite number, got -inf",
    );
    #[derive(Serialize)]
    struct Reading {
        value: f64,
    }
    write(
        [Reading { value: 1.0 }, Reading { value: f64::NAN }].as_slice(),
        "[1].value: expected a finite number, got NaN",
    );
    write(
        Some((1, f64::NAN)),
        "[1]: expected a finite number, got NaN",
    );
    write(
        Err::<(), _>(f64::NAN),
        "error: expected a finite number, got NaN",
    );
    write(
        Atom::from("é".repeat(256)),
        "an atom of 256 characters is over the limit of 255",
    );
    write(
        BigInt::from(num_bigint::BigInt::from(1) << (8 * 65_536)),
        "an integer of 65537 bytes is over the limit of 65536",
    );
}

#[test]
fn parts_of_an_error() {
    let found = error::<Vec<Claims>>(&[BTreeMap::from([("exp", 256)])].as_slice());
    assert_eq!(found.kind(), etf::ErrorKind::Range);
    assert_eq!(found.code(), "ETF_RANGE");
    assert_eq!(found.path(), "[0].exp");
    assert_eq!(found.expected(), Some("u8 (0 to 255)"));
    assert_eq!(found.got(), Some("256"));
    assert_eq!(found.message(), "expected u8 (0 to 255), got 256");
    // 131, LIST_EXT and count, MAP_EXT and count, the key, and then the number.
    assert_eq!(found.offset(), Some(1 + 5 + 5 + 8));
    assert_eq!(found.offset_by(100).offset(), Some(119));
}

#[test]
fn what_was_got_is_cut_short() {
    let long = "x".repeat(1000);
    let found = error::<u8>(&long);
    let got = found.got().expect("got");
    assert_eq!(got.chars().count(), 61);
    assert!(got.ends_with('…'));
    let wide: Vec<i64> = (0..1000).map(|n| n * 1000).collect();
    assert!(
        error::<u8>(&wide)
            .got()
            .is_some_and(|got| got.starts_with("[0,1000,2000,"))
    );
}

#[test]
fn sets_and_duplicates_are_no_error() {
    let set: HashSet<u16> =
        etf::from_slice(&etf::to_vec(&[1_u16, 300, 300]).expect("a term")).expect("a set");
    assert_eq!(set, HashSet::from([1, 300]));
}
