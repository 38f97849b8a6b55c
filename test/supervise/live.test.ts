/** Starts and stops of children that do not do as they should: all of them are bounded. */
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Child } from "../../src/supervise/child.ts";
import { Live, startLive } from "../../src/supervise/live.ts";
import type { Shutdown } from "../../src/supervise/spec.ts";

vi.mock("../../src/timers.ts", () => import("../late-timers.ts"));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const never = new Promise<never>(() => {});

function child(parts: Partial<Child> = {}): Child {
  return { exited: never, stop: () => undefined, kill: () => undefined, ...parts };
}

describe("exit reasons of a user's child", () => {
  test.each([
    ["undefined", undefined, "normal"],
    ["anything", [1, "SIGTERM"], "normal"],
    ["null", null, "normal"],
    ["normal", "normal", "normal"],
    ["shutdown", "shutdown", "shutdown"],
    ["{ shutdown }", { shutdown: 1 }, { shutdown: 1 }],
    ["{ error }", { error: 1 }, { error: 1 }],
  ])("resolved with %s", async (_name, value, reason) => {
    expect(await new Live(child({ exited: Promise.resolve(value) })).ended).toEqual(reason);
  });

  test("rejected", async () => {
    const error = new Error("disk full");
    expect(await new Live(child({ exited: Promise.reject(error) })).ended).toEqual({ error });
  });
});

describe("a stop", () => {
  test("one that has ended is not asked", async () => {
    const stop = vi.fn();
    const live = new Live(child({ exited: Promise.resolve(), stop }));
    await live.ended;
    expect(await live.end(1000)).toEqual({ reason: "normal" });
    expect(stop).not.toHaveBeenCalled();
  });

  test("one that failed just before is told as such", async () => {
    const live = new Live(child({ exited: Promise.reject(new Error("no")) }));
    expect(await live.end(1000)).toMatchObject({
      reason: { error: {} },
      problem: "failed while it was stopped",
    });
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("deaf");
      },
    ],
    ["rejects", () => Promise.reject(new Error("deaf"))],
  ])("one that %s when it is asked is killed at once", async (_name, stop) => {
    let gone = () => {};
    const exited = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const ending = new Live(child({ exited, stop, kill: () => gone() })).end("infinity");
    expect(await ending).toMatchObject({ problem: "could not be stopped and was killed: deaf" });
  });

  test("one that cannot be killed either is given up, with the reason", async () => {
    const kill = () => Promise.reject(new Error("in use"));
    const ending = new Live(child({ kill })).end("brutal_kill");
    await vi.advanceTimersByTimeAsync(5000);
    expect(await ending).toMatchObject({ problem: "is not gone 5000 ms after its kill: in use" });
  });

  test("a kill overtakes a stop that waits for ever", async () => {
    const live = new Live(child());
    const [stopped, killed] = [live.end("infinity"), live.end("brutal_kill")];
    await vi.advanceTimersByTimeAsync(5000);
    expect(await stopped).toEqual(await killed);
  });
});

describe("a start", () => {
  const patience = (grace: Shutdown) => {
    const [ending, killed] = [new AbortController(), new AbortController()];
    return { ending, killed, given: { ending: ending.signal, killed: killed.signal, grace } };
  };
  const given = "the supervisor was told to end before the child was up";

  /** A start that ends when it is told to. */
  const late = () => {
    let up: (made: Child) => void = () => {};
    const made = new Promise<Child>((resolve) => {
      up = resolve;
    });
    return { made, up };
  };

  test.each([
    ["has its shutdown time from the end of the supervisor on", 200, "ending", 200],
    ["has as long as it takes, but not after a kill", "infinity", "killed", 0],
    ["has no time for brutal_kill", "brutal_kill", "ending", 0],
  ] as const)("%s; a child that comes up later is killed", async (_name, grace, cause, ms) => {
    const { given: limits, ...controllers } = patience(grace);
    const { made, up } = late();
    let failure: unknown;
    const starting = startLive(() => made, limits).catch((error: unknown) => {
      failure = error;
    });
    await vi.advanceTimersByTimeAsync(100_000);
    controllers[cause].abort();
    await vi.advanceTimersByTimeAsync(Math.max(0, ms - 1));
    if (ms > 0) expect(failure).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await starting;
    expect(failure).toMatchObject({ message: given });
    const kill = vi.fn();
    up(child({ kill }));
    await setImmediate();
    expect(kill).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(5000);
  });

  test("that is quick enough is fine", async () => {
    const { ending, given: limits } = patience(200);
    ending.abort();
    expect(await startLive(() => child(), limits)).toBeInstanceOf(Live);
    expect(await startLive(() => "ignore", limits)).toBe("ignore");
  });
});
