//! What a type says of itself in the program's hello.

use std::collections::HashMap;

use portreeve::etf::via::Via;
use portreeve::types::via::{DescribeAny as _, DescribeKnown as _};
use portreeve::types::{Describe, Type, Types};
use portreeve::{Term, etf};

/// A person.
///
/// With a second paragraph.
#[portreeve::term]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only described")]
struct Person {
    first_name: String,
    age: Option<u8>,
    #[serde(default)]
    tags: Vec<String>,
    photo: Vec<u8>,
    #[serde(skip)]
    cache: u8,
    best: Option<Box<Person>>,
}

#[portreeve::term]
enum Shape {
    Empty,
    Circle(f64),
    Rect { width: u32 },
    Owned(Person),
}

#[portreeve::term(record = "user")]
struct Record(u8, String);

#[portreeve::term(module = "MyApp.Flat")]
struct Flat {
    id: u64,
    #[serde(flatten)]
    person: Person,
}

fn described<T: Describe>() -> (String, String) {
    let mut types = Types::default();
    let of = T::describe(&mut types);
    let shown = |value: &dyn Fn() -> Vec<u8>| {
        etf::from_slice::<Term>(&value())
            .expect("a term")
            .to_string()
            .replace('\'', "")
    };
    let of = shown(&|| etf::to_vec(&of).expect("a type"));
    let mut named: Vec<String> = Vec::new();
    for (name, definition) in types.iter() {
        let text = shown(&|| etf::to_vec(&definition.r#type).expect("a type"));
        named.push(format!("{name}: {text} {:?}", definition.doc));
    }
    (of, named.join("\n"))
}

#[test]
fn types_of_std() {
    for (found, expected) in [
        (described::<u8>(), "u8"),
        (described::<Vec<u8>>(), "bytes"),
        (described::<&[u8]>(), "bytes"),
        (described::<[u8; 4]>(), "bytes"),
        (described::<[u16; 4]>(), "{list,u16}"),
        (described::<Option<Vec<Vec<u8>>>>(), "{option,{list,bytes}}"),
        (
            described::<HashMap<String, (i64, f32)>>(),
            "{map,string,{tuple,[i64,f32]}}",
        ),
        (described::<Result<(), String>>(), "{result,nil,string}"),
        (described::<Term>(), "term"),
        (described::<portreeve::BigInt>(), "integer"),
        (described::<std::num::NonZeroU32>(), "u32"),
        (described::<std::path::PathBuf>(), "string"),
        (
            described::<std::time::Duration>(),
            "{struct,[{secs,u64,required},{nanos,u32,required}]}",
        ),
    ] {
        assert_eq!(found, (expected.to_owned(), String::new()));
    }
}

#[test]
fn a_struct_may_hold_itself() {
    let (of, named) = described::<Person>();
    assert_eq!(of, "{named,Person}");
    assert_eq!(
        named,
        "Person: {struct,[{firstName,string,required},{age,{option,u8},optional},\
         {tags,{list,string},optional},{photo,bytes,required},\
         {best,{option,{named,Person}},optional}]} \"A person.\\n\\nWith a second paragraph.\"",
    );
}

#[test]
fn enums_records_and_flattened_structs() {
    let (of, named) = described::<Shape>();
    assert_eq!(of, "{named,Shape}");
    let last = named.lines().last().unwrap_or_default();
    assert_eq!(
        last,
        "Shape: {enum,[{empty,[]},{circle,[f64]},\
         {rect,[{struct,[{width,u32,required}]}]},{owned,[{named,Person}]}]} \"\"",
    );
    assert_eq!(
        described::<Record>().1,
        "Record: {tuple,[atom,u8,string]} \"\""
    );
    let flat = described::<Flat>().1;
    assert!(flat.starts_with("Flat: {struct,[{__struct__,atom,optional},{id,u64,required},{firstName,string,required}"), "{flat}");
}

#[test]
fn two_types_of_one_name_are_a_clash() {
    mod other {
        #[portreeve::term]
        pub(crate) struct Person {
            pub id: u8,
        }
        #[portreeve::term(name = "OtherPerson")]
        pub(crate) struct Renamed {
            pub id: u8,
        }
    }
    let mut types = Types::default();
    Person::describe(&mut types);
    Person::describe(&mut types);
    let renamed = other::Renamed::describe(&mut types);
    assert_eq!(renamed, Type::Named("OtherPerson".into()));
    assert_eq!(types.clash(), None);
    other::Person::describe(&mut types);
    let clash = types.clash().expect("a clash");
    assert!(
        clash.starts_with("two types are called `Person`: term::described::Person and "),
        "{clash}"
    );
    assert!(
        clash.contains(
            "other::Person; give one of them another name with #[portreeve::term(name = "
        ),
        "{clash}"
    );
    // The order in which types are met changes no name.
    let names: Vec<&str> = types.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["OtherPerson", "Person"]);
}

#[test]
fn a_generic_type_is_called_by_what_is_in_it() {
    #[portreeve::term]
    struct Pair<A, B, const N: usize>(A, B);
    let mut types = Types::default();
    <Pair<f64, Vec<Option<Person>>, 3>>::describe(&mut types);
    <Pair<(u8, String), Vec<u8>, 4>>::describe(&mut types);
    let names: Vec<&str> = types.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "PairF64ListOptionPerson3",
            "PairTupleU8StringBytes4",
            "Person"
        ]
    );
    assert_eq!(types.clash(), None);
}

/// A type with serde's derives only.
#[derive(serde::Serialize, serde::Deserialize)]
struct Bare {}

/// As generated code asks.
macro_rules! describe {
    ($of:ty) => {
        (&&Via::<$of>::new()).describe(&mut Types::default())
    };
}

#[test]
fn a_type_with_bare_derives_has_a_name_only() {
    assert_eq!(describe!(Bare), Type::Named("Bare".into()));
    assert_eq!(describe!(Vec<u8>), Type::Bytes);
}
