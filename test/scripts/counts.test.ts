/** The last line of `npm test` must be true: here is what it is added up from. */
import { expect, test, vi } from "vitest";
import { countCargo, countVitest } from "../../scripts/test/counts.mjs";
import { closingLine, report, runSteps } from "../../scripts/test/steps.mjs";

const assertion = (status: string, fullName: string) => ({ status, fullName });

test("vitest: tests by their state, and a file that cannot be loaded as one failure", () => {
  const testResults = [
    {
      name: "/r/a.test.ts",
      status: "failed",
      assertionResults: [assertion("passed", "a 1"), assertion("failed", "a 2")],
    },
    {
      name: "/r/b.test.ts",
      status: "passed",
      assertionResults: [assertion("passed", "b 1"), assertion("pending", "b 2")],
    },
    { name: "/r/c.test.ts", status: "failed", assertionResults: [] },
  ];
  expect(countVitest({ testResults }, "/r")).toEqual({ passed: 2, failed: 2, skipped: ["b.test.ts: b 2"] });
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
  expect(countCargo(101, text)).toEqual({ passed: 13, failed: 1, skipped: ["a::c"] });
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
      { name: "prepares", run: () => ({ note: "done" }) },
    ],
    "/",
  );
  quiet.mockRestore();
  expect(results.map(({ failed }: { failed: number }) => failed)).toEqual([1, 1, 1, 1, 0, 0]);
  expect(closingLine(results)).toBe("12 passed, 4 failed");
  expect(report(results)).toContain("skipped in passes: one");
});
