/** Reads how many tests passed, failed and were skipped out of what vitest and cargo say. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/**
 * The part of a step that runs vitest with a report in JSON beside what it shows.
 * @param only folders to run; default: all
 * @param env added to the environment
 */
export function vitestTests(root, vitest, only = [], env = {}) {
  const folder = mkdtempSync(join(tmpdir(), "portreeve-test-"));
  const file = join(folder, "vitest.json");
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return {
    command: [vitest, "run", ...only, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
    env: { PORTREEVE_TEST_BUILT: "1", ...env },
    count: () => countVitest(JSON.parse(readFileSync(file, "utf8")), root),
  };
}

/** A file that could not be loaded has no tests, and is one failure. */
export function countVitest({ testResults }, root) {
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ status, fullName }) => ({
      status,
      title: `${relative(root, name)}: ${fullName}`,
    })),
  );
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  const having = (status) => tests.filter((test) => test.status === status).length;
  return {
    passed: having("passed"),
    failed: having("failed") + broken.length,
    skipped: tests
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ title }) => title),
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
    skipped: [...text.matchAll(/^test (.+?) \.\.\. ignored/gm)].map(([, name]) => name),
  };
}
