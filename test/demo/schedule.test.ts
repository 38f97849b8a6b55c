import { expect, test } from "vitest";
import { BURST_FACTOR, makeSchedule } from "../../demo/schedule.ts";

const schedule = makeSchedule(20, 100);

test("four stretches of 5 s, each with a burst of one second at ten times the rate", () => {
  expect([0, 2999, 3000, 3999, 4000, 8500].map((ms) => schedule.rate(ms))).toEqual([
    100, 100, 1000, 1000, 100, 1000,
  ]);
  const bursts = Array.from({ length: 20 }, (_, second) => schedule.isBurst(second * 1000 + 500));
  expect(bursts.flatMap((isBurst, second) => (isBurst ? [second] : []))).toEqual([3, 8, 13, 18]);
});

test("what is due is the sum of the rate over time", () => {
  let sum = 0;
  for (let ms = 0; ms < 20_000; ms += 1) {
    expect(Math.abs(schedule.due(ms) - sum)).toBeLessThan(1.001);
    sum += schedule.rate(ms) / 1000;
  }
  expect(schedule.due(20_000)).toBe(100 * (16 + 4 * BURST_FACTOR));
});

test("nothing is due after the end, and nothing twice", () => {
  expect(schedule.due(25_000)).toBe(schedule.due(20_000));
  expect(schedule.rate(20_000)).toBe(0);
  expect(schedule.isBurst(23_500)).toBe(false);
  const due = Array.from({ length: 2001 }, (_, n) => schedule.due(n * 10));
  expect(due.every((value, n) => n === 0 || value >= (due[n - 1] ?? 0))).toBe(true);
});

test("each accident comes in the middle of a burst, and a last burst shows how it went on", () => {
  expect(schedule.accidents.map(({ what }) => what)).toEqual(["segfault", "abort", "loop_forever"]);
  expect(schedule.accidents.every(({ at }) => schedule.isBurst(at))).toBe(true);
  expect(schedule.isBurst(18_500)).toBe(true);
});

test("a short run has the same shape", () => {
  const short = makeSchedule(2, 7);
  expect(short.accidents.map(({ at }) => at)).toEqual([350, 850, 1350]);
  expect(short.due(2000)).toBe(Math.floor(7 * (1.6 + 0.4 * BURST_FACTOR)));
});
