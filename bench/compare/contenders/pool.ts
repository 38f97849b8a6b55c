/** What piscina and tinypool have in common: a pool that runs functions of in-thread.ts by their names. */

import { availableParallelism } from "node:os";
import { accidentsByName, type Call, jobsByName } from "./by-name.ts";
import type { Running } from "./contender.ts";
import { PATIENCE } from "./keys.ts";
import { jsonRecords } from "./records-as-json.ts";

export interface Pool {
  run(task: unknown, options: { name: string; signal?: AbortSignal }): Promise<unknown>;
}

/** The functions that the pool's workers load. */
export const IN_THREAD = new URL("./in-thread.js", import.meta.url).href;

/** As many workers as cores, and all of them from the start. */
export const WORKERS = availableParallelism();

/** A caller gives up on an accident after a while: the pool then ends the worker that does it. */
export async function runningPool(
  pool: Pool,
  pids: () => readonly number[],
  stop: () => Promise<void>,
): Promise<Running> {
  const call: Call = (name, args) => pool.run(args, { name });
  const jobs = { ...jobsByName(call), ...jsonRecords(call) };
  const accidents = accidentsByName((name, args) =>
    pool.run(args, { name, signal: AbortSignal.timeout(PATIENCE) }),
  );
  await call("empty", []);
  return { job: (id) => jobs[id], accident: (id) => accidents[id], pids, stop };
}
