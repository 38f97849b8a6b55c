/** Many of everything at once: deaths in the middle of writes, opens and closes, floods. Nothing may be left of them. */
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { fixture } from "../fixtures/fixture.ts";
import { children, descriptors, openFixture, rejection, until } from "./ports.ts";

test("1000 writes that race with deaths: each call rejects, no EPIPE is left uncaught", {
  timeout: 60_000,
}, async () => {
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  process.on("uncaughtException", note);
  process.on("unhandledRejection", note);
  const workers = 8;
  const port = await open(fixture("quick.sh"), {
    stderr: "ignore",
    shutdown: 0,
    workers,
    maxInFlight: 8,
    maxRestarts: 1_000_000,
    backoff: { initial: 0, max: 0 },
  });
  let deaths = 0;
  port.on("exit", () => {
    deaths += 1;
  });
  const codes = new Set<unknown>();
  for (let round = 0; round < 16; round += 1) {
    await until(() => port.stats().workers.every(({ state }) => state === "ready"));
    const text = "x".repeat((round * 997) % 150_000);
    const calls = Array.from({ length: workers }, () => rejection(port.call("f", [text])));
    if (round % 3 === 0) await wait(0);
    for (const { pid = 0 } of port.stats().workers) process.kill(pid, "SIGKILL");
    for (let i = 0; i < 8 * workers; i += 1) port.cast("f", [text]);
    if (round % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
    port.cast("f", [round]);
    for (const { code } of await Promise.all(calls)) codes.add(code);
  }
  await port.close();
  process.off("uncaughtException", note);
  process.off("unhandledRejection", note);
  expect(uncaught).toEqual([]);
  expect([...codes]).toEqual(["PORT_EXIT"]);
  // Each death met a call and casts, written before, with and after it.
  expect(deaths).toBeGreaterThanOrEqual(16 * workers);
  expect(children()).toEqual([]);
});

test("200 opens and closes leave no descriptor, process, listener or timer", {
  timeout: 60_000,
}, async () => {
  const once = async () => {
    const port = await open(fixture("quick.sh"), { stderr: "ignore", shutdown: 0 });
    const call = rejection(port.call("f", [1], { timeout: 60_000 }));
    await port.close();
    expect(await call).toMatchObject({ code: "PORT_CLOSED" });
  };
  await once();
  const before = left();
  for (let i = 0; i < 10; i += 1) await Promise.all(Array.from({ length: 20 }, once));
  expect(children()).toEqual([]);
  // The last handles close a turn after the processes are reaped.
  await until(() => left().descriptors <= before.descriptors);
  const after = left();
  for (const [name, count] of Object.entries(before))
    expect(after[name as keyof typeof after], name).toBeLessThanOrEqual(count);
});

/** What could pile up in this process. */
function left() {
  const active = process.getActiveResourcesInfo();
  const count = (name: string) => active.filter((one) => one === name).length;
  return {
    descriptors: descriptors(),
    timers: count("Timeout"),
    pipes: count("PipeWrap"),
    processes: count("ProcessWrap"),
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
}

test("a flood of stderr neither stops the calls nor fills the memory, and its end is in the error", async () => {
  await using port = await openFixture("well-behaved.mjs", { stderr: "ignore" });
  const before = process.memoryUsage().rss;
  const flood = "flood ".repeat(200_000);
  for (let i = 0; i < 20; i += 1) await port.call("stderr", [flood]);
  await port.call("stderr", ["the end of it\n"]);
  const error = await rejection(port.call("exit", [1]));
  expect(String(error.stderr)).toMatch(/the end of it\n$/);
  expect(String(error.stderr).length).toBeLessThanOrEqual(8192 + 2);
  expect(process.memoryUsage().rss - before).toBeLessThan(150 << 20);
});

test("lines of stderr go to a function", async () => {
  const lines: string[] = [];
  const port = await openFixture("well-behaved.mjs", { stderr: (line) => lines.push(line) });
  await port.call("stderr", ["one\ntwo\nthree without an end"]);
  await port.close();
  expect(lines).toEqual(["one", "two", "three without an end"]);
});

test("everything at once: kills, stops, timeouts, aborts, garbage; every call settles once and rightly", {
  timeout: 60_000,
}, async () => {
  const port = await openFixture("well-behaved.mjs", {
    workers: 3,
    maxInFlight: 20,
    maxRestarts: 1_000_000,
    backoff: { initial: 0, max: 10 },
    cancelGrace: 30,
    heartbeat: { interval: 50, timeout: 150 },
    shutdown: 3000,
  });
  let seed = 42;
  const random = (n: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >> 8) % n;
  };
  const settled: number[] = [];
  const wrong: unknown[] = [];
  const make = async (i: number): Promise<void> => {
    const kind = random(100);
    const call =
      kind < 70
        ? port.call("echo", [i]).then((value) => value === i || wrong.push(value))
        : kind < 80
          ? port.call("sleep", [random(30)], { timeout: 1 + random(20) })
          : kind < 90
            ? port.call("sleep", [50], { signal: AbortSignal.timeout(1 + random(30)) })
            : kind < 95
              ? port.call("echo", [i], { idempotent: true, key: i })
              : port.call(["exit", "print", "half_frame", "bad_term", "fail"][random(5)] ?? "fail", ["x"]);
    await call.catch(() => {});
    settled[i] = (settled[i] ?? 0) + 1;
  };
  const calls: Promise<void>[] = [];
  for (let i = 0; i < 200; i += 1) {
    calls.push(make(i));
    const { pid } = port.stats().workers[random(3)] ?? {};
    if (i % 50 === 49 && pid !== undefined) process.kill(pid, random(3) === 0 ? "SIGSTOP" : "SIGKILL");
    if (i % 5 === 0) await wait(random(5));
  }
  await Promise.all(calls);
  expect(wrong).toEqual([]);
  expect(settled.every((count) => count === 1)).toBe(true);
  expect(settled).toHaveLength(200);
  expect(port.stats()).toMatchObject({ unsettled: 0, queued: 0, queuedBytes: 0 });
  await port.close();
  expect(children()).toEqual([]);
});
