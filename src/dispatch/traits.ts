/** What kind of call it is, from the options that it was made with. */

import { AsyncResource } from "node:async_hooks";
import type { CallTraits } from "../calls/call.ts";
import type { CallOptions } from "../options/call.ts";
import { timeoutOf } from "../options/settings.ts";

/** A call that any worker may take. */
export const ANY_WORKER = -1;

/** The traits of a function's call without options. */
export function usualTraits(idempotent: boolean, timeout: number): CallTraits {
  return {
    isCast: false,
    isBound: false,
    idempotent,
    index: ANY_WORKER,
    timeout,
    trace: undefined,
    onProgress: undefined,
  };
}

/**
 * @param usual the traits of a call of this function without options
 * @param index the worker that it goes to; `ANY_WORKER` for any
 * @param isBound it is meant for that worker alone
 */
export function traitsOf(
  usual: CallTraits,
  options: CallOptions,
  index: number,
  isBound: boolean,
): CallTraits {
  const { timeout, idempotent = usual.idempotent, onProgress, trace } = options;
  const ms = timeout === undefined ? usual.timeout : timeoutOf(timeout);
  // What the caller's AsyncLocalStorage holds is there in its callback too.
  const inContext = onProgress === undefined ? undefined : AsyncResource.bind(onProgress);
  return { isCast: false, isBound, idempotent, index, timeout: ms, trace, onProgress: inContext };
}

export function castTraits(index: number): CallTraits {
  return { ...usualTraits(false, 0), isCast: true, index };
}
