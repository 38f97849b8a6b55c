import { describe, expect, test } from "vitest";
import { isWhole, parseOptions, UsageError } from "../../bench/compare/options.ts";

const CONTENDERS = ["js", "portreeve", "echo"];
const parse = (...args: string[]) => parseOptions(args, CONTENDERS);

describe("the command line of npm run bench", () => {
  test("nothing asks for everything", () => {
    expect(parse()).toEqual({
      quick: false,
      only: [],
      jobs: [],
      rounds: undefined,
      check: false,
      json: false,
      out: undefined,
      list: false,
      help: false,
    });
  });

  test("names come with commas or repeated, in the order of the tables, each once", () => {
    const { only, jobs } = parse("--only", "echo,js", "--only=js", "--job", "object, sum");
    expect(only).toEqual(["js", "echo"]);
    expect(jobs).toEqual(["sum", "object"]);
  });

  test.each([
    [["--only", "addon"], "--only addon: there are js, portreeve, echo"],
    [["--job", "spin"], "--job spin: there are empty, sum,"],
    [["--rounds", "0"], "--rounds 0: a whole number from 1 to 1000"],
    [["--rounds", "x"], "--rounds x: a whole number"],
    [["--fast"], "--fast"],
    [["sum"], "sum"],
    [["--check", "--job", "sum"], "--check chooses its own"],
  ])("%j is refused with what would be right", (args, message) => {
    expect(() => parse(...args)).toThrow(UsageError);
    expect(() => parse(...args)).toThrow(message);
  });

  test("only a full run of everything replaces the results that are kept", () => {
    expect(isWhole(parse())).toBe(true);
    expect(isWhole(parse("--json", "--rounds", "9"))).toBe(true);
    for (const args of [["--quick"], ["--only", "js"], ["--job", "sum"], ["--check"]])
      expect(isWhole(parse(...args))).toBe(false);
  });
});
