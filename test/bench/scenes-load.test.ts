import fc from "fast-check";
import { expect, test } from "vitest";
import { BURST_FACTOR, Load, steadyRate } from "../../bench/compare/scenes/load.ts";

const SECOND = 1000;

test("twice a while is ten times as busy", () => {
  const load = new Load(10 * SECOND, 100);
  expect(load.due(0)).toBe(0);
  expect(load.due(1 * SECOND)).toBe(100);
  expect(load.due(2500)).toBe(100 + 150 * BURST_FACTOR);
  expect(load.due(6 * SECOND)).toBe(100 + 150 * BURST_FACTOR + 350);
  expect(load.due(10 * SECOND)).toBe(100 * (7 + 3 * BURST_FACTOR));
});

test("nothing is due before the beginning, and nothing more after the end", () => {
  const load = new Load(2 * SECOND, 50);
  expect(load.due(-1)).toBe(0);
  expect(load.due(3 * SECOND)).toBe(load.due(2 * SECOND));
});

test("a request is due at the first moment at which it is counted", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 500, max: 20_000 }),
      fc.integer({ min: 1, max: 50_000 }),
      fc.nat(),
      (ms, rate, n) => {
        const load = new Load(ms, rate);
        const all = load.due(ms);
        fc.pre(all > 0);
        const request = 1 + (n % all);
        const at = load.dueAt(request);
        expect(load.due(at)).toBeGreaterThanOrEqual(request);
        expect(load.due(at - 0.01)).toBeLessThanOrEqual(request);
        expect(load.due(at - 1000 / rate - 0.01)).toBeLessThan(request);
      },
    ),
  );
});

test("the bursts are more than one core can sign, and leave room on a second one", () => {
  const micros = 50;
  const perCore = 1e6 / micros;
  const burst = steadyRate(micros) * BURST_FACTOR;
  expect(burst).toBeGreaterThan(perCore);
  expect(1.5 * burst).toBeLessThan(2 * perCore);
  expect(steadyRate(micros)).toBeLessThan(perCore / 4);
});
