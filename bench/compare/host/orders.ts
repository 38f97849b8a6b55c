/** What the run asks of a host process, and what the host answers: one order at a time, over Node's IPC channel. */

import type { JobId } from "../contenders/contender.ts";
import type { ShortCalls } from "../results.ts";

export interface Orders {
  /** Loads the contender, starts it and makes its first call. */
  readonly start: { readonly order: { readonly contender: string }; readonly answer: Started };
  /** Makes a call and checks its answer. */
  readonly verify: { readonly order: { readonly job: JobId }; readonly answer: Verified };
  readonly cell: { readonly order: CellOrder; readonly answer: Cell };
  readonly resident: { readonly order: Nothing; readonly answer: Resident };
  /** Kills what does the work, and waits for the next answer. */
  readonly death: {
    readonly order: { readonly how: Death; readonly limitMs: number };
    readonly answer: Died;
  };
  /** Starts a program that does nothing, up to its first bytes. */
  readonly emptyProgram: {
    readonly order: { readonly path: string };
    readonly answer: { readonly ms: number };
  };
  /** For so many ms in all, with so many calls of 300 ms on their way in half of them. */
  readonly shortCalls: {
    readonly order: { readonly ms: number; readonly busy: number };
    readonly answer: ShortCalls;
  };
  readonly manyCalls: { readonly order: { readonly calls: number }; readonly answer: Resident };
  /** The resident memory of an idle program: a port, or the raw echo. */
  readonly idleProgram: {
    readonly order: { readonly path: string; readonly port: boolean };
    readonly answer: { readonly bytes: number };
  };
  readonly stop: { readonly order: Nothing; readonly answer: Nothing };
}

export type Kind = keyof Orders;
export type Nothing = Readonly<Record<never, never>>;
export type Death = "SIGKILL" | "segfault";

export interface Request {
  readonly kind: Kind;
  readonly order: Orders[Kind]["order"];
}

export type Reply = { readonly answer: Orders[Kind]["answer"] } | { readonly error: string };

export interface Started {
  /** ms from before the contender's modules were loaded to its first answer. */
  readonly ms: number;
}

export type Verified = { readonly micros: number } | { readonly without: string };

export interface CellOrder {
  readonly job: JobId;
  readonly inFlight: number;
  readonly budgetMs: number;
  /** Calls before the clock runs, for so long. */
  readonly warmMs: number;
}

/** What one cell gives. */
export interface Cell {
  readonly calls: number;
  readonly callsPerSecond: number;
  /** µs; only of calls one after the other. */
  readonly latency?: { readonly p50: number; readonly p99: number; readonly mean: number };
  /** ms beyond the interval of the probe. */
  readonly loopP99: number;
  readonly loopMax: number;
  /** µs a call. */
  readonly hostCpu: number;
  readonly otherCpu: number;
}

/** Bytes of resident memory. */
export interface Resident {
  readonly host: number;
  readonly other: number;
}

export type Died = { readonly ms: number } | { readonly without: string };
