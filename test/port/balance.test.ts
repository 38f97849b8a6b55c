import fc from "fast-check";
import { expect, test } from "vitest";
import { indexOfKey, leastBusy } from "../../src/dispatch/balance.ts";

const worker = (size: number, isAvailable = true) => ({ isAvailable, inFlight: size });

test("the fewest unanswered calls, the first of equals, only those that are available", () => {
  const [a, b, c] = [worker(2), worker(1), worker(1)];
  expect(leastBusy([a, b, c])).toBe(b);
  expect(leastBusy([worker(0, false), a])).toBe(a);
  expect(leastBusy([worker(0, false)])).toBeUndefined();
  expect(leastBusy([])).toBeUndefined();
});

test("a key leads to the same index every time, and keys spread over all workers", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer()), fc.integer({ min: 1, max: 64 }), (key, workers) => {
      const index = indexOfKey(key, workers);
      expect(index).toBe(indexOfKey(key, workers));
      expect(Number.isInteger(index) && index >= 0 && index < workers).toBe(true);
    }),
  );
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 4000; i += 1)
    counts[indexOfKey(`user-${i}`, 4)] = (counts[indexOfKey(`user-${i}`, 4)] ?? 0) + 1;
  expect(Math.min(...counts)).toBeGreaterThan(700);
});
