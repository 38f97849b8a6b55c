/** What can be said of one call, and what follows from it. */

import { AsyncResource } from "node:async_hooks";
import { inspect } from "node:util";
import { readTraceparent } from "../wire/traceparent.ts";
import type { CallTraits } from "./call.ts";
import { time } from "./options.ts";

/** Options of one call, or of all calls of a view. */
export interface CallOptions {
  /** ms from `call()` to the answer, queue and restart included. Default: the port's `callTimeout`. */
  readonly timeout?: number;
  /** Aborts the call: it rejects with the signal's reason, and the program is told. */
  readonly signal?: AbortSignal;
  /** The function may run twice: after a death the call is sent again. Default: what the program says of the function. */
  readonly idempotent?: boolean;
  /** Calls of the same key go to the same worker, across restarts. */
  readonly key?: string | number;
  /** Takes what the function reports on its way. */
  readonly onProgress?: (value: unknown) => void;
  /**
   * The trace that the call belongs to, as a traceparent (W3C Trace Context): the function can read it. Default: none;
   * with `portreeve/otel` that of the active span.
   */
  readonly trace?: string | undefined;
}

/** @throws TypeError before anything is sent, or the reason of a signal that is aborted already */
export function checkSignal(name: string, signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  if (!(signal instanceof EventTarget && "aborted" in signal))
    throw new TypeError(`${name}: the option signal must be an AbortSignal, and is ${String(signal)}`);
  if (signal.aborted) throw signal.reason;
}

/** @throws TypeError */
function checkTrace(trace: string | undefined): void {
  if (trace === undefined || readTraceparent(trace) !== undefined) return;
  const form = "00-<32 hex digits>-<16 hex digits>-<2 hex digits>, lower case, no id all zeros";
  throw new TypeError(
    `the option trace must be a W3C traceparent (${form}), and is ${inspect(trace, { maxStringLength: 300 })}`,
  );
}

/**
 * @param usual the traits of a call of this function without options
 * @param isBound it is meant for the worker of this seat alone
 * @throws RangeError, TypeError
 */
export function traitsOf(
  usual: CallTraits,
  options: CallOptions,
  seat: number,
  isBound: boolean,
): CallTraits {
  const { timeout, idempotent = usual.idempotent, onProgress, trace } = options;
  checkTrace(trace);
  const ms = timeout === undefined ? usual.timeout : time("timeout", timeout, 0, 0);
  // What the caller's AsyncLocalStorage holds is there in its callback too.
  const inContext = onProgress === undefined ? undefined : AsyncResource.bind(onProgress);
  return { isCast: false, isBound, idempotent, seat, timeout: ms, trace, onProgress: inContext };
}
