/** When a worker is replaced though nothing is wrong with it. The decision is pure; the memory is read from Linux. */

import { readFile } from "node:fs/promises";
import type { Recycle } from "../options/open.ts";

/** What is known of a worker. */
export interface Usage {
  /** Calls and casts that it was given. */
  readonly calls: number;
  /** ms since it was ready */
  readonly age: number;
  /** bytes of resident memory; 0 when unknown */
  readonly rss: number;
}

/** The part of `maxAge` that is left to chance, so that the workers of a port are not all replaced at the same time. */
const SPREAD = 0.1;

/** Why a worker is to be replaced, in words; undefined when it is not. */
export function dueForRecycling(
  { maxCalls, maxAge, maxRss }: Recycle,
  { calls, age, rss }: Usage,
): string | undefined {
  if (maxCalls !== undefined && calls >= maxCalls) return `was given ${calls} calls (recycle.maxCalls)`;
  if (maxAge !== undefined && age >= maxAge) return `is ${Math.round(age)} ms old (recycle.maxAge)`;
  if (maxRss !== undefined && rss > maxRss) return `takes ${rss} bytes of memory (recycle.maxRss)`;
  return undefined;
}

/** At which age a worker is replaced, in ms: one alone at `maxAge`, each of several up to a tenth earlier. @param chance 0 to 1 */
export function spread(maxAge: number, workers: number, chance: number): number {
  return workers === 1 ? maxAge : maxAge * (1 - SPREAD * chance);
}

/** Resident memory of a process in bytes (proc_pid_status(5), VmRSS); 0 where that cannot be read. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
