/** Every lock file of the project is one that `npm ci` takes: whole, for other platforms' optional packages too. */
import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { fixture } from "../fixtures/fixture.ts";

const root = fixture("../..");
const files = execFileSync("git", ["ls-files", "*package-lock.json"], { cwd: root, encoding: "utf8" });

test.each(files.trim().split("\n"))(
  "npm ci takes %s",
  (file) => {
    const args = ["ci", "--dry-run", "--ignore-scripts", "--no-audit", "--no-fund"];
    const said = execFileSync("npm", args, {
      cwd: `${root}/${dirname(file)}`,
      encoding: "utf8",
      stdio: "pipe",
    });
    expect(said).not.toMatch(/npm error/);
  },
  120_000,
);
