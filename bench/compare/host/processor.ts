/** Processor time and resident memory of this process and of the ones that work for it, as Linux counts them. */

import { readdirSync, readFileSync } from "node:fs";
import type { Resident } from "./orders.ts";

/** proc_pid_stat(5) counts in these; Linux has 100 a second on every architecture that Node runs on. */
const TICK_MICROS = 10_000;

/** µs since the start of each. */
export interface Spent {
  readonly host: number;
  readonly other: number;
}

export function spent(pids: readonly number[]): Spent {
  const { user, system } = process.cpuUsage();
  return { host: user + system, other: sum(pids.map(microsOf)) + reaped() };
}

/** /proc/PID/task/TID/schedstat: ns on a processor, of every thread that is still there. */
function microsOf(pid: number): number {
  const threads = attempt(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  const nanos = threads.map((thread) => {
    const text = attempt(() => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8"));
    return Number(text?.split(" ")[0] ?? 0);
  });
  return sum(nanos) / 1000;
}

/** cutime and cstime: children that have ended, in ticks. */
function reaped(): number {
  const text = attempt(() => readFileSync("/proc/self/stat", "utf8")) ?? "";
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) * TICK_MICROS;
}

export function resident(pids: readonly number[]): Resident {
  return { host: residentOf(process.pid), other: sum(pids.map(residentOf)) };
}

/** smaps_rollup counts the pages; the sum in statm may be off by half a megabyte. */
export function residentOf(pid: number): number {
  const text = attempt(() => readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  const kibibytes = text?.match(/^Rss:\s+(\d+) kB$/m)?.[1];
  return Number(kibibytes ?? 0) * 1024;
}

/** A process or thread may end between the listing and the look: then it counts no more. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
