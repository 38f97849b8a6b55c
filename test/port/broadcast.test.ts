import { afterEach, expect, test } from "vitest";
import type { Port } from "../../src/index.ts";
import { openFixture, pidOf, rejection } from "./ports.ts";

let port: Port;

afterEach(() => port.close());

test("a broadcast calls every worker once; results come in the order of the workers", async () => {
  port = await openFixture("well-behaved.mjs", { workers: 3 });
  expect(await port.broadcast("pid")).toEqual([pidOf(port, 0), pidOf(port, 1), pidOf(port, 2)]);
  expect(await port.broadcast("sum", [[1, 2]])).toEqual([3, 3, 3]);
  expect(port.stats().calls).toBe(6);
});

test("it rejects with the first error, in the caller's own stack, and only when all have ended", async () => {
  port = await openFixture("well-behaved.mjs", { workers: 2 });
  // Only one of the two fails, at once; the other sleeps.
  const [first] = await port.broadcast<number>("pid");
  const begin = performance.now();
  const error = await rejection(port.broadcast("sleep_unless", [first, 200]));
  expect(performance.now() - begin).toBeGreaterThanOrEqual(195);
  expect(error).toMatchObject({ code: "CALL_ERROR", function: "sleep_unless" });
  expect(error.stack).toContain("broadcast.test.ts");
  expect(port.stats().unsettled).toBe(0);
});

test("a wrong name, arguments that cannot be sent, a timeout: as with a call", async () => {
  port = await openFixture("well-behaved.mjs", { workers: 2 });
  expect(await rejection(port.broadcast("pidd"))).toMatchObject({ code: "CALL_UNDEF" });
  expect(await rejection(port.broadcast("echo", [() => {}]))).toMatchObject({ code: "ETF_UNSUPPORTED" });
  expect(await rejection(port.broadcast("sleep", [60_000], { timeout: 30 }))).toMatchObject({
    code: "CALL_TIMEOUT",
  });
});

test("signal, trace and onProgress are those of each of its calls", async () => {
  port = await openFixture("talkative.mjs", { workers: 2 });
  const told: unknown[] = [];
  expect(await port.broadcast("steps", [2], { onProgress: (value) => told.push(value) })).toEqual([
    "done",
    "done",
  ]);
  expect(told.toSorted()).toEqual([0, 0, 1, 1]);
  const controller = new AbortController();
  const waiting = rejection(port.broadcast("deaf", [60_000], { signal: controller.signal }));
  controller.abort(new Error("enough"));
  expect((await waiting).message).toBe("enough");
  expect(await rejection(port.broadcast("echo", [1], { trace: "00-0" }))).toBeInstanceOf(TypeError);
});
