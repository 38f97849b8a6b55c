/** What a worker tells the one that hired it; pool.ts listens. */

import type { Call } from "../calls/call.ts";
import type { BoxReading } from "../process/blackbox.ts";
import type { Hello } from "../wire/hello.ts";
import type { LogRecord } from "../wire/incoming.ts";
import type { ProgramSpan } from "../wire/span.ts";
import type { Worker } from "./worker.ts";

/** What a worker tells its port. */
export interface WorkerOwner {
  /** It is ready, and this is what it said of itself. */
  hello(hello: Hello): void;
  /** It was given as many calls as it may have (`recycle.maxCalls`). In the middle of a call. */
  spent(worker: Worker): void;
  /** This call was cancelled and goes on: see `CallWorker`. */
  ignoredCancel(worker: Worker, call: Call): void;
  /** It may have room for a call. */
  available(worker: Worker): void;
  /** No new call may go to it: it retires, is dead, or will be killed. Once, and only for a worker that was ready. */
  lost(worker: Worker): void;
  /** It is reaped and all that it wrote was read. These calls were not answered. Once, after `lost`. */
  ended(worker: Worker, calls: readonly Call[], box: BoxReading | undefined): void;
  event(topic: string, value: unknown): void;
  log(record: LogRecord): void;
  span(worker: Worker, span: ProgramSpan): void;
}
