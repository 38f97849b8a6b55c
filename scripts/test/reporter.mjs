/**
 * A reporter of vitest that leaves in the file PORTREEVE_TEST_REPORT what `npm test` adds up and says at its end. The
 * reporter "json" of vitest knows neither tests that passed only when they ran again, nor errors outside of any test.
 */
import { writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

// vitest takes a reporter of the user's as the default export of its file.
export default class CountingReporter {
  onTestRunEnd(modules, unhandledErrors) {
    writeFileSync(process.env.PORTREEVE_TEST_REPORT, JSON.stringify(countTests(modules, unhandledErrors)));
  }
}

/** Gives how many passed, and what is to be told of those that failed, were skipped, or passed only when repeated. */
export function countTests(modules, unhandledErrors) {
  const tests = modules.flatMap((file) => [...file.children.allTests()]);
  const having = (state) => tests.filter((test) => test.result().state === state);
  const broken = modules.flatMap((file) => [file, ...file.children.allSuites()]);
  return {
    passed: having("passed").length,
    failures: [
      ...having("failed").map((test) => told(title(test), test.result().errors)),
      ...broken.flatMap((part) => part.errors().map((error) => told(title(part), [error]))),
      ...unhandledErrors.map((error) => told("outside of any test", [error])),
    ],
    skipped: having("skipped").map(title),
    repeated: tests
      .filter((test) => test.diagnostic()?.flaky)
      .map((test) => told(title(test), test.result().errors)),
  };
}

function title(part) {
  const file = (part.module ?? part).relativeModuleId;
  return part.fullName === undefined ? file : `${file}: ${part.fullName}`;
}

function told(what, errors = []) {
  const [line = ""] = stripVTControlCharacters(errors[0]?.message ?? "").split("\n");
  return line === "" ? what : `${what}: ${line}`;
}
