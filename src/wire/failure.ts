/**
 * Why a call failed, kept as facts until the caller's own stack is there to make the error in: an error that is made
 * in a promise which the caller's own one follows shows the caller's line (`reject` in src/calls/call.ts;
 * https://v8.dev/blog/fast-async#improved-developer-experience).
 * What the program says in `{error, Id, Map}` is written by rust-port/portreeve/src/wire/failure.rs.
 */

import {
  type CallArgument,
  CallError,
  type CallErrorCode,
  CallTimeoutError,
  OverloadedError,
  PortClosedError,
  ProtocolError,
} from "../errors.ts";
import { printableBlock } from "../printable.ts";

/** Makes the error of one call. */
export class Failure {
  readonly #make: () => unknown;
  constructor(make: () => unknown) {
    this.#make = make;
  }
  /** The error; to be called where the stack leads to the caller. */
  toError(): unknown {
    return this.#make();
  }
}

/** A Map: the program may say any word, `constructor` too. */
const CODES: ReadonlyMap<string, CallErrorCode> = new Map([
  ["undef", "CALL_UNDEF"],
  ["badarg", "CALL_BADARG"],
  ["error", "CALL_ERROR"],
  ["panic", "CALL_PANIC"],
  ["stale", "CALL_STALE"],
]);

/**
 * The failure that `{error, Id, Map}` says.
 * @param name the function that was called
 * @param term the map, in the plain view
 */
export function failureOf(name: string, term: unknown): Failure {
  return new Failure(() => errorOf(name, term));
}

function errorOf(name: string, term: unknown): unknown {
  const map = (typeof term === "object" && term !== null ? term : {}) as Record<string, unknown>;
  const kind = String(map.kind ?? "error");
  const said = printableBlock(typeof map.message === "string" ? map.message : kind);
  const message = said.startsWith(`${name}: `) ? said : `${name}: ${said}`;
  const info = { function: name };
  const code = CODES.get(kind);
  if (code !== undefined) return new CallError(code, message, { ...info, ...details(map) });
  if (kind === "timeout") return new CallTimeoutError(message, info);
  if (kind === "overloaded") return new OverloadedError(message, info);
  if (kind === "stopping") return new PortClosedError(message, info);
  if (kind === "cancelled") return new DOMException(message, "AbortError");
  return new ProtocolError(message, info);
}

function details(map: Record<string, unknown>): {
  argument: CallArgument | undefined;
  data: unknown;
  location: string | undefined;
} {
  const location = map.location;
  return {
    argument: argumentOf(map.argument),
    data: map.data,
    location: typeof location === "string" ? location : undefined,
  };
}

function argumentOf(term: unknown): CallArgument | undefined {
  if (typeof term !== "object" || term === null) return undefined;
  const map = term as Record<string, unknown>;
  const argument: Record<string, unknown> = {};
  if (typeof map.index === "number") argument.index = map.index;
  for (const key of ["name", "path", "expected", "got"]) {
    if (typeof map[key] === "string" && map[key] !== "") argument[key] = map[key];
  }
  return argument;
}
