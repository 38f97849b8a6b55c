import { expect, test } from "vitest";
import { dueForRecycling, residentBytes, spread } from "../../src/pool/recycle.ts";

const fresh = { calls: 0, age: 0, rss: 0 };

test("a worker is dueForRecycling by calls, age or memory, and the reason says by which", () => {
  const limits = { maxCalls: 10, maxAge: 1000, maxRss: 5000 };
  expect(dueForRecycling(limits, { calls: 9, age: 999, rss: 5000 })).toBeUndefined();
  expect(dueForRecycling(limits, { ...fresh, calls: 10 })).toBe("was given 10 calls (recycle.maxCalls)");
  expect(dueForRecycling(limits, { ...fresh, age: 1000.4 })).toBe("is 1000 ms old (recycle.maxAge)");
  expect(dueForRecycling(limits, { ...fresh, rss: 5001 })).toBe(
    "takes 5001 bytes of memory (recycle.maxRss)",
  );
  expect(dueForRecycling({}, { calls: 1e9, age: 1e9, rss: 1e12 })).toBeUndefined();
});

test("one worker alone is replaced at maxAge, several up to a tenth earlier", () => {
  expect([0, 0.5, 1].map((chance) => spread(1000, 1, chance))).toEqual([1000, 1000, 1000]);
  expect([0, 0.5, 1].map((chance) => spread(1000, 4, chance))).toEqual([1000, 950, 900]);
});

test.runIf(process.platform === "linux")(
  "resident memory is read from Linux; a process that is gone has none",
  async () => {
    const rss = await residentBytes(process.pid);
    expect(Math.abs(rss - process.memoryUsage().rss)).toBeLessThan(100 << 20);
    expect(rss).toBeGreaterThan(10 << 20);
    expect(await residentBytes(2 ** 30)).toBe(0);
  },
);
