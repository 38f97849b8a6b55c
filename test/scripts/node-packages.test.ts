import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { staleness } from "../../scripts/test/node-packages.mjs";
import { fixture } from "../fixtures/fixture.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "portreeve-packages-"));
});

afterEach(() => rmSync(root, { recursive: true }));

function write(wanted: object, installed?: object): void {
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: wanted }));
  if (installed === undefined) return;
  mkdirSync(join(root, "node_modules"), { recursive: true });
  writeFileSync(join(root, "node_modules", ".package-lock.json"), JSON.stringify({ packages: installed }));
}

const one = { "": { version: "0.1.0" }, "node_modules/a": { version: "1.0.0" } };

test.each([
  ["nothing is installed", one, undefined, "node_modules is missing"],
  ["all is as the lock file says", one, { "node_modules/a": { version: "1.0.0" } }, undefined],
  ["another version", one, { "node_modules/a": { version: "1.0.1" } }, "node_modules/a is not 1.0.0"],
  ["one is missing", one, {}, "node_modules/a is not 1.0.0"],
  [
    "one for another system is missing",
    { ...one, "node_modules/b": { version: "2.0.0", optional: true } },
    one,
    undefined,
  ],
])("%s", (_name, wanted, installed, why) => {
  write(wanted, installed);
  expect(staleness(root)).toBe(why);
});

test("the packages with which this runs are those of the lock file", () => {
  expect(staleness(fixture("../.."))).toBeUndefined();
});
