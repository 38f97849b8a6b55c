/** The numbers of a port at one moment. */

import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { Functions } from "../dispatch/functions.ts";
import type { PortStats } from "../metrics/stats.ts";
import { Times } from "../metrics/times.ts";
import type { Pool } from "../pool/pool.ts";
import type { Worker } from "../pool/worker.ts";
import { monotonic } from "../timers.ts";

function heldBy(worker: Worker | undefined): number {
  if (worker === undefined) return 0;
  const { owed, unanswered, unread } = worker.channel.held;
  return owed + unanswered + unread;
}

export function statsOf(pool: Pool, dispatch: Dispatcher, directory: Functions): PortStats {
  dispatch.recordTimes();
  const { calls, casts, lostCasts, timedOut, resent } = dispatch.counts;
  const { unsettled, queued, queuedBytes } = dispatch;
  const workers = pool.keepers.map(({ index, worker, restarts }) => ({
    worker: index,
    pid: worker?.pid,
    state: worker?.state ?? ("restarting" as const),
    uptime: worker?.readyAt ? monotonic() - worker.readyAt : 0,
    inFlight: worker?.channel.pending.size ?? 0,
    answered: worker?.answers ?? 0,
    times: (worker?.times ?? new Times()).stats(),
    heldBytes: heldBy(worker),
    strays: worker?.channel.strays ?? 0,
    malformed: worker?.channel.malformed ?? 0,
    hasBox: worker?.hasBox ?? false,
    restarts,
  }));
  const functions = Object.fromEntries([...directory.times].map(([name, each]) => [name, each.stats()]));
  const restarts = workers.reduce((sum, worker) => sum + worker.restarts, 0);
  return {
    calls,
    casts,
    lostCasts,
    unsettled,
    queued,
    queuedBytes,
    timedOut,
    resent,
    restarts,
    workers,
    functions,
    refused: Object.fromEntries(directory.refused.counts),
  };
}
