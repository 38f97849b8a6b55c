/**
 * One call from `port.call()` to its end: where its bytes are, who waits for it, and what holds on to it meanwhile
 * (a queue, a worker's table, the wheel, a signal). It is settled exactly once.
 */

import { callUser } from "../call-user.ts";
import type { Times } from "../metrics/times.ts";
import type { CallState } from "../process/blackbox.ts";
import type { Failure } from "../wire/failure.ts";
import type { Outgoing } from "../wire/outbox.ts";
import { NO_SLAB, type Slab } from "../wire/output.ts";
import { withCallersStack } from "./caller.ts";
import type { CallList } from "./queue.ts";
import type { Moment } from "./timing.ts";
import type { Batch, Timed } from "./wheel.ts";

/** What a call tells its port. */
export interface CallOwner {
  /** It is settled. After a cancellation its slot at a worker stays taken until `answeredLate`. */
  settled(call: Call, failed: boolean): void;
  /** A call that had been given up was answered, or its worker ended. */
  answeredLate(call: Call): void;
  /** Its time is over. */
  expired(call: Call): void;
  /** Its worker ignored for too long that it was cancelled. */
  ignoredCancel(call: Call): void;
}

/** The worker that has a call, as far as the call is concerned. */
export interface CallWorker {
  readonly times: Times;
  /** Whether the function of this call began. */
  stateOf(id: number): CallState;
  /** Tells the program that nobody waits for the call any more. */
  cancel(id: number): void;
  /** This call was cancelled `cancelGrace` ms ago and goes on. */
  ignoredCancel(call: Call): void;
}

/** What kind of call it is. */
export interface CallTraits {
  /** It gets no answer. */
  readonly isCast: boolean;
  /** It is meant for one worker, and no other that comes after it. */
  readonly isBound: boolean;
  /** It may be sent again after it began. */
  readonly idempotent: boolean;
  /** The worker index that its `key` leads to; −1: any. */
  readonly index: number;
  /** ms; 0 for none. */
  readonly timeout: number;
  /** The traceparent of the caller. */
  readonly trace: string | undefined;
  readonly onProgress: ((value: unknown) => void) | undefined;
}

export class Call implements Outgoing, Timed {
  readonly name: string;
  readonly traits: CallTraits;
  /** The times of its function. */
  readonly times: Times | undefined;
  // Where its frame lies.
  slab: Slab = NO_SLAB;
  start = 0;
  end = 0;
  bytes = 0;
  /** The Id of the last time that it was sent; 0 before. */
  id = 0;
  /** The worker that has it. */
  worker: CallWorker | undefined = undefined;
  /** Which call of its port it is: calls keep their order when they are sent again. */
  order = 0;
  /** How often it was sent. */
  attempts = 0;
  /** Deaths that it was to blame for. */
  deaths = 0;
  /** It was running when one of its workers died. */
  hasBegun = false;
  isSettled = false;
  /** The end of the tick in which it was made, and when it was sent last. */
  made: Moment;
  sent: Moment | undefined = undefined;
  /** The queue that it waits in, and its neighbours there. */
  list: CallList | undefined = undefined;
  next: Call | undefined = undefined;
  previous: Call | undefined = undefined;
  batch: Batch | undefined = undefined;
  place = 0;
  signal: AbortSignal | undefined = undefined;
  /** Settles the promise of whoever waits. */
  resolve: (outcome: unknown) => void = noop;
  readonly #owner: CallOwner;

  /** @param made the end of this tick */
  constructor(owner: CallOwner, name: string, traits: CallTraits, made: Moment, times?: Times) {
    this.#owner = owner;
    this.name = name;
    this.traits = traits;
    this.made = made;
    this.times = times;
  }

  /** It was answered with a value. Too late an answer is no answer. */
  succeed(value: unknown): void {
    if (this.isSettled) this.#owner.answeredLate(this);
    else {
      this.isSettled = true;
      this.resolve(value);
      this.#owner.settled(this, false);
    }
  }

  /** It failed; a {@link Failure} becomes an error in the caller's own stack. */
  fail(failure: Failure): void {
    if (this.isSettled) this.#owner.answeredLate(this);
    else {
      this.isSettled = true;
      // Before its port is told: a listener to "drain" may run then.
      if (this.resolve !== noop) this.resolve(reject(failure, this.name, this.times));
      this.#owner.settled(this, true);
    }
  }

  progress(value: unknown): void {
    const { onProgress } = this.traits;
    if (!this.isSettled && onProgress !== undefined) callUser(() => onProgress(value));
  }

  expire(): void {
    if (this.isSettled) this.#owner.ignoredCancel(this);
    else this.#owner.expired(this);
  }
}

/** The answer of a cast, which has none. */
function noop(): void {}

/** A failure as a rejection. Two turns later the caller's promise follows this one, and the stack leads to the caller. */
async function reject(failure: Failure, name: string, times: Times | undefined): Promise<never> {
  await undefined;
  await undefined;
  const error = failure.toError();
  times?.failures.add(error);
  throw withCallersStack(error, reject, name);
}

let captured: (outcome: unknown) => void = noop;

/** One function for all promises: a closure for each would hold everything that is in its scope. */
function capture(resolve: (outcome: unknown) => void): void {
  captured = resolve;
}

/** What the caller of this call waits for. */
export function promiseOf(call: Call): Promise<unknown> {
  const promise = new Promise(capture);
  call.resolve = captured;
  return promise;
}
