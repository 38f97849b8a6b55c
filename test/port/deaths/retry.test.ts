/** Calls that may run twice: after a death they are sent again, unless they are what the workers die of. */
import { expect, test } from "vitest";
import { event, pidOf, until } from "../ports.ts";
import { allReady, compute, exitError, LONG, outcome } from "./compute-port.ts";

const program = compute();

test("an idempotent call that was running is sent again, any other is not", async () => {
  const port = await program.open();
  const safe = program.mark(port, "safe", 200, { idempotent: true });
  const once = program.mark(port, "once", 200);
  await until(() => program.marks("safe") + program.marks("once") === 2);
  process.kill(pidOf(port), "SIGKILL");
  expect(exitError(await once)).toMatchObject({ began: true, attempts: 1 });
  expect(await safe).toEqual({ value: null });
  expect([program.marks("safe"), program.marks("once")]).toEqual([2, 1]);
  expect(port.stats().resent).toBe(1);
});

test("what the program says of the function counts, and the call can say otherwise", async () => {
  const port = await program.open();
  expect(port.functions.find(({ name }) => name === "count_primes")?.idempotent).toBe(true);
  const byTheProgram = outcome(port.call("count_primes", [500_000_000]));
  const byTheCall = outcome(port.call("count_primes", [500_000_000], { idempotent: false }));
  // A call that is behind them in order shows that they have begun.
  await program.mark(port, "behind");
  process.kill(pidOf(port), "SIGKILL");
  expect(await byTheProgram).toEqual({ value: 26_355_867 });
  expect(exitError(await byTheCall).attempts).toBe(1);
});

test("a call that crashes two workers is poison: rejected as such, and no restart is used up", async () => {
  const port = await program.open({ maxRestarts: 1, backoff: { initial: 0 } });
  const gaveUp: unknown[] = [];
  port.on("gaveUp", (error) => gaveUp.push(error));
  for (let again = 0; again < 4; again += 1) {
    const error = exitError(await outcome(port.call("segfault", [], { idempotent: true })));
    expect(error).toMatchObject({ attempts: 2, began: true, culprit: { function: "segfault" } });
    expect(error.message).toMatch(/for the 2nd time with this call: it is not tried again/);
    expect(await port.call("add", [1, 1])).toBe(2);
  }
  expect(gaveUp).toEqual([]);
});

test("alone in two deaths that nobody can be blamed for, it is poison, too", async () => {
  const port = await program.open({ backoff: { initial: 0 } });
  const error = exitError(await outcome(port.call("kill", [9], { idempotent: true })));
  expect(error).toMatchObject({ attempts: 2, signal: "SIGKILL" });
  expect(error.message).toMatch(/for the 2nd time with this call/);
});

test("alone in two workers that froze, it is poison, too", async () => {
  const port = await program.open({
    backoff: { initial: 0 },
    maxRestarts: 100,
    heartbeat: { interval: 50, timeout: 150 },
  });
  const call = program.mark(port, "froze", LONG, { idempotent: true });
  for (const round of [1, 2]) {
    await until(() => program.marks("froze") === round);
    process.kill(pidOf(port), "SIGSTOP");
  }
  const error = exitError(await call);
  expect(error).toMatchObject({ attempts: 2, signal: "SIGKILL", fault: "function" });
  expect(error.message).toMatch(
    /its worker gave no sign of life for 150 ms .* for the 2nd time with this call: it is not tried again/,
  );
});

test("a call beside the culprit is not to blame: it is tried three times", async () => {
  const port = await program.open({ maxRestarts: 100, backoff: { initial: 0 } });
  const beside = program.mark(port, "beside", 200, { idempotent: true });
  for (let death = 1; death <= 2; death += 1) {
    await until(() => program.marks("beside") === death);
    expect(exitError(await outcome(port.call("segfault"))).began).toBe(true);
  }
  expect(await beside).toEqual({ value: null });
  expect(program.marks("beside")).toBe(3);
  const doomed = program.mark(port, "doomed", 200, { idempotent: true });
  for (let death = 1; death <= 3; death += 1) {
    await until(() => program.marks("doomed") === death);
    expect(exitError(await outcome(port.call("segfault"))).began).toBe(true);
  }
  const error = exitError(await doomed);
  expect(error).toMatchObject({ attempts: 3, began: true, culprit: { function: "segfault" } });
  expect(error.message).not.toMatch(/not tried again/);
  await allReady(port);
});

test("what began in an earlier life has begun, also when its time is over while it waits for the next one", async () => {
  const port = await program.open({ backoff: { initial: 60_000, max: 60_000 } });
  const first = program.mark(port, "first", LONG, { idempotent: true, timeout: 1500 });
  const kill = async () => {
    const exit = event(port, "exit");
    process.kill(pidOf(port), "SIGKILL");
    await exit;
  };
  await until(() => program.marks("first") === 1);
  await kill();
  // The first restart is at once; then it was twice alone with a worker that died, so another one takes the blame.
  await until(() => program.marks("first") === 2);
  const beside = program.mark(port, "beside", LONG);
  await until(() => program.marks("beside") === 1);
  await kill();
  expect(exitError(await beside).began).toBe(true);
  expect((await first).error).toMatchObject({
    code: "CALL_TIMEOUT",
    began: true,
    message: expect.stringMatching(/it waited for a worker/),
  });
});
