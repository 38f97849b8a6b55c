use std::collections::BTreeMap;

use portreeve::{Atom, Bytes, etf};

use crate::{back, refused, shown};

#[portreeve::term]
#[derive(Debug, PartialEq)]
struct Point {
    x: i64,
    y: Option<f64>,
}

#[portreeve::term]
#[derive(Debug, PartialEq)]
struct Pair(u8, String);

#[portreeve::term]
#[derive(Debug, PartialEq)]
struct Meters(f64);

#[portreeve::term]
#[derive(Debug, PartialEq)]
struct Nothing;

#[portreeve::term(module = "MyApp.User")]
#[derive(Debug, PartialEq)]
struct User {
    name: String,
}

#[portreeve::term(module = "Elixir.MyApp.Refused", exception)]
#[derive(Debug, PartialEq)]
struct Refused {
    message: String,
}

#[portreeve::term(record)]
#[derive(Debug, PartialEq)]
struct FileInfo {
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<u32>,
    #[serde(default)]
    mode: u16,
}

#[portreeve::term(record = "id")]
#[derive(Debug, PartialEq)]
struct Id(u64);

#[portreeve::term(record = "span")]
#[derive(Debug, PartialEq)]
struct Span(u64, u64);

#[portreeve::term(tuple)]
#[derive(Debug, PartialEq)]
struct Rgb {
    red: u8,
    green: u8,
    blue: u8,
}

#[test]
fn a_struct_is_a_map_with_atom_keys() {
    let bytes = etf::to_vec(&Point { x: 1, y: None }).expect("a term");
    let expected = b"\x83t\0\0\0\x02w\x01xa\x01w\x01yw\x03nil";
    assert_eq!(bytes, expected);
    assert_eq!(
        back(&Point {
            x: -5,
            y: Some(0.5)
        }),
        Point {
            x: -5,
            y: Some(0.5)
        }
    );
    // Keys that are text, and a key that is missing.
    let loose = etf::to_vec(&BTreeMap::from([("x", 7)])).expect("a term");
    assert_eq!(
        etf::from_slice::<Point>(&loose).expect("a point"),
        Point { x: 7, y: None }
    );
    assert_eq!(
        refused::<Point>(&BTreeMap::from([("y", 7)])),
        "missing key `x`"
    );
}

#[test]
fn tuple_structs_are_tuples_and_newtypes_what_is_in_them() {
    assert_eq!(shown(&Pair(1, "a".into())), "{1,<<97>>}");
    assert_eq!(back(&Pair(1, "a".into())), Pair(1, "a".into()));
    assert_eq!(shown(&Meters(1.5)), "1.5");
    assert_eq!(back(&Meters(1.5)), Meters(1.5));
    assert_eq!(shown(&Nothing), "'nil'");
    assert_eq!(back(&Nothing), Nothing);
}

#[test]
fn a_module_makes_an_elixir_struct() {
    let user = User { name: "Ada".into() };
    let bytes = etf::to_vec(&user).expect("a term");
    let mut expected = b"\x83t\0\0\0\x02w\x0a__struct__w\x11Elixir.MyApp.User".to_vec();
    expected.extend(b"w\x04namem\0\0\0\x03Ada");
    assert_eq!(bytes, expected);
    assert_eq!(back(&user), user);
    // A plain map will do.
    let plain = etf::to_vec(&BTreeMap::from([("name", "Ada")])).expect("a term");
    assert_eq!(etf::from_slice::<User>(&plain).expect("a user"), user);
    // Another struct will not.
    let other = Refused {
        message: "no".into(),
    };
    assert_eq!(
        refused::<User>(&other),
        "__struct__: expected 'Elixir.MyApp.User', got 'Elixir.MyApp.Refused'",
    );
}

#[test]
fn an_exception_is_a_struct_that_says_so() {
    let error = Refused {
        message: "no".into(),
    };
    let text = shown(&error);
    assert!(text.contains("'__exception__'=>'true'"), "{text}");
    assert!(
        text.contains("'__struct__'=>'Elixir.MyApp.Refused'"),
        "{text}"
    );
    assert_eq!(back(&error), error);
}

#[test]
fn a_record_is_a_tuple_that_begins_with_its_name() {
    let info = FileInfo {
        size: 300,
        owner: None,
        mode: 5,
    };
    assert_eq!(shown(&info), "{'file_info',300,'undefined',5}");
    assert_eq!(back(&info), info);
    assert_eq!(shown(&Id(7)), "{'id',7}");
    assert_eq!(back(&Id(7)), Id(7));
    assert_eq!(shown(&Span(1, 2)), "{'span',1,2}");
    assert_eq!(back(&Span(1, 2)), Span(1, 2));
    // Fields with a default may be missing at the end.
    let short = etf::to_vec(&(Atom::new("file_info"), 1, 2)).expect("a term");
    let found: FileInfo = etf::from_slice(&short).expect("a record");
    assert_eq!(
        found,
        FileInfo {
            size: 1,
            owner: Some(2),
            mode: 0
        }
    );
    assert_eq!(
        refused::<Id>(&Span(1, 2)),
        "expected a record {id,…}, got {span,1,2}"
    );
    assert_eq!(refused::<Id>(&7), "expected a record {id,…}, got 7");
    assert_eq!(
        refused::<Span>(&(Atom::new("span"), 1, "b")),
        "[1]: expected u64, got \"b\""
    );
}

#[test]
fn named_fields_as_a_tuple() {
    let color = Rgb {
        red: 1,
        green: 2,
        blue: 3,
    };
    assert_eq!(shown(&color), "{1,2,3}");
    assert_eq!(back(&color), color);
    assert_eq!(
        refused::<Rgb>(&(1, 2, 256)),
        "[2]: expected u8 (0 to 255), got 256"
    );
}

#[portreeve::term]
#[derive(Debug, PartialEq, Default)]
struct Blobs<'a> {
    vec: Vec<u8>,
    maybe: Option<Vec<u8>>,
    slice: &'a [u8],
    many: Vec<Vec<u8>>,
    keyed: BTreeMap<String, Vec<u8>>,
    boxed: Box<[u8]>,
    array: [u8; 2],
    numbers: [u16; 2],
    kept: Bytes,
    aliased: Alias,
}

type Alias = Vec<u8>;

#[test]
fn empty_bytes_are_bytes_in_every_place() {
    let blobs = Blobs {
        maybe: Some(Vec::new()),
        many: vec![Vec::new()],
        keyed: BTreeMap::from([("k".into(), Vec::new())]),
        ..Blobs::default()
    };
    let bytes = etf::to_vec(&blobs).expect("a term");
    let text = shown(&blobs);
    for field in ["vec", "maybe", "slice", "boxed", "kept", "aliased"] {
        assert!(
            text.contains(&format!("'{field}'=><<>>")),
            "{field} in {text}"
        );
    }
    assert!(text.contains("'many'=>[<<>>]"), "{text}");
    assert!(text.contains("'keyed'=>#{<<107>>=><<>>}"), "{text}");
    assert!(text.contains("'array'=><<0,0>>"), "{text}");
    assert!(text.contains("'numbers'=>[0,0]"), "{text}");
    assert_eq!(etf::from_slice::<Blobs<'_>>(&bytes).expect("blobs"), blobs);
}

#[portreeve::term]
#[derive(Debug, PartialEq)]
struct Page<T> {
    items: Vec<T>,
    next: Option<Box<Page<T>>>,
}

#[test]
fn generic_types_have_a_shape_too() {
    let page = Page {
        items: vec![300],
        next: Some(Box::new(Page {
            items: vec![],
            next: None,
        })),
    };
    assert_eq!(back(&page), page);
}
