import { getEventListeners } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { CallTimeoutError, type OpenOptions, type Port } from "../../src/index.ts";
import { block, children, event, openFixture, pidOf, rejection, until } from "./ports.ts";

const open: Port[] = [];
async function opened(name?: string, options?: OpenOptions): Promise<Port> {
  const port = await openFixture(name, options);
  open.push(port);
  return port;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((port) => port.close()));
  expect(children()).toEqual([]);
});

/** How long a promise takes to reject, and with what. */
async function timed(promise: Promise<unknown>) {
  const begin = performance.now();
  const error = await rejection(promise);
  return { error, ms: performance.now() - begin };
}

test("a call without an answer in time rejects, never early, and its slot is free again", async () => {
  const port = await opened("well-behaved.mjs", { maxInFlight: 1 });
  for (const timeout of [1, 30, 120]) {
    const { error, ms } = await timed(port.call("sleep", [60_000], { timeout }));
    expect(error).toBeInstanceOf(CallTimeoutError);
    expect(error).toMatchObject({ code: "CALL_TIMEOUT", function: "sleep", began: true });
    expect(error.message).toContain(`sleep: no answer within ${timeout} ms`);
    expect(ms).toBeGreaterThanOrEqual(timeout - 0.5);
    expect(ms).toBeLessThan(timeout + 1000);
    expect(await port.call("echo", [timeout])).toBe(timeout);
  }
  expect(port.stats()).toMatchObject({ timedOut: 3, restarts: 0, unsettled: 0 });
});

test("callTimeout is for calls that bring none; 0 means none", async () => {
  const port = await opened("well-behaved.mjs", { callTimeout: 60 });
  await expect(port.call("sleep", [60_000])).rejects.toThrow("no answer within 60 ms");
  await expect(port.as<{ sleep(ms: number): Promise<string> }>().sleep(60_000)).rejects.toThrow(
    "within 60 ms",
  );
  expect(await port.call("sleep", [200], { timeout: 0 })).toBe("slept");
  await expect(port.call("echo", [1], { timeout: -1 })).rejects.toThrow(/^timeout must be a number of ms/);
  await expect(port.call("echo", [1], { timeout: Number.NaN })).rejects.toThrow(RangeError);
});

test("a call that times out before it was sent says so: it never began, and never will", async () => {
  const port = await opened("well-behaved.mjs", { maxInFlight: 1 });
  const first = port.call("sleep", [300]);
  const { error } = await timed(port.call("exit", [1], { timeout: 40 }));
  expect(error).toMatchObject({ began: false, message: expect.stringMatching(/it waited for a worker/) });
  expect(await first).toBe("slept");
  expect(await port.call("echo", [1])).toBe(1);
  expect(port.stats().restarts).toBe(0);
});

test("a function that ignores its cancellation gets its worker retired; the other calls finish", async () => {
  const port = await opened("talkative.mjs", { cancelGrace: 60, shutdown: 10_000 });
  const old = pidOf(port);
  const retired = event(port, "retire");
  const exited = event(port, "exit");
  const other = port.call("deaf", [900]);
  await expect(port.call("deaf", [60_000], { timeout: 30 })).rejects.toThrow(CallTimeoutError);
  expect(await retired).toEqual([
    { worker: 0, pid: old, reason: "ignored for 60 ms that a call of deaf was cancelled" },
  ]);
  const successor = await port.call("pid");
  expect(successor).not.toBe(old);
  expect(await other).toBe("done");
  expect(await exited).toEqual([
    expect.objectContaining({
      pid: old,
      reason: "was ended: retired because `deaf` ignored its cancel; nobody waited for another of its calls",
    }),
  ]);
  expect(await port.call("pid")).toBe(successor);
  expect(port.stats()).toMatchObject({ restarts: 0, timedOut: 1 });
});

test("a worker that computes and reads nothing is retired, too, at once when nobody waits for it", async () => {
  const port = await opened("well-behaved.mjs", { cancelGrace: 50, shutdown: 60_000 });
  const old = pidOf(port);
  const exited = event(port, "exit");
  await expect(port.call("busy", [30_000], { timeout: 30 })).rejects.toThrow(CallTimeoutError);
  await exited;
  expect(await port.call("pid")).not.toBe(old);
  expect(children()).not.toContain(old);
});

test("calls of a retiring worker that take longer than shutdown are ended with it", async () => {
  const port = await opened("talkative.mjs", { cancelGrace: 30, shutdown: 200 });
  const other = port.call("deaf", [60_000]);
  await expect(port.call("deaf", [60_000], { timeout: 20 })).rejects.toThrow(CallTimeoutError);
  const error = await rejection(other);
  expect(error).toMatchObject({ code: "PORT_EXIT", signal: "SIGKILL", function: "deaf" });
  expect(error.message).toMatch(
    /^deaf: its worker was ended before it answered: retired because `deaf` ignored its cancel; `shutdown` is 200 ms \(worker 0, pid \d+\)$/,
  );
});

test("while the host's own loop is blocked for 500 ms, no answer that came in time is called late", async () => {
  const port = await opened("well-behaved.mjs");
  await port.call("echo", [1]);
  for (let round = 0; round < 3; round += 1) {
    const calls = Array.from({ length: 200 }, (_, i) => port.call("echo", [i], { timeout: 100 }));
    const slow = port.call("sleep", [20], { timeout: 100 });
    await wait(1);
    block(500);
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(await slow).toBe("slept");
  }
  expect(port.stats()).toMatchObject({ timedOut: 0, restarts: 0 });
});

test("a signal: aborted before, while it waits, while it runs; its reason as it is", async () => {
  const port = await opened("well-behaved.mjs", { maxInFlight: 1 });
  const reason = new Error("enough");
  await expect(port.call("exit", [1], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);

  const controller = new AbortController();
  const { signal } = controller;
  const running = port.call("sleep", [60_000], { signal });
  const waiting = [port.call("exit", [1], { signal }), port.call("exit", [2], { signal })];
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  await wait(20);
  controller.abort(reason);
  for (const call of [running, ...waiting]) await expect(call).rejects.toBe(reason);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
  expect(await port.call("echo", [1])).toBe(1);
  expect(port.stats()).toMatchObject({ restarts: 0, queued: 0, unsettled: 0 });
});

test("a signal that lives long collects no listeners", async () => {
  const port = await opened("well-behaved.mjs");
  const { signal } = new AbortController();
  for (let i = 0; i < 20; i += 1) {
    await Promise.all(Array.from({ length: 20 }, () => port.call("echo", [i], { signal, timeout: 10_000 })));
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  }
  await expect(port.call("echo", [1], { signal: {} as AbortSignal })).rejects.toThrow(
    /signal must be an AbortSignal/,
  );
  expect(port.stats().unsettled).toBe(0);
});

test("a signal that a getter among the arguments aborts, while they are encoded", async () => {
  const port = await opened("well-behaved.mjs");
  const controller = new AbortController();
  const running = port.call("sleep", [60_000], { signal: controller.signal });
  const toTerm = () => {
    controller.abort();
    return "x";
  };
  const own = port.call("echo", [{ toTerm }], { signal: controller.signal });
  const outcomes = await Promise.allSettled([running, own]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await port.call("echo", ["next"])).toBe("next");
  await until(() => port.stats().workers[0]?.inFlight === 0);
  expect(port.stats()).toMatchObject({ unsettled: 0, restarts: 0 });
});

test("AbortSignal.timeout and a deadline on the same call: the first one wins, once", async () => {
  const port = await opened("well-behaved.mjs");
  const calls = Array.from({ length: 60 }, (_, i) =>
    rejection(
      port.call("sleep", [60_000], { timeout: 20 + (i % 20), signal: AbortSignal.timeout((i % 60) * 4) }),
    ),
  );
  const names = new Set((await Promise.all(calls)).map(({ name }) => name));
  expect([...names].sort()).toEqual(["CallTimeoutError", "TimeoutError"]);
  await until(() => port.stats().workers[0]?.inFlight === 0);
  expect(port.stats()).toMatchObject({ unsettled: 0, restarts: 0 });
});
