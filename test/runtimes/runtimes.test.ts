/** The same scenario on each JavaScript runtime, with the built package and with a real program of the Rust crate. */
import { execFile } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { BUILD_TIMEOUT, computeProgram } from "../fixtures/compute.ts";
import { fixture } from "../fixtures/fixture.ts";
import { built } from "../process/host.ts";
import { hasRuntimes, installRuntimes } from "./install.ts";

/** What scenario.mjs prints. */
const STEPS = [
  "opens",
  "calls",
  "1 MB",
  "stderr",
  "crash and recovery",
  "timeout and replacement",
  "abort",
  "cannot start",
  "close",
  "a Rust program",
  "ends by itself with an open port",
  "done",
];

let program = "";
beforeAll(async () => {
  program = await computeProgram();
}, BUILD_TIMEOUT);

interface Run {
  readonly steps: readonly string[];
  readonly stderr: string;
  /** Exit code, or the signal's name. */
  readonly end: number | string;
}

function play(runtime: string, ...before: readonly string[]): Promise<Run> {
  const script = fixture("../runtimes/scenario.mjs");
  const args = [...before, script, built("src/index.js"), fixture("well-behaved.mjs"), program];
  return new Promise((resolve) => {
    execFile(runtime, args, { timeout: 60_000, killSignal: "SIGKILL" }, (error, stdout, stderr) => {
      const end = error === null ? 0 : (error.signal ?? Number(error.code));
      resolve({ steps: stdout.trim().split("\n"), stderr, end });
    });
  });
}

const complete = { steps: STEPS, stderr: "", end: 0 };

test("Node does it all", { timeout: 90_000 }, async () => {
  expect(await play(process.execPath)).toEqual(complete);
});

describe.runIf(hasRuntimes)("from the npm registry", () => {
  let bun = "";
  let deno = "";
  beforeAll(() => {
    ({ bun, deno } = installRuntimes());
  }, BUILD_TIMEOUT);

  test("Bun does it all", { timeout: 90_000 }, async () => {
    expect(await play(bun)).toEqual(complete);
  });

  test("Deno does it all", { timeout: 90_000 }, async () => {
    expect(await play(deno, "run", "--allow-all", "--no-config")).toEqual(complete);
  });
});
