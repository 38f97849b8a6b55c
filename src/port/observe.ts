/**
 * What others can listen to without touching the code that makes the calls: channels of node:diagnostics_channel.
 * Without a listener they cost a property each call.
 *
 * - `tracing:portreeve:call:*`: `start`, `end`, `asyncStart`, `asyncEnd`, `error` of every call, with {@link CallTrace}.
 * - `tracing:portreeve:spawn:*`: the same of every start of a worker, up to its being ready, with {@link SpawnTrace}.
 * - `portreeve:restart`: a dead worker will be replaced, with {@link RestartTrace}.
 */

import { channel, tracingChannel } from "node:diagnostics_channel";

/** What listeners to a call get; `result` or `error` are there from `asyncStart` on. */
export interface CallTrace {
  /** The port's name. */
  readonly port: string;
  readonly function: string;
  readonly args: readonly unknown[];
  readonly result?: unknown;
  readonly error?: unknown;
}

/** What listeners to a start get. */
export interface SpawnTrace {
  readonly path: string;
  /** Which worker, from 0. */
  readonly worker: number;
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

export const callChannel = tracingChannel<CallTrace>("portreeve:call");
export const spawnChannel = tracingChannel<SpawnTrace>("portreeve:spawn");
const restartChannel = channel("portreeve:restart");

/** Tells whoever listens; building the message costs nothing when nobody does. */
export function tellRestart(restart: () => RestartTrace): void {
  if (restartChannel.hasSubscribers) restartChannel.publish(restart());
}
