//! The span of one call: target `portreeve`, named after the function, level INFO. Its fields are `call` (the Id),
//! `trace_id` and `parent_id` (of the call's traceparent, if it has one) and `error`.

use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::Relaxed;

use tracing_core::field::{self, Field, Value};
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Dispatch, Metadata, dispatcher};

use super::open;
use super::site::{FIELDS, Site};
use crate::batch::Ticket;
use crate::etf::{self, Term};
use crate::failure::{Failure, Kind};
use crate::registry::Function;
use crate::traceparent::Traceparent;

/// Who wants spans.
static WANTED: AtomicU8 = AtomicU8::new(NOBODY);
const NOBODY: u8 = 0;
/// The host, of calls with a sampled traceparent.
const HOST: u8 = 1;
/// The program's own subscriber, of every call.
const SUBSCRIBER: u8 = 2;

/// The host takes spans. A program with a subscriber of its own has said who gets its spans, and sends none.
pub fn ask() {
    if WANTED
        .compare_exchange(NOBODY, HOST, Relaxed, Relaxed)
        .is_ok()
    {
        tracing_core::callsite::rebuild_interest_cache();
    }
}

/// There is a subscriber that is not ours.
pub fn tell_subscriber() {
    WANTED.store(SUBSCRIBER, Relaxed);
}

/// Whether the host gets the spans.
pub fn are_for_the_host() -> bool {
    WANTED.load(Relaxed) == HOST
}

/// Dropped before its `end` it is the span of a call that was cancelled.
#[derive(Default)]
pub struct CallSpan(Option<Wanted>);

enum Wanted {
    Host(u64),
    Subscriber {
        dispatch: Dispatch,
        id: Id,
        metadata: &'static Metadata<'static>,
    },
}

impl CallSpan {
    /// Of a call that has not begun.
    #[cfg(feature = "async")]
    pub fn none() -> Self {
        Self(None)
    }

    /// The call begins.
    #[inline]
    pub fn begin(function: &'static Function, ticket: &Ticket) -> Self {
        match WANTED.load(Relaxed) {
            NOBODY => Self(None),
            HOST => Self(for_host(function, ticket)),
            _ => Self(for_subscriber(function, ticket)),
        }
    }

    /// The thread is in this span while it runs `body`, which catches its panics itself.
    #[inline]
    pub fn within<T>(&self, body: impl FnOnce() -> T) -> T {
        let Some(wanted) = &self.0 else { return body() };
        match wanted {
            Wanted::Host(id) => open::enter(*id),
            Wanted::Subscriber { dispatch, id, .. } => dispatch.enter(id),
        }
        let value = body();
        match wanted {
            Wanted::Host(id) => open::exit(*id),
            Wanted::Subscriber { dispatch, id, .. } => dispatch.exit(id),
        }
        value
    }

    /// The call has ended, and how.
    #[inline]
    pub fn end(mut self, outcome: &Result<(), Failure>) {
        if let Some(wanted) = self.0.take() {
            wanted.end(outcome.as_ref().err());
        }
    }
}

impl Drop for CallSpan {
    #[inline]
    fn drop(&mut self) {
        if let Some(wanted) = self.0.take() {
            wanted.end(Some(&Failure::new(
                Kind::Cancelled,
                "cancelled while it ran",
            )));
        }
    }
}

impl Wanted {
    #[cold]
    fn end(self, failure: Option<&Failure>) {
        match self {
            Self::Host(id) => open::end_call(id, failure),
            Self::Subscriber {
                dispatch,
                id,
                metadata,
            } => {
                if let Some(failure) = failure {
                    record_error(&dispatch, &id, metadata, failure);
                }
                dispatch.try_close(id);
            }
        }
    }
}

fn for_host(function: &'static Function, ticket: &Ticket) -> Option<Wanted> {
    let trace = Traceparent::of(ticket).filter(|trace| trace.is_sampled())?;
    open::call(Site::of(function)?.metadata(), trace, ticket).map(Wanted::Host)
}

#[cold]
fn for_subscriber(function: &'static Function, ticket: &Ticket) -> Option<Wanted> {
    let site = Site::of(function)?;
    let dispatch = dispatcher::get_default(Dispatch::clone);
    if !site.is_enabled(&dispatch) {
        return None;
    }
    let trace = Traceparent::of(ticket);
    let call = ticket.id().and_then(|id| etf::from_term::<Term>(id).ok());
    let call = call.map(|id| field::display(id.to_string()));
    let (trace_id, parent_id) = (
        trace.map(Traceparent::trace_id),
        trace.map(Traceparent::parent_id),
    );
    let metadata = site.metadata();
    let fields = Fields::of(metadata);
    let values = fields.with([some(&call), some(&trace_id), some(&parent_id), None]);
    let values = metadata.fields().value_set(&values);
    let id = dispatch.new_span(&Attributes::new_root(metadata, &values));
    Some(Wanted::Subscriber {
        dispatch,
        id,
        metadata,
    })
}

fn record_error(
    dispatch: &Dispatch,
    id: &Id,
    metadata: &'static Metadata<'static>,
    failure: &Failure,
) {
    let message = failure.message.as_str();
    let fields = Fields::of(metadata);
    let values = fields.with([None, None, None, Some(&message)]);
    let values = metadata.fields().value_set(&values);
    dispatch.record(id, &Record::new(&values));
}

/// The four fields, in their order.
struct Fields([Field; FIELDS.len()]);

type Values<'a> = [(&'a Field, Option<&'a dyn Value>); FIELDS.len()];

impl Fields {
    fn of(metadata: &Metadata<'_>) -> Self {
        let fields = metadata.fields();
        Self(FIELDS.map(|name| fields.field(name).expect("a field of the site")))
    }

    fn with<'a>(&'a self, values: [Option<&'a dyn Value>; FIELDS.len()]) -> Values<'a> {
        std::array::from_fn(|index| (&self.0[index], values[index]))
    }
}

fn some<T: Value>(value: &Option<T>) -> Option<&dyn Value> {
    value.as_ref().map(|value| value as &dyn Value)
}
