/**
 * The time of day in ms since 1970, in fractions of them: spans of the program, which knows ns, have to lie within those
 * of its host. `Date.now()` alone would be up to a ms too early.
 */
import { monotonic, wallClock } from "../timers.ts";

/** By how much `Date.now()`, whole ms, may be behind or the two clocks apart before the difference counts. */
const TOLERANCE = 2;

let origin = performance.timeOrigin;

/** Now. After a suspend or a change of the system's clock it is right again. */
export function now(): number {
  const elapsed = monotonic();
  const coarse = wallClock();
  if (Math.abs(origin + elapsed - coarse) > TOLERANCE) origin = coarse - elapsed;
  return origin + elapsed;
}

/** A moment of `performance.now()`. */
export function timeOf(moment: number): number {
  return now() - (monotonic() - moment);
}
