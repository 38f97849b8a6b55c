//! Functions that last, or keep something for longer than their call does: what must not hold up anybody else.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use portreeve::{Cancel, Host, HostError};

/// Computes for so many milliseconds.
fn compute(ms: u64) {
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(ms) {
        std::hint::spin_loop();
    }
}

/// Computes for so many milliseconds.
#[portreeve::function]
fn spin(ms: u64) {
    compute(ms);
}

/// The same: another one to be found out to be slow.
#[portreeve::function]
fn spin_as_well(ms: u64) {
    compute(ms);
}

/// Tells that it has begun, and computes.
#[portreeve::function]
fn tell_and_spin(ms: u64, host: Host) {
    tell(&host, "begins");
    compute(ms);
}

fn tell(host: &Host, what: &str) {
    host.event("stage", what).expect("a text can be sent");
}

/// Asks the host, and goes on computing when it has its answer.
#[portreeve::function]
fn ask_and_spin(ms: u64, host: Host) -> Result<(), HostError> {
    host.call::<_, String>("answer", &(1,))?;
    tell(&host, "goes on");
    compute(ms);
    Ok(())
}

/// Asks the host.
#[portreeve::function]
fn ask(host: Host) -> Result<String, HostError> {
    host.call("answer", &(1,))
}

/// Asks the host, on the pool; its argument is there to be large.
#[portreeve::function(blocking)]
fn ask_aside(bytes: &[u8], host: Host) -> Result<usize, HostError> {
    host.call::<_, String>("answer", &(1,))?;
    Ok(bytes.len())
}

/// Waits on the pool for so many milliseconds, or until it is cancelled; its argument is there to be large.
#[portreeve::function(blocking)]
fn hold(bytes: &[u8], ms: u64, cancel: Cancel) -> usize {
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(ms) && !cancel.is_cancelled() {
        std::thread::sleep(Duration::from_millis(1));
    }
    bytes.len()
}

/// The same on the shared runtime.
#[cfg(feature = "async")]
#[portreeve::function]
async fn hold_async(bytes: Vec<u8>, ms: u64) -> usize {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    bytes.len()
}

static KEPT: Mutex<Vec<(Host, Cancel)>> = Mutex::new(Vec::new());

/// Keeps its host for ever, as a thread that goes on sending events would.
#[portreeve::function]
fn keep(host: Host, cancel: Cancel) {
    KEPT.lock().expect("no panic").push((host, cancel));
}

/// Panics, and is over it; then a panic comes that no hook has seen, as from a thread that was joined.
#[portreeve::function]
fn resume() {
    drop(std::panic::catch_unwind(|| panic!("the one that is over")));
    std::panic::resume_unwind(Box::new("the one that counts"));
}

/// Opens a span with a field that logs while it is written.
#[portreeve::function]
fn loud_field() {
    struct Loud;
    impl std::fmt::Debug for Loud {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            tracing::error!("while it is written");
            tracing::info_span!("inside").in_scope(|| f.write_str("loud"))
        }
    }
    tracing::info_span!("outer", field = ?Loud).in_scope(|| {});
}

fn main() -> std::process::ExitCode {
    portreeve::run()
}
