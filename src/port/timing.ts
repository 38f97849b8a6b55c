/**
 * When calls were made, sent and answered. A clock costs a tenth of a call, so it is read once for all calls of a tick,
 * at its end, and once for all answers of a chunk. A deadline that is counted from the end of the tick is never early.
 */

import { monotonic, nextTick } from "../timers.ts";
import type { Call } from "./call.ts";
import { Failures } from "./failures.ts";
import { type Distribution, Histogram } from "./histogram.ts";
import { Batch, type Timed, Wheel } from "./wheel.ts";

/** What is known of the calls of one function, or of one worker; times in ms. */
export interface TimesStats {
  readonly calls: number;
  readonly failed: number;
  /** Those that failed by the code of their error; `ABORTED` where their signal was. Of a worker: nothing. */
  readonly failures: Readonly<Record<string, number>>;
  /** From the call to its being sent to a worker. */
  readonly wait: Distribution;
  /** From its being sent to the answer. */
  readonly run: Distribution;
}

/** The times of one function's calls, or one worker's. */
export class Times {
  calls = 0;
  failed = 0;
  readonly failures = new Failures();
  /** From the call to its being sent. */
  readonly wait = new Histogram();
  /** From its being sent to the answer. */
  readonly run = new Histogram();

  /** `calls` of them took the same time. */
  record(wait: number, run: number, failed: boolean, calls: number): void {
    this.calls += calls;
    if (failed) this.failed += calls;
    this.wait.record(wait, calls);
    this.run.record(run, calls);
  }

  stats(): TimesStats {
    const { calls, failed } = this;
    const failures = Object.fromEntries(this.failures.counts);
    return { calls, failed, failures, wait: this.wait.distribution(), run: this.run.distribution() };
  }
}

/** A moment that many calls share. */
export interface Moment {
  /** ms of `performance.now()`; 0 while it lies in the future. */
  ms: number;
}

/** Calls that were made, sent and answered together. */
interface Group {
  readonly made: Moment;
  readonly sent: Moment | undefined;
  readonly times: Times;
  readonly worker: Times | undefined;
  readonly failed: boolean;
  calls: number;
}

export class Timing {
  readonly #wheel = new Wheel();
  /** The end of this tick, and the deadlines that count from it, by their ms. */
  #tick: Moment | undefined;
  #batches = new Map<number, Batch>();
  #batch: Batch | undefined;
  /** Of what happens in one go. */
  #present: Moment | undefined;
  #group: Group | undefined;

  /** The end of this tick of the event loop. */
  tick(): Moment {
    if (this.#tick !== undefined) return this.#tick;
    this.#tick = { ms: 0 };
    nextTick(stamp, this);
    return this.#tick;
  }

  /** Lets an entry expire `ms` after the end of this tick. */
  limit(entry: Timed, ms: number): void {
    if (ms === Number.POSITIVE_INFINITY) return;
    this.tick();
    if (this.#batch?.ms !== ms) this.#batch = this.#batchOf(ms);
    this.#batch.add(entry);
  }

  #batchOf(ms: number): Batch {
    const known = this.#batches.get(ms);
    if (known !== undefined) return known;
    const batch = new Batch(ms);
    this.#batches.set(ms, batch);
    return batch;
  }

  stamp(): void {
    const now = monotonic();
    if (this.#tick !== undefined) this.#tick.ms = now;
    this.#tick = undefined;
    const batches = this.#batches;
    if (batches.size === 0) return;
    this.#batches = new Map();
    this.#batch = undefined;
    for (const batch of batches.values()) this.#wheel.add(batch, now + batch.ms);
  }

  /** Now, the same for all that happens in one go. */
  present(): Moment {
    if (this.#present !== undefined) return this.#present;
    this.#present = { ms: monotonic() };
    nextTick(forget, this);
    return this.#present;
  }

  forget(): void {
    this.record();
    this.#present = undefined;
  }

  /** A call was answered or failed. @param worker the times of the worker that had it */
  ended(call: Call, times: Times, worker: Times | undefined, failed: boolean): void {
    this.present();
    const { made, sent } = call;
    const group = this.#group;
    if (
      group?.made === made &&
      group.sent === sent &&
      group.times === times &&
      group.worker === worker &&
      group.failed === failed
    ) {
      group.calls += 1;
      return;
    }
    this.record();
    this.#group = { made, sent, times, worker, failed, calls: 1 };
  }

  /** Brings the times up to date. */
  record(): void {
    const group = this.#group;
    if (group === undefined) return;
    this.#group = undefined;
    const { made, sent, times, worker, failed, calls } = group;
    const now = this.present().ms;
    const sentAt = sent === undefined || sent.ms === 0 ? now : sent.ms;
    const wait = made.ms === 0 ? 0 : Math.max(0, sentAt - made.ms);
    const run = Math.max(0, now - sentAt);
    times.record(wait, run, failed, calls);
    worker?.record(wait, run, failed, calls);
  }
}

function stamp(timing: Timing): void {
  timing.stamp();
}

function forget(timing: Timing): void {
  timing.forget();
}
