import { subscribe, tracingChannel, unsubscribe } from "node:diagnostics_channel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { open, type Port, prometheus } from "../../src/index.ts";
import { fixture } from "../fixtures/fixture.ts";

let port: Port;

beforeAll(async () => {
  port = await open(fixture("well-behaved.mjs"), { name: "observed", stderr: "ignore" });
});

afterAll(() => port.close());

test("a call is told to the listeners of its tracing channel, a failed one as an error", async () => {
  const told: unknown[] = [];
  const listeners = {
    start: (trace: object) => told.push(["start", { ...trace }]),
    end: () => {},
    asyncStart: () => {},
    asyncEnd: (trace: object) => told.push(["asyncEnd", (trace as { result?: unknown }).result]),
    error: (trace: object) => told.push(["error", (trace as { error: { code: string } }).error.code]),
  };
  const channel = tracingChannel("portreeve:call");
  channel.subscribe(listeners);
  try {
    await port.call("sum", [[1, 2]]);
    await port.call("fail", ["no"]).catch(() => {});
  } finally {
    channel.unsubscribe(listeners);
  }
  expect(told).toEqual([
    ["start", { port: "observed", function: "sum", args: [[1, 2]] }],
    ["asyncEnd", 3],
    ["start", { port: "observed", function: "fail", args: ["no"] }],
    ["error", "CALL_ERROR"],
    ["asyncEnd", undefined],
  ]);
});

test("starts and restarts have channels too", async () => {
  const told: string[] = [];
  const onSpawn = (message: unknown) => told.push(`spawn ${(message as { worker: number }).worker}`);
  const onRestart = (message: unknown) => told.push(`restart ${(message as { reason: string }).reason}`);
  subscribe("tracing:portreeve:spawn:start", onSpawn);
  subscribe("portreeve:restart", onRestart);
  const spawned = new Promise((resolve) => subscribe("tracing:portreeve:spawn:asyncEnd", resolve));
  await port.call("exit", [7]).catch(() => {});
  await spawned;
  unsubscribe("tracing:portreeve:spawn:start", onSpawn);
  unsubscribe("portreeve:restart", onRestart);
  expect(told).toEqual(["restart exited with code 7", "spawn 0"]);
});

test("stats know how long the calls of a function took, and prometheus prints them", async () => {
  for (let i = 0; i < 20; i += 1) await port.call("echo", [i]);
  await port.call("sleep", [60]);
  const { functions, workers } = port.stats();
  expect(functions.echo?.run.count).toBe(20);
  expect(functions.sleep?.run.p50).toBeGreaterThanOrEqual(50);
  expect(functions.fail).toMatchObject({ calls: 1, failed: 1 });
  expect(workers[0]?.times.calls).toBeGreaterThanOrEqual(21);
  const text = prometheus(port);
  expect(text).toMatch(
    /^# TYPE portreeve_calls_total counter\nportreeve_calls_total\{port="observed"\} \d+$/m,
  );
  expect(text).toMatch(/^portreeve_call_run_seconds_count\{port="observed",function="echo"\} 20$/m);
});
