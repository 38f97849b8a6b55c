/** Workers without a black box: all works, but nobody can say what had not begun. */
import type * as fs from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { openFixture, pidOf, until } from "../ports.ts";
import { compute, exitError, outcome } from "./compute-port.ts";

const program = compute();
const disk = vi.hoisted(() => ({ isFull: false }));

/** The disk is full wherever a black box can be. */
vi.mock("node:fs", async (original) => {
  const real = await original<typeof fs>();
  const writeSync = (...args: Parameters<typeof fs.writeSync>) => {
    if (disk.isFull) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    return real.writeSync(...args);
  };
  return { ...real, default: real, writeSync };
});

afterEach(() => {
  disk.isFull = false;
});

test("with room for one, stats() says that there is a box", async () => {
  const port = await program.open({ workers: 2 });
  expect(port.stats().workers.map(({ hasBox }) => hasBox)).toEqual([true, true]);
});

test("without room the program runs all the same; every written call counts as begun", async () => {
  disk.isFull = true;
  const port = await program.open();
  expect(port.stats().workers[0]?.hasBox).toBe(false);
  expect(await port.call("add", [20, 22])).toBe(42);
  const running = await program.occupy(port);
  const waiting = Array.from({ length: 10 }, (_, i) => program.mark(port, i));
  await until(() => port.stats().workers[0]?.inFlight === running.length + 10);
  process.kill(pidOf(port), "SIGKILL");
  for (const call of [...running, ...waiting]) expect(exitError(await call)).toMatchObject({ began: true });
  expect(waiting.map((_, i) => program.marks(i))).toEqual(waiting.map(() => 0));
  expect(await port.call("add", [1, 2]), "the next life").toBe(3);
  const crash = exitError(await outcome(port.call("segfault")));
  expect(crash).toMatchObject({ signal: "SIGSEGV", began: true });
  expect(crash.culprit).toBeUndefined();
  expect(crash.stderr).toMatch(/SIGSEGV at 0x2a in `segfault`/);
});

test("a foreign program has none", async () => {
  const port = await openFixture();
  expect(port.stats().workers[0]?.hasBox).toBe(false);
  const calls = [outcome(port.call("busy", [60_000])), outcome(port.call("echo", [1]))];
  await until(() => port.stats().workers[0]?.inFlight === 2);
  process.kill(pidOf(port), "SIGKILL");
  for (const call of calls) expect(exitError(await call)).toMatchObject({ began: true, signal: "SIGKILL" });
  expect(await port.call("echo", [2])).toBe(2);
  await port.close();
});
