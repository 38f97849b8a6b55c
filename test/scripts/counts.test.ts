/** The last line of `npm test` must be true: here is what it is added up from. */
import { expect, test, vi } from "vitest";
import { countCargo } from "../../scripts/test/counts.mjs";
import { countTests } from "../../scripts/test/reporter.mjs";
import { closingLine, report, runSteps } from "../../scripts/test/steps.mjs";

/** As vitest gives it to a reporter, with only what is read. */
function testCase(state: string, fullName: string, messages: readonly string[] = [], flaky = false) {
  const errors = messages.map((message) => ({ message }));
  const module = { relativeModuleId: "a.test.ts" };
  return { fullName, module, result: () => ({ state, errors }), diagnostic: () => ({ flaky }) };
}

function testModule(relativeModuleId: string, tests: readonly object[], messages: readonly string[] = []) {
  return {
    relativeModuleId,
    children: { allTests: () => tests, allSuites: () => [] },
    errors: () => messages.map((message) => ({ message })),
  };
}

test("vitest: tests by their state, a file that cannot be loaded, and an error outside of any test", () => {
  const tests = [
    testCase("passed", "one"),
    testCase("failed", "two", ["\u001b[31mexpected 1 to be 2\u001b[39m\n\nsecond line"]),
    testCase("skipped", "three"),
    testCase("passed", "four", ["too late"], true),
  ];
  const modules = [testModule("a.test.ts", tests), testModule("b.test.ts", [], ["no such file"])];
  expect(countTests(modules, [{ message: "unhandled" }])).toEqual({
    passed: 2,
    failures: [
      "a.test.ts: two: expected 1 to be 2",
      "b.test.ts: no such file",
      "outside of any test: unhandled",
    ],
    skipped: ["a.test.ts: three"],
    repeated: ["a.test.ts: four: too late"],
  });
});

test("cargo: the sum over all test programs, with the names of the ignored", () => {
  const text = `
running 3 tests
test a::b ... ok
test a::c ... ignored, needs a network
test a::d ... FAILED

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

   Doc-tests portreeve
test result: \u001b[32mok\u001b[0m. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.12s
`;
  expect(countCargo(101, text)).toEqual({
    passed: 13,
    failed: 1,
    failures: ["a::d"],
    skipped: ["a::c"],
  });
});

const exits = (code: number) => ["sh", "-c", `exit ${code}`];

test("every step runs, and a failed step counts once at least", async () => {
  const quiet = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const results = await runSteps(
    [
      { name: "fails", command: exits(3) },
      { name: "crashes behind its counts", command: exits(134), count: () => ({ passed: 5, failed: 0 }) },
      { name: "has no report", command: exits(1), count: () => JSON.parse("") },
      { name: "is not there", command: ["portreeve-no-such-program"] },
      { name: "passes", command: exits(0), count: () => ({ passed: 7, failed: 0, skipped: ["one"] }) },
      { name: "names it", command: exits(1), count: () => ({ passed: 0, failures: ["two: why"] }) },
      { name: "prepares", run: () => ({ note: "done" }) },
    ],
    "/",
  );
  quiet.mockRestore();
  expect(results.map(({ failed }: { failed: number }) => failed)).toEqual([1, 1, 1, 1, 0, 1, 0]);
  expect(closingLine(results)).toBe("12 passed, 5 failed");
  expect(report(results)).toContain("skipped in passes: one\nFAILED in names it: two: why");
});
