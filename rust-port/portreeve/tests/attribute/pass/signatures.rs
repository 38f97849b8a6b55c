//! Every kind of parameter and result, in a crate that forbids unsafe code.

#![forbid(unsafe_code)]
#![deny(warnings)]

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use portreeve::{Bytes, Cancel, Deadline, Host, State};
use serde::{Deserialize, Serialize};

#[portreeve::function]
fn nothing() {}

#[portreeve::function]
fn text(text: &str) -> &str {
    text
}

#[portreeve::function]
fn bytes(bytes: &[u8]) -> &[u8] {
    bytes
}

#[portreeve::function]
fn file(path: &Path) -> bool {
    path.is_absolute()
}

#[portreeve::function]
fn maybe(text: Option<&str>, _number: Option<u8>) -> Option<usize> {
    text.map(str::len)
}

#[portreeve::function]
fn slices(numbers: &[i64], names: &[String]) -> usize {
    numbers.len() + names.len()
}

#[portreeve::function]
fn tuples(pair: (i32, f64), triple: (u8, (bool, char), String)) -> (f64, String) {
    (pair.1, triple.2)
}

#[derive(Serialize, Deserialize)]
struct Point {
    x: f64,
    y: f64,
}

#[portreeve::function]
fn lent(point: &Point, text: &String) -> f64 {
    point.x + point.y + text.len() as f64
}

#[portreeve::function]
fn named<'a>(text: &'a str, other: &'a str) -> &'a str {
    if text.len() > other.len() {
        text
    } else {
        other
    }
}

#[portreeve::function]
fn mixed(
    _host: Host,
    x: u8,
    _cancel: Cancel,
    y: u8,
    _deadline: Deadline,
    state: State<String>,
) -> usize {
    usize::from(x) + usize::from(y) + state.len()
}

#[portreeve::function]
fn qualified(_cancel: portreeve::Cancel, text: Cow<'_, str>) -> String {
    text.into_owned()
}

#[portreeve::function(name = "render/2", idempotent)]
fn renamed(map: HashMap<String, Vec<u8>>, mut count: usize) -> Bytes {
    count += map.len();
    vec![0; count].into()
}

#[portreeve::function(blocking)]
fn blocks(ms: u64) {
    std::thread::sleep(std::time::Duration::from_millis(ms));
}

#[portreeve::function]
fn raw(r#type: String) -> String {
    r#type
}

// Errors of every kind that `?` knows.

#[portreeve::function]
fn string_error(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| "no number".to_owned())
}

#[portreeve::function]
fn str_error() -> Result<(), &'static str> {
    Err("no")
}

#[portreeve::function]
fn std_error(text: &str) -> Result<i64, std::num::ParseIntError> {
    text.parse()
}

#[portreeve::function]
fn boxed_error(text: &str) -> Result<i64, Box<dyn std::error::Error + Send + Sync>> {
    Ok(text.parse()?)
}

#[derive(Debug)]
struct Own;

impl fmt::Display for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("own")
    }
}

impl std::error::Error for Own {}

type Fallible<T> = Result<T, Own>;

#[portreeve::function]
fn aliased() -> Fallible<u8> {
    Err(Own)
}

// A function and its parameter of one name; names that the attribute's own code might use.

#[portreeve::function]
fn m(m: u32) -> u32 {
    m
}

#[portreeve::function]
fn call(arguments: u32, answer: u32, value: u32) -> u32 {
    arguments + answer + value
}

#[portreeve::function]
fn body(call: &str, types: u8) -> usize {
    call.len() + usize::from(types)
}

// Types that are called like those of the attribute's own code.

mod namesakes {
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    pub struct Answer(u8);
    #[derive(Serialize, Deserialize)]
    pub struct Reply(u8);
    #[derive(Serialize, Deserialize)]
    pub struct Probe(u8);
    #[derive(Serialize, Deserialize)]
    pub struct Plain(u8);

    #[portreeve::function]
    fn namesakes(answer: Answer, reply: Reply, probe: &Probe) -> Plain {
        Plain(answer.0 + reply.0 + probe.0)
    }
}

#[allow(non_camel_case_types, dead_code)]
mod shadows {
    // Names of the prelude mean something else here.
    struct Result;
    struct Option;
    struct Vec;
    struct Box;
    mod std {}
    mod core {}

    #[portreeve::function]
    fn shadowed(numbers: &[u8], more: &[i32]) -> usize {
        numbers.len() + more.len()
    }
}

fn inside() -> u8 {
    #[portreeve::function]
    fn within(x: u8) -> u8 {
        x
    }
    within(1)
}

fn main() {
    assert_eq!(m(1) + call(1, 2, 3), 7);
    assert_eq!(text("still a function"), "still a function");
    assert_eq!(inside(), 1);
    assert!(aliased().is_err());
}
