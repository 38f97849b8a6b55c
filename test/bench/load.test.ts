import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { inFlight, oneAfterTheOther } from "../../bench/compare/host/load.ts";

/** Counts how many calls are on their way at once. */
function counting(answer: () => Promise<void>) {
  const seen = { calls: 0, now: 0, most: 0 };
  const job = async () => {
    seen.calls += 1;
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    await answer();
    seen.now -= 1;
  };
  return { seen, subject: { job, input: undefined, synchronous: false } };
}

describe("one call after the other", () => {
  test("never has two on their way, and times each", async () => {
    const { seen, subject } = counting(() => sleep(1));
    const load = await oneAfterTheOther(subject, 20);
    expect(seen.most).toBe(1);
    expect(load.calls).toBe(seen.calls);
    expect(load.times).toHaveLength(load.calls);
    expect([...load.times]).toEqual([...load.times].toSorted((a, b) => a - b));
  });

  test("makes one call where a call takes longer than there is time", async () => {
    const { seen, subject } = counting(() => sleep(30));
    const { calls } = await oneAfterTheOther(subject, 1);
    expect([calls, seen.calls]).toEqual([1, 1]);
  });

  test("lets the event loop turn between synchronous calls", async () => {
    let turned = 0;
    const timer = setInterval(() => {
      turned += 1;
    }, 1);
    const { calls } = await oneAfterTheOther(
      { job: () => 1, input: undefined, synchronous: true },
      30,
    ).finally(() => clearInterval(timer));
    expect(calls).toBeGreaterThan(1);
    expect(turned).toBeGreaterThan(0);
  });
});

describe("many in flight", () => {
  test("has as many on their way as were asked for, and waits for all", async () => {
    const { seen, subject } = counting(() => sleep(2));
    const { calls } = await inFlight(subject, 16, 20);
    expect(seen).toEqual({ calls, now: 0, most: 16 });
    expect(calls).toBeGreaterThanOrEqual(16);
  });

  test("ends although promises that are fulfilled at once leave no turn to a timer", async () => {
    const subject = { job: async () => 1, input: undefined, synchronous: false };
    const { calls } = await inFlight(subject, 4, 5);
    expect(calls).toBeGreaterThan(4);
  });

  test("of a synchronous job is as many in one turn of the event loop", async () => {
    let calls = 0;
    const job = () => {
      calls += 1;
    };
    const load = await inFlight({ job, input: undefined, synchronous: true }, 256, 5);
    expect(load.calls).toBe(calls);
    expect(calls % 256).toBe(0);
  });

  test("fails when a call fails", async () => {
    const job = () => Promise.reject(new Error("no"));
    await expect(inFlight({ job, input: undefined, synchronous: false }, 4, 5)).rejects.toThrow("no");
  });
});
