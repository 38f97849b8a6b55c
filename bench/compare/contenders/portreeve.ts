/** portreeve itself, with what a service has on: a time limit for every call, and the statistics, which are always on. */

import { open, type Port } from "portreeve";
import { programPath } from "../programs.ts";
import { accidentsByName, jobsByName } from "./by-name.ts";
import type { Running } from "./contender.ts";
import { PATIENCE } from "./keys.ts";

const CALL_TIMEOUT = 10_000;
/** A worker that leaks is replaced in time, as in a service. */
const MOST_RESIDENT = 448 << 20;
/** Sixteen calls of 8 MB at once are more than the 64 MiB that wait by default. */
const MOST_BYTES = 1 << 29;

export async function startPort(workers: number): Promise<Running> {
  const port = await open(programPath("compute"), {
    workers,
    callTimeout: CALL_TIMEOUT,
    maxQueueBytes: MOST_BYTES,
    recycle: { maxRss: MOST_RESIDENT },
    stderr: "ignore",
  });
  const jobs = jobsByName((name, args) => port.call(name, args));
  const accidents = accidentsByName((name, args) => port.call(name, args, { timeout: PATIENCE }));
  return {
    job: (id) => jobs[id],
    accident: (id) => accidents[id],
    pids: () => pidsOf(port),
    stop: () => port.close(),
  };
}

function pidsOf(port: Port): number[] {
  return port.stats().workers.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
}
