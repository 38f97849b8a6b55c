/** What a run leaves behind, as the system sees it and not as the port says it. */
import { readdirSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export interface Remains {
  /** Processes that this one started and did not reap; zombies count (proc_pid_task(5), children). */
  readonly children: number;
  readonly descriptors: number;
  /** Bytes of live objects, and of buffers outside of the heap. */
  readonly heap: number;
  readonly buffers: number;
  /** Bytes of resident memory. */
  readonly rss: number;
}

/** Counts, after the garbage has been collected, that which only waits for the end of a stream included. */
export async function remains(): Promise<Remains> {
  for (let round = 0; round < 3; round += 1) {
    collectGarbage();
    await new Promise(setImmediate);
  }
  const { heapUsed: heap, arrayBuffers: buffers, rss } = process.memoryUsage();
  return { children: children(), descriptors: readdirSync("/proc/self/fd").length, heap, buffers, rss };
}

function children(): number {
  return readdirSync("/proc/self/task")
    .flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, "utf8").split(" "))
    .filter(Boolean).length;
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");
