/** A bounded run of every kind of fuzzing, and that they can find something. */
import { describe, expect, it } from "vitest";
import { MUTANTS } from "./faults.ts";
import { KINDS } from "./kinds.ts";
import { search } from "./mutants.ts";
import { readOptions } from "./options.ts";
import { Random } from "./random.ts";
import { Run, repeatCommand } from "./run.ts";

describe("a bounded run", () => {
  it.each(KINDS)("of $name finds nothing", async (kind) => {
    const { finding } = await new Run(kind, { seed: 1, from: 0, to: kind.bounded }).outcome();
    if (finding !== undefined) throw new Error(repeatCommand(finding), { cause: finding.error });
  });
});

describe.skipIf(MUTANTS.length === 0)("a fault that is put back is found", () => {
  // Up to a million cases, which are minutes on a busy machine.
  it.each(MUTANTS)("$name", { timeout: 300_000 }, async (mutant) => {
    expect(await search(mutant, 1, 1e6)).toMatchObject({ case: expect.any(Number) });
  });
});

describe("a run", () => {
  const seen: string[] = [];
  const kind = {
    name: "seen",
    about: "",
    bounded: 1,
    blockSize: 3,
    begin: (random: Random) => {
      seen.push(`begin ${random.int32()}`);
      return {
        run: (own: Random, n: number) => {
          seen.push(`${n}: ${own.int32()}`);
          if (n === 7) throw new Error("seven");
        },
        end: () => void seen.push("end"),
      };
    },
  };

  it("ends at the case that fails, which is repeated with the cases of its block before it", async () => {
    const outcome = await new Run(kind, { seed: 5, from: 0, to: 100 }).outcome();
    expect(outcome).toMatchObject({ cases: 8, finding: { case: 7, seed: 5, error: new Error("seven") } });
    const whole = seen.splice(0);
    expect(whole.map((line) => line.replace(/(begin|: ).*/, "$1").replace(": ", ""))).toEqual([
      ...["begin", "0", "1", "2", "end", "begin", "3", "4", "5", "end", "begin", "6", "7", "end"],
    ]);
    await new Run(kind, { seed: 5, from: 7, to: 8 }).outcome();
    expect(seen).toEqual(whole.slice(-4));
  });

  it("counts what was run when it is stopped", async () => {
    const stops = { ...kind, begin: () => ({ run: (_: Random, n: number) => void (n === 4 && run.stop()) }) };
    const run = new Run(stops, { seed: 1, from: 0, to: 1000 });
    expect(await run.outcome()).toMatchObject({ cases: 5, finding: undefined });
  });

  it("takes a failing end of a block for the failure of its last case", async () => {
    const ends = { ...kind, begin: () => ({ run: () => {}, end: () => Promise.reject(new Error("end")) }) };
    const outcome = await new Run(ends, { seed: 1, from: 0, to: 10 }).outcome();
    expect(outcome.finding).toMatchObject({ case: 2, error: new Error("end") });
  });
});

describe("random numbers", () => {
  it("are the same for the same case, and others for another", () => {
    const numbers = (...of: [number, number, number]) => {
      const random = new Random(...of);
      return Array.from({ length: 4 }, () => random.int32());
    };
    expect(numbers(1, 2, 3)).toEqual(numbers(1, 2, 3));
    const all = [
      numbers(1, 2, 3),
      numbers(2, 2, 3),
      numbers(1, 3, 3),
      numbers(1, 2, 4),
      numbers(1, 2, 2 ** 32 + 3),
    ];
    expect(new Set(all.flat()).size).toBe(20);
  });

  it("are spread evenly", () => {
    const random = new Random(1, 1, 1);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const n = random.below(10);
      counts[n] = (counts[n] ?? 0) + 1;
    }
    for (const n of counts) expect(Math.abs(n - 10_000)).toBeLessThan(500);
  });
});

describe("the command line", () => {
  it("takes counts as one writes them, and refuses what is none", () => {
    expect(readOptions(["--cases", "1e7", "--seed", "7"], KINDS)).toMatchObject({
      from: 0,
      to: 1e7,
      seed: 7,
    });
    expect(readOptions(["--case", "12"], KINDS)).toMatchObject({ from: 12, to: 13 });
    for (const bad of [
      ["--cases", "0"],
      ["--cases", "x"],
      ["--seed", ""],
      ["--kind", "valuse"],
      ["--csaes", "1"],
    ])
      expect(() => readOptions(bad, KINDS)).toThrow(Error);
  });
});
