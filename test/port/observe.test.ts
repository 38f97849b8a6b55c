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

test("how long calls waited and how long they ran are told apart, by function and by worker", async () => {
  const pair = await open(fixture("well-behaved.mjs"), { stderr: "ignore", workers: 2, maxInFlight: 1 });
  const call = (name: string, ms: number) => pair.call(name, [ms], { key: "one index" });
  await Promise.all([call("busy", 200), call("sleep", 5), pair.call("echo", [1]).catch(() => {})]);
  const { functions, workers } = pair.stats();
  expect(functions.busy).toMatchObject({ calls: 1, failed: 0 });
  expect(functions.busy?.wait.max).toBeLessThan(150);
  expect(functions.busy?.run.max).toBeGreaterThanOrEqual(150);
  // It waited for the other call of its index.
  expect(functions.sleep?.wait.max).toBeGreaterThanOrEqual(150);
  const counts = workers.map(({ times }) => times.calls).toSorted();
  expect(counts).toEqual([1, 2]);
  const index = workers.find(({ times }) => times.calls === 2);
  expect(index?.times.run.max).toBe(functions.busy?.run.max);
  expect(index?.times.wait.max).toBe(functions.sleep?.wait.max);
  await pair.close();
});

test("the text of Prometheus: every metric has help and type, every sample belongs to one, labels are escaped", async () => {
  const odd = await open(fixture("well-behaved.mjs"), { name: 'a "b"\\c\nd', stderr: "ignore" });
  await odd.call("echo", [1]);
  const text = prometheus(port, odd);
  await odd.close();
  expect(text.endsWith("\n")).toBe(true);
  const label = String.raw`[a-z_]+="(?:[^"\\\n]|\\["\\n])*"`;
  const sample = new RegExp(String.raw`^(\w+)\{${label}(?:,${label})*\} (?:\d[\d.e+-]*)$`);
  let metric = "";
  const types = new Map<string, string>();
  for (const line of text.trimEnd().split("\n")) {
    const [, help] = /^# HELP (\w+) \S.*$/.exec(line) ?? [];
    const [, typed, type] = /^# TYPE (\w+) (counter|gauge|histogram)$/.exec(line) ?? [];
    if (help !== undefined) {
      expect(types.has(help), `${help} comes twice`).toBe(false);
      metric = help;
    } else if (typed !== undefined && type !== undefined) {
      expect(typed).toBe(metric);
      types.set(typed, type);
    } else {
      const [, name = ""] = sample.exec(line) ?? [];
      const base = types.get(metric) === "histogram" ? name.replace(/_(bucket|sum|count)$/, "") : name;
      expect(base, line).toBe(metric);
    }
  }
  expect(text).toContain(String.raw`portreeve_calls_total{port="a \"b\"\\c\nd"} 1`);
  expect(
    [...types.keys()].filter((name) => types.get(name) === "counter" && !name.endsWith("_total")),
  ).toEqual([]);
  expect(types.get("portreeve_call_wait_seconds")).toBe("histogram");
});

test("a call without listeners makes no message for them, and one listener more or less changes nothing of it", async () => {
  const channel = tracingChannel("portreeve:call");
  expect(channel.hasSubscribers).toBe(false);
  let reads = 0;
  // A message would hold the port's name.
  const get = () => {
    reads += 1;
    return "observed";
  };
  Object.defineProperty(port, "name", { configurable: true, get });
  await port.call("echo", [1]);
  expect(reads).toBe(0);
  const listen = () => {};
  channel.start.subscribe(listen);
  await port.call("echo", [1]);
  expect(reads).toBe(1);
  channel.start.unsubscribe(listen);
  await port.call("echo", [1]);
  expect(reads).toBe(1);
  Reflect.deleteProperty(port, "name");
});

test("failures are counted by function and code, those that were refused at once too", async () => {
  const failing = await open(fixture("well-behaved.mjs"), {
    name: "failing",
    stderr: "ignore",
  });
  const failed = (call: Promise<unknown>) =>
    call.then(
      () => "answered",
      () => "failed",
    );
  await failed(failing.call("fail", ["no"]));
  await failed(failing.call("fail", ["no"]));
  await failed(failing.call("echo", [() => 1]));
  await failed(failing.call("sleep", [60_000], { timeout: 1 }));
  await failed(failing.call("echo", [1], { signal: AbortSignal.abort() }));
  await failed(failing.call("nothing", []));
  await failed(failing.call("exit", [3]));
  const { functions, refused } = failing.stats();
  expect(functions.fail?.failures).toEqual({ CALL_ERROR: 2 });
  expect(functions.echo?.failures).toMatchObject({ ETF_UNSUPPORTED: 1, ABORTED: 1 });
  expect(functions.sleep?.failures).toEqual({ CALL_TIMEOUT: 1 });
  expect(functions.exit?.failures).toEqual({ PORT_EXIT: 1 });
  expect(refused).toEqual({ CALL_UNDEF: 1 });
  const text = prometheus(failing);
  await failing.close();
  expect(text).toMatch(/^# TYPE portreeve_failed_total counter$/m);
  expect(text).toContain('portreeve_failed_total{port="failing",function="fail",code="CALL_ERROR"} 2\n');
  expect(text).toContain('portreeve_failed_total{port="failing",function="",code="CALL_UNDEF"} 1\n');
});

test("a histogram's buckets grow with their bounds, and the last holds all", async () => {
  const times = port.stats().functions.sleep?.run;
  const counts = times?.buckets.map(({ count }) => count) ?? [];
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(times?.buckets.at(-1)).toEqual({ le: Number.POSITIVE_INFINITY, count: times?.count });
  // It slept for 60 ms: below 65.5 ms at the earliest.
  expect(times?.buckets.filter(({ le }) => le < 50).every(({ count }) => count === 0)).toBe(true);
  expect(prometheus(port)).toMatch(
    /^portreeve_call_run_seconds_bucket\{port="observed",function="sleep",le="\+Inf"\} 1$/m,
  );
});
