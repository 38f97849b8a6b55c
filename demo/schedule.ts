/**
 * When requests are due and when something goes wrong: a function of time alone. The run is four equal stretches, each
 * steady but for a tenfold burst; in the middle of the first three bursts, the worst moment, comes an accident.
 */

/** How much a burst is above the steady rate. */
export const BURST_FACTOR = 10;
const STRETCHES = 4;
/** A sum of fractions may come out as 159.99… where 160 requests are due. */
const ROUNDING = 1e-6;
/** Where in its stretch a burst begins and ends. */
const BURST = { from: 0.6, to: 0.8 } as const;

/** What is done to a worker, by the name of the function that does it. */
export type Accident = "segfault" | "abort" | "loop_forever";

export interface Schedule {
  /** ms from the first request to the last. */
  readonly length: number;
  /** Requests a second at this moment. */
  rate(ms: number): number;
  /** Whether this moment lies in a burst. */
  isBurst(ms: number): boolean;
  /** How many requests are due until this moment: the integral of the rate. */
  due(ms: number): number;
  /** The accidents, in order. */
  readonly accidents: readonly { readonly at: number; readonly what: Accident }[];
}

/**
 * @param seconds how long it lasts
 * @param rate requests a second between the bursts
 */
export function makeSchedule(seconds: number, rate: number): Schedule {
  const length = seconds * 1000;
  const stretch = length / STRETCHES;
  const place = (ms: number) => (ms % stretch) / stretch;
  const isBurst = (ms: number) => ms < length && place(ms) >= BURST.from && place(ms) < BURST.to;
  const middle = (BURST.from + BURST.to) / 2;
  return {
    length,
    isBurst,
    rate: (ms) => (ms >= length ? 0 : rate * (isBurst(ms) ? BURST_FACTOR : 1)),
    due: (ms) => Math.floor(rate * weightedSeconds(Math.min(ms, length), stretch) + ROUNDING),
    accidents: (["segfault", "abort", "loop_forever"] as const).map((what, index) => ({
      what,
      at: (index + middle) * stretch,
    })),
  };
}

/** Seconds from the beginning to `ms`, those within bursts counted tenfold. */
function weightedSeconds(ms: number, stretch: number): number {
  const whole = Math.floor(ms / stretch);
  const part = (ms - whole * stretch) / stretch;
  const within = Math.min(Math.max(part - BURST.from, 0), BURST.to - BURST.from);
  const burst = whole * (BURST.to - BURST.from) + within;
  return ((whole + part + burst * (BURST_FACTOR - 1)) * stretch) / 1000;
}
