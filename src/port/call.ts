/**
 * One call from `port.call()` to its end: where its bytes are, who waits for it, and what holds on to it meanwhile
 * (a queue, a worker's table, the wheel, a signal). It is settled exactly once.
 */

import type { Outgoing } from "../wire/channel.ts";
import type { Failure } from "../wire/failure.ts";
import type { Frame } from "../wire/output.ts";
import type { CallList } from "./queue.ts";
import { isolate } from "./surface.ts";
import type { Times } from "./timing.ts";
import type { Timed } from "./wheel.ts";
import type { Worker } from "./worker.ts";

/** What a call tells its port. */
export interface CallOwner {
  /** It is about to be settled. After a cancellation its slot at a worker stays taken until `answeredLate`. */
  settled(call: Call, failed: boolean): void;
  /** A call that had been given up was answered, or its worker ended. */
  answeredLate(call: Call): void;
  /** Its time is over. */
  timedOut(call: Call): void;
  /** Its worker ignored for too long that it was cancelled. */
  ignored(call: Call): void;
}

/** What kind of call it is. */
export interface CallTraits {
  /** It gets no answer. */
  readonly isCast: boolean;
  /** It is meant for one worker, and no other that comes after it. */
  readonly isBound: boolean;
  /** It may be sent again after it began. */
  readonly idempotent: boolean;
  /** The seat that its `key` leads to; −1: any. */
  readonly seat: number;
  /** ms; 0 for none. */
  readonly timeout: number;
  /** The traceparent of the caller. */
  readonly trace: string | undefined;
  readonly onProgress: ((value: unknown) => void) | undefined;
}

let made = 0;

export class Call implements Outgoing, Timed {
  readonly name: string;
  readonly traits: CallTraits;
  /** The times of its function. */
  readonly times: Times | undefined;
  frame: Frame;
  /** The Id of the last time that it was sent; 0 before. */
  id = 0;
  /** The worker that has it. */
  worker: Worker | undefined;
  /** Which call of this process it is: calls keep their order when they are sent again. */
  readonly order: number;
  /** How often it was sent. */
  attempts = 0;
  /** Deaths that it was to blame for. */
  deaths = 0;
  /** It was running when one of its workers died. */
  hasBegun = false;
  isSettled = false;
  /** ms of `performance.now()`; 0 before. */
  madeAt = 0;
  sentAt = 0;
  /** The queue that it waits in, and its neighbours there. */
  list: CallList | undefined;
  next: Call | undefined;
  previous: Call | undefined;
  deadline = 0;
  wheelNext: Timed | undefined;
  wheelPrevious: Timed | undefined;
  spoke = -1;
  spared = false;
  signal: AbortSignal | undefined;
  readonly #owner: CallOwner;
  readonly #resolve: (outcome: unknown) => void;

  constructor(
    owner: CallOwner,
    name: string,
    traits: CallTraits,
    frame: Frame,
    resolve: (outcome: unknown) => void,
    times?: Times,
  ) {
    this.#owner = owner;
    this.name = name;
    this.traits = traits;
    this.frame = frame;
    this.times = times;
    this.#resolve = resolve;
    made += 1;
    this.order = made;
    frame.slab.live += 1;
  }

  /** It was answered with a value. Too late an answer is no answer. */
  succeed(value: unknown): void {
    this.#settle(value, false);
  }

  /** It failed; a {@link Failure} becomes an error in the caller's own stack. */
  fail(failure: Failure): void {
    this.#settle(failure, true);
  }

  progress(value: unknown): void {
    const { onProgress } = this.traits;
    if (!this.isSettled && onProgress !== undefined) isolate(() => onProgress(value));
  }

  expire(): void {
    if (this.isSettled) this.#owner.ignored(this);
    else this.#owner.timedOut(this);
  }

  #settle(outcome: unknown, failed: boolean): void {
    if (this.isSettled) {
      this.#owner.answeredLate(this);
      return;
    }
    this.isSettled = true;
    this.#owner.settled(this, failed);
    this.#resolve(outcome);
  }
}
