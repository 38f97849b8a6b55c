import fc from "fast-check";
import { expect, test } from "vitest";
import { Histogram } from "../../src/metrics/histogram.ts";

test("percentiles are off by no more than an eighth, count and maximum not at all", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 }),
      (values) => {
        const histogram = new Histogram();
        for (const value of values) histogram.record(value);
        const sorted = values.toSorted((a, b) => a - b);
        const { count, p50, p99, max } = histogram.distribution();
        expect([count, max]).toEqual([values.length, sorted.at(-1)]);
        for (const [part, found] of [
          [0.5, p50],
          [0.99, p99],
        ] as const) {
          const exact = sorted[Math.ceil(values.length * part) - 1] ?? 0;
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact / 8 + 0.001);
        }
      },
    ),
  );
});

test("nothing recorded is nothing, and what is too long is the longest", () => {
  const histogram = new Histogram();
  const { buckets, ...numbers } = histogram.distribution();
  expect(numbers).toEqual({ count: 0, mean: 0, p50: 0, p90: 0, p99: 0, max: 0 });
  expect(buckets.every(({ count }) => count === 0)).toBe(true);
  histogram.record(1e9);
  expect(histogram.distribution().max).toBe(1e9);
  expect(histogram.distribution().count).toBe(1);
});
