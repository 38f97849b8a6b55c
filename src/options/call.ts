/** What can be said of one call. */

import { readTraceparent } from "../wire/traceparent.ts";
import { callback, checkOptions, duration, flag, signal, type Table } from "./table.ts";

/** Options of one call, or of all calls of a view. */
export interface CallOptions {
  /** From `call()` to the answer, queue and restart included; 0 and `Infinity`: none. Default: the port's `callTimeout`. */
  readonly timeout?: number;
  /** Aborts the call: it rejects with the signal's reason, and the program is told. Default: none. */
  readonly signal?: AbortSignal;
  /** The function may run twice: after a death that took it in the middle the call is sent again. In Rust: `#[portreeve::function(idempotent)]`. Default: what the program says of the function. */
  readonly idempotent?: boolean;
  /** Calls of the same key go to the same worker, across restarts. Default: none. */
  readonly key?: string | number;
  /** Takes what the function reports on its way. Default: none. */
  readonly onProgress?: (value: unknown) => void;
  /**
   * The trace that the call belongs to, as a traceparent (W3C Trace Context): the function can read it. Default: none;
   * with `portreeve/otel` that of the active span.
   */
  readonly trace?: string | undefined;
}

/** Options of a `cast`. */
export type CastOptions = Pick<CallOptions, "key">;
/** Options of a `broadcast`: no worker is chosen, and nothing is sent again. */
export type BroadcastOptions = Omit<CallOptions, "key" | "idempotent">;

const TRACEPARENT = "00-<32 hex digits>-<16 hex digits>-<2 hex digits>, lower case, no id all zeros";

/** The options of `call`, and of a view. */
export const CALL: Table<CallOptions> = {
  timeout: duration(0),
  signal,
  idempotent: flag,
  key: {
    takes: "a string or a number",
    fits: (value) => typeof value === "string" || (typeof value === "number" && !Number.isNaN(value)),
  },
  onProgress: callback,
  trace: {
    takes: `a W3C traceparent (${TRACEPARENT})`,
    fits: (value) => typeof value === "string" && readTraceparent(value) !== undefined,
  },
};

/** The options of `broadcast`. */
export const BROADCAST: Table<BroadcastOptions> = {
  timeout: CALL.timeout,
  signal: CALL.signal,
  onProgress: CALL.onProgress,
  trace: CALL.trace,
};

/** The options of `cast`. */
export const CAST: Table<CastOptions> = { key: CALL.key };

/**
 * @param owner what has these options, in errors: `call()`
 * @throws TypeError, RangeError before anything is sent, or the reason of a signal that is aborted already
 */
export function checkCallOptions(owner: string, table: Table, options: CallOptions): void {
  checkOptions(owner, "", table, options);
  options.signal?.throwIfAborted();
}
