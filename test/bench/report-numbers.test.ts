import { expect, test } from "vitest";
import {
  bytes,
  digits,
  duration,
  factor,
  millis,
  NOTHING,
  percent,
  rate,
} from "../../bench/compare/report/numbers.ts";
import { ratioText, spreadText } from "../../bench/compare/report/rounds.ts";

test("three significant digits, two under one, thousands apart", () => {
  expect([1.005, 12.34, 123.4, 0.12345, 1234.5, 1_234_567, 0, 7].map(digits)).toEqual([
    "1.01",
    "12.3",
    "123",
    "0.12",
    "1,235",
    "1,235,000",
    "0",
    "7",
  ]);
});

test("a unit that fits, also where rounding reaches the next one", () => {
  expect([0.35, 999.4, 999.6, 1500, 2.5e6].map(duration)).toEqual([
    "0.35 µs",
    "999 µs",
    "1 ms",
    "1.5 ms",
    "2.5 s",
  ]);
  expect([0.4, 12].map(millis)).toEqual(["400 µs", "12 ms"]);
  expect([548, 999.9, 69_500, 999_900, 2.4e6].map(rate)).toEqual([
    "548 /s",
    "1 k/s",
    "69.5 k/s",
    "1 M/s",
    "2.4 M/s",
  ]);
  expect([bytes(4.12e6), percent(0.0123), percent(0.1)]).toEqual(["4.12 MB", "1.23 %", "10 %"]);
});

test("a small ratio is a fraction, for zeros are hard to count", () => {
  expect([0.00052, 0.099, 0.1, 1, 17.31].map(factor)).toEqual(["1/1,923", "1/10.1", "0.1", "1", "17.3"]);
});

test("what was not measured is a dash, and no number", () => {
  for (const write of [digits, duration, millis, rate, bytes, percent, factor]) {
    expect(write(Number.NaN)).toBe(NOTHING);
    expect(write(Number.NEGATIVE_INFINITY)).toBe(NOTHING);
  }
});

test("ratios are taken within each round", () => {
  // All rounds together would hide it: they differ a hundredfold.
  expect(ratioText([2, 20, 200], [1, 10, 100])).toBe("2 (2–2)");
  expect(ratioText([10, 20, 30], [20, 5, 30])).toBe("1 (0.5–4)");
  expect(ratioText([10], [])).toBe(NOTHING);
  expect(ratioText(undefined, [1])).toBe(NOTHING);
  const own = [3, 4];
  expect(ratioText(own, own)).toBe("1");
});

test("a spread says its unit once, unless there are two", () => {
  expect(spreadText([17, 18, 21], duration)).toBe("18 µs (17–21)");
  expect(spreadText([900, 1100, 1300], duration)).toBe("1.1 ms (900 µs–1.3 ms)");
  expect(spreadText([5], duration)).toBe("5 µs");
  expect(spreadText([], duration)).toBe(NOTHING);
});
