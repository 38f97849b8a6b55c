//! A closed span as `{span, Map}`: `trace` (the traceparent of its call), `id` and `parent` (16 hex digits; the parent of
//! the call's own span is the span in `trace`), `name`, `target`, `level`, `start` and `end` (ns since 1970), `fields`,
//! and as far as there are any `call` (the Id), `error` (a message) and `kind` (of the error of a failed call). The host
//! reads it in `src/wire/span.ts`.

use super::open::Span;
use crate::link::Link;
use crate::observe::logging::Level;
use crate::wire::failure::Failure;
use crate::wire::message::write;

/// Writes the frame.
pub(super) fn write(
    span: &Span,
    id: u64,
    end: u64,
    link: &Link,
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    let Span { call, metadata, .. } = span;
    let kind = span.error.as_ref().and_then(|(kind, _)| *kind);
    let optional = [call.id.is_some(), span.error.is_some(), kind.is_some()];
    let start = write::begin(out);
    write::tuple(out, 2);
    write::atom(out, "span");
    write::map(
        out,
        9 + optional.iter().filter(|there| **there).count() as u32,
    );
    entry(out, "trace", |out| write::text(out, &call.trace));
    entry(out, "id", |out| write::text(out, &hex(id)));
    entry(out, "parent", |out| write::text(out, &hex(span.parent)));
    entry(out, "name", |out| write::text(out, metadata.name()));
    entry(out, "target", |out| write::text(out, metadata.target()));
    entry(out, "level", |out| {
        write::atom(out, Level::of(metadata).word())
    });
    entry(out, "start", |out| write::integer(out, span.start));
    entry(out, "end", |out| write::integer(out, end));
    entry(out, "fields", |out| fields(span, out));
    if let Some(id) = &call.id {
        entry(out, "call", |out| out.extend_from_slice(id));
    }
    if let Some((_, message)) = &span.error {
        entry(out, "error", |out| write::text(out, message));
    }
    if let Some(kind) = kind {
        entry(out, "kind", |out| write::atom(out, kind));
    }
    link.end_frame(out, start)
}

fn entry(out: &mut Vec<u8>, key: &str, value: impl FnOnce(&mut Vec<u8>)) {
    write::atom(out, key);
    value(out);
}

fn fields(span: &Span, out: &mut Vec<u8>) {
    write::map(out, span.fields.len() as u32);
    for (name, value) in &span.fields {
        // Field names stand in the source of the program: the BEAM's atom table cannot grow by them.
        entry(out, name, |out| value.write(out));
    }
}

fn hex(id: u64) -> String {
    format!("{id:016x}")
}
