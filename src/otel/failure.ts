/** What a span says of an error. */

import { type Span, SpanStatusCode } from "@opentelemetry/api";
import { isError, reasonOf } from "../reason.ts";
import { now } from "./clock.ts";

/**
 * Marks a span as failed, with the error's code as `error.type`. What its own caller gave up (an AbortError) has not
 * failed: it gets `portreeve.cancelled`, and no status.
 */
export function fail(span: Span, error: unknown): void {
  if (!isError(error)) {
    const reason = reasonOf(error);
    mark(span, typeof error, reason);
    span.recordException(reason, now());
  } else if (error.name === "AbortError") {
    span.setAttribute("portreeve.cancelled", true);
  } else {
    const { code } = error as { code?: unknown };
    mark(span, typeof code === "string" ? code : error.name, error.message);
    span.recordException(error, now());
  }
}

/** @param type what class of error it is, for counting */
export function mark(span: Span, type: string, message: string): void {
  span.setAttribute("error.type", type);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
