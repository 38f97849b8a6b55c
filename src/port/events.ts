/** What a port tells of itself while it runs. */

import type { RestartLimitError } from "../errors.ts";
import type { Restart, Retire, WorkerExit } from "../pool/observer.ts";
import type { LogRecord } from "../wire/incoming.ts";

/** Events of a port and what their listeners get. */
export interface PortEvents {
  /** A worker ended, for whatever reason. */
  exit: [exit: WorkerExit];
  /** A dead worker will be replaced. */
  restart: [restart: Restart];
  /** A worker is replaced though it lives: a call ignored its cancel, or it was planned. */
  retire: [retire: Retire];
  /** Too many deaths: calls are rejected with this error, until a later attempt succeeds. */
  gaveUp: [error: RestartLimitError];
  /** No call waits for a worker any more. */
  drain: [];
  /** The program logged something. */
  log: [record: LogRecord];
  /** The program sent an event of its own. */
  event: [topic: string, value: unknown];
}
