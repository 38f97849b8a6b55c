/** tinypool with its child_process runtime: a pool of Node processes that call the addon synchronously. */

import type { Running } from "./contender.ts";
import { load } from "./packages.ts";
import { IN_THREAD, runningPool, WORKERS } from "./pool.ts";

export async function startTinypool(): Promise<Running> {
  const { Tinypool } = await load<typeof import("tinypool")>("tinypool");
  const pool = new Tinypool({
    filename: IN_THREAD,
    runtime: "child_process",
    serialization: "advanced",
    minThreads: WORKERS,
    maxThreads: WORKERS,
  });
  return runningPool(
    pool,
    // Of a process it is the process id.
    () => pool.threads.map(({ threadId }) => threadId),
    () => pool.destroy(),
  );
}
