/**
 * Calls as CLIENT spans, by OpenTelemetry's conventions for RPC
 * (https://opentelemetry.io/docs/specs/semconv/rpc/rpc-spans/). A call's span is a child of the span that is active where
 * the call is made, or of the one that its option `trace` names; its own context goes to the program.
 */

import {
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { type CallTrace, callChannel } from "../metrics/channels.ts";
import { readTraceparent, type Traceparent, writeTraceparent } from "../wire/traceparent.ts";
import { now } from "./clock.ts";
import { fail } from "./failure.ts";
import type { Trees } from "./trees.ts";

export class Calls {
  readonly #tracer: () => Tracer;
  readonly #trees: Trees;
  readonly #spans = new WeakMap<object, Span>();

  /** @param trees where spans of the program wait for their parents */
  constructor(tracer: () => Tracer, trees: Trees) {
    this.#tracer = tracer;
    this.#trees = trees;
  }

  enable(): void {
    callChannel.start.subscribe(this.#start);
    callChannel.asyncStart.subscribe(this.#end);
  }

  disable(): void {
    callChannel.start.unsubscribe(this.#start);
    callChannel.asyncStart.unsubscribe(this.#end);
  }

  readonly #start = (message: unknown): void => {
    const told = message as CallTrace;
    const parent = readTraceparent(told.trace);
    // A malformed option is an error that the call itself tells.
    if (told.trace !== undefined && parent === undefined) return;
    const span = this.#tracer().startSpan(
      `${told.port}/${told.function}`,
      { kind: SpanKind.CLIENT, startTime: now(), attributes: rpcAttributes(told.port, told.function) },
      parent === undefined ? context.active() : remote(parent),
    );
    this.#spans.set(told, span);
    const spanContext = span.spanContext();
    if (!isSpanContextValid(spanContext)) return;
    const { traceId, spanId, traceFlags } = spanContext;
    told.trace = writeTraceparent({ traceId, spanId, flags: traceFlags });
    if (span.isRecording()) this.#trees.begin(spanId);
  };

  readonly #end = (message: unknown): void => {
    const told = message as CallTrace;
    const span = this.#spans.get(told);
    if (span === undefined) return;
    if ("error" in told) fail(span, told.error);
    span.end(now());
    this.#trees.end(span.spanContext().spanId, "error" in told);
  };
}

/** What both spans of a call say of it. */
export function rpcAttributes(port: string, name: string): Record<string, string> {
  return { "rpc.system.name": "portreeve", "rpc.method": `${port}/${name}` };
}

/** A context whose active span is one of another process. */
export function remote({ traceId, spanId, flags }: Traceparent): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: flags, isRemote: true });
}
