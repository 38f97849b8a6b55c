import { describe, expect, test } from "vitest";
import {
  cellBudget,
  type Expected,
  FULL,
  levels,
  loads,
  QUICK,
  roundMs,
  TABLE_JOBS,
  together,
  tooLong,
  turns,
  warmMs,
  warmUp,
} from "../../bench/compare/plan.ts";

const cell = (micros: number, inFlight = 1): Expected => ({ job: "sum", inFlight, micros });

describe("the plan", () => {
  test("heavy jobs have few calls on their way, short ones up to 4096", () => {
    expect(levels("sum", false)).toEqual([1, 16, 256, 4096]);
    expect(levels("argon2", false)).toEqual([1, 16]);
  });

  test("a quick run drops the steps between, save for the job that has targets", () => {
    expect(levels("sum", true)).toEqual([1, 16, 256, 4096]);
    expect(levels("object", true)).toEqual([1, 256]);
    expect(levels("argon2", true)).toEqual([1]);
  });

  test("every job is measured one call after the other", () => {
    for (const quick of [true, false]) {
      const single = loads(TABLE_JOBS, quick).filter(({ inFlight }) => inFlight === 1);
      expect(single.map(({ job }) => job)).toEqual([...TABLE_JOBS]);
    }
  });

  test("jobs that are measured together lose no load, and come in their order", () => {
    const all = loads(TABLE_JOBS, false);
    const groups = together(all);
    expect(groups.flat()).toHaveLength(all.length);
    expect(new Set(groups.flat())).toEqual(new Set(all));
    expect(groups.map((group) => group[0]?.job)).toEqual(["empty", "object", "jwt-hs256", "bytes", "rows"]);
    expect(together(loads(["bytes"], false))).toEqual([loads(["bytes"], false)]);
  });

  test("a load that would take too long is left out, with the reason; one call never is", () => {
    expect(tooLong({ job: "sum", inFlight: 4096 }, 100, FULL)).toBeUndefined();
    expect(tooLong({ job: "sum", inFlight: 4096 }, 5000, FULL)).toBe(
      "4096 in flight: at 5000 µs a call, one answer each takes 5.1 s",
    );
    expect(tooLong({ job: "argon2", inFlight: 1 }, 60e6, QUICK)).toBeUndefined();
  });

  test("a cell gets the longest budget with which all rounds fit", () => {
    const cells = Array.from({ length: 10 }, () => cell(10));
    const budget = cellBudget(cells, 5, 3000);
    expect(5 * roundMs(cells, budget)).toBeLessThanOrEqual(3000);
    expect(budget).toBe(40);
    expect(cellBudget(cells, 5, 1e6)).toBe(100);
  });

  test("where nothing fits, cells are as short as they can be", () => {
    expect(cellBudget([cell(1e6)], 5, 100)).toBe(15);
  });

  test("a call that takes longer than the budget is counted as a whole", () => {
    expect(roundMs([cell(200_000)], 15)).toBe(209);
  });

  test("only short calls are warmed up, and never for less than what a stop has cost them", () => {
    expect(warmMs(100, 100)).toBe(10);
    expect(warmMs(50, 100)).toBe(8);
    expect(warmMs(50, 20_000)).toBe(0);
  });

  test("a contender is warmed up with as many calls on their way as it is measured with", () => {
    const measured = loads(["sum", "object"], false);
    const micros = new Map([
      ["sum", 50],
      ["object", 100],
    ] as const);
    const warmed = warmUp(measured, micros, { ...FULL, warmUpMs: 50 });
    expect(warmed.map(({ job, inFlight }) => ({ job, inFlight }))).toEqual(measured);
    expect(warmed.map(({ inFlight }) => inFlight)).toEqual([1, 16, 256, 4096, 1, 16, 256, 4096]);
    expect(warmed.map(({ ms }) => ms)).toEqual(Array.from({ length: 8 }, () => 50));
  });

  test("neither by jobs that are long, nor by those that it does not do, nor by loads that are left out", () => {
    const measured = loads(["sum", "object", "argon2"], false);
    const micros = new Map([
      ["sum", 900],
      ["argon2", 20_000],
    ] as const);
    const pace = { ...FULL, warmUpMs: 100, longestCellMs: 500 };
    expect(warmUp(measured, micros, pace)).toEqual([
      { job: "sum", inFlight: 1, ms: 100 },
      { job: "sum", inFlight: 16, ms: 100 },
      { job: "sum", inFlight: 256, ms: 100 },
    ]);
    expect(warmUp(measured, new Map([["argon2", 20_000]] as const), FULL)).toEqual([]);
  });

  test("each round has another order, and everyone in it", () => {
    const all = ["a", "b", "c"];
    expect(turns(all, 0)).toEqual(["a", "b", "c"]);
    expect(turns(all, 1)).toEqual(["a", "c", "b"]);
    expect(turns(all, 2)).toEqual(["c", "a", "b"]);
    expect(turns([], 3)).toEqual([]);
  });
});
