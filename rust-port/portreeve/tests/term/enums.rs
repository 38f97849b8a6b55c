use std::collections::BTreeMap;

use portreeve::Atom;

use crate::{back, refused, shown};

#[portreeve::term]
#[derive(Debug, PartialEq, Clone, Copy)]
enum Level {
    Low,
    HTTPError,
    #[serde(rename = "Utmost")]
    Highest,
}

#[portreeve::term]
#[derive(Debug, PartialEq)]
enum Shape {
    Empty,
    Circle(f64),
    Rect(u32, u32),
    Named { label: String, level: Level },
    Blob(Vec<u8>),
}

#[portreeve::term(untagged)]
#[derive(Debug, PartialEq)]
enum Loose {
    Number(i64),
    Text(String),
    Shape(Shape),
    Point { x: i64 },
}

#[test]
fn unit_variants_are_atoms() {
    assert_eq!(shown(&Level::Low), "'low'");
    assert_eq!(shown(&Level::HTTPError), "'http_error'");
    assert_eq!(shown(&Level::Highest), "'Utmost'");
    assert_eq!(back(&Level::HTTPError), Level::HTTPError);
    // Text is accepted where an atom is meant.
    let text = portreeve::etf::to_vec("low").expect("a term");
    assert_eq!(
        portreeve::etf::from_slice::<Level>(&text).expect("a level"),
        Level::Low
    );
    assert_eq!(
        refused::<Level>(&Atom::new("lo")),
        "unknown variant `lo`, expected one of `low`, `http_error`, `Utmost`",
    );
    assert_eq!(
        refused::<Level>(&7),
        "expected an atom or a tuple that begins with one, got 7",
    );
}

#[test]
fn variants_with_data_are_tuples_with_a_tag() {
    let named = Shape::Named {
        label: "a".into(),
        level: Level::Low,
    };
    assert_eq!(shown(&Shape::Empty), "'empty'");
    assert_eq!(shown(&Shape::Circle(1.5)), "{'circle',1.5}");
    assert_eq!(shown(&Shape::Rect(1, 2)), "{'rect',1,2}");
    assert_eq!(shown(&Shape::Blob(Vec::new())), "{'blob',<<>>}");
    assert!(
        shown(&named).starts_with("{'named',#{"),
        "{}",
        shown(&named)
    );
    let all = [
        Shape::Empty,
        Shape::Circle(2.0),
        Shape::Rect(3, 4),
        named,
        Shape::Blob(vec![1]),
    ];
    for shape in all {
        assert_eq!(back(&shape), shape);
    }
}

#[test]
fn a_list_stands_for_the_tuple() {
    let list = [300, 4];
    let found: Result<(i64, i64), _> = {
        let bytes = portreeve::etf::to_vec(&list[..]).expect("a term");
        portreeve::etf::from_slice(&bytes)
    };
    assert_eq!(found.expect("a tuple"), (300, 4));
}

#[test]
fn wrong_data_is_told_with_its_place() {
    let circle = Atom::new("circle");
    assert_eq!(
        refused::<Shape>(&circle),
        "expected a tuple {circle,…}, got circle"
    );
    assert_eq!(
        refused::<Shape>(&(&circle, "big")),
        "circle: expected f64, got \"big\""
    );
    assert_eq!(
        refused::<Shape>(&(&circle, 1, 2)),
        "expected a tuple {circle,_}, got {circle,1,2}",
    );
    let rect = Atom::new("rect");
    assert_eq!(
        refused::<Shape>(&(&rect, 1)),
        "expected a tuple {rect,_,_}, got {rect,1}"
    );
    assert_eq!(
        refused::<Shape>(&(&rect, 1, -2)),
        "rect[1]: expected u32 (0 to 4294967295), got -2",
    );
    let named = (Atom::new("named"), BTreeMap::from([("label", "x")]));
    assert_eq!(refused::<Shape>(&named), "named: missing key `level`");
    assert_eq!(
        refused::<Shape>(&(Atom::new("empty"), 1)),
        "expected the atom empty, got {empty,1}"
    );
}

#[test]
fn untagged_enums_are_told_apart_by_their_data() {
    let all = [
        Loose::Number(-300),
        Loose::Text("x".into()),
        Loose::Shape(Shape::Rect(1, 2)),
        Loose::Shape(Shape::Circle(0.5)),
        Loose::Shape(Shape::Named {
            label: "l".into(),
            level: Level::Low,
        }),
        Loose::Point { x: 5 },
    ];
    assert_eq!(shown(&all[0]), "-300");
    assert_eq!(shown(&all[2]), "{'rect',1,2}");
    for value in all {
        assert_eq!(back(&value), value);
    }
}

#[test]
fn results_are_ok_and_error() {
    type Outcome = Result<u8, String>;
    assert_eq!(shown(&Outcome::Ok(1)), "{'ok',1}");
    assert_eq!(shown(&Outcome::Err("no".into())), "{'error',<<110,111>>}");
    assert_eq!(back(&Outcome::Ok(1)), Ok(1));
    assert_eq!(back(&Outcome::Err("no".into())), Err("no".into()));
    let ok = portreeve::etf::to_vec(&Atom::new("ok")).expect("a term");
    assert_eq!(
        portreeve::etf::from_slice::<Result<(), u8>>(&ok).expect("ok"),
        Ok(())
    );
    assert_eq!(
        refused::<Outcome>(&(Atom::new("Ok"), 1)),
        "unknown variant `Ok`, expected one of `ok`, `error`",
    );
}
