/** The numbers of a port at one moment. */

import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { PortStats, WorkerStats } from "../metrics/stats.ts";
import { Times } from "../metrics/times.ts";
import type { WorkerKeeper } from "../pool/keeper.ts";
import { monotonic } from "../timers.ts";

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
  return {
    worker: index,
    pid: worker?.pid,
    state: worker?.state ?? ("restarting" as const),
    uptime: worker?.readyAt ? monotonic() - worker.readyAt : 0,
    inFlight: worker?.inFlight ?? 0,
    answered: worker?.answers ?? 0,
    times: (worker?.times ?? new Times()).stats(),
    heldBytes: worker?.heldBytes ?? 0,
    strays: worker?.strays ?? 0,
    malformed: worker?.malformed ?? 0,
    hasBox: worker?.hasBox ?? false,
    restarts,
  };
}
