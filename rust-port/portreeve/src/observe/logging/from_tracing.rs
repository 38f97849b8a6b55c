//! Events of the crate `tracing` made into records, with their fields; its spans for a host that takes them. The call that an
//! event belongs to is known without spans.

use std::fmt::Debug;

use tracing_core::field::{Field, Visit};
use tracing_core::span::{Attributes, Current, Id, Record as SpanRecord};
use tracing_core::{Dispatch, Event, LevelFilter, Metadata, Subscriber, dispatcher};

use super::{Level, Record, Value};
use crate::observe::spans::{self, open};

struct Events;

/// Becomes the global subscriber, if there is none. A program that has set its own keeps it, and calls are spans in it.
pub(super) fn install() {
    if dispatcher::set_global_default(Dispatch::new(Events)).is_err() {
        spans::tell_subscriber();
    }
}

/// What each place in the source has cached about being wanted is asked again.
pub(super) fn set_level() {
    tracing_core::callsite::rebuild_interest_cache();
}

impl Subscriber for Events {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let level = Level::of(metadata);
        if metadata.is_span() {
            return Some(level) <= lowest_span();
        }
        super::is_wanted(level) || makes_span_an_error(level)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(match super::wanted().max(lowest_span()) {
            None => LevelFilter::OFF,
            Some(Level::Error) => LevelFilter::ERROR,
            Some(Level::Warn) => LevelFilter::WARN,
            Some(Level::Info) => LevelFilter::INFO,
            Some(Level::Debug) => LevelFilter::DEBUG,
            Some(Level::Trace) => LevelFilter::TRACE,
        })
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let level = Level::of(event.metadata());
        if makes_span_an_error(level) && !event.is_root() {
            open::log_error(event.parent(), fields.error());
        }
        if super::is_wanted(level) {
            super::send(&Record {
                level,
                target: event.metadata().target(),
                message: fields.message,
                fields: fields.others,
            });
        }
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        open::inside(span)
    }

    fn record(&self, span: &Id, values: &SpanRecord<'_>) {
        open::set(span, super::fields(|visitor| values.record(visitor)));
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn enter(&self, span: &Id) {
        open::enter(span.into_u64());
    }

    fn exit(&self, span: &Id) {
        open::exit(span.into_u64());
    }

    fn clone_span(&self, span: &Id) -> Id {
        open::share(span);
        span.clone()
    }

    fn try_close(&self, span: Id) -> bool {
        open::close(span.into_u64())
    }

    fn current_span(&self) -> Current {
        open::current()
    }
}

/// Spans that the host gets: from `info` on, and lower ones where it wants such logs.
fn lowest_span() -> Option<Level> {
    spans::are_for_the_host().then(|| super::wanted().max(Some(Level::Info)))?
}

/// As `#[instrument(err)]` has it: an error that is logged in a span is what became of it.
fn makes_span_an_error(level: Level) -> bool {
    level == Level::Error && spans::are_for_the_host()
}

/// The fields of a span.
pub(crate) fn fields(record: impl FnOnce(&mut dyn Visit)) -> Vec<(&'static str, Value)> {
    let mut fields = Fields::default();
    record(&mut fields);
    if !fields.message.is_empty() {
        fields.others.push(("message", Value::Text(fields.message)));
    }
    fields.others
}

/// The fields of an event; the one called `message` is its text.
#[derive(Default)]
struct Fields {
    message: String,
    others: Vec<(&'static str, Value)>,
}

impl Fields {
    /// What an event of an error says: its text, or its field `error`.
    fn error(&self) -> &str {
        let error = self.others.iter().find_map(|field| match field {
            ("error", Value::Text(text)) => Some(text.as_str()),
            _ => None,
        });
        error
            .filter(|_| self.message.is_empty())
            .unwrap_or(&self.message)
    }

    fn add(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::Text(text)) => self.message = text,
            (name, value) => self.others.push((name, value)),
        }
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, Value::Float(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, Value::Signed(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, Value::Unsigned(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, Value::Bool(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, Value::Text(value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, Value::Text(format!("{value:?}")));
    }
}

impl Level {
    /// As `tracing` has it.
    pub(crate) fn of(metadata: &Metadata<'_>) -> Self {
        match *metadata.level() {
            tracing_core::Level::ERROR => Self::Error,
            tracing_core::Level::WARN => Self::Warn,
            tracing_core::Level::INFO => Self::Info,
            tracing_core::Level::DEBUG => Self::Debug,
            tracing_core::Level::TRACE => Self::Trace,
        }
    }
}
