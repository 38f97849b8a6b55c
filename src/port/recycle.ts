/** When a worker is replaced though nothing is wrong with it. The decision is pure; the memory is read from Linux. */

import { readFile } from "node:fs/promises";
import type { Recycle } from "./options.ts";

/** What is known of a worker. */
export interface Wear {
  readonly calls: number;
  /** ms since it was ready */
  readonly age: number;
  /** bytes of resident memory; 0 when unknown */
  readonly rss: number;
}

/** Why a worker is to be replaced, in words; undefined when it is not. */
export function worn({ maxCalls, maxAge, maxRss }: Recycle, { calls, age, rss }: Wear): string | undefined {
  if (maxCalls !== undefined && calls >= maxCalls) return `has answered ${calls} calls (recycle.maxCalls)`;
  if (maxAge !== undefined && age >= maxAge) return `is ${Math.round(age)} ms old (recycle.maxAge)`;
  if (maxRss !== undefined && rss > maxRss) return `takes ${rss} bytes of memory (recycle.maxRss)`;
  return undefined;
}

/** Resident memory of a process in bytes (proc_pid_status(5), VmRSS); 0 where that cannot be read. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
