/** The circuit breaker around restarts: pure, with the times that a test brings. */
import { expect, test } from "vitest";
import { Breaker } from "../../src/restart/breaker.ts";

test("closed as long as the intensity is kept, open with the failure that is too many", () => {
  const breaker = new Breaker(2, 1000);
  expect([0, 1, 2].map((at) => breaker.failed(at))).toEqual([true, true, false]);
  expect(breaker.state).toBe("open");
});

test("open, no time brings it back; only an attempt that succeeds does, and everything is forgotten", () => {
  const breaker = new Breaker(1, 1000);
  breaker.failed(0);
  breaker.failed(1);
  expect(breaker.failed(1_000_000)).toBe(false);
  breaker.tryAgain();
  expect(breaker.state).toBe("halfOpen");
  breaker.succeeded();
  expect(breaker.state).toBe("closed");
  expect([1_000_001, 1_000_002].map((at) => breaker.failed(at))).toEqual([true, false]);
});

test("half open, a failure opens it again", () => {
  const breaker = new Breaker(0, 1000);
  breaker.failed(0);
  breaker.tryAgain();
  expect(breaker.failed(5000)).toBe(false);
  expect(breaker.state).toBe("open");
});

test("closed, a success forgets nothing, and there is nothing to try", () => {
  const breaker = new Breaker(1, 1000);
  breaker.failed(0);
  breaker.succeeded();
  breaker.tryAgain();
  expect(breaker.state).toBe("closed");
  expect(breaker.failed(1)).toBe(false);
});

test("a failure that is uncounted leaves room for another", () => {
  const breaker = new Breaker(1, 1000);
  breaker.failed(7);
  breaker.uncount(7);
  expect([8, 9].map((at) => breaker.failed(at))).toEqual([true, false]);
});

test("limits that are none are refused", () => {
  expect(() => new Breaker(-1, 1000)).toThrow(RangeError);
  expect(() => new Breaker(1, 0)).toThrow(RangeError);
});
