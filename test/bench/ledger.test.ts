import { describe, expect, test } from "vitest";
import type { Cell } from "../../bench/compare/host/orders.ts";
import { Ledger } from "../../bench/compare/measure/ledger.ts";

const cell = (callsPerSecond: number, p50?: number): Cell => ({
  calls: 1,
  callsPerSecond,
  loopP99: 0,
  loopMax: 0,
  hostCpu: 1,
  otherCpu: 2,
  ...(p50 === undefined ? {} : { latency: { p50, p99: 2 * p50, mean: p50 } }),
});

describe("the ledger", () => {
  test("has one row a contender, job and load, with one entry a round", () => {
    const ledger = new Ledger();
    const single = { contender: "echo", job: "sum", inFlight: 1, pinned: false } as const;
    for (const round of [1, 2]) {
      ledger.addCell(single, cell(100 * round, 10 * round));
      ledger.addCell({ ...single, inFlight: 16 }, cell(1000 * round));
      ledger.addCell({ ...single, pinned: true }, cell(50, 5));
    }
    expect(ledger.latency).toEqual([
      { contender: "echo", job: "sum", pinned: false, p50: [10, 20], p99: [20, 40], mean: [10, 20] },
      { contender: "echo", job: "sum", pinned: true, p50: [5, 5], p99: [10, 10], mean: [5, 5] },
    ]);
    expect(ledger.throughput.map(({ inFlight, callsPerSecond }) => [inFlight, callsPerSecond])).toEqual([
      [1, [100, 200]],
      [16, [1000, 2000]],
    ]);
  });

  test("keeps times by their name and contender", () => {
    const ledger = new Ledger();
    ledger.addTime("start", "js", 1);
    ledger.addTime("start", "echo", 2);
    ledger.addTime("start", "js", 3);
    expect(ledger.times("start")).toEqual([
      { contender: "js", ms: [1, 3] },
      { contender: "echo", ms: [2] },
    ]);
    expect(ledger.times("death")).toEqual([]);
  });

  test("says once why something was left out", () => {
    const ledger = new Ledger();
    ledger.leaveOut("wasm", "no target");
    ledger.leaveOut("wasm", "no target");
    ledger.leaveOut("js", "no such job", "argon2");
    expect(ledger.leftOut).toEqual([
      { contender: "wasm", why: "no target" },
      { contender: "js", why: "no such job", job: "argon2" },
    ]);
  });
});
