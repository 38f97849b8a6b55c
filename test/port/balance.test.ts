import fc from "fast-check";
import { expect, test } from "vitest";
import { leastBusy, seatOf } from "../../src/port/balance.ts";

const worker = (size: number, isAvailable = true) => ({ isAvailable, channel: { pending: { size } } });

test("the fewest unanswered calls, the first of equals, only those that are available", () => {
  const [a, b, c] = [worker(2), worker(1), worker(1)];
  expect(leastBusy([a, b, c])).toBe(b);
  expect(leastBusy([worker(0, false), a])).toBe(a);
  expect(leastBusy([worker(0, false)])).toBeUndefined();
  expect(leastBusy([])).toBeUndefined();
});

test("a key leads to the same seat every time, and keys spread over all seats", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer()), fc.integer({ min: 1, max: 64 }), (key, seats) => {
      const seat = seatOf(key, seats);
      expect(seat).toBe(seatOf(key, seats));
      expect(Number.isInteger(seat) && seat >= 0 && seat < seats).toBe(true);
    }),
  );
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 4000; i += 1)
    counts[seatOf(`user-${i}`, 4)] = (counts[seatOf(`user-${i}`, 4)] ?? 0) + 1;
  expect(Math.min(...counts)).toBeGreaterThan(700);
});
