/** docs/options.md is what the tables and the comments of their types say, and a comment that says another default is found. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pageOf } from "../../scripts/options/page.mjs";
import { fixture } from "../fixtures/fixture.ts";

test("docs/options.md is up to date", () => {
  execFileSync(process.execPath, [fixture("../../scripts/options.mjs"), "--check"], { stdio: "pipe" });
});

test("it has nothing of a comment's or a tag's marks, and a default or `required` in every row", () => {
  const rows = readFileSync(fixture("../../docs/options.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  expect(rows.length).toBeGreaterThan(70);
  expect(rows.filter((row) => /\/\*\*|\*\/|@link|Default/.test(row))).toEqual([]);
  expect(rows.filter((row) => !/^\| [^|]+ \| (?:[^|]|\\\|)+ \| [^| ][^|]* \| [^| ]/.test(row))).toEqual([]);
});

test.each([
  ["of another default", "So many. Default: 5.", "x: the default of many is 4, and its comment says 5"],
  ["without the default", "So many.", "x: the default of many is 4, and its comment says none"],
  ["that is not there", "", "x: many has no comment in its interface"],
  ["that fits", "So many. Default: 4, or more.", undefined],
])("a comment %s", (_, comment, fault) => {
  const groups = [
    { title: "x", about: "", interfaces: ["X"], table: { many: { takes: "a number", fallback: 4 } } },
  ];
  const interfaces = new Map([["X", [{ name: "many", type: "number", isOptional: true, comment }]]]);
  expect(pageOf(groups, interfaces).faults).toEqual(fault === undefined ? [] : [fault]);
});
