/** Calls that are never sent again, though they never began. */
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { event, pidOf, until } from "../ports.ts";
import { compute, exitError, outcome } from "./compute-port.ts";

const program = compute();

test("a broadcast was meant for that worker", async () => {
  const port = await program.open();
  await program.occupy(port);
  const path = `${program.folder}/broadcast`;
  const broadcast = outcome(port.broadcast("count_on_disk", [path, 0]));
  const other = program.mark(port, "other");
  await until(() => (port.stats().workers[0]?.inFlight ?? 0) >= 4);
  process.kill(pidOf(port), "SIGKILL");
  expect(exitError(await broadcast)).toMatchObject({ began: false, attempts: 1 });
  expect(await other).toEqual({ value: null });
  expect(program.marks("broadcast")).toBe(0);
});

test("a call that was aborted", async () => {
  const port = await program.open();
  await program.occupy(port);
  const controller = new AbortController();
  const aborted = program.mark(port, "aborted", 0, { signal: controller.signal });
  const other = program.mark(port, "other");
  await turn();
  // The worker hears of it too late: it is stopped before, and dies.
  process.kill(pidOf(port), "SIGSTOP");
  controller.abort(new Error("nobody wants it"));
  process.kill(pidOf(port), "SIGKILL");
  expect((await aborted).error?.message).toBe("nobody wants it");
  expect(await other).toEqual({ value: null });
  expect(program.marks("aborted")).toBe(0);
});

test("a call whose time is over", async () => {
  const port = await program.open({ cancelGrace: 60_000 });
  await program.occupy(port);
  const late = program.mark(port, "late", 0, { timeout: 50 });
  const other = program.mark(port, "other");
  await turn();
  process.kill(pidOf(port), "SIGSTOP");
  expect((await late).error).toMatchObject({
    code: "CALL_TIMEOUT",
    began: true,
    message: expect.stringMatching(/it was with a worker and had not begun yet/),
  });
  process.kill(pidOf(port), "SIGKILL");
  expect(await other).toEqual({ value: null });
  expect(program.marks("late")).toBe(0);
  expect(port.stats().timedOut).toBe(1);
});

test("calls of a port that is being closed: no new worker, all is reaped", async () => {
  const port = await program.open({ shutdown: 60_000 });
  const running = await program.occupy(port);
  const waiting = Array.from({ length: 20 }, (_, i) => program.mark(port, i));
  const pid = pidOf(port);
  await turn();
  const closed = port.close();
  const exit = event(port, "exit");
  process.kill(pid, "SIGKILL");
  await exit;
  for (const call of [...running, ...waiting])
    expect((await call).error).toMatchObject({ code: "PORT_CLOSED" });
  await closed;
  for (let i = 0; i < waiting.length; i += 1) expect(program.marks(i)).toBe(0);
});

test("casts that were written are lost, those that waited are not", async () => {
  const port = await program.open({ maxInFlight: 8 });
  await program.occupy(port);
  const path = (name: string) => `${program.folder}/${name}`;
  port.cast("count_on_disk", [path("written"), 0]);
  await turn();
  const calls = Array.from({ length: 20 }, (_, i) => program.mark(port, i));
  port.cast("count_on_disk", [path("waited"), 0]);
  await until(() => port.stats().workers[0]?.inFlight === 8);
  process.kill(pidOf(port), "SIGKILL");
  for (const call of calls) expect(await call).toEqual({ value: null });
  await until(() => program.marks("waited") === 1);
  expect(program.marks("written")).toBe(0);
});
