/** What never began is sent again: once for each death, in the old order, before all that came later. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { event, pidOf, until } from "../ports.ts";
import { compute, exitError, outcome, threadsOf } from "./compute-port.ts";

const program = compute();

/** Numbered marks in the order in which they were made; the file system's clock has ticks of some ms. */
function order(): number[] {
  const made = readdirSync(program.folder).filter((name) => /^\d+$/.test(name));
  const at = (mark: number) => statSync(join(program.folder, String(mark))).mtimeMs;
  return made.map(Number).toSorted((a, b) => at(a) - at(b) || a - b);
}

test("calls that never began run in the next life: once each, in the old order, before those that came later", async () => {
  const port = await program.open({ maxInFlight: 64 });
  const running = await program.occupy(port);
  // 64 less the running ones are written to the worker, the others wait behind them.
  const calls = Array.from({ length: 200 }, (_, i) => program.mark(port, i, 2));
  await until(() => port.stats().workers[0]?.inFlight === 64);
  process.kill(pidOf(port), "SIGKILL");
  for (const call of running) expect(exitError(await call).began).toBe(true);
  for (const [i, call] of calls.entries()) {
    expect(await call).toEqual({ value: null });
    expect(program.marks(i)).toBe(1);
  }
  expect(port.stats().resent).toBe(64 - running.length);
  // Calls begin in order and overlap: now and then one is overtaken, when its thread has to wait for the machine.
  const astray = order().map((i, place) => Math.abs(place - i));
  expect(astray.reduce((sum, places) => sum + places, 0) / astray.length).toBeLessThan(threadsOf(port) + 1);
});

test("with two workers they go to the other one", async () => {
  const port = await program.open({ workers: 2, backoff: { initial: 5000 }, maxRestarts: 0 });
  const key = "a";
  const running = await program.occupy(port, { key });
  const index = port.stats().workers.find(({ inFlight }) => inFlight > 0)?.worker ?? 0;
  const calls = Array.from({ length: 100 }, (_, i) => program.mark(port, i));
  expect(port.stats().workers[index]?.inFlight).toBeGreaterThan(running.length);
  process.kill(pidOf(port, index), "SIGKILL");
  for (const [i, call] of calls.entries()) {
    expect(await call).toEqual({ value: null });
    expect(program.marks(i)).toBe(1);
  }
  for (const call of running) expect(exitError(await call).began).toBe(true);
  expect(port.stats().resent).toBeGreaterThan(0);
});

test("with a key they wait for the same place", async () => {
  const port = await program.open({ workers: 2 });
  await Promise.all([program.mark(port, "warm", 0, { key: 7 })]);
  const index = port.stats().workers.find(({ answered }) => answered > 0)?.worker ?? 0;
  const running = await program.occupy(port, { key: 7 });
  const calls = Array.from({ length: 20 }, (_, i) => program.mark(port, i, 0, { key: 7 }));
  const restarted = event(port, "restart");
  process.kill(pidOf(port, index), "SIGKILL");
  await restarted;
  for (const call of calls) expect(await call).toEqual({ value: null });
  for (const call of running) expect(exitError(await call).began).toBe(true);
  expect(port.stats().workers[index]?.answered, "answered in the new life of that place").toBe(20);
});

test("three times in vain: began is false, and the mark on disk agrees", async () => {
  const port = await program.open({ maxRestarts: 1000, backoff: { initial: 0 } });
  // Whatever number of them a life runs at a time, three lives do not get through them all.
  const kills = Array.from({ length: 3 * threadsOf(port) + 3 }, () => outcome(port.call("kill", [9])));
  const victims = Array.from({ length: 10 }, (_, i) => program.mark(port, i));
  for (const [i, call] of victims.entries()) {
    const error = exitError(await call);
    expect(error).toMatchObject({ began: false, attempts: 3, signal: "SIGKILL", function: "count_on_disk" });
    expect(error.message).toMatch(/before the call began, 3 times in a row; it is safe to repeat/);
    expect(program.marks(i)).toBe(0);
  }
  const errors = (await Promise.all(kills)).map(exitError);
  expect(errors.filter(({ began }) => began).length).toBeGreaterThanOrEqual(3);
  expect(await program.mark(port, "after")).toEqual({ value: null });
});
