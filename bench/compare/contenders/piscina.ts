/** piscina: a pool of worker threads that call the addon synchronously. */

import type { Running } from "./contender.ts";
import { load } from "./packages.ts";
import { IN_THREAD, runningPool, WORKERS } from "./pool.ts";

export async function startPiscina(): Promise<Running> {
  const { Piscina } = (await load<{ default: typeof import("piscina") }>("piscina")).default;
  const pool = new Piscina({ filename: IN_THREAD, minThreads: WORKERS, maxThreads: WORKERS });
  return runningPool(
    pool,
    () => [],
    () => pool.destroy(),
  );
}
