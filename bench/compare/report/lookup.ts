/** Finding one's way in the results. Everything may be missing: a run may be partial, and a contender left out. */

import type { JobId } from "../contenders/contender.ts";
import type { Latency, Results, Throughput } from "../results.ts";

/** From the text of bench/results/compare.json, where `null` stands for NaN: a number that was not measured. */
export function parseResults(text: string): Results {
  return JSON.parse(text, (_key, value) => (value === null ? Number.NaN : value)) as Results;
}

export function titleOf(results: Results, id: string): string {
  return results.contenders.find((contender) => contender.id === id)?.title ?? id;
}

export function latencyOf(results: Results, id: string, job: JobId, pinned: boolean): Latency | undefined {
  return results.latency.find((row) => row.contender === id && row.job === job && row.pinned === pinned);
}

export function throughputOf(
  results: Results,
  id: string,
  job: JobId,
  inFlight: number,
): Throughput | undefined {
  return results.throughput.find(
    (row) => row.contender === id && row.job === job && row.inFlight === inFlight,
  );
}

/** In how many calls at once a job was measured, from the least on. */
export function levelsOf(results: Results, job: JobId): number[] {
  const levels = results.throughput.filter((row) => row.job === job).map(({ inFlight }) => inFlight);
  return [...new Set(levels)].toSorted((a, b) => a - b);
}

/** The entry of a contender in a list that has one for each. */
export function entryOf<T extends { readonly contender: string }>(
  list: readonly T[],
  id: string,
): T | undefined {
  return list.find(({ contender }) => contender === id);
}
