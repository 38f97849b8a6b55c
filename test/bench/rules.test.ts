import { describe, expect, test } from "vitest";
import { judge, RULES, type Rule } from "../../bench/compare/check/rules.ts";
import { closing, verdictTable } from "../../bench/compare/check/table.ts";
import type { Latency, Results, Throughput } from "../../bench/compare/results.ts";

const NOTHING: Results = {
  about: {
    command: "npm run bench",
    date: "2026-01-01T00:00:00.000Z",
    commit: "0".repeat(40),
    quick: true,
    rounds: 3,
    machine: { cpu: "a processor", cores: 2, kernel: "linux", memoryBytes: 1 },
    node: "20.19.0",
    rustc: "rustc 1.88.0",
    packages: {},
  },
  contenders: [],
  leftOut: [],
  latency: [],
  throughput: [],
  memory: [],
  start: [],
  death: [],
  emptyProgram: [],
  crossover: [],
  spike: [],
  crash: [],
  matrix: [],
  shortCalls: {
    idle: { calls: 1, p50: 0.05, p99: 0.2, max: 3 },
    loaded: { calls: 1, p50: 0.09, p99: 5, max: 19 },
  },
  footprint: {
    oneFunctionWorker: 4e6,
    computeWorker: 5e6,
    emptyProgram: 2e6,
    millionCalls: { before: { host: 90e6, worker: 5e6 }, after: { host: 91e6, worker: 5e6 } },
  },
};

function latency(contender: string, pinned: boolean, p50: number[]): Latency {
  return { contender, job: "sum", pinned, p50, p99: p50, mean: p50 };
}

function throughput(contender: string, inFlight: number, callsPerSecond: number[]): Throughput {
  const none = callsPerSecond.map(() => 0);
  const rest = { loopP99: none, loopMax: none, hostCpu: none, otherCpu: none };
  return { contender, job: "sum", inFlight, callsPerSecond, ...rest };
}

function rule(...words: string[]): Rule {
  const found = RULES.find(({ name }) => words.every((word) => name.includes(word)));
  if (found === undefined) throw new Error(`no rule has ${words.join(" and ")} in its name`);
  return found;
}

describe("the rules", () => {
  test("have names of their own", () => {
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
  });

  test("what was not measured is broken", () => {
    const unmeasured = RULES.filter((one) => !judge(one, NOTHING).passed);
    expect(unmeasured).toEqual(
      RULES.filter(({ needs: { part } }) => part !== "shortCalls" && part !== "footprint"),
    );
  });

  test("latency: the median of the rounds' ratios counts, and pinned is told from unpinned", () => {
    const results = {
      ...NOTHING,
      latency: [
        latency("portreeve", true, [16, 30, 15]),
        latency("echo", true, [10, 10, 10]),
        latency("portreeve", false, [50, 50, 50]),
        latency("echo", false, [25, 25, 25]),
      ],
    };
    const pinned = judge(rule("on one core", "raw echo"), results);
    expect(pinned).toMatchObject({ least: 1.5, median: 1.6, most: 3, passed: true });
    expect(judge(rule("unpinned", "raw echo"), results)).toMatchObject({ median: 2, passed: false });
  });

  test("throughput: more is better, and only 256 in flight count", () => {
    const rows = (port: number) => [
      throughput("portreeve", 256, [port, port, port]),
      throughput("portreeve", 16, [1, 1, 1]),
      throughput("grpc", 256, [10, 10, 10]),
    ];
    const against = rule("sum, 256", "gRPC");
    expect(judge(against, { ...NOTHING, throughput: rows(80) }).passed).toBe(true);
    expect(judge(against, { ...NOTHING, throughput: rows(79) }).passed).toBe(false);
  });

  test("death: the empty program of the same round is taken off", () => {
    const emptyProgram = [5, 50, 5];
    const death = (ms: number[]) => [{ contender: "portreeve", ms }];
    const sigkill = rule("SIGKILL");
    expect(judge(sigkill, { ...NOTHING, emptyProgram, death: death([15, 60, 40]) })).toMatchObject({
      least: 10,
      median: 10,
      most: 35,
      passed: true,
    });
    expect(judge(sigkill, { ...NOTHING, emptyProgram, death: death([20, 65, 20]) }).passed).toBe(false);
    const segfault = judge(rule("segmentation fault"), {
      ...NOTHING,
      emptyProgram,
      segfaultDeath: death([10, 55, 10]),
    });
    expect(segfault).toMatchObject({ median: 5, passed: true });
  });

  test.each([
    ["p50 beside idle", { p50: 0.11 }],
    ["p99 beyond idle", { p99: 5.3 }],
    ["the longest", { max: 20.1 }],
  ])("short calls: %s", (name, loaded) => {
    const { shortCalls } = NOTHING;
    const worse = { ...shortCalls, loaded: { ...shortCalls.loaded, ...loaded } };
    expect(judge(rule("short calls", name), NOTHING).passed).toBe(true);
    expect(judge(rule("short calls", name), { ...NOTHING, shortCalls: worse }).passed).toBe(false);
  });

  test("memory: under 6 MB is not 6 MB, and a million calls leave nothing", () => {
    const { footprint } = NOTHING;
    const six = { ...NOTHING, footprint: { ...footprint, oneFunctionWorker: 6e6 } };
    expect(judge(rule("one function"), six).passed).toBe(false);
    const after = { host: 120e6, worker: 8e6 };
    const grown = {
      ...NOTHING,
      footprint: { ...footprint, millionCalls: { ...footprint.millionCalls, after } },
    };
    expect(judge(rule("growth of the host"), grown).passed).toBe(false);
    expect(judge(rule("growth of the worker"), grown).passed).toBe(false);
  });
});

describe("the table of verdicts", () => {
  test("names what is broken, in its row and at the end", () => {
    const verdicts = RULES.map((one) => judge(one, NOTHING));
    const lines = verdictTable(verdicts).split("\n");
    expect(lines).toHaveLength(RULES.length + 1);
    expect(lines.find((line) => line.includes("gRPC"))).toMatch(/^BROKEN .*not measured.*at least 8\.00×$/);
    expect(lines.find((line) => line.includes("one function"))).toMatch(
      /^ok .*4\.00 MB.*less than 6\.00 MB$/,
    );
    expect(closing(verdicts)).toMatch(/^18 of 24 rules are broken:\n {2}sum, one after/);
    expect(closing(verdicts.filter(({ passed }) => passed))).toBe("All 6 rules hold.");
  });
});
