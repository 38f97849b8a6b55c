/** What a worker tells: its life to the worker, the worker to its pool. */

import type { Call } from "../calls/call.ts";
import type { BoxReading } from "../process/blackbox.ts";
import type { Hello } from "../wire/hello.ts";
import type { Worker } from "./worker.ts";

/** What is told of a life to whoever gives it calls. */
export interface LifeListener {
  /** It is ready, and this is what it said of itself. */
  began(hello: Hello): void;
  /** There is room for calls again, after there was none. */
  writable(): void;
  /** So many calls were answered. */
  answered(calls: number): void;
  /** No new call may go to it. It can be told more than once. */
  lost(): void;
  /** The call that is stuck, by Id, when it is killed for one; undefined when none is known. */
  stuck(running: readonly number[]): number | undefined;
  /** It is reaped and all that it wrote was read. These calls were not answered. Once, and only if it began. */
  ended(calls: readonly Call[], box: BoxReading | undefined): void;
}

/** What a worker tells its pool. */
export interface WorkerListener {
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
}
