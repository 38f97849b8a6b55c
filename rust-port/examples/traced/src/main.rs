//! A program that says what it does in spans of the crate `tracing`. It knows nothing of OpenTelemetry and has no
//! subscriber: a host that traces its calls gets the spans.

use std::path::Path;
use std::time::Duration;

use portreeve::{Cancel, Cancelled};
use tracing::{info_span, instrument};

/// Bakes a cake for every guest; nobody bakes for more than twelve.
#[portreeve::function]
fn bake(guests: u64) -> Result<u64, String> {
    let cakes = info_span!("mix", guests).in_scope(|| weigh(guests))?;
    info_span!("oven", degrees = 180).in_scope(|| std::thread::sleep(Duration::from_millis(2)));
    Ok(cakes)
}

#[instrument(err)]
fn weigh(guests: u64) -> Result<u64, String> {
    match guests {
        0..=12 => Ok(guests),
        _ => Err(format!("no flour for {guests}")),
    }
}

/// The traceparent of the call, as a service further on would be told it.
#[portreeve::function]
fn trace() -> Option<String> {
    portreeve::trace()
}

/// Waits for so many milliseconds, or until it is cancelled.
#[portreeve::function(blocking)]
fn wait(milliseconds: u64, cancel: Cancel) -> Result<(), Cancelled> {
    for _ in 0..milliseconds {
        cancel.check()?;
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// Dies in the middle of its work, unless there is such a file: then it has died before. Gives the traceparent.
#[portreeve::function(idempotent)]
fn die_once(file: &Path) -> std::io::Result<Option<String>> {
    info_span!("before").in_scope(|| ());
    let _during = info_span!("during").entered();
    info_span!("within").in_scope(|| ());
    if !file.exists() {
        std::fs::write(file, "")?;
        std::process::abort();
    }
    Ok(portreeve::trace())
}

/// Panics.
#[portreeve::function]
fn burn() {
    panic!("the cake is black");
}

fn main() -> std::process::ExitCode {
    portreeve::run()
}
