/** Programs on their own: how long an empty one takes to start, and what idle ones hold in memory. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "portreeve";
import { residentOf } from "./processor.ts";

/** A frame of an empty list: the raw echo gives it back. */
const FRAME = Buffer.from([0, 0, 0, 1, 106]);

/** ms from the spawn of the raw echo to its first bytes. */
export async function startEmptyProgram(path: string): Promise<number> {
  const start = performance.now();
  const child = await echoed(path);
  const ms = performance.now() - start;
  await end(child);
  return ms;
}

/** Bytes of a program that has started and has nothing to do. */
export async function idleProgram(path: string, isPort: boolean): Promise<number> {
  if (!isPort) {
    const child = await echoed(path);
    const bytes = residentOf(child.pid ?? 0);
    await end(child);
    return bytes;
  }
  await using port = await open(path, { stderr: "ignore" });
  return residentOf(port.stats().workers[0]?.pid ?? 0);
}

async function echoed(path: string): Promise<ChildProcess> {
  const child = spawn(path, { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.write(FRAME);
  await once(child.stdout, "data");
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const closed = once(child, "close");
  child.stdin?.end();
  await closed;
}
