import { afterEach, expect, test } from "vitest";
import { type OpenOptions, OverloadedError, type Port } from "../../src/index.ts";
import { children, event, openFixture, pidOf, rejection, until } from "./ports.ts";

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

test("over maxQueue calls are rejected at once, and drain says when there is room", async () => {
  const port = await opened("well-behaved.mjs", { maxInFlight: 1, maxQueue: 2 });
  expect(port.needsDrain).toBe(false);
  const drained = event(port, "drain");
  const accepted = [port.call("sleep", [50]), port.call("echo", [1]), port.call("echo", [2])];
  expect(port.needsDrain).toBe(true);
  const error = await rejection(port.call("echo", [3]));
  expect(error).toBeInstanceOf(OverloadedError);
  expect(error).toMatchObject({ code: "CALL_OVERLOADED", function: "echo" });
  expect(error.message).toMatch(
    /^echo: 2 calls \(\d+ bytes\) wait for a worker already \(maxQueue, 2\); wait for "drain"/,
  );
  expect(() => port.cast("echo", [3])).toThrow(OverloadedError);
  await drained;
  expect(port.needsDrain).toBe(false);
  expect(await Promise.all(accepted)).toEqual(["slept", 1, 2]);
});

test("over maxQueueBytes, too", async () => {
  const port = await opened("well-behaved.mjs", { maxInFlight: 1, maxQueueBytes: 100_000 });
  const accepted = [
    port.call("sleep", [50]),
    port.call("echo", ["x".repeat(60_000)]),
    port.call("echo", ["y".repeat(60_000)]),
  ];
  expect((await rejection(port.call("echo", [3]))).message).toMatch(
    /2 calls \(120\d\d\d bytes\) .*\(maxQueueBytes, 100000\)/,
  );
  await Promise.all(accepted);
  expect(port.stats()).toMatchObject({ queued: 0, queuedBytes: 0 });
});

test("drain comes, too, when the calls that wait are aborted or time out", async () => {
  const port = await opened("well-behaved.mjs", { maxInFlight: 1 });
  const blocker = port.call("sleep", [60_000], { timeout: 1500 });
  blocker.catch(() => {});
  for (const optionsNow of [() => ({ timeout: 20 }), () => ({ signal: AbortSignal.timeout(20) })]) {
    const options = optionsNow();
    const drained = event(port, "drain");
    const waiting = [port.call("echo", [1], options), port.call("echo", [2], options)];
    await Promise.allSettled(waiting);
    await drained;
    expect(port.needsDrain).toBe(false);
  }
  await blocker.catch(() => {});
});

test("calls and casts that wait keep their order", async () => {
  const port = await opened("talkative.mjs", { maxInFlight: 2 });
  const topics: unknown[] = [];
  port.on("event", (topic) => topics.push(topic));
  const calls: Promise<unknown>[] = [];
  for (let i = 0; i < 300; i += 1) {
    if (i % 3 === 0) port.cast("event", [`${i}`, null]);
    else calls.push(port.call("event", [`${i}`, null]));
  }
  await Promise.all(calls);
  expect(topics).toEqual(Array.from({ length: 300 }, (_, i) => `${i}`));
});

test("casts alone, far more than a turn takes, all arrive: nothing but their own writing moves them on", async () => {
  const port = await opened("talkative.mjs");
  let seen = 0;
  const all = new Promise<void>((resolve) => {
    port.on("event", () => {
      seen += 1;
      if (seen === 1500) resolve();
    });
  });
  // 1.5 MB in one turn: beyond what one worker takes in a turn, so that some wait in the queue.
  for (let i = 0; i < 1500; i += 1) port.cast("event", ["t", "x".repeat(1000)]);
  expect(port.needsDrain).toBe(true);
  await all;
  expect(port.needsDrain).toBe(false);
});

test("a pipe that is full: calls wait, and go on when the program reads again", async () => {
  const port = await opened("well-behaved.mjs");
  const pid = pidOf(port);
  process.kill(pid, "SIGSTOP");
  const large = new Uint8Array(200_000).fill(1);
  const calls = Array.from({ length: 30 }, (_, i) => port.call<unknown[]>("echo", [[i, large]]));
  await until(() => port.needsDrain);
  const drained = event(port, "drain");
  process.kill(pid, "SIGCONT");
  const answers = await Promise.all(calls);
  expect(answers.map(([i]) => i)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  expect(answers.every(([, bytes]) => Buffer.from(bytes as Uint8Array).equals(large))).toBe(true);
  await drained;
});

test("a message over the program's max_frame is that call's error, with size and limit", async () => {
  const port = await opened("well-behaved.mjs");
  const error = await rejection(port.call("echo", [new Uint8Array(64 << 20)]));
  expect(error).toMatchObject({ code: "CALL_BADARG", function: "echo" });
  expect(error.message).toMatch(
    /the message takes 671\d+ bytes, over the program's limit of 67108864 \(max_frame\)/,
  );
  expect(await port.call("echo", [1])).toBe(1);
  expect(port.stats().restarts).toBe(0);
});

test("a frame over maxFrameBytes from the program: the calls fail with what came, the worker is replaced", async () => {
  const port = await opened("talkative.mjs", { maxFrameBytes: 4096 });
  expect(await port.call("text", [3000])).toHaveLength(3000);
  const waiting = port.call("deaf", [60_000]);
  waiting.catch(() => {});
  const error = await rejection(port.call("over", [4096]));
  expect(error).toMatchObject({ name: "ProtocolError", code: "PORT_PROTOCOL", function: "over" });
  expect(error.message).toMatch(
    /^over: its worker broke the protocol: a frame that claims 4097 bytes, over the limit of 4096 \(maxFrameBytes\), at byte \d+ of its stdout: 00 00 10 01/,
  );
  expect(error.cause).toBeInstanceOf(Error);
  const other = await rejection(waiting);
  expect(other).toMatchObject({ code: "PORT_PROTOCOL", function: "deaf" });
  expect(other).not.toBe(error);
  expect(await port.call("echo", [1])).toBe(1);
  expect(port.stats().restarts).toBe(1);
  // A result that is too large is no different: it is the function's own frame.
  expect(await rejection(port.call("text", [5000]))).toMatchObject({ code: "PORT_PROTOCOL" });
  expect(await port.call("echo", [2])).toBe(2);
});

test("memory of calls that wait is given back though the queue never runs empty", {
  timeout: 60_000,
}, async () => {
  const port = await opened("well-behaved.mjs", { maxInFlight: 8, maxQueue: 100 });
  const text = "x".repeat(20_000);
  const before = process.memoryUsage().arrayBuffers;
  let left = 2500;
  const next = async (): Promise<void> => {
    for (; left > 0; ) {
      left -= 1;
      await port.call("echo", [text]);
    }
  };
  await Promise.all(Array.from({ length: 60 }, next));
  // 50 MB went through; what waited at a time was 1 MB.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(25 << 20);
});
