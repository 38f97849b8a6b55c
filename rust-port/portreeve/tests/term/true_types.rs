//! What a type says of itself is what its values look like.

use std::collections::BTreeMap;

use portreeve::types::{Describe, Type, Types};
use portreeve::{Term, etf};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Bare {
    a: u8,
}

#[portreeve::term]
struct Inner {
    a: u8,
    b: Option<String>,
}

#[portreeve::term]
struct Flat {
    id: u64,
    #[serde(flatten)]
    inner: Inner,
}

#[portreeve::term]
struct MaybeFlat {
    id: u64,
    #[serde(flatten)]
    inner: Option<Inner>,
}

#[portreeve::term]
struct WithMap {
    id: u64,
    #[serde(flatten)]
    rest: BTreeMap<String, i64>,
}

#[portreeve::term]
struct WithEnum {
    id: u64,
    #[serde(flatten)]
    kind: Tagged,
}

#[portreeve::term]
struct WithBare {
    id: u64,
    #[serde(flatten)]
    bare: Bare,
}

#[portreeve::term(untagged)]
enum Loose {
    Nothing,
    Number(f64),
    Pair(u8, String),
    Named { a: u8 },
    Inner(Inner),
}

#[portreeve::term]
#[serde(tag = "kind")]
enum Tagged {
    Empty,
    Wide { a: u8 },
    Inner(Inner),
}

#[portreeve::term]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Empty,
    One(u8),
    Two(u8, String),
    Named { a: u8 },
}

fn of<T: Describe>(name: &str) -> String {
    let mut types = Types::default();
    T::describe(&mut types);
    let definition = types.get(name).unwrap_or_else(|| panic!("{types:?}"));
    let bytes = etf::to_vec(&definition.r#type).expect("a type");
    let term = etf::from_slice::<Term>(&bytes).expect("a term");
    term.to_string().replace('\'', "")
}

const INNER: &str = "{a,u8,required},{b,{option,string},optional}";

#[test]
fn flattened_fields_are_described_whatever_they_are() {
    assert_eq!(
        of::<Flat>("Flat"),
        format!("{{struct,[{{id,u64,required}},{INNER}]}}")
    );
    assert_eq!(
        of::<MaybeFlat>("MaybeFlat"),
        "{struct,[{id,u64,required},{a,u8,optional},{b,{option,string},optional}]}"
    );
    assert_eq!(
        of::<WithMap>("WithMap"),
        "{all,[{struct,[{id,u64,required}]},{map,string,i64}]}"
    );
    assert_eq!(
        of::<WithEnum>("WithEnum"),
        "{all,[{struct,[{id,u64,required}]},{named,Tagged}]}"
    );
    // What nobody knows makes the whole unknown beyond the fields that are known.
    assert_eq!(
        of::<WithBare>("WithBare"),
        "{all,[{struct,[{id,u64,required}]},{named,Bare}]}"
    );
}

#[test]
fn enums_that_serde_tells_apart_are_described() {
    assert_eq!(
        of::<Loose>("Loose"),
        "{one_of,[nil,f64,{tuple,[u8,string]},{struct,[{a,u8,required}]},{named,Inner}]}"
    );
    assert_eq!(
        of::<Tagged>("Tagged"),
        format!(
            "{{one_of,[{{struct,[{{kind,string,required}}]}},\
             {{struct,[{{kind,string,required}},{{a,u8,required}}]}},\
             {{struct,[{{kind,string,required}},{INNER}]}}]}}"
        )
    );
    assert_eq!(
        of::<Adjacent>("Adjacent"),
        "{one_of,[{struct,[{t,atom,required}]},{struct,[{t,atom,required},{c,u8,required}]},\
         {struct,[{t,atom,required},{c,{tuple,[u8,string]},required}]},\
         {struct,[{t,atom,required},{c,{struct,[{a,u8,required}]},required}]}]}"
    );
    let shown = |value: &dyn erased::Shown| value.shown();
    assert_eq!(shown(&Tagged::Empty), "#{'kind'=><<69,109,112,116,121>>}");
    assert_eq!(shown(&Adjacent::Empty), "#{'t'=>'Empty'}");
}

mod erased {
    pub(super) trait Shown {
        fn shown(&self) -> String;
    }
    impl<T: serde::Serialize> Shown for T {
        fn shown(&self) -> String {
            crate::shown(self)
        }
    }
}

#[test]
fn an_option_in_an_option_is_an_option() {
    let mut types = Types::default();
    let nested = <Option<Option<Box<Option<u8>>>>>::describe(&mut types);
    assert_eq!(nested, Type::Option(Box::new(Type::U8)));
    // Both are nil.
    assert_eq!(
        crate::shown(&Some(None::<u8>)),
        crate::shown(&None::<Option<u8>>)
    );
}

#[test]
fn a_type_with_bare_derives_is_unknown_by_its_name() {
    use portreeve::etf::via::Via;
    use portreeve::types::via::DescribeAny as _;
    let mut types = Types::default();
    let named = Via::<Bare>::new().describe(&mut types);
    assert_eq!(named, Type::Named("Bare".into()));
    assert_eq!(
        types.get("Bare").map(|bare| &bare.r#type),
        Some(&Type::Term)
    );
    let list = Via::<Vec<Bare>>::new().describe(&mut types);
    assert_eq!(list, Type::Named("VecBare".into()));
}
