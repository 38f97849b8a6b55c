/** What a port tells of itself while it runs. */

import type { RestartLimitError } from "../errors.ts";
import type { WorkerExit } from "../pool/pool.ts";
import type { LogRecord } from "../wire/incoming.ts";

/** A restart that is due. */
export interface Restart {
  /** Which worker, from 0. */
  readonly worker: number;
  /** What the one before died of. */
  readonly reason: string;
  /** ms until the new one is started. */
  readonly delay: number;
}

/** Events of a port and what their listeners get. */
export interface PortEvents {
  /** A worker ended, for whatever reason. */
  exit: [exit: WorkerExit];
  /** A dead worker will be replaced. */
  restart: [restart: Restart];
  /** A worker is replaced though it lives: it hung, or has answered enough. */
  retire: [retire: { readonly worker: number; readonly pid: number | undefined; readonly reason: string }];
  /** Too many deaths: calls are rejected with this error, until a later attempt succeeds. */
  gaveUp: [error: RestartLimitError];
  /** No call waits for a worker any more. */
  drain: [];
  /** The program logged something. */
  log: [record: LogRecord];
  /** The program sent an event of its own. */
  event: [topic: string, value: unknown];
}
