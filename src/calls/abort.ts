/**
 * One listener a signal, however many calls it is given to: a signal that lives as long as the server would otherwise
 * collect listeners, and Node would warn of a leak.
 */

import type { Call } from "./call.ts";

/** Calls by the signal that can abort them. */
export class Aborts {
  readonly #calls = new Map<AbortSignal, Set<Call>>();
  readonly #abort: (call: Call, reason: unknown) => void;

  /** @param abort ends a call whose signal was aborted */
  constructor(abort: (call: Call, reason: unknown) => void) {
    this.#abort = abort;
  }

  /** Watches the call's signal until `remove`. */
  add(call: Call, signal: AbortSignal): void {
    call.signal = signal;
    const calls = this.#calls.get(signal);
    if (calls !== undefined) {
      calls.add(call);
      return;
    }
    this.#calls.set(signal, new Set([call]));
    signal.addEventListener("abort", this.#onAbort);
  }

  remove(call: Call): void {
    const { signal } = call;
    if (signal === undefined) return;
    call.signal = undefined;
    const calls = this.#calls.get(signal);
    calls?.delete(call);
    if (calls?.size === 0) this.#forget(signal);
  }

  readonly #onAbort = (event: Event): void => {
    const signal = event.target as AbortSignal;
    const calls = this.#calls.get(signal) ?? new Set();
    this.#forget(signal);
    for (const call of calls) this.#abort(call, signal.reason);
  };

  #forget(signal: AbortSignal): void {
    this.#calls.delete(signal);
    signal.removeEventListener("abort", this.#onAbort);
  }
}
