/**
 * When calls were made, sent and answered. A clock costs a tenth of a call, so it is read once for all calls of a tick,
 * at its end, and once for all answers of a chunk. A deadline that is counted from the end of the tick is never early.
 */

import type { Call } from "./call.ts";
import { type Distribution, Histogram } from "./histogram.ts";

/** What is known of the calls of one function, or of one worker; times in ms. */
export interface TimesStats {
  readonly calls: number;
  readonly failed: number;
  /** From the call to its being sent to a worker. */
  readonly wait: Distribution;
  /** From its being sent to the answer. */
  readonly run: Distribution;
}

/** The times of one function's calls, or one worker's. */
export class Times {
  calls = 0;
  failed = 0;
  /** From the call to its being sent. */
  readonly wait = new Histogram();
  /** From its being sent to the answer. */
  readonly run = new Histogram();

  record(wait: number, run: number, failed: boolean): void {
    this.calls += 1;
    if (failed) this.failed += 1;
    this.wait.record(wait);
    this.run.record(run);
  }

  stats(): TimesStats {
    const { calls, failed } = this;
    return { calls, failed, wait: this.wait.distribution(), run: this.run.distribution() };
  }
}

export class Timing {
  readonly #start: (call: Call) => void;
  #made: Call[] = [];
  #now = 0;

  /** @param start is called with each call when its time begins */
  constructor(start: (call: Call) => void) {
    this.#start = start;
  }

  /** ms of `performance.now()`, the same for all that happens in one go. */
  now(): number {
    if (this.#now === 0) {
      this.#now = performance.now();
      process.nextTick(forget, this);
    }
    return this.#now;
  }

  forget(): void {
    this.#now = 0;
  }

  /** A call was made; its time begins at the end of the tick. */
  made(call: Call): void {
    if (this.#made.length === 0) process.nextTick(stamp, this);
    this.#made.push(call);
  }

  stamp(): void {
    const now = performance.now();
    const made = this.#made;
    this.#made = [];
    for (const call of made) {
      call.madeAt = now;
      if (call.attempts > 0) call.sentAt = now;
      if (!call.isSettled) this.#start(call);
    }
  }

  /** A call was answered or failed. @param worker the times of the worker that had it */
  ended(call: Call, times: Times, worker: Times | undefined, failed: boolean): void {
    const now = this.now();
    const sentAt = call.sentAt === 0 ? now : call.sentAt;
    const wait = call.madeAt === 0 ? 0 : Math.max(0, sentAt - call.madeAt);
    const run = Math.max(0, now - sentAt);
    times.record(wait, run, failed);
    worker?.record(wait, run, failed);
  }
}

function stamp(timing: Timing): void {
  timing.stamp();
}

function forget(timing: Timing): void {
  timing.forget();
}
