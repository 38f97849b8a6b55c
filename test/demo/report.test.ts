import { expect, test } from "vitest";
import { broken, errorAsPrinted, howToGoOn, summary } from "../../demo/report.ts";
import { facts } from "./facts.ts";

test("both ends stand side by side", () => {
  const lines = summary(facts).split("\n");
  expect(lines.find((line) => line.startsWith("segfault"))).toMatch(
    /^segfault at 3\.5 s +1 call failed, the others went on +killed by SIGSEGV \(exit 139\)$/,
  );
  expect(lines.find((line) => line.includes("(PORT_EXIT)"))).toMatch(/\(PORT_EXIT\) +no handler ran$/);
  expect(lines.find((line) => line.startsWith("tokens"))).toMatch(/11 200 of 11 200 +1 208 of 1 507$/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(110);
  expect(broken(facts)).toEqual([]);
});

test("calls that an accident took with it are counted as its damage, and named", () => {
  const [segfault, abort, hang] = facts.strikes;
  if (!segfault || !abort || !hang) throw new Error("three accidents");
  const worse = {
    ...facts,
    port: { ...facts.port, failed: { PORT_EXIT: 3 } },
    strikes: [segfault, { ...abort, failedBefore: 2 }, { ...hang, failedBefore: 3 }],
  };
  const text = summary(worse);
  expect(text).toMatch(/segfault at 3\.5 s +3 calls failed/);
  expect(text).toMatch(/abort at 8\.5 s +2 calls failed/);
  expect(text).toMatch(/loop_forever at 13\.5 s +1 call failed/);
  expect(text).toMatch(/other failures +3: PORT_EXIT/);
  expect(broken(worse)).toEqual(["3 calls failed that had no part in an accident"]);
});

test("what does not hold is said", () => {
  expect(
    broken({
      ...facts,
      verdict: { submitted: 10, verified: 8, refused: { "signature verification failed": 2 } },
      strikes: facts.strikes.slice(1),
      retired: 0,
      end: { ...facts.end, signal: undefined, exitCode: 0, handlers: ["exit"] },
    }),
  ).toEqual([
    "2 tokens were not verified",
    "only 2 of 3 accidents happened",
    "the worker that hung was not replaced",
    "the in-process side ended otherwise: exit 0, handlers that ran: exit",
  ]);
});

test("tokens that the judge refused are listed with the reason", () => {
  const verdict = { submitted: 10, verified: 8, refused: { "signature verification failed": 2 } };
  expect(summary({ ...facts, verdict })).toContain("2: signature verification failed");
});

test("an error is shown as console.error shows it", () => {
  const text = errorAsPrinted("A crash:", facts.strikes[0]?.error, false);
  expect(text).toMatch(/^A crash:\n\n {2}PortExitError: segfault: its worker was killed by SIGSEGV\n {6}at /);
  expect(text).toContain("signal: 'SIGSEGV'");
});

test("the commands at the end are for the program that is there", () => {
  const commands = howToGoOn("target/compute").split("\n").slice(2);
  expect(commands.map((command) => command.trim().split(/ {2,}/)[0])).toEqual([
    "npx portreeve new my-port",
    "npx portreeve functions target/compute",
    "npx portreeve call target/compute sum '[1, 2, 3]'",
  ]);
});
