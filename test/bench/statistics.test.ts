import { describe, expect, test } from "vitest";
import { quantile } from "../../bench/compare/host/cell.ts";
import { median, ratios, spread } from "../../bench/compare/measure/statistics.ts";

describe("statistics", () => {
  test("the median is the middle one, or between the two of the middle", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 9])).toBe(3);
    expect(median([])).toBeNaN();
  });

  test("a spread of nothing is no number, and passes no bound", () => {
    expect(spread([3, 1, 2])).toEqual({ least: 1, median: 2, most: 3 });
    expect(spread([])).toEqual({ least: Number.NaN, median: Number.NaN, most: Number.NaN });
  });

  test("ratios are of one round; a round that one of them lacks gives none", () => {
    expect(ratios([2, 9, 8], [1, 3])).toEqual([2, 3]);
  });

  test("a quantile is the nearest rank", () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([0.5, 0.99, 1].map((share) => quantile(hundred, share))).toEqual([50, 99, 100]);
    expect(quantile([7], 0.5)).toBe(7);
  });
});
