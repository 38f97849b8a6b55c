import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { OpenOptions } from "../../src/options/open.ts";
import { settle } from "../../src/options/settings.ts";

test("the defaults are those of the documentation", () => {
  expect(settle("/bin/compute", {})).toMatchObject({
    path: "/bin/compute",
    args: [],
    env: {},
    extendEnv: true,
    stderr: "inherit",
    log: "info",
    workers: 1,
    maxInFlight: 1024,
    maxQueue: 65_536,
    maxQueueBytes: 64 << 20,
    maxRestarts: 3,
    period: 5000,
    backoff: {},
    startTimeout: 10_000,
    callTimeout: 0,
    cancelGrace: 1000,
    shutdown: 5000,
    heartbeat: { interval: 5000, timeout: 15_000 },
    recycle: {},
    maxFrameBytes: 64 << 20,
  });
});

test("a path is relative to the current folder; a file: URL may be a string or a URL", () => {
  expect(settle("compute", {}).path).toBe(`${process.cwd()}/compute`);
  expect(settle("../x/./y", {}).path).toMatch(/\/x\/y$/);
  const url = pathToFileURL("/tmp/a b");
  expect([settle(url, {}).path, settle(url.href, {}).path]).toEqual(["/tmp/a b", "/tmp/a b"]);
  for (const bad of ["", 5, null, {}])
    expect(() => settle(bad as string, {})).toThrow(/by its path or a file: URL, .*, not/);
  expect(() => settle(new URL("http://example.com/x"), {})).toThrow(TypeError);
});

test("a wrong option names itself, what it may be and what it is", () => {
  const wrong: [OpenOptions | Record<string, unknown>, RegExp][] = [
    [{ workers: 0 }, /^workers must be a whole number from 1 to 1024, and is 0$/],
    [{ workers: 1.5 }, /^workers .* is 1.5$/],
    [{ workers: "2" }, /^workers must be a whole number from 1 to 1024, and is "2"$/],
    [{ maxInFlight: 65_537 }, /^maxInFlight .* from 1 to 65536/],
    [{ maxQueue: -1 }, /^maxQueue /],
    [{ maxQueueBytes: Number.NaN }, /^maxQueueBytes /],
    [{ maxRestarts: -1 }, /^maxRestarts /],
    [{ period: 0 }, /^period must be a number of ms/],
    [{ startTimeout: 2 ** 31 }, /^startTimeout .* from 1 to 2147483647/],
    [{ callTimeout: -1 }, /^callTimeout /],
    [{ cancelGrace: Number.NEGATIVE_INFINITY }, /^cancelGrace .* or Infinity, and is -Infinity/],
    [{ period: Number.POSITIVE_INFINITY }, /^period .* is Infinity/],
    [{ shutdown: Number.NaN }, /^shutdown /],
    [{ maxFrameBytes: 5 }, /^maxFrameBytes /],
    [{ heartbeat: { interval: 0, timeout: 5 } }, /^heartbeat.interval /],
    [{ heartbeat: { interval: 5, timeout: -5 } }, /^heartbeat.timeout /],
    [{ heartbeat: true }, /^heartbeat must be \{ interval, timeout \} or false, and is true/],
    [{ recycle: { maxCalls: 0 } }, /^recycle.maxCalls /],
    [{ limits: { memory: -1 } }, /^limits.memory /],
    [{ backoff: { factor: 0 } }, /^backoff.factor /],
    [{ log: "loud" }, /^log must be one of "trace", .*"off", and is "loud"/],
    [{ stderr: "pipe" }, /^stderr must be "inherit", "ignore" or a function of lines, and is "pipe"/],
    [{ args: "--help" }, /^args must be a list of strings, and is "--help"/],
    [{ limits: { memmory: 1e6 } }, /^limits has no option memmory; the nearest is memory$/],
    [{ limits: [] }, /^limits must be an object, and is a list$/],
    [{ heartbeat: { intervall: 5 } }, /^heartbeat has no option intervall; the nearest is interval$/],
    [{ backoff: { maximum: 5 } }, /^backoff has no option maximum; the nearest is max$/],
    [{ backoff: 5 }, /^backoff must be an object, and is 5$/],
    [{ recycle: { maxCall: 5 } }, /^recycle has no option maxCall; the nearest is maxCalls$/],
    [{ recycle: { maxCalls: null } }, /^recycle.maxCalls must be a whole number, 1 or more, and is null$/],
    [{ args: [1] }, /^args must be a list of strings, and is a list/],
    [{ env: { A: 1 } }, /^env must be an object of strings, and is an object/],
    [{ cwd: 5 }, /^cwd must be a string/],
    [{ handlers: { f: 1 } }, /^handlers must be an object of functions/],
    [{ codec: { exakt: true } }, /exakt/],
    [{ worker: 4 }, /^open\(\) has no option worker; the nearest is workers$/],
    [{ timeout: 4 }, /^open\(\) has no option timeout; the nearest is /],
  ];
  for (const [options, said] of wrong) {
    expect(() => settle("/bin/x", options as OpenOptions), JSON.stringify(options)).toThrow(said);
  }
  expect(() => settle("/bin/x", null as unknown as OpenOptions)).toThrow(
    /options of open\(\) must be an object, not null/,
  );
});

test("undefined is as good as left out, false switches the heartbeat off", () => {
  const { workers, heartbeat } = settle("/bin/x", {
    workers: undefined,
    heartbeat: false,
  } as unknown as OpenOptions);
  expect([workers, heartbeat]).toEqual([1, undefined]);
});

test("a time may be Infinity, and a timeout of calls may be 0: both mean that there is none", () => {
  const none = { startTimeout: Infinity, cancelGrace: Infinity, shutdown: Infinity, drain: Infinity };
  expect(settle("/bin/x", { ...none, callTimeout: Infinity })).toMatchObject({ ...none, callTimeout: 0 });
  expect(settle("/bin/x", { callTimeout: 0 }).callTimeout).toBe(0);
});
