import { expect, test, vi } from "vitest";
import { killAfter } from "../../src/process/shutdown.ts";
import { atom, encode } from "../fixtures/etf.mjs";
import { fixture } from "../fixtures/fixture.ts";
import { built, runHost, SPAWN_CHILD } from "./host.ts";
import { gone, record, stop } from "./recorder.ts";

vi.mock("../../src/timers.ts", () => import("../late-timers.ts"));

const ref = () => {};

/** The frame of the message `stop`. */
function stopFrame(): Buffer {
  const body = encode(atom("stop"));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

test("a program that follows stop ends by itself, before its time is up", async () => {
  await using run = await record(fixture("well-behaved.mjs"));
  await run.recorder.until("data");
  run.child.write(stopFrame());
  const deadline = killAfter(run.child, 20_000);
  await run.recorder.until("exit");
  deadline.clear();
  expect(run.recorder.reason).toEqual({ exitCode: 0, signal: null });
});

test("a program that ignores stop, the end of its input and SIGTERM is killed when its time is up", async () => {
  await using run = await record(fixture("ignores-stop.mjs"));
  await run.recorder.until("data");
  run.child.write(stopFrame());
  run.child.end();
  run.child.kill("SIGTERM");
  const began = performance.now();
  const onKill = vi.fn();
  killAfter(run.child, 300, { onKill });
  await run.recorder.until("exit");
  expect(performance.now() - began).toBeGreaterThanOrEqual(299);
  expect(onKill).toHaveBeenCalledOnce();
  expect(run.recorder.reason).toEqual({ exitCode: null, signal: "SIGKILL" });
});

test("a stopped program is killed, too", async () => {
  await using run = await record("/bin/cat");
  await stop(run.child);
  killAfter(run.child, 50);
  await run.recorder.until("exit");
  expect(run.recorder.reason?.signal).toBe("SIGKILL");
});

test("0 kills at once, and Infinity never", async () => {
  const kill = vi.fn(() => true);
  killAfter({ kill, ref }, Number.POSITIVE_INFINITY).clear();
  expect(kill).not.toHaveBeenCalled();
  killAfter({ kill, ref }, 0).clear();
  expect(kill).toHaveBeenCalledExactlyOnceWith("SIGKILL");
});

test("a time that setTimeout cannot hold does not kill at once", () => {
  vi.useFakeTimers();
  const kill = vi.fn(() => true);
  const deadline = killAfter({ kill, ref }, 2 ** 40);
  vi.advanceTimersByTime(60_000);
  expect(kill).not.toHaveBeenCalled();
  deadline.clear();
  vi.useRealTimers();
});

test("the deadline keeps the host alive until the child is dead", async () => {
  const host = await runHost(`${SPAWN_CHILD}
    import { killAfter } from ${JSON.stringify(built("src/process/shutdown.js"))};
    const child = await spawnChild({ path: "/bin/cat", args: [], env: {} }, {
      ...quiet, exit: (reason) => process.stdout.write(reason.signal)
    });
    child.unref();
    killAfter(child, 200);`);
  expect(host).toMatchObject({ end: 0, stdout: "SIGKILL" });
});

test("a deadline that holds nothing lets the host end before its time", async () => {
  const host = await runHost(`${SPAWN_CHILD}
    import { killAfter } from ${JSON.stringify(built("src/process/shutdown.js"))};
    const child = await spawnChild({ path: "/bin/cat", args: [], env: {} }, quiet);
    child.unref();
    killAfter(child, 60_000, { hold: false });
    process.stdout.write(String(child.pid));`);
  expect(host).toMatchObject({ end: 0, stderr: "" });
  await gone(Number(host.stdout));
});

test.each([
  ["process.exit()", "process.exit(3)", 3],
  ["an exception", "throw new Error('oops')", 1],
  ["SIGTERM", "process.kill(process.pid, 'SIGTERM')", "SIGTERM"],
  ["an abort", "process.abort()", "SIGABRT"],
])("a host that ends by %s leaves no program behind", async (_name, how, end) => {
  const host = await runHost(`${SPAWN_CHILD}
    const child = await spawnChild({ path: ${JSON.stringify(fixture("well-behaved.mjs"))}, args: [], env: {} }, {
      ...quiet, data: () => process.stdout.write(String(child.pid), () => { ${how}; })
    });`);
  expect(host.end).toBe(end);
  await gone(Number(host.stdout));
});
