/** What each event of a port says, all of it; typed listeners, on a real program. */
import { afterEach, expect, expectTypeOf, test } from "vitest";
import {
  type LogRecord,
  type OpenOptions,
  type Port,
  type PortEvents,
  type Restart,
  RestartLimitError,
  type WorkerExit,
} from "../../src/index.ts";
import { openFixture, pidOf, rejection } from "./ports.ts";

let port: Port;

afterEach(() => port.close());

/** Opens a fixture. @returns the events of these names from now on, in order */
async function told(options: OpenOptions, ...names: (keyof PortEvents)[]): Promise<unknown[][]> {
  port = await openFixture("well-behaved.mjs", options);
  const all: unknown[][] = [];
  const emitter: NodeJS.EventEmitter = port;
  for (const name of names) emitter.on(name, (...args: unknown[]) => all.push([name, ...args]));
  return all;
}

test("a death: exit with how, after how long and with how many calls; then restart with why and when", async () => {
  const all = await told({}, "exit", "restart", "retire", "gaveUp");
  const pid = pidOf(port);
  const beside = rejection(port.call("sleep", [60_000]));
  await rejection(port.call("kill", ["SIGKILL"]));
  await beside;
  await port.call("pid");
  const reason = "was killed by SIGKILL";
  const exit = {
    worker: 0,
    pid,
    exitCode: null,
    signal: "SIGKILL",
    reason,
    uptime: expect.any(Number),
    unanswered: 2,
  };
  expect(all).toHaveLength(2);
  expect(all).toContainEqual(["restart", { worker: 0, reason, delay: 0 }]);
  expect(all).toContainEqual(["exit", exit]);
  for (const [name, told] of all) if (name === "exit") expect((told as WorkerExit).uptime).toBeGreaterThan(0);
});

test("a worker that is replaced: retire with why, then its exit; no restart", async () => {
  const all = await told({}, "exit", "restart", "retire", "gaveUp");
  const pid = pidOf(port);
  await port.call("echo", [1]);
  const exited = new Promise((resolve) => port.once("exit", resolve));
  await port.restart();
  await exited;
  expect(all).toEqual([
    ["retire", { worker: 0, pid, reason: "is replaced (restart)" }],
    [
      "exit",
      expect.objectContaining({ worker: 0, pid, exitCode: 0, reason: "exited with code 0", unanswered: 0 }),
    ],
  ]);
});

test("one death too many: gaveUp with the history, and no restart", async () => {
  const all = await told({ maxRestarts: 0 }, "restart", "gaveUp");
  const gaveUp = new Promise((resolve) => port.once("gaveUp", resolve));
  await rejection(port.call("exit", [3]));
  await gaveUp;
  expect(all).toEqual([["gaveUp", expect.any(RestartLimitError)]]);
  const error = all[0]?.[1] as RestartLimitError;
  expect(error.history).toEqual([{ at: expect.any(Number), reason: "exited with code 3" }]);
  expect(error.message).toMatch(
    / failed more than 0 times within 5000 ms; the last time: exited with code 3$/,
  );
});

test("drain comes without anything, once the queue is empty", async () => {
  const all = await told({ maxInFlight: 1 }, "drain");
  await Promise.all([port.call("echo", [1]), port.call("echo", [2]), port.call("echo", [3])]);
  expect(all).toEqual([["drain"]]);
  expect(port.needsDrain).toBe(false);
});

test("types: every event has its own arguments", () => {
  type Listener<E extends keyof PortEvents> = (...args: PortEvents[E]) => void;
  expectTypeOf<Listener<"exit">>().parameters.toEqualTypeOf<[exit: WorkerExit]>();
  expectTypeOf<Listener<"restart">>().parameters.toEqualTypeOf<[restart: Restart]>();
  expectTypeOf<Listener<"gaveUp">>().parameters.toEqualTypeOf<[error: RestartLimitError]>();
  expectTypeOf<Listener<"drain">>().parameters.toEqualTypeOf<[]>();
  expectTypeOf<Listener<"log">>().parameters.toEqualTypeOf<[record: LogRecord]>();
  expectTypeOf<Listener<"event">>().parameters.toEqualTypeOf<[topic: string, value: unknown]>();
});
