/**
 * One span of a program as a span of OpenTelemetry. Names and fields stay as the program has them; what the crate
 * `tracing-opentelemetry` reads in fields (`otel.name`, `otel.kind`, `otel.status_code`, `otel.status_description`) means
 * the same here.
 */

import {
  type Attributes,
  type Context,
  type HrTime,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from "@opentelemetry/api";
import type { SpanTrace } from "../metrics/channels.ts";
import type { ProgramSpan } from "../wire/span.ts";
import { rpcAttributes } from "./calls.ts";
import { mark } from "./failure.ts";

const KINDS = new Map([
  ["internal", SpanKind.INTERNAL],
  ["server", SpanKind.SERVER],
  ["client", SpanKind.CLIENT],
  ["producer", SpanKind.PRODUCER],
  ["consumer", SpanKind.CONSUMER],
]);

/** Makes it and ends it. @returns its context, for its children */
export function exportSpan(tracer: Tracer, told: SpanTrace, parent: Context): SpanContext {
  const { span } = told;
  // The parent of a call's own span is the one in its traceparent.
  const isCall = span.parent === span.trace.slice(36, 52);
  const { name, kind } = isCall ? callOf(told) : ownOf(span);
  const attributes = attributesOf(told, isCall);
  const made = tracer.startSpan(name, { kind, startTime: timeOf(span.start), attributes }, parent);
  setStatus(made, span);
  made.end(timeOf(span.end));
  return made.spanContext();
}

function callOf({ port, span }: SpanTrace): { name: string; kind: SpanKind } {
  return { name: `${port}/${span.name}`, kind: SpanKind.SERVER };
}

function ownOf({ name, fields }: ProgramSpan): { name: string; kind: SpanKind } {
  const kind = KINDS.get(String(fields["otel.kind"]).toLowerCase());
  return { name: String(fields["otel.name"] ?? name), kind: kind ?? SpanKind.INTERNAL };
}

function attributesOf({ port, worker, span }: SpanTrace, isCall: boolean): Attributes {
  const fields = Object.entries(span.fields).filter(([name]) => !name.startsWith("otel."));
  return {
    ...Object.fromEntries(fields.map(([name, value]) => [name, attribute(value)])),
    target: span.target,
    level: span.level.toUpperCase(),
    ...(isCall ? { ...rpcAttributes(port, span.name), "portreeve.worker": worker } : {}),
  };
}

/** OpenTelemetry has no integers beyond those of JavaScript. */
function attribute(value: unknown): string | number | boolean {
  return typeof value === "number" || typeof value === "boolean" ? value : String(value);
}

function setStatus(made: Span, { error, kind, fields }: ProgramSpan): void {
  const code = String(fields["otel.status_code"]).toUpperCase();
  if (kind === "cancelled") made.setAttribute("portreeve.cancelled", true);
  else if (error !== undefined) mark(made, kind ?? "error", error);
  else if (code === "ERROR") mark(made, "error", String(fields["otel.status_description"] ?? ""));
  else if (code === "OK") made.setStatus({ code: SpanStatusCode.OK });
}

function timeOf(ns: bigint): HrTime {
  return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
}
