//! A function for each shape of value, at its limits, without arguments: the tests call them all and hold what comes
//! against the type that the generated client says.

use std::collections::{BTreeMap, HashMap};

use portreeve::{Atom, Bytes, term};

mod scalars {
    macro_rules! limits {
        ($($name:ident: $type:ty = [$($value:expr),*];)*) => {
            $(#[portreeve::function]
            fn $name() -> Vec<$type> {
                vec![$($value),*]
            })*
        };
    }

    // 64-bit integers up to what a double holds; beyond it they are told by their type, which is not built yet.
    const SAFE: i64 = (1 << 53) - 1;
    limits! {
        bools: bool = [true, false];
        i8s: i8 = [i8::MIN, 0, i8::MAX];
        u8_list: u16 = [0, 255];
        i16s: i16 = [i16::MIN, i16::MAX];
        u16s: u16 = [0, u16::MAX];
        i32s: i32 = [i32::MIN, -1, i32::MAX];
        u32s: u32 = [0, u32::MAX];
        i64s: i64 = [-SAFE, SAFE];
        u64s: u64 = [0, SAFE as u64, u64::MAX];
        i128s: i128 = [i128::MIN, 0, i128::MAX];
        u128s: u128 = [0, u128::MAX];
        isizes: isize = [-1, 1];
        usizes: usize = [0, 1];
        f32s: f32 = [f32::MIN, 0.5, f32::MAX];
        f64s: f64 = [f64::MIN, -0.0, f64::MIN_POSITIVE, f64::MAX];
        chars: char = ['a', '\u{10ffff}'];
        texts: String = [String::new(), "grüße".to_owned()];
        units: () = [(), ()];
        options: Option<i32> = [Some(1), None];
        nested_options: Option<Option<i32>> = [Some(Some(1)), Some(None), None];
        results: Result<i32, String> = [Ok(1), Err("no".to_owned())];
        pairs: (i32, String) = [(1, "a".to_owned())];
        arrays: [i32; 2] = [[1, 2]];
        lists: Vec<i32> = [Vec::new(), vec![1]];
    }
}

#[portreeve::function]
fn bytes() -> Vec<u8> {
    vec![0, 255]
}

#[portreeve::function]
fn no_bytes() -> Vec<u8> {
    Vec::new()
}

#[portreeve::function]
fn shared_bytes() -> Bytes {
    vec![1].into()
}

#[portreeve::function]
fn atoms() -> Vec<Atom> {
    vec!["ok".into(), "with space".into()]
}

#[portreeve::function]
fn text_map() -> HashMap<String, i32> {
    HashMap::from([("a".to_owned(), 1)])
}

#[portreeve::function]
fn no_map() -> HashMap<String, i32> {
    HashMap::new()
}

#[portreeve::function]
fn number_map() -> BTreeMap<i32, bool> {
    BTreeMap::from([(1, true), (-1, false)])
}

#[portreeve::function]
fn no_number_map() -> BTreeMap<i32, bool> {
    BTreeMap::new()
}

#[term]
struct Plain {
    id: u32,
    name: Option<String>,
    data: Vec<u8>,
}

#[portreeve::function]
fn structs() -> Vec<Plain> {
    let full = Plain {
        id: 1,
        name: Some("a".to_owned()),
        data: vec![1],
    };
    let empty = Plain {
        id: 0,
        name: None,
        data: Vec::new(),
    };
    vec![full, empty]
}

#[term]
struct Outer {
    kind: String,
    #[serde(flatten)]
    inner: Plain,
}

#[portreeve::function]
fn flattened() -> Outer {
    let inner = Plain {
        id: 1,
        name: None,
        data: Vec::new(),
    };
    Outer {
        kind: "k".to_owned(),
        inner,
    }
}

#[term]
struct Pair(i32, String);

#[portreeve::function]
fn tuple_struct() -> Pair {
    Pair(1, "a".to_owned())
}

#[term]
struct Wrapped(i32);

#[portreeve::function]
fn newtype() -> Wrapped {
    Wrapped(7)
}

#[term]
enum Color {
    Red,
    DarkBlue,
}

#[portreeve::function]
fn unit_enum() -> Vec<Color> {
    vec![Color::Red, Color::DarkBlue]
}

#[term]
enum Shape {
    Empty,
    Circle(f64),
    Rect(f64, f64),
    Named { width: u32 },
}

#[portreeve::function]
fn data_enum() -> Vec<Shape> {
    vec![
        Shape::Empty,
        Shape::Circle(1.5),
        Shape::Rect(1.5, 2.5),
        Shape::Named { width: 3 },
    ]
}

#[term]
#[serde(untagged)]
enum Either {
    Number(i32),
    Text(String),
    Both { number: i32, text: String },
}

#[portreeve::function]
fn untagged_enum() -> Vec<Either> {
    let both = Either::Both {
        number: 1,
        text: "b".to_owned(),
    };
    vec![Either::Number(1), Either::Text("a".to_owned()), both]
}

#[term]
#[serde(tag = "kind")]
enum Inside {
    Off,
    On { level: u8 },
}

#[portreeve::function]
fn inner_tagged_enum() -> Vec<Inside> {
    vec![Inside::Off, Inside::On { level: 1 }]
}

#[term]
#[serde(tag = "kind", content = "value")]
enum Beside {
    Nothing,
    Number(i32),
}

#[portreeve::function]
fn adjacent_enum() -> Vec<Beside> {
    vec![Beside::Nothing, Beside::Number(1)]
}

/// Serde's own attribute: its name is all that is known of it.
#[derive(serde::Serialize)]
struct Bare {
    id: u32,
}

#[portreeve::function]
fn bare() -> Bare {
    Bare { id: 1 }
}

fn main() -> std::process::ExitCode {
    portreeve::run()
}
