/** One accident each, with the compute program: what it costs, and that nothing else is harmed. */
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { event, pidOf, until } from "../ports.ts";
import { compute, exitError, LONG, outcome } from "./compute-port.ts";

const program = compute();

/** Functions that keep a worker alive without an end are found by this within the test's time. */
const HEARTBEAT = { interval: 50, timeout: 500 };

test("memory runs out under a limit: that worker aborts, the next one has the same limit and works", async () => {
  const port = await program.open({ limits: { memory: 1 << 30 } });
  const error = exitError(await outcome(port.call("exhaust_memory", [4096])));
  expect(error).toMatchObject({ signal: "SIGABRT", culprit: { function: "exhaust_memory" } });
  expect(error.message).toMatch(/ran out of memory \(limits\.memory is 1024 MiB, \d+ MiB in use/);
  expect(error.stderr).toMatch(/memory allocation of \d+ bytes failed|out of memory: \d+ MiB in use/);
  expect(await port.call("add", [1, 2])).toBe(3);
});

test("memory runs out under ulimit -v", async () => {
  const port = await program.open({ wrap: ["sh", "-c", 'ulimit -v 1000000; exec "$0" "$@"'] });
  const error = exitError(await outcome(port.call("exhaust_memory", [4096])));
  expect(error).toMatchObject({ signal: "SIGABRT", culprit: { function: "exhaust_memory" } });
  expect(await port.call("add", [1, 2])).toBe(3);
});

test("a worker that is stopped (SIGSTOP) is found, and what it never began runs elsewhere", async () => {
  const port = await program.open({ workers: 2, heartbeat: HEARTBEAT });
  const running = await program.occupy(port, { key: "a" });
  const index = port.stats().workers.find(({ inFlight }) => inFlight > 0)?.worker ?? 0;
  const others = Array.from({ length: 20 }, (_, i) => program.mark(port, i));
  process.kill(pidOf(port, index), "SIGSTOP");
  for (const call of running) {
    const error = exitError(await call);
    expect(error).toMatchObject({ signal: "SIGKILL", began: true });
    expect(error.message).toMatch(/its worker gave no sign of life for \d+ ms/);
  }
  for (const [i, other] of others.entries()) {
    expect(await other).toEqual({ value: null });
    expect(program.marks(i)).toBe(1);
  }
  expect(port.stats().resent).toBeGreaterThan(0);
});

test("a worker that computes on all threads for longer than the heartbeat waits is not frozen", async () => {
  const port = await program.open({ heartbeat: HEARTBEAT });
  const running = await program.occupy(port);
  const looping = Array.from({ length: 4 }, () => outcome(port.call("sleep_through_cancel", [1500])));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(port.stats()).toMatchObject({ restarts: 0, unsettled: running.length + looping.length });
});

test("an endless loop that ignores its cancellation: its worker is retired, the calls beside it finish", async () => {
  const port = await program.open({ cancelGrace: 50, shutdown: 600 });
  const beside = program.mark(port, "beside", 400);
  const retire = event(port, "retire");
  const pid = pidOf(port);
  expect(await outcome(port.call("loop_forever", [], { timeout: 100 }))).toMatchObject({
    error: { code: "CALL_TIMEOUT", began: true },
  });
  expect(await retire).toMatchObject([{ pid, reason: expect.stringMatching(/loop_forever was cancelled/) }]);
  const exit = event(port, "exit");
  expect(await port.call("add", [2, 2]), "by the successor").toBe(4);
  expect(await beside).toEqual({ value: null });
  await exit;
  expect(port.stats().restarts).toBe(0);
});

test.each(["close_stdout", "close_stdin"])(
  "%s: the worker lives on, is cut off, and is replaced",
  async (name) => {
    const port = await program.open();
    const running = program.mark(port, "running", LONG);
    await until(() => program.marks("running") === 1);
    const exit = event(port, "exit");
    const closing = await outcome(port.call(name));
    expect(exitError(await running).began).toBe(true);
    expect(await exit).toMatchObject([
      { reason: expect.stringMatching(/closed its std(in|out) and lived on|exited/) },
    ]);
    if (closing.error !== undefined) exitError(closing);
    expect(await port.call("add", [2, 3])).toBe(5);
  },
);

test("a grandchild that holds the pipes does not hold up what follows from the death", async () => {
  const port = await program.open();
  const grandchild = (await port.call("leave_grandchild", [30])) as number;
  const begin = performance.now();
  expect(exitError(await outcome(port.call("exit", [3]))).exitCode).toBe(3);
  expect(await port.call("add", [3, 3])).toBe(6);
  expect(performance.now() - begin).toBeLessThan(10_000);
  process.kill(grandchild, "SIGKILL");
});

test("half a frame, then death", async () => {
  const port = await program.open();
  const error = exitError(await outcome(port.call("send_half_frame", [true])));
  expect(error.message).toMatch(/exited with code 0 in the middle of a frame/);
  expect(await port.call("add", [3, 4])).toBe(7);
});

test("half a frame, and it lives on: answers behind it cannot come, so the worker counts as frozen", async () => {
  const port = await program.open({ heartbeat: HEARTBEAT });
  const half = await outcome(port.call("send_half_frame", [false]));
  expect(exitError(half).message).toMatch(/gave no sign of life/);
  expect(await port.call("add", [4, 4])).toBe(8);
});

test.each([
  ["send_garbage", [Buffer.from("Hello\n")], /48 65 6c 6c 6f|Hello/],
  ["send_huge_length", [], /4294967295/],
] as const)("%s between the frames: a ProtocolError that says what came", async (name, args, message) => {
  const port = await program.open();
  const { error } = await outcome(port.call(name, args));
  expect(error).toMatchObject({ code: "PORT_PROTOCOL" });
  expect(error?.message).toMatch(message);
  expect(await port.call("add", [4, 5])).toBe(9);
});

test("what a function prints, or writes to fd 1, reaches stderr and no frame", async () => {
  const lines: string[] = [];
  const port = await program.open({ stderr: (line) => lines.push(line) });
  const sums = Array.from({ length: 200 }, (_, i) => port.call("add", [i, 1]));
  const prints = Array.from({ length: 200 }, (_, i) => port.call("print_line", [`line ${i}`]));
  await port.call("write_to_stdout", [Buffer.from("from C\n")]);
  expect(await Promise.all(sums)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  await Promise.all(prints);
  await until(() => lines.length === 201);
  expect(lines.toSorted()).toEqual(
    [...Array.from({ length: 200 }, (_, i) => `line ${i}`), "from C"].toSorted(),
  );
});

test("a message over max_frame is that call's error, both ways, and the worker goes on", async () => {
  const port = await program.open({ maxFrameBytes: 1 << 20 });
  const pid = pidOf(port);
  const large = "x".repeat(2 << 20);
  const answer = await outcome(port.call("echo", [large]));
  expect(answer.error?.message).toMatch(/1048576/);
  const tooLarge = await outcome(port.call("echo", ["x".repeat(65 << 20)]));
  expect(tooLarge.error?.message).toMatch(/67108864/);
  expect(await port.call("add", [5, 5])).toBe(10);
  expect(pidOf(port)).toBe(pid);
});

test("a flood on stderr neither stops the calls nor stays in memory", async () => {
  const port = await program.open();
  const before = process.memoryUsage().rss;
  const flood = port.call("flood_stderr", [50_000_000]);
  for (let i = 0; i < 100; i += 1) expect(await port.call("add", [i, i])).toBe(2 * i);
  await flood;
  expect(process.memoryUsage().rss - before).toBeLessThan(150 << 20);
});

test("1000 calls that race with the death of their worker: each settles, none is an uncaught EPIPE", async () => {
  const port = await program.open({ maxRestarts: 1000, backoff: { initial: 0 } });
  const outcomes = [];
  for (let death = 0; death < 50; death += 1) {
    await until(() => port.stats().workers[0]?.state === "ready");
    const exit = event(port, "exit");
    process.kill(pidOf(port), "SIGKILL");
    // They are written to a pipe that nobody reads any more, in several turns of the event loop.
    for (let i = 0; i < 20; i += 1) {
      outcomes.push(program.mark(port, `${death}-${i}`));
      if (i % 5 === 0) await turn();
    }
    await exit;
  }
  const all = await Promise.all(outcomes);
  expect(all).toHaveLength(1000);
  for (const one of all) if (one.error !== undefined) exitError(one);
});
