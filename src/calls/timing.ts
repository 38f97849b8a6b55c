/**
 * When calls were made, sent and answered. A clock costs a tenth of a call, so it is read once for all calls of a tick,
 * at its end, and once for all answers of a chunk. A deadline that is counted from the end of the tick is never early.
 */

import type { Times } from "../metrics/times.ts";
import { monotonic, nextTick } from "../timers.ts";
import type { Call } from "./call.ts";
import { Batch, type Timed, Wheel } from "./wheel.ts";

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
