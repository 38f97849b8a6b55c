import { expect, test } from "vitest";
import { Intensity } from "../../src/restart/intensity.ts";

/** The answers to restarts at these times. */
function judge(maxRestarts: number, period: number, times: readonly number[]): boolean[] {
  const intensity = new Intensity(maxRestarts, period);
  return times.map((time) => intensity.add(time));
}

test("survives exactly maxRestarts in a period, the next one is too many", () => {
  expect(judge(3, 5000, [0, 1, 2, 3])).toEqual([true, true, true, false]);
});

test("0: the first is too many", () => {
  expect(judge(0, 5000, [7])).toEqual([false]);
});

test("a restart counts while its age is at most the period", () => {
  expect(judge(1, 1000, [0, 1000])).toEqual([true, false]);
  expect(judge(1, 1000, [0, 1000.001])).toEqual([true, true]);
});

test("the window slides: spread out restarts are survived for ever", () => {
  expect(judge(1, 1000, [0, 2100, 4200, 6300, 8400])).not.toContain(false);
  expect(judge(2, 1000, [0, 600, 1200, 1800, 2400, 2500])).toEqual([true, true, true, true, true, false]);
});

test("too many is said again for as long as it is so, and no longer", () => {
  expect(judge(1, 1000, [0, 100, 200, 1150, 2201])).toEqual([true, false, false, false, true]);
});

test("agrees with counting by hand on random times", () => {
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let run = 0; run < 200; run += 1) {
    const maxRestarts = Math.floor(random() * 5);
    const times = Array.from({ length: 40 }, () => Math.floor(random() * 3000)).sort((a, b) => a - b);
    const expected = times.map(
      (now, index) => times.slice(0, index + 1).filter((time) => now - time <= 200).length <= maxRestarts,
    );
    expect(judge(maxRestarts, 200, times)).toEqual(expected);
  }
});

test("counts, and keeps no more than it needs", () => {
  const intensity = new Intensity(3, 5000);
  expect(intensity.count).toBe(0);
  for (let now = 0; now < 1000; now += 1) intensity.add(now);
  expect(intensity.count).toBe(4);
  intensity.reset();
  expect(intensity.count).toBe(0);
  expect(intensity.add(1001)).toBe(true);
});

test("the restart that is uncounted is the one that is named", () => {
  const intensity = new Intensity(1, 1000);
  for (const now of [0, 900]) intensity.add(now);
  intensity.uncount(0);
  intensity.uncount(17);
  expect(intensity.add(1500), "that of 900 still counts").toBe(false);
});

test("refuses options that mean nothing, by name", () => {
  for (const bad of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => new Intensity(bad, 1)).toThrow(new RegExp(`^maxRestarts .* ${bad}$`));
  }
  for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => new Intensity(1, bad)).toThrow(new RegExp(`^period .* ${bad}$`));
  }
});
