/**
 * Timers and clocks as they were when this module was loaded. Fake timers (vitest, jest, sinon) replace the globals later,
 * and a port must go on whatever they do: a process does not wait with them. All of src/ takes them from here.
 */

import { performance } from "node:perf_hooks";

export {
  clearImmediate,
  clearInterval,
  clearTimeout,
  setImmediate,
  setInterval,
  setTimeout,
} from "node:timers";

/** `process.nextTick`: runs a function before the event loop goes on. */
export const nextTick: typeof process.nextTick = process.nextTick.bind(process);

/** `queueMicrotask`. */
export const enqueueMicrotask: typeof queueMicrotask = queueMicrotask;

/** `performance.now()`: ms of a clock that never goes back. */
export const monotonic: () => number = performance.now.bind(performance);

/** `Date.now()`: ms since the epoch. */
export const wallClock: () => number = Date.now;
