/** Calls that somebody waits for, until each is settled: their deadlines, their signals, and how long they took. */

import { Aborts } from "../calls/abort.ts";
import type { Call, CallOwner } from "../calls/call.ts";
import type { CallList } from "../calls/queue.ts";
import { Timing } from "../calls/timing.ts";
import { CallTimeoutError } from "../errors.ts";
import { Failure } from "../wire/failure.ts";

/** What the dispatcher is told. */
export interface UnsettledListener {
  /** The first call that somebody waits for, or the last one that is settled. */
  busy(isBusy: boolean): void;
  /** It is settled while it waits for a worker. */
  left(call: Call, list: CallList): void;
}

export class Unsettled implements CallOwner {
  readonly timing = new Timing();
  readonly #listener: UnsettledListener;
  readonly #cancelGrace: number;
  readonly #aborts = new Aborts((call, reason) => this.giveUp(call, new Failure(() => reason)));
  /** How many there are. */
  size = 0;
  /** How many there were. */
  total = 0;
  timedOut = 0;

  /** @param cancelGrace how long a function may ignore that its call was cancelled, in ms */
  constructor(cancelGrace: number, listener: UnsettledListener) {
    this.#cancelGrace = cancelGrace;
    this.#listener = listener;
  }

  /** Somebody waits for it from now on. */
  watch(call: Call, signal: AbortSignal | undefined): void {
    call.slab.live += 1;
    this.total += 1;
    call.order = this.total;
    this.size += 1;
    if (this.size === 1) this.#listener.busy(true);
    if (signal !== undefined) this.#aborts.add(call, signal);
    if (call.traits.timeout !== 0) this.timing.limit(call, call.traits.timeout);
  }

  /** Nobody waits any more: the caller is told at once, the program is asked to stop, and watched. */
  giveUp(call: Call, failure: Failure): void {
    const isWaiting = call.list !== undefined;
    call.fail(failure);
    const worker = call.worker;
    if (isWaiting || worker === undefined) return;
    worker.cancel(call.id);
    this.timing.limit(call, this.#cancelGrace);
  }

  // What a call tells.

  settled(call: Call, failed: boolean): void {
    call.batch?.remove(call);
    if (call.signal !== undefined) this.#aborts.remove(call);
    if (call.list !== undefined) this.#listener.left(call, call.list);
    const { times, worker } = call;
    if (times === undefined) return;
    this.timing.ended(call, times, worker?.times, failed);
    this.size -= 1;
    if (this.size === 0) this.#listener.busy(false);
  }

  answeredLate(call: Call): void {
    call.batch?.remove(call);
  }

  expired(call: Call): void {
    this.timedOut += 1;
    const { name, traits } = call;
    const message = `${name}: no answer within ${traits.timeout} ms: ${whereabouts(call)}`;
    // What is with a worker can begin before it reads that nobody waits any more.
    const began = call.list === undefined || call.hasBegun;
    this.giveUp(call, new Failure(() => new CallTimeoutError(message, { function: name, began })));
  }

  ignoredCancel(call: Call): void {
    call.worker?.ignoredCancel(call);
  }
}

/** Where a call was when its time was over. */
function whereabouts(call: Call): string {
  if (call.list !== undefined) return "it waited for a worker";
  if (call.worker?.stateOf(call.id) === "never") return "it was with a worker and had not begun yet";
  return "it is running";
}
