import { afterEach, expect, test, vi } from "vitest";
import { now, timeOf } from "../../src/otel/clock.ts";

vi.mock("../../src/timers.ts", () => import("../late-timers.ts"));

afterEach(() => vi.restoreAllMocks());

test("now is the time of day, and does not go back", () => {
  const times = Array.from({ length: 1000 }, now);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(Math.abs(now() - Date.now())).toBeLessThan(50);
  expect(now() - timeOf(performance.now() - 1000)).toBeCloseTo(1000, 0);
});

test("after a change of the system's clock it is right again", () => {
  const hour = 3_600_000;
  const date = Date.now;
  vi.spyOn(Date, "now").mockImplementation(() => date() + hour);
  expect(Math.abs(now() - date() - hour)).toBeLessThan(50);
  vi.restoreAllMocks();
  expect(Math.abs(now() - Date.now())).toBeLessThan(50);
});
