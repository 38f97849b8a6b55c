/** Longer loads on one contender: short calls while long ones keep every core busy, and very many calls. */

import type { JobId } from "../contenders/contender.ts";
import type { Quantiles, ShortCalls } from "../results.ts";
import { quantile } from "./cell.ts";
import type { Holder } from "./holder.ts";
import type { Resident } from "./orders.ts";
import { resident } from "./processor.ts";

const SHORT: JobId = "sum";
/** The length of the calls beside the short ones, in µs: 300 ms. */
const LONG_MICROS = 300_000;
/** A million calls are made by so many callers at once. */
const CALLERS = 256;

/** Idle and busy take turns this often. */
const SLICES = 4;

/** `sum` one after the other, half of the time with so many calls of 300 ms on their way. */
export async function shortCalls(holder: Holder, ms: number, busy: number): Promise<ShortCalls> {
  const slice = ms / (2 * SLICES);
  const [idle, loaded]: [number[], number[]] = [[], []];
  await timeShort(holder, slice, 0);
  for (let turn = 0; turn < SLICES; turn += 1) {
    for (const time of await timeShort(holder, slice, 0)) idle.push(time);
    for (const time of await timeShort(holder, slice, busy)) loaded.push(time);
  }
  return { idle: quantiles(idle), loaded: quantiles(loaded) };
}

/** ms of each short call. */
async function timeShort(holder: Holder, ms: number, busy: number): Promise<number[]> {
  const { job: spin } = holder.subject("spin");
  const { job, input } = holder.subject(SHORT);
  const times: number[] = [];
  let over = false;
  const long = async () => {
    while (!over) await spin(LONG_MICROS);
  };
  const longs = Promise.all(Array.from({ length: busy }, long));
  const deadline = performance.now() + ms;
  for (let before = performance.now(); before < deadline; ) {
    await job(input);
    const now = performance.now();
    times.push(now - before);
    before = now;
  }
  over = true;
  await longs;
  return times;
}

function quantiles(times: readonly number[]): Quantiles {
  const sorted = Float64Array.from(times).sort();
  const at = (share: number) => quantile(sorted, share);
  return { calls: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** What is held after so many calls, garbage collected. */
export async function manyCalls(holder: Holder, calls: number): Promise<Resident> {
  const { job, input } = holder.subject(SHORT);
  let left = calls;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      await job(input);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  await collectGarbage();
  return resident(holder.running.pids());
}

/** More than once, for what waits for the end of a stream is only then garbage. */
export async function collectGarbage(): Promise<void> {
  if (globalThis.gc === undefined) throw new Error("the host runs with --expose-gc");
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
}
