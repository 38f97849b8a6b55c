/**
 * The load of the spike and the crash, as a function of time alone: a steady rate with two tenfold bursts. It is an open
 * loop: requests are due whether or not earlier ones were answered. host/load.ts makes them.
 */

export const BURST_FACTOR = 10;
/** Where the bursts begin and end, as shares of the whole. An accident at a third meets the calm, one at two thirds the burst. */
const BURSTS = [
  { from: 0.1, to: 0.25 },
  { from: 0.6, to: 0.75 },
] as const;
export const ACCIDENTS = [1 / 3, 2 / 3] as const;
/** A sum of fractions may come out as 159.99… where 160 requests are due. */
const ROUNDING = 1e-6;

/**
 * The steady rate as a share of what one core can sign. Tenfold it is more than one core can. A call that leaves the
 * event loop free takes up to half as much again on both of its sides together, and that has room on two cores.
 */
const STEADY_SHARE = 0.12;

/** Requests a second for a signature that takes so many µs. */
export function steadyRate(signMicros: number): number {
  return (STEADY_SHARE * 1e6) / signMicros;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly perMs: number;
  /** Requests that were due before it. */
  readonly before: number;
}

export class Load {
  readonly lengthMs: number;
  readonly #stretches: readonly Stretch[];

  constructor(lengthMs: number, perSecond: number) {
    this.lengthMs = lengthMs;
    const edges = [0, ...BURSTS.flatMap(({ from, to }) => [from, to]), 1];
    let before = 0;
    this.#stretches = edges.slice(1).map((edge, i) => {
      const from = (edges[i] ?? 0) * lengthMs;
      const to = edge * lengthMs;
      const perMs = (perSecond / 1000) * (i % 2 === 1 ? BURST_FACTOR : 1);
      const stretch = { from, to, perMs, before };
      before += (to - from) * perMs;
      return stretch;
    });
  }

  /** How many requests are due up to a moment. */
  due(ms: number): number {
    const at = Math.min(Math.max(ms, 0), this.lengthMs);
    const stretch = this.#stretches.findLast(({ from }) => from <= at);
    if (stretch === undefined) return 0;
    return Math.floor(stretch.before + (at - stretch.from) * stretch.perMs + ROUNDING);
  }

  /** When request number `n` is due, counted from 1: the first moment at which `due` is `n`. */
  dueAt(n: number): number {
    const stretch = this.#stretches.findLast(({ before }) => before < n);
    if (stretch === undefined) return 0;
    return Math.min(stretch.from + (n - stretch.before) / stretch.perMs, this.lengthMs);
  }
}
