import { beforeEach, expect, test } from "vitest";
import { failures, Tally } from "../../demo/tally.ts";

let now = 0;
let tally: Tally;
beforeEach(() => {
  now = 1000;
  tally = new Tally(() => now);
});

/** A call that takes so many ms. */
function call(ms: number): void {
  const start = tally.called();
  now += ms;
  tally.answered(start);
}

test("before the first call there is nothing to say", () => {
  expect(tally.snapshot()).toEqual({
    calls: 0,
    answered: 0,
    failed: {},
    open: 0,
    latency: undefined,
    longestGap: 0,
    recent: { rate: 0, latency: undefined },
  });
});

test("percentiles of known times, within the figures that a histogram keeps", () => {
  for (let ms = 1; ms <= 100; ms += 1) call(ms);
  const { latency } = tally.totals();
  expect(latency?.p50).toBeCloseTo(50, 1);
  expect(latency?.p99).toBeCloseTo(99, 0);
});

test("times below a microsecond and above two minutes are counted at the edges", () => {
  call(0);
  expect(tally.totals().latency?.p50).toBe(0.001);
  call(500_000);
  expect(tally.totals().latency?.p99).toBeCloseTo(120_000, -3);
});

test("the recent numbers begin anew with each snapshot, the totals do not", () => {
  for (let n = 0; n < 10; n += 1) call(50);
  expect(tally.snapshot().recent.rate).toBe(20);
  now += 1000;
  const next = tally.snapshot();
  expect(next.recent).toEqual({ rate: 0, latency: undefined });
  expect(next.answered).toBe(10);
});

test("failures are counted by their reason, and are not open any more", () => {
  tally.called();
  tally.called();
  tally.called();
  tally.failed("PORT_EXIT");
  tally.failed("PORT_EXIT");
  tally.failed("CALL_TIMEOUT");
  const totals = tally.totals();
  expect(totals).toMatchObject({ calls: 3, answered: 0, open: 0, failed: { PORT_EXIT: 2, CALL_TIMEOUT: 1 } });
  expect(failures(totals)).toBe(3);
});

test("a gap is time in which somebody waited: idle time is none", () => {
  call(5);
  now += 10_000;
  call(7);
  expect(tally.totals().longestGap).toBe(7);
});

test("a gap goes from answer to answer while calls are open", () => {
  const first = tally.called();
  const second = tally.called();
  now += 3;
  tally.answered(first);
  now += 40;
  tally.answered(second);
  expect(tally.totals().longestGap).toBe(40);
});
