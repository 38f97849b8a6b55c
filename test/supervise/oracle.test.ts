/**
 * The engine against OTP's own supervisor: the same random histories through both, and not one difference in what
 * was started and stopped, in which order, what requests were answered, and when the supervisor gave up.
 *
 * ORACLE_SEED and ORACLE_TRACES replay other histories: `ORACLE_SEED=42 ORACLE_TRACES=1` is the one with seed 42.
 *
 * The period is an hour here. OTP counts restarts in whole seconds, so that a shorter one would make the outcome
 * depend on when in a second the trace runs. Intensity has its own tests (test/port/intensity.test.ts).
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { replay } from "./replay.ts";
import { erlang, type Trace, traceOf } from "./trace.ts";

const seed = Number(process.env.ORACLE_SEED ?? 1_000_000);
const count = Number(process.env.ORACLE_TRACES ?? 1000);
const hasErlang = spawnSync("erl", ["-version"]).error === undefined;

if (!hasErlang && !process.env.CI) {
  console.warn("SKIPPED: the supervisor oracle needs erl and escript (Erlang/OTP 24 or newer) in PATH");
}

test.skipIf(!hasErlang && !process.env.CI)("agrees with Erlang/OTP's supervisor on random traces", () => {
  const traces = Array.from({ length: count }, (_, index) => traceOf(seed + index));
  const theirs = askErlang(traces);
  const ours = traces.map(replay).map(inAnyStopOrder(traces));
  const index = ours.findIndex((line, at) => line !== theirs[at]);
  const trace = traces[index];
  const replayWith = `seeds ${seed} to ${seed + count - 1}; ORACLE_SEED=${trace?.seed} ORACLE_TRACES=1 replays this one`;
  expect({ trace, replayWith, line: ours[index] }).toEqual({ trace, replayWith, line: theirs[index] });
  expect(theirs).toHaveLength(count);
  console.info(`${count} traces agree with OTP: seeds ${seed} to ${seed + count - 1}; ${census(ours)}`);
});

function askErlang(traces: readonly Trace[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "portreeve-oracle-"));
  try {
    const file = join(folder, "traces");
    writeFileSync(file, traces.map(erlang).join("\n"));
    const script = fileURLToPath(new URL("oracle.escript", import.meta.url));
    const output = execFileSync("escript", [script, file], { encoding: "utf8", maxBuffer: 1 << 28 });
    return output.trimEnd().split("\n").map(inAnyStopOrder(traces));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Dynamic children are all told to stop at once, in no order: their stops at the end are compared as a set. */
function inAnyStopOrder(traces: readonly Trace[]): (line: string, index: number) => string {
  return (line, index) => {
    if (traces[index]?.strategy !== "simple_one_for_one") return line;
    return line.replace(/stop \w+(?:; stop \w+)+/g, (stops) => stops.split("; ").sort().join("; "));
  };
}

/** How much of what the traces cover, so that a generator gone lame is seen. */
function census(lines: readonly string[]): string {
  const all = lines.join("\n");
  const times = (pattern: RegExp) => all.match(pattern)?.length ?? 0;
  const starts = `${times(/start \w+ ok/g)} starts, ${times(/start \w+ (error|throw|junk)/g)} failed and`;
  const others = `${times(/start \w+ ignore/g)} ignored ones, ${times(/stop \w+/g)} stops`;
  const gaveUp = lines.filter((line) => line.includes("exit shutdown") && !line.includes("left ")).length;
  return `${starts} ${others}, ${gaveUp} supervisors ended by themselves`;
}
