/**
 * The trace that a call belongs to, as W3C Trace Context writes it
 * (https://www.w3.org/TR/trace-context/#traceparent-header). The program reads it in
 * rust-port/portreeve/src/observe/traceparent.rs.
 */

const FORM =
  /^(?!ff)[0-9a-f]{2}-(?<traceId>(?!0{32})[0-9a-f]{32})-(?<spanId>(?!0{16})[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<rest>-[\x20-\x7e]{0,200})?$/;

/** What a traceparent says. */
export interface Traceparent {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits: the caller's span. */
  readonly spanId: string;
  /** The lowest bit: the caller records this trace. */
  readonly flags: number;
}

/** Takes a traceparent apart; undefined when it is malformed. A later version than 00 may have more at its end. */
export function readTraceparent(text: unknown): Traceparent | undefined {
  const groups = typeof text === "string" ? FORM.exec(text)?.groups : undefined;
  if (groups === undefined || (groups.rest !== undefined && String(text).startsWith("00"))) return undefined;
  const { traceId = "", spanId = "", flags = "" } = groups;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) };
}

/** Version 00 of it. */
export function writeTraceparent({ traceId, spanId, flags }: Traceparent): string {
  return `00-${traceId}-${spanId}-${(flags & 0xff).toString(16).padStart(2, "0")}`;
}
