/** The numbers of a port, as its user gets them. port/stats.ts collects them. */

import type { TimesStats } from "./times.ts";

/** `starting` until it said ready; `retiring` takes no new calls; `dead` is reaped. */
export type WorkerState = "starting" | "ready" | "retiring" | "dead";

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
