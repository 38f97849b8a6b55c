import fc from "fast-check";
import { expect, test } from "vitest";
import { crossing, shares } from "../../bench/compare/report/crossing.ts";
import { apart } from "../../bench/compare/report/pictures/apart.ts";

const JOBS = [1, 10, 100, 1000, 10_000, 100_000];

function line(overheads: readonly number[]) {
  const points = JOBS.map((jobMicros, i) => ({ jobMicros, overheadMicros: [overheads[i] ?? 0] }));
  return shares({ contender: "one", points });
}

test("an overhead that stays the same crosses a limit where it is that part of the job", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 2, max: 900, noNaN: true }),
      fc.constantFrom(0.1, 0.01),
      (overhead, limit) => {
        const found = crossing(line(JOBS.map(() => overhead)), limit);
        expect(found?.within).toBe(true);
        expect(found?.micros).toBeCloseTo(overhead / limit, 4);
      },
    ),
  );
});

test("the share is the median of the rounds' shares", () => {
  const [point] = shares({ contender: "one", points: [{ jobMicros: 10, overheadMicros: [1, 100, 2] }] });
  expect(point).toEqual({ jobMicros: 10, share: 0.2 });
});

test("only from the last time above the limit on it counts as below", () => {
  // Under a tenth at 1000 µs, by noise, and over it again at 10 000 µs.
  const found = crossing(line([50, 50, 50, 1, 2000, 2000]), 0.1);
  expect(found?.micros).toBeCloseTo(20_000, 0);
});

test("below the limit from the start on, or never", () => {
  expect(crossing(line([0.01, 0, 0, 0, 0, 0]), 0.1)).toEqual({ micros: 1, within: false });
  expect(crossing(line(JOBS), 0.1)).toBeUndefined();
  expect(crossing([], 0.1)).toBeUndefined();
});

test("an overhead that noise brings under zero has no logarithm: the point itself is the crossing", () => {
  expect(crossing(line([50, 50, -3, -3, -3, -3]), 0.1)).toEqual({ micros: 100, within: true });
});

test("labels that lie on each other are moved apart, and the others stay", () => {
  const moved = apart([10, 5.1, 5, 0], 1);
  expect([moved[0], moved[3]]).toEqual([10, 0]);
  expect((moved[1] ?? 0) - (moved[2] ?? 0)).toBeCloseTo(1, 6);
  fc.assert(
    fc.property(fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { maxLength: 8 }), (heights) => {
      const sorted = apart(
        heights.toSorted((a, b) => b - a),
        0.3,
      );
      for (const [i, height] of sorted.entries()) {
        if (i > 0) expect((sorted[i - 1] ?? 0) - height).toBeGreaterThan(0.3 - 1e-3);
      }
    }),
  );
});
