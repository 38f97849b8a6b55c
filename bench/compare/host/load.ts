/**
 * The two loads: calls one after the other, each timed, and so many calls on their way. A contender that answers at once
 * has no calls on their way: it makes as many in one turn of the event loop instead, as a server does that has as many
 * requests to answer.
 */

import type { Job } from "../contenders/contender.ts";

/** So many times are kept at most; a cell that has them ends. */
const MOST_TIMES = 1 << 17;
/** ms. A synchronous load lets the event loop turn this often, outside of what is timed. */
const TURN = 1;
/** A look at the clock costs as much as a tenth of the shortest call, so it is not taken for each. */
const BETWEEN_LOOKS = 64;

/** A job as a contender does it. */
export interface Subject {
  readonly job: Job;
  readonly input: unknown;
  /** Whether it answers without a promise. */
  readonly synchronous: boolean;
}

export interface Load {
  readonly calls: number;
  /** ms that the calls took, without the turns of the event loop between synchronous ones. */
  readonly elapsed: number;
  /** µs of each call, sorted; empty when many were on their way. */
  readonly times: Float64Array;
}

/** One call after the other, for so many ms and at least once. */
export async function oneAfterTheOther(subject: Subject, ms: number): Promise<Load> {
  const times = new Float64Array(MOST_TIMES);
  const run = subject.synchronous ? timeSynchronous : timeAwaited;
  const { calls, elapsed } = await run(subject, ms, times);
  return { calls, elapsed, times: times.subarray(0, calls).sort() };
}

async function timeAwaited({ job, input }: Subject, ms: number, times: Float64Array) {
  const start = performance.now();
  const deadline = start + ms;
  let calls = 0;
  let before = start;
  do {
    await job(input);
    const now = performance.now();
    times[calls] = (now - before) * 1000;
    calls += 1;
    before = now;
  } while (before < deadline && calls < times.length);
  return { calls, elapsed: before - start };
}

async function timeSynchronous({ job, input }: Subject, ms: number, times: Float64Array) {
  let [calls, elapsed] = [0, 0];
  do {
    const start = performance.now();
    const turn = start + Math.min(TURN, ms - elapsed);
    let before = start;
    do {
      job(input);
      const now = performance.now();
      times[calls] = (now - before) * 1000;
      calls += 1;
      before = now;
    } while (before < turn && calls < times.length);
    elapsed += before - start;
    await new Promise(setImmediate);
  } while (elapsed < ms && calls < times.length);
  return { calls, elapsed };
}

/** `width` calls on their way at any time, for so many ms and until all are answered. */
export async function inFlight(subject: Subject, width: number, ms: number): Promise<Load> {
  const run = subject.synchronous ? inOneTurn : byCallers;
  return { ...(await run(subject, width, ms)), times: new Float64Array() };
}

async function byCallers({ job, input }: Subject, width: number, ms: number) {
  const start = performance.now();
  const deadline = start + ms;
  let [calls, over] = [0, false];
  const timer = setTimeout(() => {
    over = true;
  }, ms);
  const caller = async () => {
    do {
      await job(input);
      calls += 1;
      // Promises that are fulfilled at once never let the timer have its turn.
      if (calls % BETWEEN_LOOKS === 0 && performance.now() >= deadline) over = true;
    } while (!over);
  };
  try {
    await Promise.all(Array.from({ length: width }, caller));
  } finally {
    clearTimeout(timer);
  }
  return { calls, elapsed: performance.now() - start };
}

async function inOneTurn({ job, input }: Subject, width: number, ms: number) {
  const start = performance.now();
  const deadline = start + ms;
  let calls = 0;
  do {
    for (let i = 0; i < width; i += 1) job(input);
    calls += width;
    await new Promise(setImmediate);
  } while (performance.now() < deadline);
  return { calls, elapsed: performance.now() - start };
}
