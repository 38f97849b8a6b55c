/** Counts what became of calls, and how long they took. Times are in ms; the clock is given. */

import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** Two points of a distribution of times, in ms. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** The numbers since the beginning; can be sent to another process. */
export interface Totals {
  readonly calls: number;
  readonly answered: number;
  /** How many failed, by the reason. */
  readonly failed: Readonly<Record<string, number>>;
  /** Calls that are still open. */
  readonly open: number;
  /** `undefined` when there was no answer. */
  readonly latency: Latency | undefined;
  /** The longest time in which somebody waited and nobody was answered. */
  readonly longestGap: number;
}

/** The numbers of one moment. */
export interface Snapshot extends Totals {
  /** Since the snapshot before this one. */
  readonly recent: { readonly rate: number; readonly latency: Latency | undefined };
}

/** Longer times are counted as this: two minutes. */
const LONGEST_MICROSECONDS = 120_000_000;

export class Tally {
  readonly #now: () => number;
  readonly #failed: Record<string, number> = {};
  readonly #all = histogram();
  readonly #recent = histogram();
  #calls = 0;
  #open = 0;
  #longestGap = 0;
  /** Since when the gap lasts that the next answer ends. */
  #gapSince = 0;
  #snapshotAt: number;

  /** @param now a clock that never goes back, in ms */
  constructor(now: () => number) {
    this.#now = now;
    this.#snapshotAt = now();
  }

  /** A call is made. Gives its start, for {@link answered}. */
  called(): number {
    const now = this.#now();
    if (this.#open === 0) this.#gapSince = now;
    this.#calls += 1;
    this.#open += 1;
    return now;
  }

  /** A call that was made at `start` has its answer. */
  answered(start: number): void {
    const now = this.#now();
    const microseconds = Math.min(Math.max(1, Math.round((now - start) * 1000)), LONGEST_MICROSECONDS);
    this.#all.record(microseconds);
    this.#recent.record(microseconds);
    this.#open -= 1;
    this.#longestGap = Math.max(this.#longestGap, now - this.#gapSince);
    this.#gapSince = now;
  }

  /** A call has failed. */
  failed(reason: string): void {
    this.#open -= 1;
    this.#failed[reason] = (this.#failed[reason] ?? 0) + 1;
  }

  /** The numbers since the beginning. */
  totals(): Totals {
    return {
      calls: this.#calls,
      answered: this.#all.count,
      failed: { ...this.#failed },
      open: this.#open,
      latency: latencyOf(this.#all),
      longestGap: this.#longestGap,
    };
  }

  /** The numbers of now; `recent` begins anew. */
  snapshot(): Snapshot {
    const now = this.#now();
    const seconds = (now - this.#snapshotAt) / 1000;
    const recent = {
      rate: seconds > 0 ? this.#recent.count / seconds : 0,
      latency: latencyOf(this.#recent),
    };
    this.#recent.reset();
    this.#snapshotAt = now;
    return { ...this.totals(), recent };
  }
}

/** How many calls failed, for whatever reason. */
export function failures({ failed }: Totals): number {
  return Object.values(failed).reduce((sum, count) => sum + count, 0);
}

function histogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: LONGEST_MICROSECONDS, figures: 3 });
}

function latencyOf(histogram: RecordableHistogram): Latency | undefined {
  if (histogram.count === 0) return undefined;
  return { p50: histogram.percentile(50) / 1000, p99: histogram.percentile(99) / 1000 };
}
