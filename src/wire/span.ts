/**
 * A span of the program, from `{span, Map}`: what its function did, in `tracing` spans, while it ran a traced call. The
 * program writes it in rust-port/portreeve/src/observe/spans/record.rs, and only to a host that takes spans.
 */

import { ProtocolError } from "../errors.ts";

/** A span that is closed. Children come before their parents. */
export interface ProgramSpan {
  /** The traceparent of the call that it belongs to. */
  readonly trace: string;
  /** 16 hex digits. */
  readonly id: string;
  /** The span that it is in; for the call's own span that is the one in `trace`. */
  readonly parent: string;
  /** For the call's own span the function's name. */
  readonly name: string;
  /** Where in the program it was made; `"portreeve"` for the call's own span. */
  readonly target: string;
  /** `"trace"`, `"debug"`, `"info"`, `"warn"` or `"error"`. */
  readonly level: string;
  /** ns since 1970. */
  readonly start: bigint;
  /** ns since 1970. */
  readonly end: bigint;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What went wrong in it. */
  readonly error: string | undefined;
  /** Of the error of a failed call: `"error"`, `"panic"`, `"cancelled"`, … */
  readonly kind: string | undefined;
  /** The size of its message, in bytes. */
  readonly bytes: number;
}

/**
 * @param bytes the size of its message
 * @throws ProtocolError when something is missing or of another type
 */
export function readSpan(term: unknown, bytes: number): ProgramSpan {
  if (typeof term !== "object" || term === null) throw new ProtocolError("a span that is no map");
  const map = term as Record<string, unknown>;
  return {
    trace: text(map, "trace"),
    id: text(map, "id"),
    parent: text(map, "parent"),
    name: text(map, "name"),
    target: text(map, "target"),
    level: text(map, "level"),
    start: time(map, "start"),
    end: time(map, "end"),
    fields: (map.fields ?? {}) as Record<string, unknown>,
    error: map.error === undefined ? undefined : text(map, "error"),
    kind: map.kind === undefined ? undefined : text(map, "kind"),
    bytes,
  };
}

function text(map: Record<string, unknown>, key: string): string {
  const value = map[key];
  if (typeof value === "string") return value;
  throw new ProtocolError(`a span whose ${key} is ${value === undefined ? "missing" : "no text"}`);
}

function time(map: Record<string, unknown>, key: string): bigint {
  const value = map[key];
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return BigInt(value as number | bigint);
  throw new ProtocolError(`a span whose ${key} is no integer`);
}
