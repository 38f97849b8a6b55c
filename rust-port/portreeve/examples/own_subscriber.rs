//! A port program with a `tracing` subscriber of its own, set before it runs: its spans and events are that one's
//! affair, and every call is a span of target `portreeve` there. A real program would set one that exports spans, and
//! continue the host's trace by `trace_id` and `parent_id`. This one prints to stderr.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

struct Printer {
    next: AtomicU64,
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0 += &format!(" {}={value:?}", field.name());
    }
}

impl Subscriber for Printer {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::INFO
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields(String::new());
        span.record(&mut fields);
        let id = self.next.fetch_add(1, Relaxed);
        let metadata = span.metadata();
        eprintln!(
            "new {id} {}:{}{}",
            metadata.target(),
            metadata.name(),
            fields.0
        );
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut fields = Fields(String::new());
        values.record(&mut fields);
        eprintln!("record {}{}", span.into_u64(), fields.0);
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        eprintln!("event{}", fields.0);
    }

    fn enter(&self, span: &Id) {
        eprintln!("enter {}", span.into_u64());
    }

    fn exit(&self, span: &Id) {
        eprintln!("exit {}", span.into_u64());
    }

    fn try_close(&self, span: Id) -> bool {
        eprintln!("close {}", span.into_u64());
        true
    }
}

/// Gives half of an even number.
#[portreeve::function]
fn half(number: u64) -> Result<u64, String> {
    tracing::info!("halving");
    match number % 2 {
        0 => Ok(number / 2),
        _ => Err(format!("{number} is odd")),
    }
}

fn main() -> std::process::ExitCode {
    let printer = Printer {
        next: AtomicU64::new(1),
    };
    // It fails where there is one already: not before `main`.
    if tracing::subscriber::set_global_default(printer).is_err() {
        return std::process::ExitCode::FAILURE;
    }
    portreeve::run()
}
