/** Ports on fixtures, and what is left of them: read from the system, not from what the port says. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { type OpenOptions, open, type Port } from "../../src/index.ts";
import { fixture } from "../fixtures/fixture.ts";

/** Opens a fixture, with its stderr out of the way and a short shutdown, unless said otherwise. */
export function openFixture(name = "well-behaved.mjs", options: OpenOptions = {}): Promise<Port> {
  return open(fixture(name), { stderr: "ignore", shutdown: 1000, ...options });
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in outcome) return outcome.error as Error & Record<string, unknown>;
  throw new Error(`it resolved with ${JSON.stringify(outcome.value)}`);
}

/** Processes that this one has started and not reaped: zombies count (proc(5), task/[tid]/children). */
export function children(pid: number = process.pid): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}

/** Open descriptors of this process. */
export function descriptors(): number {
  return readdirSync("/proc/self/fd").length;
}

/** Resolves when the condition holds; the test's own timeout bounds it. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(2);
}

/** The next event of that name, with all its arguments. */
export function event(port: Port, name: string): Promise<unknown[]> {
  return new Promise((resolve) => (port as NodeJS.EventEmitter).once(name, (...args) => resolve(args)));
}

/** The pid of the worker in that index; it is running. */
export function pidOf(port: Port, index = 0): number {
  const pid = port.stats().workers[index]?.pid;
  if (pid === undefined) throw new Error(`worker ${index} has no pid`);
  return pid;
}

/** Blocks the event loop. */
export function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
