import { expect, test } from "vitest";
import { Backoff, type BackoffOptions, defaultBackoff } from "../../src/restart/backoff.ts";

/** The first waits, with chance fixed. */
function waits(count: number, options: Partial<BackoffOptions>, random = 0): number[] {
  const backoff = new Backoff(options, () => random);
  return Array.from({ length: count }, () => backoff.next());
}

test("the first restart is at once, then the wait grows up to max and stays there", () => {
  expect(waits(12, {})).toEqual([0, 100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
  expect(waits(4, { initial: 10, factor: 1 })).toEqual([0, 10, 10, 10]);
});

test("the defaults are those of the documentation", () => {
  expect(defaultBackoff).toEqual({ initial: 100, factor: 2, max: 30_000, jitter: 0.2 });
  expect(new Backoff({ max: 5 }).options).toEqual({ initial: 100, factor: 2, max: 5, jitter: 0.2 });
});

test("jitter only shortens, by its part of the wait, and does not add up", () => {
  expect(waits(4, { jitter: 0.5 }, 0.999_999)).toEqual([0, 50, 100, 200]);
  expect(waits(3, { initial: 100, max: 100, jitter: 1 }, 0.999_999)).toEqual([0, 0, 0]);
  const backoff = new Backoff({ initial: 1000, max: 1000, factor: 1 });
  expect(backoff.next()).toBe(0);
  const drawn = Array.from({ length: 1000 }, () => backoff.next());
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(800);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(1000);
  expect(new Set(drawn).size).toBeGreaterThan(50);
});

test("initial over max, no wait at all, and thousands of restarts", () => {
  expect(waits(3, { initial: 500, max: 20 })).toEqual([0, 20, 20]);
  expect(waits(5, { initial: 0 })).toEqual([0, 0, 0, 0, 0]);
  expect(waits(5000, { factor: 10 }).at(-1)).toBe(30_000);
  expect(waits(5000, { initial: 0, factor: 1e300 }).at(-1)).toBe(0);
});

test("reset begins again", () => {
  const backoff = new Backoff({ jitter: 0 });
  expect([backoff.next(), backoff.next(), backoff.next()]).toEqual([0, 100, 200]);
  backoff.reset();
  expect([backoff.next(), backoff.next()]).toEqual([0, 100]);
});

test("refuses options out of their range, by name", () => {
  const bad: [Partial<BackoffOptions>, RegExp][] = [
    [{ initial: -1 }, /^backoff\.initial .* -1$/],
    [{ factor: 0.9 }, /^backoff\.factor .* 1 or more, and is 0\.9$/],
    [{ max: Number.POSITIVE_INFINITY }, /^backoff\.max .* 0 to 2147483647, and is Infinity$/],
    [{ jitter: 1.1 }, /^backoff\.jitter .* 0 to 1, and is 1\.1$/],
    [{ jitter: Number.NaN }, /^backoff\.jitter .* NaN$/],
  ];
  for (const [options, message] of bad) expect(() => new Backoff(options)).toThrow(message);
});
