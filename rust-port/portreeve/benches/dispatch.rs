//! Nanoseconds a call inside the program, without pipes and processes: `cargo bench --bench dispatch`. Frames come from
//! memory in reads of up to 64 KiB, as a pipe gives them, and go the way of every call: taken apart, queued, claimed,
//! decoded, run, answered. Typed arguments and results stand beside the same on the tree of eetf. Both run in turns;
//! the time is the median of the rounds. On a shared machine only the ratios say something. The bench `calls` has the
//! same calls with everything around them. Behind `--` a part of a line's name measures the lines with that name alone.
//! Calls of an `async fn` are measured with `--features async`; each of their answers is written at once.
//!
//! Tried and left, as parts of the time, over pairs of runs:
//! - the schedule's lock is taken twice a round trip, after the read and after its job; all that is done once a read adds
//!   450 to 500 ns to one call ("one call a read"), beside the microseconds of the pipe;
//! - the Id for the black box parsed once a call and not three times: 1.006; with the thread's place in the box looked up
//!   once, too: 0.99, and 0.96 of one call a read;
//! - answers serialized right into the black box, by a run without the copy: 0.99 without a result, 0.86 (108 ns less) with
//!   8 KB, which is not worth a serializer over memory that cannot grow;
//! - async: hashing Ids for the table of running tasks is 3 percent of the samples and malloc with free 7; an answer that
//!   begins with room for 128 bytes, which is how it stays, is 0.92. What is left is tokio and one write(2) an answer.

use std::hint::black_box;
use std::time::Instant;

use portreeve::__private::bench_support::Unpiped;
use portreeve::{Bytes, Term, eetf, etf};
use serde::{Deserialize, Serialize};

const ROUNDS: usize = 21;
/// Calls of one read, if they fit.
const BATCH: usize = 256;
/// What a Linux pipe holds.
const READ: usize = 64 * 1024;
/// Bytes of input in a round.
const ROUND: usize = 4 << 20;

#[portreeve::function]
fn nothing() {}

#[cfg(feature = "async")]
#[portreeve::function]
async fn nothing_async() {}

#[portreeve::function]
fn sum(values: Vec<i64>) -> i64 {
    values.iter().sum()
}

#[portreeve::function]
fn sum_term(values: Term) -> Result<i64, String> {
    match values.as_eetf() {
        eetf::Term::List(list) => Ok(list.elements.iter().filter_map(integer).sum()),
        other => Err(format!("{other} is no list")),
    }
}

fn integer(term: &eetf::Term) -> Option<i64> {
    match term {
        eetf::Term::FixInteger(integer) => Some(integer.value.into()),
        eetf::Term::BigInteger(integer) => i64::try_from(&integer.value).ok(),
        _ => None,
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    exp: u64,
    admin: bool,
}

#[portreeve::function]
fn renew(claims: Claims, seconds: u64) -> Claims {
    Claims {
        exp: claims.exp + seconds,
        ..claims
    }
}

#[portreeve::function]
fn renew_term(mut claims: Term, seconds: Term) -> Result<Term, String> {
    let eetf::Term::Map(map) = claims.as_eetf_mut() else {
        return Err("claims are a map".into());
    };
    let key = eetf::Term::from(eetf::Atom::from("exp"));
    let later = map
        .map
        .get(&key)
        .and_then(integer)
        .zip(integer(seconds.as_eetf()));
    let (exp, seconds) = later.ok_or("exp and seconds are integers")?;
    let later = i32::try_from(exp + seconds).map_err(|error| error.to_string())?;
    map.map.insert(key, eetf::FixInteger::from(later).into());
    Ok(claims)
}

#[portreeve::function]
fn slice(bytes: &[u8]) -> usize {
    bytes.len()
}

#[portreeve::function]
fn owned(bytes: Vec<u8>) -> usize {
    bytes.len()
}

#[portreeve::function]
fn length_term(bytes: Term) -> Result<usize, String> {
    match bytes.as_eetf() {
        eetf::Term::Binary(binary) => Ok(binary.bytes.len()),
        other => Err(format!("{other} is no binary")),
    }
}

#[portreeve::function]
fn back(bytes: Bytes) -> Bytes {
    bytes
}

#[portreeve::function]
fn back_owned(bytes: Vec<u8>) -> Vec<u8> {
    bytes
}

#[portreeve::function]
fn back_term(bytes: Term) -> Term {
    bytes
}

/// One function with its arguments, and what its rounds took.
struct Case {
    function: &'static str,
    reads: Vec<Vec<u8>>,
    calls: usize,
    rounds: Vec<f64>,
}

impl Case {
    fn new(function: &'static str, arguments: &[Vec<u8>], batch: usize) -> Self {
        let frame = |id: usize| call(id, function, arguments);
        let size = frame(0).len();
        let batch = (READ / size).clamp(1, batch);
        let reads = (ROUND / (batch * size)).clamp(1, 100);
        let read = |read: usize| (0..batch).flat_map(|id| frame(read * batch + id)).collect();
        Self {
            function,
            reads: (0..reads).map(read).collect(),
            calls: batch * reads,
            rounds: Vec::new(),
        }
    }

    /// The answer to the first call, without its word and Id.
    fn answer(&self, program: &mut Unpiped) -> Vec<u8> {
        let mut first = None;
        program.serve(&self.reads[0], |frame| {
            first.get_or_insert_with(|| frame.to_vec());
        });
        let frame = first.expect("an answer");
        assert!(
            frame[4..].starts_with(b"\x83\x68\x03\x77\x05reply"),
            "{}: {}",
            self.function,
            frame.escape_ascii()
        );
        frame[19..].to_vec()
    }

    fn round(&mut self, program: &mut Unpiped) {
        let mut answers = 0;
        let begun = Instant::now();
        for read in &self.reads {
            program.serve(read, |frame| {
                black_box(frame);
                answers += 1;
            });
        }
        let time = begun.elapsed();
        assert_eq!(answers, self.calls);
        self.rounds
            .push(time.as_secs_f64() * 1e9 / self.calls as f64);
    }

    fn median(&mut self) -> f64 {
        self.rounds.sort_by(f64::total_cmp);
        self.rounds[self.rounds.len() / 2]
    }
}

/// `{call, Id, Function, Args}` in a frame, with an Id in INTEGER_EXT, as over a boxed pipe.
fn call(id: usize, function: &str, arguments: &[Vec<u8>]) -> Vec<u8> {
    let mut content = b"\x83\x68\x04\x77\x04call\x62".to_vec();
    content.extend_from_slice(&(0x1_0000 + id as u32 % 1024).to_be_bytes());
    content.extend_from_slice(&[119, function.len() as u8]);
    content.extend_from_slice(function.as_bytes());
    if !arguments.is_empty() {
        content.push(108);
        content.extend_from_slice(&(arguments.len() as u32).to_be_bytes());
        content.extend(arguments.concat());
    }
    content.push(106);
    [&(content.len() as u32).to_be_bytes(), content.as_slice()].concat()
}

/// One value, encoded without the version byte.
fn term<T: Serialize>(value: &T) -> Vec<u8> {
    etf::to_vec(value).expect("a term").split_off(1)
}

/// Compares functions that are called with many calls in a read.
fn compare(program: &mut Unpiped, name: &str, functions: &[&'static str], arguments: &[Vec<u8>]) {
    compare_by(program, name, functions, arguments, BATCH);
}

/// The same call by several functions, the first of which the others are compared with; all must answer the same.
fn compare_by(
    program: &mut Unpiped,
    name: &str,
    functions: &[&'static str],
    arguments: &[Vec<u8>],
    batch: usize,
) {
    let mut wanted = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .peekable();
    if wanted.peek().is_some() && !wanted.any(|word| name.contains(&word)) {
        return;
    }
    let mut cases: Vec<_> = functions
        .iter()
        .map(|function| Case::new(function, arguments, batch))
        .collect();
    let expected = cases[0].answer(program);
    for case in &cases {
        let (answer, function) = (case.answer(program), case.function);
        assert!(
            same(&answer, &expected),
            "{function} answers something else"
        );
    }
    for _ in 0..ROUNDS {
        cases.iter_mut().for_each(|case| case.round(program));
    }
    let medians: Vec<_> = cases.iter_mut().map(Case::median).collect();
    for (case, median) in cases.iter().zip(&medians) {
        let ratio = median / medians[0];
        println!(
            "{name:<22}{:<14}{median:>12.0} ns{ratio:>9.2} x",
            case.function
        );
    }
}

/// Calls of an `async fn`, with the write of each answer.
#[cfg(feature = "async")]
fn async_calls(program: &mut Unpiped) {
    let case = Case::new("nothing_async", &[], BATCH);
    let round = |_| {
        let begun = Instant::now();
        case.reads
            .iter()
            .for_each(|read| program.serve_elsewhere(read));
        begun.elapsed().as_secs_f64() * 1e9 / case.calls as f64
    };
    let mut rounds: Vec<f64> = (0..ROUNDS).map(round).collect();
    rounds.sort_by(f64::total_cmp);
    println!("async {:>43.0} ns", rounds[ROUNDS / 2]);
}

/// Whether two terms are equal; the order of the keys of a map does not count.
fn same(one: &[u8], other: &[u8]) -> bool {
    let tree = |bytes| etf::from_term::<Term>(bytes).expect("a term").into_eetf();
    tree(one) == tree(other)
}

fn main() {
    let mut program = Unpiped::new().expect("memory and descriptors");
    let program = &mut program;
    let claims = Claims {
        sub: "user-1234567".into(),
        exp: 1_700_000_000,
        admin: false,
    };
    let megabyte = [&[109, 0, 16, 0, 0], [7; 1 << 20].as_slice()].concat();
    compare(program, "no arguments", &["nothing"], &[]);
    compare_by(program, "one call a read", &["nothing"], &[], 1);
    #[cfg(feature = "async")]
    async_calls(program);
    compare(
        program,
        "sum of 3",
        &["sum", "sum_term"],
        &[term(&vec![1, 2, 300])],
    );
    compare(
        program,
        "struct in and out",
        &["renew", "renew_term"],
        &[term(&claims), term(&900)],
    );
    compare(
        program,
        "1 MB in",
        &["slice", "owned", "length_term"],
        std::slice::from_ref(&megabyte),
    );
    compare(
        program,
        "1 MB in and out",
        &["back", "back_owned", "back_term"],
        &[megabyte],
    );
}
