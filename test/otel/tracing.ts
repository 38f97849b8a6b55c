/** A tracer that remembers its spans. */
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";

const exporter = new InMemorySpanExporter();
/** Of all spans in this file's process. */
export const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

/** Spans that have ended, and forgets them. */
export function taken(): ReadableSpan[] {
  const spans = exporter.getFinishedSpans();
  exporter.reset();
  return spans;
}

/** Resolves with all spans as soon as there are so many. */
export async function spans(count: number): Promise<ReadableSpan[]> {
  while (exporter.getFinishedSpans().length < count) await new Promise((resolve) => setTimeout(resolve, 1));
  return taken();
}

/** Runs code in a span of its own. @returns the span's ids */
export async function inSpan(code: () => Promise<unknown>): Promise<{ traceId: string; spanId: string }> {
  const span = provider.getTracer("test").startSpan("caller");
  await context.with(trace.setSpan(context.active(), span), code);
  return span.spanContext();
}

/** `child < parent` for each span whose parent is among them, else its name alone. */
export function tree(all: readonly ReadableSpan[]): string[] {
  const names = new Map(all.map((span) => [span.spanContext().spanId, span.name]));
  const line = ({ name, parentSpanContext }: ReadableSpan) => {
    const parent = names.get(parentSpanContext?.spanId ?? "");
    return parent === undefined ? name : `${name} < ${parent}`;
  };
  return all.map(line).toSorted();
}

/** The only span of that name. */
export function only(all: readonly ReadableSpan[], name: string): ReadableSpan {
  const [span, ...others] = all.filter((other) => other.name === name);
  if (span === undefined || others.length > 0) throw new Error(`${others.length + 1} spans called ${name}`);
  return span;
}

/** ns since 1970. */
export function ns([seconds, rest]: readonly [number, number]): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(rest);
}
