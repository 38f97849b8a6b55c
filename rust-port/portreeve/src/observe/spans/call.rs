//! The span of one call: target `portreeve`, named after the function, level INFO. Its fields are `call` (the Id),
//! `trace_id` and `parent_id` (of the call's traceparent, if it has one) and `error`.

use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::Relaxed;

use tracing_core::field::{self, Field, Value};
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Dispatch, Metadata, dispatcher};

use super::open;
use super::site::{FIELDS, Site};
use crate::calls::batch::Ticket;
use crate::etf;
use crate::observe::traceparent::Traceparent;
use crate::wire::failure::Failure;
#[cfg(feature = "async")]
use crate::wire::failure::Kind;

/// Who wants spans.
static WANTED: AtomicU8 = AtomicU8::new(NOBODY);
const NOBODY: u8 = 0;
/// The host, of calls with a sampled traceparent.
const HOST: u8 = 1;
/// The program's own subscriber, of every call.
const SUBSCRIBER: u8 = 2;

/// The host takes spans. A program with a subscriber of its own has said who gets its spans, and sends none.
pub(crate) fn ask() {
    if WANTED
        .compare_exchange(NOBODY, HOST, Relaxed, Relaxed)
        .is_ok()
    {
        tracing_core::callsite::rebuild_interest_cache();
    }
}

/// There is a subscriber that is not ours.
pub(crate) fn tell_subscriber() {
    WANTED.store(SUBSCRIBER, Relaxed);
}

/// Whether the host gets the spans.
pub(crate) fn are_for_the_host() -> bool {
    WANTED.load(Relaxed) == HOST
}

/// The span of a call, or none: the id that whoever wants it has given it, 0 for none. Who that is never changes once
/// there are spans.
#[derive(Clone, Copy, Default)]
pub(crate) struct CallSpan(u64);

impl CallSpan {
    /// Of a call that has not begun.
    #[cfg(feature = "async")]
    pub(crate) fn none() -> Self {
        Self(0)
    }

    /// Whether anybody wants spans, maybe one of this call.
    #[inline]
    pub(crate) fn is_wanted() -> bool {
        WANTED.load(Relaxed) != NOBODY
    }

    /// The call begins.
    pub(crate) fn begin(function: &'static str, ticket: &Ticket) -> Self {
        let id = match WANTED.load(Relaxed) {
            NOBODY => None,
            HOST => for_host(function, ticket),
            _ => for_subscriber(function, ticket),
        };
        Self(id.unwrap_or(0))
    }

    /// The thread is in this span from now on.
    pub(crate) fn enter(self) {
        if self.0 != 0 {
            enter(self.0);
        }
    }

    /// The thread leaves it.
    pub(crate) fn exit(self) {
        if self.0 != 0 {
            exit(self.0);
        }
    }

    /// The call was cancelled, and its future dropped.
    #[cfg(feature = "async")]
    pub(crate) fn cancel(self, function: &'static str) {
        if self.0 != 0 {
            let failure = Failure::new(Kind::Cancelled, "cancelled while it ran");
            end(self.0, function, Some(&failure));
        }
    }

    /// The call has ended, and how.
    pub(crate) fn end(self, function: &'static str, failure: Option<&Failure>) {
        if self.0 != 0 {
            end(self.0, function, failure);
        }
    }
}

fn enter(id: u64) {
    if are_for_the_host() {
        open::enter(id);
    } else {
        dispatcher::get_default(|dispatch| dispatch.enter(&Id::from_u64(id)));
    }
}

fn exit(id: u64) {
    if are_for_the_host() {
        open::exit(id);
    } else {
        dispatcher::get_default(|dispatch| dispatch.exit(&Id::from_u64(id)));
    }
}

fn end(id: u64, function: &'static str, failure: Option<&Failure>) {
    if are_for_the_host() {
        return open::end_call(id, failure);
    }
    let id = Id::from_u64(id);
    dispatcher::get_default(|dispatch| {
        if let Some((failure, site)) = failure.zip(Site::of(function)) {
            record_error(dispatch, &id, site.metadata(), failure);
        }
        dispatch.try_close(id.clone());
    });
}

fn for_host(function: &'static str, ticket: &Ticket) -> Option<u64> {
    let trace = Traceparent::of(ticket).filter(|trace| trace.is_sampled())?;
    open::call(Site::of(function)?.metadata(), trace, ticket)
}

fn for_subscriber(function: &'static str, ticket: &Ticket) -> Option<u64> {
    let site = Site::of(function)?;
    let dispatch = dispatcher::get_default(Dispatch::clone);
    if !site.is_enabled(&dispatch) {
        return None;
    }
    let trace = Traceparent::of(ticket);
    let call = ticket.id().map(|id| field::display(shown(id)));
    let (trace_id, parent_id) = (
        trace.map(Traceparent::trace_id),
        trace.map(Traceparent::parent_id),
    );
    let metadata = site.metadata();
    let fields = Fields::of(metadata);
    let values = fields.with([some(&call), some(&trace_id), some(&parent_id), None]);
    let values = metadata.fields().value_set(&values);
    let id = dispatch.new_span(&Attributes::new_root(metadata, &values));
    Some(id.into_u64())
}

/// The Id as Erlang prints it.
#[cfg(feature = "eetf")]
fn shown(id: &[u8]) -> String {
    etf::from_term::<etf::Term>(id).map_or_else(|_| etf::show(id, 0), |id| id.to_string())
}

/// The same without a tree; the references of the BEAM are then all alike.
#[cfg(not(feature = "eetf"))]
fn shown(id: &[u8]) -> String {
    etf::show(id, 0)
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
