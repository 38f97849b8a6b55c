//! Serde's own attributes keep working under the shapes.

use std::collections::BTreeMap;

use portreeve::{Term, etf};
use serde::Serialize;

use crate::enums_for_flatten::Kind;
use crate::{back, refused, shown};

#[portreeve::term]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[derive(Debug, PartialEq)]
struct Renamed {
    first_name: String,
    #[serde(rename = "Age", default = "eighteen")]
    age: u8,
    #[serde(skip)]
    cache: Vec<u8>,
    #[serde(alias = "mail", skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

fn eighteen() -> u8 {
    18
}

#[test]
fn rename_default_skip_alias_and_deny() {
    let value = Renamed {
        first_name: "Ada".into(),
        age: 3,
        cache: vec![1],
        email: Some("a@b".into()),
    };
    let text = shown(&value);
    assert!(text.contains("'firstName'=>"), "{text}");
    assert!(text.contains("'Age'=>3"), "{text}");
    assert!(!text.contains("cache"), "{text}");
    assert_eq!(
        back(&value),
        Renamed {
            cache: vec![],
            ..value
        }
    );
    let loose = etf::to_vec(&BTreeMap::from([("firstName", "Bo"), ("mail", "b@c")])).expect("ok");
    let found: Renamed = etf::from_slice(&loose).expect("renamed");
    assert_eq!((found.age, found.email.as_deref()), (18, Some("b@c")));
    let unknown = refused::<Renamed>(&BTreeMap::from([("firstName", "Bo"), ("nick", "b")]));
    assert!(
        unknown.starts_with("unknown key `nick`, expected one of `firstName`"),
        "{unknown}"
    );
}

#[portreeve::term]
#[derive(Debug, PartialEq)]
struct Address {
    city: String,
    kind: Kind,
}

#[portreeve::term]
#[derive(Debug, PartialEq)]
struct Person {
    name: String,
    #[serde(flatten)]
    address: Address,
    #[serde(flatten)]
    extra: BTreeMap<String, i64>,
}

#[portreeve::term(module = "MyApp.Person")]
#[derive(Debug, PartialEq)]
struct FlatModule {
    name: String,
    #[serde(flatten)]
    extra: BTreeMap<String, i64>,
}

fn address() -> Address {
    Address {
        city: "Kyiv".into(),
        kind: Kind::Sized(1, 2),
    }
}

#[test]
fn flatten_writes_fields_as_atoms_and_data_as_it_is() {
    let extra = BTreeMap::from([("floor".to_owned(), 3)]);
    let person = Person {
        name: "Ada".into(),
        address: address(),
        extra,
    };
    let text = shown(&person);
    for part in [
        "'name'=>",
        "'city'=>",
        "'kind'=>{'sized',1,2}",
        "<<102,108,111,111,114>>=>3",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(back(&person), person);
}

#[test]
fn flatten_in_an_elixir_struct() {
    let extra = BTreeMap::from([("floor".to_owned(), 3)]);
    let value = FlatModule {
        name: "Ada".into(),
        extra,
    };
    let text = shown(&value);
    assert!(
        text.contains("'__struct__'=>'Elixir.MyApp.Person'"),
        "{text}"
    );
    assert_eq!(back(&value), value);
    let other = refused::<FlatModule>(&BTreeMap::from([("floor", 1)]));
    assert_eq!(other, "missing key `name`");
}

#[portreeve::term]
#[serde(tag = "type")]
#[derive(Debug, PartialEq)]
enum Event {
    Created { id: u64 },
    Moved(Address),
}

#[portreeve::term]
#[serde(tag = "t", content = "c")]
#[derive(Debug, PartialEq)]
enum Adjacent {
    One(u8),
    Two(Vec<String>),
}

#[test]
fn inner_and_adjacent_tags() {
    for event in [Event::Created { id: 7 }, Event::Moved(address())] {
        assert_eq!(back(&event), event);
    }
    assert!(shown(&Event::Created { id: 7 }).contains("'type'=>"));
    for value in [Adjacent::One(1), Adjacent::Two(vec!["a".into()])] {
        assert_eq!(back(&value), value);
    }
}

#[portreeve::term]
#[serde(try_from = "String", into = "String")]
#[derive(Debug, PartialEq, Clone)]
struct Upper(String);

impl TryFrom<String> for Upper {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.to_uppercase() == text {
            Ok(Self(text))
        } else {
            Err(format!("{text} is not loud"))
        }
    }
}

impl From<Upper> for String {
    fn from(upper: Upper) -> Self {
        upper.0
    }
}

#[portreeve::term]
#[derive(Debug, PartialEq)]
struct Loud {
    word: Upper,
}

#[test]
fn conversions_and_their_own_errors() {
    let loud = Loud {
        word: Upper("HI".into()),
    };
    assert_eq!(back(&loud), loud);
    assert_eq!(
        refused::<Loud>(&BTreeMap::from([("word", "hi")])),
        "word: hi is not loud"
    );
}

/// Types with bare serde derives keep serde's names, with atom keys.
#[derive(Debug, PartialEq, Serialize, serde::Deserialize)]
enum Bare {
    UnitVariant,
    DataVariant(u8),
}

#[test]
fn bare_derives_keep_serdes_names() {
    assert_eq!(shown(&Bare::UnitVariant), "'UnitVariant'");
    assert_eq!(shown(&Bare::DataVariant(1)), "{'DataVariant',1}");
    assert_eq!(back(&Bare::DataVariant(1)), Bare::DataVariant(1));
}

#[test]
fn a_term_in_a_struct_comes_back_whole() {
    #[portreeve::term]
    #[derive(Debug, PartialEq)]
    struct Holder {
        any: Term,
    }
    let inner: Term = etf::from_slice(&[131, 104, 1, 119, 1, b'a']).expect("a term");
    let holder = Holder { any: inner };
    assert_eq!(shown(&holder), "#{'any'=>{'a'}}");
    assert_eq!(back(&holder), holder);
}

/// A map of its own that gives its keys as `str`, as maps of headers do.
#[derive(Default, Debug, PartialEq)]
struct Headers(Vec<(String, String)>);

impl Serialize for Headers {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name.as_str(), value)?;
        }
        map.end()
    }
}

#[test]
fn keys_that_are_data_are_never_atoms() {
    let headers = Headers(vec![("x-user-1".into(), "a".into())]);
    let text = shown(&headers);
    assert!(!text.contains("x-user-1"), "{text}");
    #[derive(Serialize)]
    struct Holder<T> {
        headers: T,
    }
    assert!(!shown(&Holder { headers }).contains("x-user-1"));
    // Nor are those of bare derives with a flattened field, of which nothing is known.
    #[derive(Serialize)]
    struct Bare {
        id: u8,
        #[serde(flatten)]
        rest: BTreeMap<String, u8>,
    }
    let rest = BTreeMap::from([("a".to_owned(), 1)]);
    assert!(!shown(&Bare { id: 1, rest }).contains("'id'"));
}

#[test]
fn fields_of_a_struct_with_flattened_ones_are_atoms_in_every_shape() {
    #[portreeve::term]
    #[derive(Debug, PartialEq)]
    struct Generic<'a, T> {
        id: &'a str,
        of: T,
        #[serde(flatten)]
        rest: BTreeMap<String, u8>,
    }
    #[portreeve::term]
    #[derive(Debug, PartialEq)]
    enum Variants {
        Plain(u8),
        Flat {
            id: u8,
            #[serde(flatten)]
            rest: BTreeMap<String, u8>,
        },
    }
    let rest = BTreeMap::from([("data".to_owned(), 1)]);
    let generic = Generic {
        id: "x",
        of: Some(1_u8),
        rest: rest.clone(),
    };
    let bytes = etf::to_vec(&generic).expect("a term");
    let text = shown(&generic);
    assert!(
        text.contains("'id'=>") && text.contains("'of'=>1"),
        "{text}"
    );
    assert!(!text.contains("'data'"), "{text}");
    assert_eq!(
        etf::from_slice::<Generic<Option<u8>>>(&bytes).expect("a value"),
        generic
    );
    let variant = Variants::Flat { id: 1, rest };
    let text = shown(&variant);
    assert!(
        text.starts_with("{'flat',#{") && text.contains("'id'=>1"),
        "{text}"
    );
    assert!(!text.contains("'data'"), "{text}");
    assert_eq!(back(&variant), variant);
    assert_eq!(back(&Variants::Plain(1)), Variants::Plain(1));
}
