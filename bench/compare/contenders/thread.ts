/** The thread of worker-threads.ts: a message is a call, and its answer another message. */

import { parentPort } from "node:worker_threads";
import * as inThread from "./in-thread.ts";

export interface Asked {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface Answered {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

const functions = inThread as Readonly<Record<string, (args: never) => unknown>>;

parentPort?.on("message", ({ id, name, args }: Asked) => {
  parentPort?.postMessage(answer(id, name, args));
});

function answer(id: number, name: string, args: readonly unknown[]): Answered {
  try {
    return { id, value: functions[name]?.(args as never) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
