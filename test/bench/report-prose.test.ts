import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { beside } from "../../bench/compare/report/facts/words.ts";
import { factsOf } from "../../bench/compare/report/facts.ts";
import { MissingFacts, placeholders, prose } from "../../bench/compare/report/prose.ts";
import type { Results } from "../../bench/compare/results.ts";
import { madeUp } from "./fixtures/report-results.ts";

const path = new URL("../../bench/compare/report/addon-or-port.template.md", import.meta.url);
const template = readFileSync(path, "utf8");
const results = madeUp();

test("the page has no number of its own: each one comes from the results", () => {
  const own = template.replaceAll(/\{\{\w+\}\}|\bp(?:50|99)\b/g, "");
  expect(own.match(/.*\d.*/g)).toBeNull();
});

test("all its placeholders are known, and no fact is made for nothing", () => {
  expect(placeholders(template).toSorted()).toEqual(
    Object.keys(factsOf(results))
      .filter((name) => name !== "throughputAlt")
      .toSorted(),
  );
});

test("the page is filled", () => {
  const text = prose(template, factsOf(results));
  expect(text).not.toMatch(/\{\{|\}\}|NaN|undefined|Infinity|–/);
  expect(text).toContain("the host is alive after 2 of 8. What killed it: segmentation fault,");
  expect(text).toContain("the host is alive after 8 of 8. None of them killed it.");
});

test("results that lack something give no page, but what it lacks", () => {
  const partial: Results = { ...results, segfaultDeath: [], crash: [] };
  const write = () => prose(template, factsOf(partial));
  expect(write).toThrow(MissingFacts);
  expect(write).toThrow("the results have nothing for crashAlt, portSegfault: the page needs a whole run");
});

test("words follow the numbers", () => {
  expect(beside({ least: 2, median: 3.123, most: 4 }, "long")).toBe("3.12 times as long as");
  expect(beside({ least: 0.9, median: 1.02, most: 1.2 }, "long")).toBe("about as long as (1.02 times)");
  expect(beside({ least: 0.3, median: 0.5, most: 0.9 }, "many calls a second")).toBe(
    "0.5 times as many calls a second as",
  );
});

test("a port that hangs or dies is told as such", () => {
  const matrix = results.matrix.map((cell) => {
    if (cell.contender !== "portreeve" || cell.accident !== "abort") return cell;
    const { backMs: _none, ...rest } = cell;
    return { ...rest, hostAlive: false, lost: 3 };
  });
  const facts = factsOf({ ...results, matrix });
  expect(facts).toMatchObject({
    portSurvived: "7 of 8",
    portKilled: "What killed it: abort.",
    portLost: "3",
    portBack: "without an end in one of them",
  });
});
