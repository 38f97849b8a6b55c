/** The numbers of a port at one moment. */

import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { PortStats, WorkerStats } from "../metrics/stats.ts";
import { Times } from "../metrics/times.ts";
import type { WorkerKeeper } from "../pool/keeper.ts";

export function statsOf({ pool, waiting, unsettled, functions, counts }: Dispatcher): PortStats {
  unsettled.timing.record();
  const workers = pool.keepers.map(workerStats);
  return {
    calls: unsettled.total,
    casts: counts.casts,
    lostCasts: counts.lostCasts,
    unsettled: unsettled.size,
    queued: waiting.size,
    queuedBytes: waiting.bytes,
    timedOut: unsettled.timedOut,
    resent: counts.resent,
    restarts: workers.reduce((sum, worker) => sum + worker.restarts, 0),
    workers,
    functions: Object.fromEntries([...functions.times].map(([name, each]) => [name, each.stats()])),
    refused: Object.fromEntries(functions.refused.counts),
  };
}

function workerStats({ index, worker, restarts }: WorkerKeeper): WorkerStats {
  return { ...(worker?.stats() ?? noWorker(index)), restarts };
}

/** Between a death and the next start. */
function noWorker(index: number): Omit<WorkerStats, "restarts"> {
  return {
    worker: index,
    pid: undefined,
    state: "restarting",
    uptime: 0,
    inFlight: 0,
    answered: 0,
    times: new Times().stats(),
    heldBytes: 0,
    strays: 0,
    malformed: 0,
    hasBox: false,
  };
}
