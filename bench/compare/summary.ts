/** The results in a few lines, for a terminal: the report has all of them. */

import { columns } from "./check/table.ts";
import { median } from "./measure/statistics.ts";
import type { Latency, Results, Throughput } from "./results.ts";

export function summary(results: Results): string {
  const { about, leftOut } = results;
  const head = `${about.rounds} rounds, ${about.machine.cores} × ${about.machine.cpu}, Node ${about.node}, ${about.rustc}`;
  const jobs = [...new Set(results.latency.filter(({ pinned }) => !pinned).map(({ job }) => job))];
  const tables = jobs.map((job) => table(results, job));
  const out = leftOut.map(({ contender, job, why }) => `  ${contender}${job ? `, ${job}` : ""}: ${why}`);
  return [head, ...tables, ...(out.length === 0 ? [] : [`Left out:\n${out.join("\n")}`])].join("\n\n");
}

function table(results: Results, job: string): string {
  const throughput = results.throughput.filter((row) => row.job === job);
  const levels = [...new Set(throughput.map(({ inFlight }) => inFlight))].toSorted((a, b) => a - b);
  const rows = results.contenders.flatMap(({ id, title }) => {
    const mine = (row: Latency | Throughput) => row.contender === id && row.job === job;
    const one = results.latency.find((row) => mine(row) && !row.pinned);
    if (one === undefined) return [];
    const pinned = results.latency.find((row) => mine(row) && row.pinned);
    const rates = levels.map((level) => {
      const row = throughput.find((each) => mine(each) && each.inFlight === level);
      return row === undefined ? "" : Math.round(median(row.callsPerSecond)).toLocaleString("en");
    });
    return [[title, micros(one.p50), micros(one.p99), pinned ? micros(pinned.p50) : "", ...rates]];
  });
  const head = [job, "p50 µs", "p99 µs", "one core", ...levels.map((level) => `${level}: calls/s`)];
  return columns([head, ...rows], 1);
}

function micros(rounds: readonly number[]): string {
  const value = median(rounds);
  return value.toLocaleString("en", { maximumSignificantDigits: value >= 100 ? 4 : 3 });
}
