/** The list of unit tests names files that are there, and the README of the tests names the scripts that test or measure. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fixture } from "../fixtures/fixture.ts";
import { filesOf } from "../rooms/files.ts";
import { NOT_UNIT, UNIT } from "../unit.ts";

const files = new Set(filesOf("test", ".test.ts"));

/** `port/{abort,wheel}.test.ts` as two paths. */
function spelledOut(path: string): readonly string[] {
  const [, before = "", names, after = ""] = /^(.*)\{(.*)\}(.*)$/.exec(path) ?? [];
  return names === undefined ? [path] : names.split(",").map((name) => `${before}${name}${after}`);
}

test("each path among the unit tests is there, and each exception takes one out", () => {
  const paths = UNIT.flatMap(spelledOut);
  const missing = paths.filter((path) => !path.includes("*") && !files.has(path));
  expect(missing).toEqual([]);
  const folders = paths.filter((path) => path.includes("*")).map((path) => path.split("*")[0] ?? "");
  expect(folders).not.toContain("");
  const idle = NOT_UNIT.filter(
    (path) => !files.has(path) || !folders.some((folder) => path.startsWith(folder)),
  );
  expect(idle).toEqual([]);
});

test("the README of the tests names every script that tests, and nothing that is none", () => {
  const { scripts } = JSON.parse(readFileSync(fixture("../../package.json"), "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const page = readFileSync(fixture("../README.md"), "utf8");
  const named = [...page.matchAll(/`npm (?:run )?([\w:]+)/g)].map(([, name = ""]) => name);
  expect(named.filter((name) => name !== "ci" && !(name in scripts))).toEqual([]);
  const wanted = Object.keys(scripts).filter((name) => /^test(?!:no-codegen)/.test(name));
  expect(wanted.filter((name) => !named.includes(name))).toEqual([]);
});
