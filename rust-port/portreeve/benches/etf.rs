//! Typed values against the tree of `eetf`, in one interleaved run: `cargo bench --bench etf`.
//!
//! Times are the median of rounds, in nanoseconds; on a shared machine only the ratios say
//! something. `eetf` alone decodes and encodes its tree; a typed value would still have to be
//! made of it.
//!
//! `Vec<u8>` behind bare serde ("serde alone", "write Vec") costs about 25 times what `Bytes` or `#[portreeve::term]` does,
//! 0.6 ms a megabyte each way: serde hands over one number after the other, and only the writing of a term for each could
//! be spared.
//!
//! Writing a struct counts about 1400 instructions (callgrind). Asking the types (`ser/by_type.rs`) is none of them: the
//! compiler decides it. A length handed to `Vec::extend` as an array was 380 more, as the compiler does not always inline it;
//! `#[inline]` on the keys and values of maps and on `enter`, `leave` and `atom` of the serializer was 40 more, not fewer.
//!
//! Two keys of a map that are one are looked for at next to no cost when the keys come in order. In any other order a sort of
//! 1000 keys made it 1.5 times as long as that, a sort of their hashes makes it 1.25 times.

use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;
use std::time::{Duration, Instant};

use portreeve::{Bytes, Term, eetf, etf};
use serde::{Deserialize, Serialize};

const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_millis(20);

#[derive(Clone, Serialize, Deserialize)]
struct Claims {
    sub: String,
    exp: u64,
    admin: bool,
    roles: Vec<String>,
    extra: BTreeMap<String, i64>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Row {
    id: u64,
    name: String,
    price: f64,
    count: i32,
    active: bool,
    code: String,
    note: Option<String>,
    ratio: f64,
}

fn claims() -> Claims {
    let extra = [("iat", 1_700_000_000), ("nbf", 1_700_000_000), ("level", 3)];
    Claims {
        sub: "user-1234567".into(),
        exp: 1_900_000_000,
        admin: false,
        roles: ["reader", "writer", "auditor"].map(String::from).to_vec(),
        extra: extra.map(|(key, value)| (key.to_owned(), value)).into(),
    }
}

fn rows() -> Vec<Row> {
    let row = |id: u64| Row {
        id,
        name: format!("product number {id}"),
        price: 0.25 + f64::from(u32::try_from(id).unwrap_or(0)),
        count: i32::try_from(id).unwrap_or(0) - 500,
        active: id.is_multiple_of(2),
        code: format!("SKU-{id:08}"),
        note: id.is_multiple_of(3).then(|| "discontinued".to_owned()),
        ratio: 1.0 / 3.0,
    };
    (0..1000).map(row).collect()
}

/// One thing to do, under its name.
struct Case<'a> {
    name: &'a str,
    run: Box<dyn FnMut() + 'a>,
    rounds: Vec<f64>,
}

fn case<'a>(name: &'a str, run: impl FnMut() + 'a) -> Case<'a> {
    Case {
        name,
        run: Box::new(run),
        rounds: Vec::new(),
    }
}

impl Case<'_> {
    /// Runs for the length of a round, and notes the time of one run.
    fn round(&mut self) {
        let start = Instant::now();
        let mut runs = 0;
        while start.elapsed() < ROUND {
            for _ in 0..8 {
                (self.run)();
            }
            runs += 8;
        }
        self.rounds
            .push(start.elapsed().as_secs_f64() * 1e9 / f64::from(runs));
    }

    fn median(&mut self) -> f64 {
        self.rounds.sort_by(f64::total_cmp);
        self.rounds[self.rounds.len() / 2]
    }
}

/// All ways to read one value and to write it, side by side.
fn compare<T: Serialize + for<'de> Deserialize<'de>>(name: &str, value: &T) {
    let bytes = etf::to_vec(value).expect("a term");
    let tree: Term = etf::from_slice(&bytes).expect("a term");
    let mut out = Vec::with_capacity(bytes.len());
    let mut other = Vec::with_capacity(bytes.len());
    let mut cases = [
        case("read typed", || {
            black_box(etf::from_slice::<T>(&bytes).expect("the value"));
        }),
        case("read Term", || {
            black_box(etf::from_slice::<Term>(&bytes).expect("a term"));
        }),
        case("read eetf", || {
            black_box(eetf::Term::decode(&bytes[..]).expect("a term"));
        }),
        case("guard", || {
            black_box(etf::skip(&bytes, 1).expect("a term"));
        }),
        case("write typed", || {
            out.clear();
            etf::append(&mut out, value, etf::Options::default()).expect("a term");
            black_box(&out);
        }),
        case("write eetf", || {
            other.clear();
            tree.as_eetf().encode(&mut other).expect("a term");
            black_box(&other);
        }),
    ];
    report(name, bytes.len(), &mut cases);
}

fn report(name: &str, size: usize, cases: &mut [Case<'_>]) {
    for _ in 0..ROUNDS {
        cases.iter_mut().for_each(Case::round);
    }
    println!("{name} ({size} bytes)");
    let mut first = None;
    for case in cases {
        let median = case.median();
        let base = *first.get_or_insert(median);
        println!(
            "  {:<12} {median:>12.0} ns {:>8.2} x",
            case.name,
            median / base
        );
    }
}

/// 1 MB of bytes: a slice, a part of the frame, a copy.
fn megabyte() {
    let mut list = vec![108, 0, 0, 0, 1, 109, 0, 16, 0, 0];
    list.resize(10 + (1 << 20), 7);
    list.push(106);
    let frame = Bytes::from(list);
    let mut cases = [
        case("&[u8]", || {
            let mut list = etf::Elements::open(&frame).expect("a list");
            black_box(list.next_value::<&[u8]>().expect("one").expect("bytes"));
        }),
        case("Bytes", || {
            let mut list = etf::Elements::open_in(&frame, &frame).expect("a list");
            black_box(list.next_value::<Bytes>().expect("one").expect("bytes"));
        }),
        case("Vec<u8>", || {
            use portreeve::etf::via::{ReadBytes as _, Via};
            let mut list = etf::Elements::open(&frame).expect("a list");
            black_box(
                (&&Via::<Vec<u8>>::new())
                    .next(&mut list)
                    .expect("one")
                    .expect("bytes"),
            );
        }),
        case("serde alone", || {
            let mut list = etf::Elements::open(&frame).expect("a list");
            black_box(list.next_value::<Vec<u8>>().expect("one").expect("bytes"));
        }),
        case("write bytes", || {
            black_box(etf::to_vec(&frame).expect("a term"));
        }),
        case("write Vec", || {
            let vec: &[u8] = &frame;
            black_box(etf::to_vec(vec).expect("a term"));
        }),
    ];
    report("1 MB of bytes", frame.len(), &mut cases);
}

/// 1000 keys: that no two are one is seen at once in a map whose keys are in order, by a sort in any other, and not looked
/// for in a list of pairs.
fn map() {
    let pair = |n: u32| (format!("key-{n:06}"), i64::from(n));
    let list: Vec<_> = (0..1000).map(pair).collect();
    let mut mixed = list.clone();
    mixed.sort_by_key(|(_, n)| n * 37 % 1009);
    let in_order = etf::to_vec(&list.iter().cloned().collect::<BTreeMap<_, _>>()).expect("a map");
    let mixed = etf::to_vec(&Mixed(mixed)).expect("a map");
    let list = etf::to_vec(&list).expect("a list");
    let read = |bytes: &[u8]| {
        let map: HashMap<String, i64> = etf::from_slice(bytes).expect("a map");
        black_box(map);
    };
    let mut cases = [
        case("in order", || read(&in_order)),
        case("mixed", || read(&mixed)),
        case("pairs", || {
            let pairs: Vec<(String, i64)> = etf::from_slice(&list).expect("pairs");
            black_box::<HashMap<_, _>>(pairs.into_iter().collect());
        }),
    ];
    report("map of 1000 keys", in_order.len(), &mut cases);
}

/// A map in the order of its pairs.
struct Mixed(Vec<(String, i64)>);

impl Serialize for Mixed {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

fn main() {
    let numbers: Vec<i64> = (0..100_000).map(|n| n * 37 % 100_003).collect();
    compare("list of 3 integers", &vec![1_i64, 2, 300]);
    compare("struct", &claims());
    compare("rows: 1000 structs of 8 fields", &rows());
    compare("list of 100 000 integers", &numbers);
    map();
    megabyte();
}
