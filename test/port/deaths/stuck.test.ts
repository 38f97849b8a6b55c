/** A call that is stuck: before its worker is killed the program says what that call was doing. */
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { expect, test } from "vitest";
import type { Call } from "../../../src/calls/call.ts";
import type { Culprit, Port } from "../../../src/index.ts";
import { stuckId, whereStuck } from "../../../src/pool/stuck.ts";
import { event, pidOf, until } from "../ports.ts";
import { compute, exitError, LONG, outcome, threadsOf } from "./compute-port.ts";

const program = compute();
const { SIGABRT } = constants.signals;

/** How it retires a worker for a call that ignores its cancel, at once when nobody waits for another. */
const GRACE = { cancelGrace: 50, shutdown: 400 };

interface Exit {
  readonly signal: string;
  readonly reason: string;
  readonly culprit?: Culprit;
}

/** The end of the next worker. */
async function nextExit(port: Port): Promise<Exit> {
  const [exit] = await event(port, "exit");
  return exit as Exit;
}

/** Whether a signal that was sent to the process waits for it (proc(5): SigPnd and ShdPnd). */
function isPending(pid: number, signal: number): boolean {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const pending = BigInt(`0x${/^ShdPnd:\s*(\w+)$/m.exec(status)?.[1]}`);
  return (pending & (1n << BigInt(signal - 1))) !== 0n;
}

test("an endless loop that ignores its cancel: the end names its function, and where that was", async () => {
  const port = await program.open(GRACE);
  const [retire, exit] = [event(port, "retire"), nextExit(port)];
  const timeout = await outcome(port.call("loop_forever", [], { timeout: 100 }));
  expect(timeout).toMatchObject({ error: { code: "CALL_TIMEOUT", function: "loop_forever" } });
  expect(await retire).toMatchObject([{ reason: expect.stringContaining("loop_forever") }]);
  const { signal, reason, culprit } = await exit;
  expect(signal).toBe("SIGKILL");
  expect(reason).toMatch(
    /^was ended: retired because `loop_forever` ignored its cancel; nobody waited for another of its calls; `loop_forever` was in .*misbehave::hang::loop_forever \(.*hang\.rs:\d+\)$/,
  );
  expect(culprit).toMatchObject({ function: "loop_forever", isStuck: true, signal: undefined });
  expect(culprit?.backtrace.join("\n")).toMatch(/misbehave::hang::loop_forever \(.*hang\.rs:\d+\)/);
});

test("a deadlock: the end says which lock it waits for, and who does", async () => {
  const port = await program.open(GRACE);
  const exit = nextExit(port);
  await outcome(port.call("deadlock", [], { timeout: 100 }));
  const { reason, culprit } = await exit;
  expect(reason).toMatch(
    /; `deadlock` was in \S*mutex\S*::lock \(.*\), from \S*::deadlock \(.*hang\.rs:\d+\)$/i,
  );
  expect(culprit?.backtrace.join("\n")).toMatch(/Mutex>?::lock_contended.*misbehave::hang::deadlock/s);
});

test("of the calls that run it is the one that ignored its cancel, and the one beside it is told so", async () => {
  const port = await program.open(GRACE);
  const beside = program.mark(port, "beside", LONG);
  await until(() => program.marks("beside") === 1);
  await outcome(port.call("deadlock", [], { timeout: 100 }));
  const error = exitError(await beside);
  expect(error).toMatchObject({ signal: "SIGKILL", fault: "service", began: true });
  expect(error.message).toMatch(
    /^count_on_disk: its worker was ended before it answered: retired because `deadlock` ignored its cancel; `shutdown` is 400 ms; `deadlock` was in .*::deadlock \(.*\) \(worker 0, pid \d+\)$/,
  );
  expect(error.culprit).toMatchObject({ function: "deadlock", isStuck: true });
  expect(error.culprit?.backtrace.join("\n")).toMatch(/lock_contended/);
});

test("a call that never began because all threads are stuck: the end names one that is", async () => {
  const port = await program.open({ ...GRACE, shutdown: 100 });
  const stuck = Array.from({ length: threadsOf(port) }, () => outcome(port.call("deadlock")));
  const exit = nextExit(port);
  const waited = await outcome(port.call("add", [1, 2], { timeout: 300 }));
  expect(waited.error).toMatchObject({
    code: "CALL_TIMEOUT",
    message: expect.stringMatching(/not begun yet/),
  });
  const { reason, culprit } = await exit;
  expect(reason).toMatch(/`add` ignored its cancel; `shutdown` is 100 ms; `deadlock` was in /);
  expect(culprit).toMatchObject({ function: "deadlock", isStuck: true });
  for (const call of stuck) expect(exitError(await call).culprit).toEqual(culprit);
});

test("an unresponsive worker: of the call that ran for the longest, which is not to blame for that", async () => {
  const port = await program.open({ heartbeat: { interval: 50, timeout: 300 } });
  const exit = nextExit(port);
  const stuck = outcome(port.call("deadlock"));
  // Nothing that can be read comes behind it, its own answer included.
  const half = outcome(port.call("send_half_frame", [false]));
  const errors = [exitError(await stuck), exitError(await half)];
  for (const error of errors) {
    expect(error.message).toMatch(
      /^\w+: its worker gave no sign of life for \d+ ms \(`heartbeat\.timeout` is 300 ms\) before it answered; `deadlock` was in .*, from \S*::deadlock /,
    );
    expect(error).toMatchObject({ fault: "service", culprit: { function: "deadlock", isStuck: true } });
  }
  expect(await exit).toMatchObject({ signal: "SIGKILL", culprit: errors[0]?.culprit });
  expect(port.stats().restarts).toBe(1);
});

test("a stopped program can say nothing: it is killed all the same, and so it is when its port is, at once", async () => {
  const port = await program.open({ heartbeat: { interval: 50, timeout: 300 } });
  for (const isKilled of [false, true]) {
    const lost = program.mark(port, String(isKilled), LONG);
    await until(() => program.marks(String(isKilled)) === 1);
    const pid = pidOf(port);
    const exit = nextExit(port);
    process.kill(pid, "SIGSTOP");
    await until(() => isPending(pid, SIGABRT));
    const asked = performance.now();
    if (isKilled) await port.kill();
    const { signal, culprit } = await exit;
    const ms = performance.now() - asked;
    expect({ signal, culprit }).toEqual({ signal: "SIGKILL", culprit: undefined });
    if (isKilled) expect(ms).toBeLessThan(400);
    else expect(exitError(await lost).message).toMatch(/gave no sign of life for \d+ ms/);
  }
});

test("a stopped program that goes on in time says it", async () => {
  const port = await program.open({ heartbeat: { interval: 50, timeout: 300 } });
  const lost = program.mark(port, "asleep", LONG);
  await until(() => program.marks("asleep") === 1);
  const pid = pidOf(port);
  process.kill(pid, "SIGSTOP");
  await until(() => isPending(pid, SIGABRT));
  process.kill(pid, "SIGCONT");
  expect(exitError(await lost).message).toMatch(/; `count_on_disk` was in std::thread::.*sleep/);
});

test.each([
  ["ignores the signal", true, "SIGKILL"],
  ["has no handler for it", false, "SIGABRT"],
])("a program that %s is ended as decided", async (_, isIgnored, signal) => {
  const port = await program.open(GRACE);
  await port.call("take_handler_away", [SIGABRT, isIgnored]);
  const exit = nextExit(port);
  await outcome(port.call("loop_forever", [], { timeout: 100 }));
  expect(await exit).toMatchObject({
    signal,
    reason:
      "was ended: retired because `loop_forever` ignored its cancel; nobody waited for another of its calls",
  });
  expect(await port.call("add", [1, 2])).toBe(3);
});

test("under a wrap nobody is asked: the signal would be the command's", async () => {
  const port = await program.open({ ...GRACE, wrap: ["env"] });
  const exit = nextExit(port);
  await outcome(port.call("loop_forever", [], { timeout: 100 }));
  const { signal, culprit } = await exit;
  expect({ signal, culprit }).toEqual({ signal: "SIGKILL", culprit: undefined });
});

test("a port that is closed meanwhile tells the end before it is", async () => {
  const port = await program.open(GRACE);
  const reasons: string[] = [];
  port.on("exit", ({ reason }) => reasons.push(reason));
  await outcome(port.call("deadlock", [], { timeout: 100 }));
  await event(port, "retire");
  await port.close();
  expect(reasons.filter((reason) => reason.includes("`deadlock` ignored its cancel"))).toHaveLength(1);
});

test("which call is asked for", () => {
  const ignored = (id: number) => ({ kind: "ignored", function: "spin", id, shutdown: 0 }) as const;
  const calls = [
    { id: 7, order: 3 },
    { id: 8, order: 1 },
    { id: 9, order: 2 },
  ] as Call[];
  expect(stuckId(calls, ignored(9))).toBe(9);
  expect(stuckId(calls, ignored(1))).toBe(8);
  expect(stuckId(calls, undefined)).toBe(8);
  expect(stuckId([], ignored(9))).toBeUndefined();
});

test.each([
  [["0x7f", "std::a", "<core::b>::c", "mine::d", "std::e"], "<core::b>::c, from mine::d"],
  [["mine::d (a.rs:1)", "std::e"], "mine::d (a.rs:1)"],
  [["0x7f", "<mine::D as core::Drop>::drop"], "<mine::D as core::Drop>::drop"],
  [["0x7f", "std::a", "std::b"], "std::a"],
  [["0x7f"], undefined],
  [[], undefined],
])("where %j is", (backtrace, where) => {
  expect(whereStuck(backtrace)).toBe(where);
});
