/**
 * What a port's user is told of its workers. Workers and pool tell it straight to whoever gives it to the user; the calls
 * that an event is about are settled by then.
 */

import type { Culprit, RestartLimitError } from "../errors.ts";
import type { ExitReason } from "../exit-reason.ts";
import type { LogRecord } from "../wire/incoming.ts";
import type { ProgramSpan } from "../wire/span.ts";

/** How a worker ended. */
export interface WorkerExit extends ExitReason {
  /** Which worker, from 0. */
  readonly worker: number;
  readonly pid: number | undefined;
  /** In words: `"was killed by SIGSEGV"`. */
  readonly reason: string;
  /** ms that it was ready. */
  readonly uptime: number;
  /** Calls that it had and did not answer. */
  readonly unanswered: number;
  /** The call that was stuck and for which it was killed, with what that was doing. Absent otherwise. */
  readonly culprit?: Culprit;
}

/** A restart that is due. */
export interface Restart {
  /** Which worker, from 0. */
  readonly worker: number;
  /** What the one before died of. */
  readonly reason: string;
  /** ms until the new one is started. */
  readonly delay: number;
}

/** A worker that is replaced though it lives. */
export interface Retire {
  /** Which worker, from 0. */
  readonly worker: number;
  readonly pid: number | undefined;
  readonly reason: string;
}

export interface PoolObserver {
  exited(exit: WorkerExit): void;
  restarting(restart: Restart): void;
  retired(retire: Retire): void;
  /** No worker runs, or will soon: there were too many deaths. */
  gaveUp(error: RestartLimitError): void;
  /** The program sent an event, logged, or sent a span. */
  event(topic: string, value: unknown): void;
  log(record: LogRecord): void;
  span(worker: number, pid: number | undefined, span: ProgramSpan): void;
}
