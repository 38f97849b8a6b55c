/** Reads how many tests passed, failed and were skipped out of what vitest and cargo say. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

/**
 * The part of a step that runs vitest with a report beside what it shows.
 * @param only folders to run; default: all
 * @param env added to the environment
 */
export function vitestTests(vitest, only = [], env = {}) {
  const folder = mkdtempSync(join(tmpdir(), "portreeve-test-"));
  const file = join(folder, "vitest.json");
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const reporters = ["default", join(import.meta.dirname, "reporter.mjs")];
  return {
    command: [vitest, "run", ...only, ...reporters.map((reporter) => `--reporter=${reporter}`)],
    env: { PORTREEVE_TEST_BUILT: "1", PORTREEVE_TEST_REPORT: file, ...env },
    count: () => JSON.parse(readFileSync(file, "utf8")),
  };
}

/** Adds up the `test result:` lines, one for each test program; ignored tests have a line of their own each. */
export function countCargo(_code, coloured) {
  const text = stripVTControlCharacters(coloured);
  const results = [...text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed;/gm)];
  const sum = (index) => results.reduce((total, match) => total + Number(match[index]), 0);
  return {
    passed: sum(1),
    failed: sum(2),
    failures: [...text.matchAll(/^test (.+?) \.\.\. FAILED/gm)].map(([, name]) => name),
    skipped: [...text.matchAll(/^test (.+?) \.\.\. ignored/gm)].map(([, name]) => name),
  };
}
