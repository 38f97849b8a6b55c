/** `recycle`: a worker is given so many calls and no more, and each limit is kept as it is given. */
import { afterEach, expect, test } from "vitest";
import type { OpenOptions, Port } from "../../../src/index.ts";
import { children, event, openFixture, pidOf, until } from "../ports.ts";

const ports: Port[] = [];
async function opened(options: OpenOptions): Promise<Port> {
  const port = await openFixture("well-behaved.mjs", { shutdown: 100, ...options });
  ports.push(port);
  return port;
}
afterEach(async () => {
  await Promise.all(ports.splice(0).map((port) => port.kill()));
  expect(children()).toEqual([]);
});

/** How often each value is there. */
function counts(values: readonly unknown[]): number[] {
  const found = new Map<unknown, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return [...found.values()];
}

test.each([
  [1, 1],
  [10, 1],
  [3, 2],
])("of a crowd of calls each worker gets maxCalls, %i, with %i workers", async (maxCalls, workers) => {
  const port = await opened({ workers, recycle: { maxCalls } });
  const pids = await Promise.all(Array.from({ length: 6 * maxCalls }, () => port.call("pid")));
  expect(Math.max(...counts(pids))).toBe(maxCalls);
  expect(port.stats()).toMatchObject({ restarts: 0, resent: 0 });
});

test("one call after the other: each has a process of its own, and the next is started while this one runs", async () => {
  const port = await opened({ recycle: { maxCalls: 1 } });
  const first = port.call("sleep", [1500]);
  const second = await port.call("pid");
  const third = await port.call("pid");
  expect(new Set([second, third]).size).toBe(2);
  expect(port.stats().unsettled, "the first call has run all the time").toBe(1);
  expect(await first).toBe("slept");
});

test("with long calls there are never more than twice as many processes as workers, and all are answered", async () => {
  const port = await opened({ recycle: { maxCalls: 1 } });
  const calls = Array.from({ length: 6 }, () => port.call("sleep", [300]));
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, children().length);
  }, 1);
  expect(new Set(await Promise.all(calls))).toEqual(new Set(["slept"]));
  clearInterval(watch);
  expect(most).toBe(2);
});

test("casts count, too", async () => {
  const port = await opened({ recycle: { maxCalls: 2 } });
  const old = pidOf(port);
  port.cast("echo", [1]);
  port.cast("echo", [2]);
  expect(await port.call("pid")).not.toBe(old);
});

test("a worker that is spent and cannot be replaced is restarted like a dead one", async () => {
  const port = await opened({ recycle: { maxCalls: 1 }, maxRestarts: 1, backoff: { initial: 1 } });
  const gaveUp = event(port, "gaveUp");
  port.on("log", () => {});
  const before = process.env.NODE_OPTIONS;
  process.env.NODE_OPTIONS = "--no-such-option";
  try {
    await port.call("echo", [1]);
    await gaveUp;
  } finally {
    if (before === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = before;
  }
  await expect(port.call("echo", [1])).rejects.toMatchObject({ code: "PORT_RESTART_LIMIT" });
});

test("maxAge is kept to the ms, not to the second", async () => {
  const port = await opened({ recycle: { maxAge: 300 } });
  const [{ reason }] = (await event(port, "retire")) as [{ reason: string }];
  const age = Number(/^is (\d+) ms old \(recycle\.maxAge\)$/.exec(reason)?.[1]);
  expect(age).toBeGreaterThanOrEqual(299);
  // Looked at once a second it would be 1000, whatever the machine does beside.
  expect(age).toBeLessThan(1000);
  await until(() => children().length === 1);
});

test("maxAge: several workers are not all replaced at the same moment", async () => {
  const port = await opened({ workers: 4, recycle: { maxAge: 1000 } });
  const ages: number[] = [];
  port.on("retire", ({ reason }) => ages.push(Number(/^is (\d+) ms/.exec(reason)?.[1])));
  await until(() => ages.length >= 4);
  const first = ages.slice(0, 4);
  expect(Math.min(...first)).toBeGreaterThanOrEqual(899);
  expect(new Set(first).size).toBeGreaterThan(1);
});
