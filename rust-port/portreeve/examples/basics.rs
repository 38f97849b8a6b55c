//! A small port program: the one that the crate's own tests and benches talk to. One function for each thing that a
//! call can do.

use std::collections::BTreeMap;
use std::time::Duration;

use portreeve::{
    Bytes, Call, Cancel, Cancelled, Deadline, FromCall, Host, HostError, SendError, State, Term,
    eetf,
};
use serde::{Deserialize, Serialize};

/// Adds up a list.
#[portreeve::function(idempotent)]
fn sum(values: Vec<i64>) -> i64 {
    values.iter().sum()
}

/// A part of a list. The two last arguments may be left out.
#[portreeve::function]
fn window(values: Vec<i64>, _host: &Host, from: Option<usize>, count: Option<usize>) -> Vec<i64> {
    let values = values.into_iter().skip(from.unwrap_or(0));
    values.take(count.unwrap_or(usize::MAX)).collect()
}

/// A parameter of a type of this program's own that is made of the call.
#[portreeve::function]
fn how_long(patience: Patience) -> Option<u64> {
    patience.0
}

/// Ms that are left.
struct Patience(Option<u64>);

impl FromCall for Patience {
    fn from_call(call: &Call<'_>) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let left = Deadline::from_call(call)?.remaining();
        if left.is_some_and(|left| left > Duration::from_secs(3600)) {
            return Err("nobody waits an hour".into());
        }
        Ok(Self(left.map(|left| left.as_secs())))
    }
}

/// Names need not be ASCII.
#[portreeve::function]
fn fläche(größe: f64) -> f64 {
    größe * größe
}

/// Gives back what it is given.
#[portreeve::function]
fn echo(text: &str) -> &str {
    text
}

/// Gives back bytes.
#[portreeve::function]
fn echo_bytes(bytes: Bytes) -> Bytes {
    bytes
}

/// How many bytes there are.
#[portreeve::function]
fn count(bytes: &[u8]) -> usize {
    bytes.len()
}

/// The same for bytes of its own, if there are any.
#[portreeve::function]
fn count_owned(bytes: Vec<u8>, more: Option<Vec<u8>>) -> (usize, Option<usize>) {
    (bytes.len(), more.map(|more| more.len()))
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    sub: String,
    exp: u64,
}

/// A struct in and out.
#[portreeve::function]
fn renew(claims: &Claims, seconds: u8) -> Claims {
    Claims {
        sub: claims.sub.clone(),
        exp: claims.exp + u64::from(seconds),
    }
}

/// What is allowed; nothing else may stand in it.
#[portreeve::term]
#[serde(deny_unknown_fields)]
struct Grant {
    claims: Claims,
    level: Level,
}

#[portreeve::term]
enum Level {
    Reader,
    Writer { quota: u8 },
}

/// How much a grant and the members of a group may write.
#[portreeve::function]
fn quota(grant: Grant, members: Vec<Grant>) -> u32 {
    let quota = |grant: &Grant| match grant.level {
        Level::Writer { quota } if grant.claims.exp > 0 => quota.into(),
        Level::Writer { .. } | Level::Reader => 0,
    };
    quota(&grant) + members.iter().map(quota).sum::<u32>()
}

/// The same on the tree of eetf, as a program without types would do it.
#[portreeve::function]
fn sum_term(values: Term) -> i64 {
    match values.as_eetf() {
        eetf::Term::ByteList(list) => list.bytes.iter().map(|byte| i64::from(*byte)).sum(),
        eetf::Term::List(list) => list.elements.iter().filter_map(integer).sum(),
        _ => 0,
    }
}

fn integer(term: &eetf::Term) -> Option<i64> {
    match term {
        eetf::Term::FixInteger(integer) => Some(integer.value.into()),
        eetf::Term::BigInteger(integer) => i64::try_from(&integer.value).ok(),
        _ => None,
    }
}

/// The same on the tree of eetf.
#[portreeve::function]
fn renew_term(mut claims: Term, seconds: Term) -> Result<Term, String> {
    let eetf::Term::Map(map) = claims.as_eetf_mut() else {
        return Err("claims are a map".into());
    };
    let key = eetf::Term::from(eetf::Binary::from(b"exp".as_slice()));
    let later = map
        .map
        .get(&key)
        .and_then(integer)
        .zip(integer(seconds.as_eetf()));
    let later = later
        .map(|(exp, seconds)| exp + seconds)
        .ok_or("exp and seconds are integers")?;
    map.map.insert(key, eetf::BigInteger::from(later).into());
    Ok(claims)
}

/// Gives back any term.
#[portreeve::function]
fn echo_term(term: Term) -> Term {
    term
}

/// Computes for so many microseconds.
#[portreeve::function]
fn spin_micros(micros: u64) {
    let start = std::time::Instant::now();
    while start.elapsed() < Duration::from_micros(micros) {
        std::hint::spin_loop();
    }
}

/// Refuses to divide by zero.
#[portreeve::function]
fn divide(dividend: i64, divisor: i64) -> Result<i64, String> {
    dividend
        .checked_div(divisor)
        .ok_or_else(|| format!("{dividend} cannot be divided by {divisor}"))
}

/// Why a withdrawal failed: a term of its own, so that the caller sees more than a message.
#[portreeve::term]
#[derive(Debug)]
enum Refusal {
    Overdrawn { missing: u64 },
    Locked,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Overdrawn { missing } => write!(f, "{missing} are missing"),
            Self::Locked => f.write_str("the account is locked"),
        }
    }
}

impl std::error::Error for Refusal {}

/// Takes from a balance.
#[portreeve::function]
fn withdraw(balance: u64, amount: u64) -> Result<u64, Refusal> {
    if amount == 0 {
        return Err(Refusal::Locked);
    }
    balance
        .checked_sub(amount)
        .ok_or_else(|| Refusal::Overdrawn {
            missing: amount - balance,
        })
}

/// Reads a file, and says in layers why it cannot.
#[portreeve::function]
fn load(path: &str) -> anyhow::Result<String> {
    use anyhow::Context;
    std::fs::read_to_string(path).with_context(|| format!("the settings in {path}"))
}

/// The same with another crate's report.
#[portreeve::function]
fn load_again(path: &str) -> eyre::Result<String> {
    use eyre::WrapErr;
    std::fs::read_to_string(path).wrap_err_with(|| format!("the settings in {path}"))
}

/// As beginners write it.
#[portreeve::function]
fn load_boxed(path: &str, number: &str) -> Result<u8, Box<dyn std::error::Error>> {
    if path.is_empty() {
        return Err("no path".into());
    }
    let text = std::fs::read_to_string(path)?;
    Ok(text.parse::<u8>()? + number.parse::<u8>()?)
}

#[portreeve::function(blocking)]
fn load_boxed_send(path: &str) -> Result<String, Box<dyn std::error::Error + Send>> {
    std::fs::read_to_string(path).map_err(|error| Box::new(error) as _)
}

#[portreeve::function]
fn load_boxed_both(path: &str) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    Ok(std::fs::read_to_string(path)?)
}

#[cfg(feature = "async")]
#[portreeve::function]
async fn load_boxed_later(path: String) -> Result<String, Box<dyn std::error::Error>> {
    Ok(std::fs::read_to_string(path)?)
}

/// Panics.
#[portreeve::function]
fn panic(message: &str) {
    panic!("{message}");
}

/// Computes for so many milliseconds.
#[portreeve::function]
fn spin(ms: u64) -> u64 {
    let start = std::time::Instant::now();
    let mut rounds = 0;
    while start.elapsed() < Duration::from_millis(ms) {
        rounds += 1;
    }
    rounds
}

/// Waits for so many milliseconds, on the pool for that.
#[portreeve::function(blocking)]
fn wait(ms: u64) -> u64 {
    std::thread::sleep(Duration::from_millis(ms));
    ms
}

/// Runs until it is cancelled.
#[portreeve::function]
fn until_cancelled(cancel: Cancel) -> Result<(), Cancelled> {
    loop {
        cancel.check()?;
        std::thread::yield_now();
    }
}

/// Milliseconds left.
#[portreeve::function]
fn left(deadline: Deadline) -> Option<u64> {
    deadline
        .remaining()
        .and_then(|left| left.as_millis().try_into().ok())
}

/// Reports each step.
#[portreeve::function]
fn steps(count: u32, host: Host) -> Result<u32, SendError> {
    for step in 1..=count {
        host.progress(&step)?;
    }
    host.event("steps", &count)?;
    Ok(count)
}

/// Asks the host.
#[portreeve::function]
fn ask(question: &str, host: Host) -> Result<String, HostError> {
    host.call("answer", &(question, 1))
}

/// The same with arguments of several kinds.
#[portreeve::function]
fn ask_with(how: &str, host: Host) -> Result<String, HostError> {
    match how {
        "none" => host.call("answer", &()),
        "bytes" => host.call("answer", &vec![1_u8, 2]),
        "array" => host.call("answer", &[vec![], vec![7_u8]]),
        "empty" => host.call("answer", &[0_u8; 0]),
        _ => host.call(
            "answer",
            &(1, None::<u8>, Vec::<u8>::new(), Vec::<u16>::new()),
        ),
    }
}

/// A result that no term can hold.
#[portreeve::function]
fn not_a_number() -> BTreeMap<&'static str, f64> {
    BTreeMap::from([("ratio", f64::NAN)])
}

/// Prints to where the frames would be.
#[portreeve::function]
fn shout(text: &str) {
    println!("{text}");
}

/// Logs by both crates.
#[portreeve::function]
fn log(text: &str) {
    log::warn!("heed {text}");
    tracing::info!(size = text.len(), half = 0.5, "tell {text}");
    log::debug!("whisper {text}");
}

/// Works in spans: `step` for each item, all of them in `steps`; item 13 brings bad luck.
#[portreeve::function]
fn spans(items: Vec<u64>) -> Result<u64, String> {
    let steps = tracing::info_span!("steps", count = items.len(), sum = tracing::field::Empty);
    let _entered = steps.enter();
    let mut sum = 0;
    for item in items {
        tracing::debug_span!("detail", item).in_scope(|| ());
        sum += tracing::info_span!("step", item).in_scope(|| {
            if item == 13 {
                tracing::error!("bad luck");
                return Err("13 brings bad luck".to_owned());
            }
            Ok(item)
        })?;
    }
    steps.record("sum", sum);
    Ok(sum)
}

/// A span that another thread works in and closes, later than this function returns.
#[portreeve::function]
fn outlive() {
    let span = tracing::Span::current();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(20));
        tracing::info_span!(parent: &span, "elsewhere").in_scope(|| ());
    });
}

/// Opens and closes so many spans, and then makes an empty file: a sign to somebody who does not read answers.
#[portreeve::function]
fn many_spans(count: usize, path: &std::path::Path) -> std::io::Result<()> {
    for item in 0..count {
        tracing::info_span!("one_of_many", item).in_scope(|| ());
    }
    std::fs::File::create(path).map(drop)
}

/// The traceparent of this call.
#[portreeve::function]
fn trace() -> Option<String> {
    portreeve::trace()
}

/// Logs so many records of so many bytes.
#[portreeve::function]
fn flood(count: usize, size: usize) {
    let text = "x".repeat(size);
    for _ in 0..count {
        log::error!("{text}");
    }
}

/// Ends with this exit code.
#[portreeve::function]
fn exit(code: i32) {
    std::process::exit(code);
}

/// Dies by a signal: `segv`, `abort`, a jump to a wild address, several threads at once, or a stack without end.
#[portreeve::function]
fn crash(how: &str) -> u64 {
    match how {
        "segv" => store_to_nowhere(std::hint::black_box(8)),
        "abort" => std::process::abort(),
        "wild" => call_nowhere(std::hint::black_box(1)),
        "together" => together(8),
        _ => dig(std::hint::black_box(1)),
    }
}

/// Calls what is no function.
#[inline(never)]
fn call_nowhere(address: usize) -> u64 {
    // SAFETY: there is none; that is the point.
    let nowhere = unsafe { std::mem::transmute::<usize, extern "C" fn() -> u64>(address) };
    nowhere() + 1
}

/// Many threads that touch the same corrupt thing at once.
fn together(threads: usize) -> u64 {
    let barrier = std::sync::Barrier::new(threads);
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| {
                barrier.wait();
                store_to_nowhere(std::hint::black_box(8))
            });
        }
        barrier.wait();
        store_to_nowhere(std::hint::black_box(8))
    })
}

/// Forks a child that crashes, and gives the signal that ended it.
#[portreeve::function]
fn crash_in_a_fork() -> i32 {
    // SAFETY: the child does nothing but crash.
    let child = unsafe { libc::fork() };
    if child == 0 {
        store_to_nowhere(std::hint::black_box(8));
    }
    let mut status = 0;
    // SAFETY: the pointer is to an integer that lives over the call.
    unsafe { libc::waitpid(child, &raw mut status, 0) };
    libc::WTERMSIG(status)
}

#[inline(never)]
fn store_to_nowhere(address: usize) -> u64 {
    // SAFETY: there is none; that is the point.
    unsafe { (address as *mut usize).write_volatile(1) };
    0
}

#[inline(never)]
fn dig(depth: u64) -> u64 {
    let hole = std::hint::black_box([depth; 64]);
    if depth == 0 {
        0
    } else {
        dig(depth + 1) + hole[1]
    }
}

/// Takes memory and writes to it, a quarter of a MiB after the other, and never gives it back.
#[portreeve::function]
fn hoard() -> usize {
    let mut held: Vec<Vec<u8>> = Vec::new();
    loop {
        held.push(std::hint::black_box(vec![1; 256 * 1024]));
    }
}

/// A result of so many bytes.
#[portreeve::function]
fn zeros(bytes: usize) -> Bytes {
    vec![0; bytes].into()
}

/// What `on_start` was given.
#[portreeve::function]
fn greeting(start: State<Start>) -> String {
    start.greeting.clone()
}

/// Waits on the shared runtime.
#[cfg(feature = "async")]
#[portreeve::function]
async fn nap(ms: u64) -> u64 {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    ms
}

/// Crashes on the shared runtime.
#[cfg(feature = "async")]
#[portreeve::function]
async fn crash_in_a_future() -> u64 {
    tokio::task::yield_now().await;
    store_to_nowhere(std::hint::black_box(16))
}

/// The same in a span of its own.
#[cfg(feature = "async")]
#[portreeve::function]
async fn nap_in_span(ms: u64) -> u64 {
    let span = tracing::info_span!("asleep");
    tokio::time::sleep(Duration::from_millis(ms)).await;
    span.in_scope(|| ms)
}

/// Panics on the shared runtime.
#[cfg(feature = "async")]
#[portreeve::function]
async fn nap_and_panic(ms: u64) -> u64 {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    panic!("after {ms} ms")
}

/// The `start` of the host.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Start {
    greeting: String,
    fail: Option<String>,
}

fn begin(start: Option<Start>) -> Result<Start, String> {
    let start = start.unwrap_or_default();
    match start.fail {
        Some(why) => Err(why),
        None => Ok(start),
    }
}

/// A variable of the environment.
#[portreeve::function]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

static HANDLED: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);

/// How often this program's own handler of SIGUSR1 was called.
#[portreeve::function]
fn handled() -> u32 {
    HANDLED.load(std::sync::atomic::Ordering::SeqCst)
}

extern "C" fn handle(_signal: libc::c_int) {
    HANDLED.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
}

fn main() -> std::process::ExitCode {
    if std::env::var_os("BASICS_HANDLES_SIGUSR1").is_some() {
        // SAFETY: the handler does nothing but add to an atomic.
        unsafe { libc::signal(libc::SIGUSR1, handle as *const () as usize) };
    }
    portreeve::on_start(begin).run()
}
