import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  type OpenOptions,
  open as openPort,
  type Port,
  PortExitError,
  RestartLimitError,
} from "../../src/index.ts";
import { fixture } from "../fixtures/fixture.ts";
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

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "portreeve-restart-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("every way to die: the call says how, the next one works", async () => {
  const port = await opened("well-behaved.mjs", { maxRestarts: 100, backoff: { initial: 0, max: 0 } });
  const ways: [string, unknown, object, string][] = [
    ["kill", "SIGKILL", { exitCode: null, signal: "SIGKILL" }, "was killed by SIGKILL"],
    ["kill", "SIGSEGV", { exitCode: null, signal: "SIGSEGV" }, "was killed by SIGSEGV"],
    ["kill", "SIGABRT", { exitCode: null, signal: "SIGABRT" }, "was killed by SIGABRT"],
    ["exit", 0, { exitCode: 0, signal: null }, "exited with code 0"],
    ["exit", 7, { exitCode: 7, signal: null }, "exited with code 7"],
    ["half_frame", undefined, { exitCode: 0, signal: null }, "exited with code 0 in the middle of a frame"],
  ];
  for (const [name, arg, how, said] of ways) {
    const pid = pidOf(port);
    await port.call("stderr", [`last words of ${name}\n`]);
    const exited = event(port, "exit");
    const error = await rejection(port.call(name, arg === undefined ? [] : [arg]));
    expect(error).toBeInstanceOf(PortExitError);
    expect(error).toMatchObject({ code: "PORT_EXIT", function: name, pid, began: true, attempts: 1, ...how });
    expect(error.message).toBe(`${name}: its worker ${said} before it answered (worker 0, pid ${pid})`);
    expect(error.stderr).toContain(`last words of ${name}`);
    expect(await exited).toEqual([
      expect.objectContaining({ worker: 0, pid, reason: said, unanswered: 1, ...how }),
    ]);
    expect(await port.call("pid")).not.toBe(pid);
  }
  expect(port.stats().restarts).toBe(ways.length);
});

test("garbage, a huge frame, a term that is none: the worker is replaced, the calls say what came", async () => {
  const port = await opened("well-behaved.mjs", { maxRestarts: 100, backoff: { initial: 0, max: 0 } });
  const ways: [string, unknown[], RegExp][] = [
    ["print", ["Hello from a library\n"], /48 65 6c 6c 6f .*it reads as text: "Hello from a library\\n"/],
    ["huge_frame", [], /claims 4294967295 bytes, over the limit/],
    ["bad_term", [], /tag 200/],
  ];
  for (const [name, args, said] of ways) {
    const waiting = rejection(port.call("sleep", [60_000]));
    const error = await rejection(port.call(name, args));
    expect(error).toMatchObject({ name: "ProtocolError", code: "PORT_PROTOCOL", function: name });
    expect(error.message).toMatch(said);
    expect(await waiting).toMatchObject({ code: "PORT_PROTOCOL", function: "sleep" });
    expect(await port.call("echo", [name])).toBe(name);
  }
});

test("a pipe that is closed while the program lives on: it is ended, and says so", async () => {
  const port = await opened("well-behaved.mjs", { maxRestarts: 100, backoff: { initial: 0, max: 0 } });
  const error = await rejection(port.call("close_stdout"));
  expect(error.message).toMatch(/its worker closed its stdout and lived on before it answered/);
  expect(await port.call("close_stdin")).toBe("closed");
  const exited = event(port, "exit");
  // The writes find out; none of them is an uncaught EPIPE.
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => port.call("echo", [1])));
  await exited;
  for (const outcome of outcomes) {
    if (outcome.status === "rejected")
      expect(outcome.reason.message).toMatch(/closed its stdin and lived on/);
  }
  expect(await port.call("echo", [2])).toBe(2);
});

test("a grandchild that holds the pipes delays nothing for long", async () => {
  const port = await opened("well-behaved.mjs");
  const begin = performance.now();
  const error = await rejection(port.call("grandchild", [20]));
  expect(performance.now() - begin).toBeLessThan(5000);
  expect(error).toMatchObject({ exitCode: 7 });
  expect(await port.call("echo", [1])).toBe(1);
});

test("the first restart is at once, the next ones wait; calls made meanwhile wait for it", async () => {
  const port = await opened("well-behaved.mjs", { backoff: { initial: 200, jitter: 0 }, maxRestarts: 5 });
  const delays: unknown[] = [];
  port.on("restart", ({ delay }) => delays.push(delay));
  for (let i = 0; i < 3; i += 1) {
    const died = rejection(port.call("exit", [1]));
    await died;
    expect(await port.call("echo", [i])).toBe(i);
  }
  expect(delays).toEqual([0, 200, 400]);
});

test("over the limit calls are rejected at once, with the history, until a worker is there again", async () => {
  const flag = join(folder, "repaired");
  const path = join(folder, "sometimes.sh");
  writeFileSync(path, `#!/bin/sh\n[ -e ${flag} ] || exit 3\nexec ${fixture("well-behaved.mjs")}\n`);
  chmodSync(path, 0o755);
  writeFileSync(flag, "");
  const port = await openPort(path, {
    stderr: "ignore",
    shutdown: 1000,
    maxRestarts: 2,
    backoff: { initial: 1, max: 150, jitter: 0 },
  });
  open.push(port);
  const gaveUps: unknown[] = [];
  port.on("gaveUp", (error) => gaveUps.push(error));
  rmSync(flag);
  const gaveUp = event(port, "gaveUp");
  const dying = rejection(port.call("exit", [1]));
  const waiting = dying.then(() => rejection(port.call("echo", [1])));
  const [error] = (await gaveUp) as [RestartLimitError];
  expect(error).toBeInstanceOf(RestartLimitError);
  expect(error.history.map(({ reason }) => reason)).toEqual([
    "exited with code 1",
    expect.stringMatching(/exited with code 3 before it said hello/),
    expect.stringMatching(/exited with code 3 before it said hello/),
  ]);
  // What waited is rejected with it, what is called now at once.
  expect(await waiting).toMatchObject({ code: "PORT_RESTART_LIMIT", function: "echo" });
  const begin = performance.now();
  const rejected = await Promise.all(Array.from({ length: 100 }, () => rejection(port.call("echo", [1]))));
  expect(performance.now() - begin).toBeLessThan(1000);
  for (const one of rejected) expect(one).toMatchObject({ code: "PORT_RESTART_LIMIT", function: "echo" });
  expect(() => port.cast("echo", [1])).toThrow(RestartLimitError);
  // It goes on trying: one start each time, and told only once.
  await until(() => port.stats().workers[0]?.state === "starting");
  await until(() => port.stats().workers[0]?.state === "restarting");
  expect(await rejection(port.call("echo", [1]))).toMatchObject({ code: "PORT_RESTART_LIMIT" });
  expect(gaveUps).toHaveLength(1);
  writeFileSync(flag, "");
  await until(() => port.stats().workers[0]?.state === "ready");
  expect(await port.call("echo", ["again"])).toBe("again");
});

test("with maxRestarts 0 the first death is one too many; the other worker goes on alone", async () => {
  const port = await opened("well-behaved.mjs", { workers: 2, maxRestarts: 0, backoff: { max: 60_000 } });
  await rejection(port.call("exit", [1]));
  const pids = new Set(await Promise.all(Array.from({ length: 20 }, () => port.call("pid"))));
  expect(pids.size).toBe(1);
  await rejection(port.call("exit", [1]));
  expect(await rejection(port.call("echo", [1]))).toMatchObject({ code: "PORT_RESTART_LIMIT" });
});

test("an idempotent call is made again after a death; one that is not never runs twice", async () => {
  const port = await opened("talkative.mjs", { maxRestarts: 100, backoff: { initial: 0, max: 0 } });
  expect(await port.call("die_once", [join(folder, "one")], { idempotent: true })).toBe("lived");
  expect(await rejection(port.call("die_once", [join(folder, "two")]))).toMatchObject({
    exitCode: 9,
    attempts: 1,
  });
  expect(existsSync(join(folder, "two"))).toBe(true);
  const note = join(folder, "note");
  const noted = [port.call("noted", [note, 60_000]), port.call("noted", [note, 60_000])].map(rejection);
  await until(() => existsSync(note) && readFileSync(note, "utf8").length === 8);
  process.kill(pidOf(port), "SIGKILL");
  for (const error of await Promise.all(noted))
    expect(error).toMatchObject({ signal: "SIGKILL", attempts: 1 });
  await port.call("echo", [1]);
  expect(readFileSync(note, "utf8")).toBe("ran\nran\n");
  expect(port.stats().resent).toBe(1);
});

test("a call that kills whoever runs it is not tried for ever, and does not use up the restarts", async () => {
  const port = await opened("talkative.mjs", { maxRestarts: 1, backoff: { initial: 0, max: 60_000 } });
  const error = await rejection(port.call("exit", [4], { idempotent: true }));
  expect(error).toMatchObject({ exitCode: 4, attempts: 2 });
  expect(error.message).toMatch(/for the 2nd time with this call: it is not tried again/);
  expect(await port.call("echo", [1])).toBe(1);
});

test("a key leads to the same worker across its restart", async () => {
  const port = await opened("well-behaved.mjs", { workers: 2, maxRestarts: 100 });
  const indexOfKey = async (key: string) => {
    const pid = await port.call("pid", [], { key });
    return port.stats().workers.findIndex((worker) => worker.pid === pid);
  };
  const keys = ["alice", "bob", "carol", "dave"];
  const before = await Promise.all(keys.map(indexOfKey));
  expect(new Set(before).size).toBe(2);
  const [first = ""] = keys;
  const died = rejection(port.call("exit", [1], { key: first }));
  // Those that are called while it is away wait for its successor.
  await died;
  expect(await Promise.all(keys.map(indexOfKey))).toEqual(before);
});

test("a cast goes to the worker of its key, too", async () => {
  const port = await opened("well-behaved.mjs", {
    workers: 2,
    maxRestarts: 100,
    backoff: { initial: 0, max: 0 },
  });
  const ended = new Set<unknown>();
  for (const key of ["a", "b", "c", "d", "e", "f", "g", "h"]) {
    const pid = await port.call("pid", [], { key });
    const exit = event(port, "exit");
    port.cast("exit", [1], { key });
    const [{ worker, pid: gone }] = (await exit) as [{ worker: number; pid: number }];
    expect(gone).toBe(pid);
    ended.add(worker);
  }
  expect([...ended].toSorted()).toEqual([0, 1]);
});

test("a death with a thousand calls under way settles every one of them, once", async () => {
  const port = await opened("well-behaved.mjs", { maxInFlight: 500, maxRestarts: 100 });
  let settled = 0;
  const calls = Array.from({ length: 1500 }, (_, i) => {
    const call = i === 700 ? port.call("exit", [1]) : port.call("echo", [i]);
    return call.finally(() => {
      settled += 1;
    });
  });
  const outcomes = await Promise.allSettled(calls);
  expect(settled).toBe(1500);
  for (const [i, outcome] of outcomes.entries()) {
    if (outcome.status === "fulfilled") expect(outcome.value).toBe(i);
    else expect(outcome.reason).toMatchObject({ code: "PORT_EXIT", exitCode: 1 });
  }
  expect(outcomes.filter(({ status }) => status === "rejected").length).toBeLessThanOrEqual(500);
  expect(port.stats()).toMatchObject({ unsettled: 0, queued: 0, queuedBytes: 0 });
});

test("a frozen worker (SIGSTOP) is found by its heartbeat and replaced", async () => {
  const port = await opened("well-behaved.mjs", { heartbeat: { interval: 60, timeout: 240 } });
  const pid = pidOf(port);
  const waiting = rejection(port.call("sleep", [60_000]));
  process.kill(pid, "SIGSTOP");
  const error = await waiting;
  expect(error).toMatchObject({ code: "PORT_EXIT", signal: "SIGKILL", pid });
  expect(error.message).toMatch(/its worker gave no sign of life for \d+ ms/);
  expect(await port.call("pid")).not.toBe(pid);
});

test("a worker that is silent but alive answers the heartbeat", async () => {
  const port = await opened("well-behaved.mjs", { heartbeat: { interval: 40, timeout: 400 } });
  expect(await port.call("sleep", [1500])).toBe("slept");
  expect(port.stats().restarts).toBe(0);
});

test("recycle: workers are replaced by calls, age and memory, and no call is lost", async () => {
  const port = await opened("well-behaved.mjs", { recycle: { maxCalls: 5 } });
  const retired: unknown[] = [];
  port.on("retire", ({ reason }) => retired.push(reason));
  const pids = new Set<unknown>();
  while (pids.size < 3) pids.add(await port.call("pid"));
  expect(await Promise.all(Array.from({ length: 12 }, (_, i) => port.call("echo", [i])))).toHaveLength(12);
  expect(new Set(retired)).toEqual(new Set(["was given 5 calls (recycle.maxCalls)"]));
  expect(port.stats().restarts).toBe(0);

  const replaced = [{ maxAge: 1 }, { maxRss: 1 }].map(async (recycle) => {
    const other = await opened("well-behaved.mjs", { recycle });
    const pid = pidOf(other);
    await event(other, "retire");
    await until(() => pidOf(other) !== pid);
    expect(await other.call("pid")).not.toBe(pid);
  });
  await Promise.all(replaced);
});
