/**
 * What others can listen to without touching the code that makes the calls: channels of node:diagnostics_channel.
 * Without a listener they cost a property each call. portreeve/otel is made of them.
 *
 * - `tracing:portreeve:call:*`: `start`, `end`, `asyncStart`, `asyncEnd`, `error` of every call, with {@link CallTrace}.
 * - `tracing:portreeve:spawn:*`: the same of every start of a worker, up to its being ready, with {@link SpawnTrace}.
 * - `portreeve:restart`: a dead worker will be replaced, with {@link RestartTrace}.
 * - `portreeve:span`: a span of a program, with {@link SpanTrace}. Only workers that were started while somebody listened
 *   send any, and only of calls with a `trace` that is sampled.
 */

import { channel, tracingChannel } from "node:diagnostics_channel";
import type { ProgramSpan } from "../wire/span.ts";

/** What listeners to a call get; `result` or `error` are there from `asyncStart` on. */
export interface CallTrace {
  /** The port's name. */
  readonly port: string;
  readonly function: string;
  readonly args: readonly unknown[];
  /**
   * The traceparent that goes with the call: from its options. A listener to `start` may set another one, of a span of
   * its own.
   */
  trace: string | undefined;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** What listeners to a start get. */
export interface SpawnTrace {
  readonly path: string;
  /** Which worker, from 0. */
  readonly worker: number;
  /** The death that this start follows; undefined for a first start, a reload or a renewal. */
  readonly restart: { readonly reason: string; readonly delay: number; readonly at: number } | undefined;
  readonly error?: unknown;
}

/** What listeners to restarts get. */
export interface RestartTrace {
  readonly port: string;
  readonly worker: number;
  readonly reason: string;
  /** ms until the new worker is started. */
  readonly delay: number;
}

/** What listeners to spans get. */
export interface SpanTrace {
  readonly port: string;
  readonly worker: number;
  readonly pid: number | undefined;
  readonly span: ProgramSpan;
}

export const callChannel = tracingChannel<CallTrace>("portreeve:call");
export const spawnChannel = tracingChannel<SpawnTrace>("portreeve:spawn");
export const spanChannel = channel("portreeve:span");
const restartChannel = channel("portreeve:restart");

/** Tells whoever listens of a span. */
export function tellSpan(trace: SpanTrace): void {
  spanChannel.publish(trace);
}

/** Tells whoever listens; building the message costs nothing when nobody does. */
export function tellRestart(restart: () => RestartTrace): void {
  if (restartChannel.hasSubscribers) restartChannel.publish(restart());
}
