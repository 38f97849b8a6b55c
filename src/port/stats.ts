/** The numbers of a port at one moment. */

import { monotonic } from "../timers.ts";
import type { Crew } from "./crew.ts";
import type { Directory } from "./directory.ts";
import type { Dispatch } from "./dispatch.ts";
import { Times, type TimesStats } from "./timing.ts";
import type { Worker, WorkerState } from "./worker.ts";

export interface WorkerStats {
  /** Which worker, from 0. */
  readonly worker: number;
  readonly pid: number | undefined;
  readonly state: WorkerState | "restarting";
  /** ms since it was ready. */
  readonly uptime: number;
  /** Calls that it has and has not answered. */
  readonly inFlight: number;
  /** Calls that it answered, late ones included. */
  readonly answered: number;
  /** How long its calls took, since it was ready. */
  readonly times: TimesStats;
  /** Bytes that it makes this process hold: see the option `maxHeldBytes`. */
  readonly heldBytes: number;
  /** Answers of it that belong to no call (any more); they were dropped. */
  readonly strays: number;
  /** Messages of it that were dropped because they are not what their word promises. */
  readonly malformed: number;
  /** Whether it keeps a black box; without one every call that was written to it counts as begun. */
  readonly hasBox: boolean;
  /** Restarts of this worker's place. */
  readonly restarts: number;
}

export interface PortStats {
  /** Calls that were made. */
  readonly calls: number;
  /** Casts that were made. */
  readonly casts: number;
  /** Casts among them that had not left this process when their worker ended, or the port was closed. */
  readonly lostCasts: number;
  /** Calls that somebody waits for. */
  readonly unsettled: number;
  /** Calls that wait for a worker, and their bytes. */
  readonly queued: number;
  readonly queuedBytes: number;
  /** Calls that got no answer in time. */
  readonly timedOut: number;
  /** Calls that were sent again after a death. */
  readonly resent: number;
  /** Restarts of all workers. */
  readonly restarts: number;
  readonly workers: readonly WorkerStats[];
  /** By the name of the function. */
  readonly functions: Readonly<Record<string, TimesStats>>;
  /** Calls and casts of names that the program does not have, or that were no names, by the code of their error. */
  readonly refused: Readonly<Record<string, number>>;
}

function heldBy(worker: Worker | undefined): number {
  if (worker === undefined) return 0;
  const { owed, unanswered, unread } = worker.channel.held;
  return owed + unanswered + unread;
}

export function statsOf(crew: Crew, dispatch: Dispatch, directory: Directory): PortStats {
  dispatch.recordTimes();
  const { calls, casts, lostCasts, timedOut, resent } = dispatch.counts;
  const { unsettled, queued, queuedBytes } = dispatch;
  const workers = crew.seats.map(({ index, worker, restarts }) => ({
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
