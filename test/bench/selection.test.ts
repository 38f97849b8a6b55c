import { describe, expect, test } from "vitest";
import { RULES } from "../../bench/compare/check/rules.ts";
import { check } from "../../bench/compare/check.ts";
import { parseOptions } from "../../bench/compare/options.ts";
import { CHECK, loadsOf } from "../../bench/compare/plan.ts";
import type { Results } from "../../bench/compare/results.ts";
import { expectedParts, neededBy, PARTS, type Selection, selected } from "../../bench/compare/selection.ts";

const ALL = ["js", "portreeve", "echo", "by-hand"];
const select = (...args: string[]) => selected(parseOptions(args, ALL), ALL, "portreeve");

describe("what a run consists of", () => {
  test("everything, unless something is asked for", () => {
    const { parts, contenders, pinnedLoads } = select();
    expect([...parts]).toEqual([...PARTS]);
    expect(contenders).toEqual(ALL);
    expect(pinnedLoads).toEqual([
      { job: "empty", inFlight: 1 },
      { job: "sum", inFlight: 1 },
      { job: "object", inFlight: 1 },
    ]);
  });

  test("some contenders: what is measured of portreeve alone is left out without it", () => {
    expect([...select("--only", "js").parts]).toEqual(["pinned", "tables", "starts", "deaths", "scenes"]);
    expect(select("--only", "js,portreeve").parts.has("footprint")).toBe(true);
  });

  test("some jobs: their tables and nothing else", () => {
    const { parts, loads } = select("--job", "argon2");
    expect([...parts]).toEqual(["pinned", "tables"]);
    expect(loads).toEqual([
      { job: "argon2", inFlight: 1 },
      { job: "argon2", inFlight: 16 },
    ]);
  });

  test("rounds that were asked for are made, however long they take", () => {
    expect(select("--rounds", "11").pace).toMatchObject({ rounds: 11, least: 11, pinnedRounds: 11 });
  });

  test("the progress expects only what takes place", () => {
    const names = (selection: Selection) => expectedParts(selection).map(({ name }) => name);
    expect(names(select())).toEqual([
      "opening",
      "one core",
      "tables",
      "starts and deaths",
      "short calls",
      "memory",
      "scenes",
    ]);
    expect(names(select("--job", "sum"))).toEqual(["opening", "one core", "tables"]);
  });

  test("everything is planned for 20 minutes at most, a quick run for three", () => {
    // As many as there are contenders.
    const ids = ["portreeve", ...Array.from({ length: 17 }, (_, i) => `other-${i}`)];
    const minutes = (...args: string[]) => {
      const selection = selected(parseOptions(args, ids), ids, "portreeve");
      return expectedParts(selection).reduce((total, { ms }) => total + ms, 0) / 60_000;
    };
    expect(minutes()).toBeLessThan(20);
    expect(minutes("--quick")).toBeLessThan(3);
  });
});

describe("what the rules need", () => {
  test("is each load once, and no contender that no rule speaks of", () => {
    const needs = RULES.map((rule) => rule.needs);
    const { parts, contenders, loads, pinnedLoads } = neededBy(needs, ALL, CHECK);
    expect(contenders).toEqual(["portreeve", "echo", "by-hand"]);
    expect(loads.map(({ job, inFlight }) => [job, inFlight])).toEqual([
      ["sum", 1],
      ["sum", 256],
      ["object", 256],
      ["bytes", 16],
    ]);
    expect(pinnedLoads).toEqual([{ job: "sum", inFlight: 1, only: ["portreeve", "echo", "by-hand"] }]);
    expect(loadsOf(loads, "by-hand").map(({ inFlight }) => inFlight)).toEqual([256]);
    expect([...parts].toSorted()).toEqual(["deaths", "footprint", "pinned", "shortCalls", "tables"]);
  });
});

describe("the check", () => {
  test("measures longer what seems broken, and that alone, before it says so", async () => {
    const runs: Selection[] = [];
    const [first] = RULES;
    const measured = (selection: Selection) => {
      runs.push(selection);
      // All is well but for the first rule, which was slow once.
      return Promise.resolve({ fine: runs.length > 1 } as unknown as Results);
    };
    const rules = RULES.map((rule) => ({
      ...rule,
      values: (results: Results) => {
        const { fine } = results as unknown as { fine: boolean };
        const good = rule.bound === "at least" || rule.bound === "more than" ? 1e6 : -1e6;
        return [rule.name === first?.name && !fine ? 1e6 : good];
      },
    }));
    const checked = await check(ALL, measured, rules);
    expect(checked.passed).toBe(true);
    expect(runs).toHaveLength(2);
    expect([...(runs[1]?.parts ?? [])]).toEqual(["pinned"]);
    expect(runs[1]?.pace.pinnedRounds).toBeGreaterThan(runs[0]?.pace.pinnedRounds ?? 0);
  });
});
