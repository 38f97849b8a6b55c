/** One cell of the tables: a load on one contender, with what it costs the host's event loop and both sides' processors. */

import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Running } from "../contenders/contender.ts";
import { inFlight, type Load, oneAfterTheOther, type Subject } from "./load.ts";
import type { Cell, CellOrder } from "./orders.ts";
import { type Spent, spent } from "./processor.ts";

/** ms between two looks of the probe, the least there is; it is taken off what the probe sees. */
export const PROBE_MS = 1;

export async function measureCell(running: Running, subject: Subject, order: CellOrder): Promise<Cell> {
  if (order.warmMs > 0) await run(subject, order, order.warmMs);
  const probe = monitorEventLoopDelay({ resolution: PROBE_MS });
  probe.enable();
  const before = spent(running.pids());
  const load = await run(subject, order, order.budgetMs);
  const after = spent(running.pids());
  // The probe notices a delay once the event loop turns again.
  await sleep(2 * PROBE_MS);
  probe.disable();
  return { ...rates(load), ...latency(load), ...delays(probe), ...costs(load, before, after) };
}

function run(subject: Subject, { inFlight: width }: CellOrder, ms: number): Promise<Load> {
  return width === 1 ? oneAfterTheOther(subject, ms) : inFlight(subject, width, ms);
}

function rates({ calls, elapsed }: Load) {
  return { calls, callsPerSecond: (calls * 1000) / elapsed };
}

function latency({ calls, elapsed, times }: Load): Pick<Cell, "latency"> {
  if (times.length === 0) return {};
  return {
    latency: { p50: quantile(times, 0.5), p99: quantile(times, 0.99), mean: (elapsed * 1000) / calls },
  };
}

function delays(probe: IntervalHistogram) {
  const beyond = (nanos: number) => Math.max(0, nanos / 1e6 - PROBE_MS);
  if (probe.count === 0) return { loopP99: 0, loopMax: 0 };
  return { loopP99: beyond(probe.percentile(99)), loopMax: beyond(probe.max) };
}

function costs({ calls }: Load, before: Spent, after: Spent) {
  // Of processes that ended within the cell, less is seen afterwards than before.
  const otherCpu = Math.max(0, after.other - before.other) / calls;
  return { hostCpu: (after.host - before.host) / calls, otherCpu };
}

/** Of sorted numbers; the nearest rank. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
