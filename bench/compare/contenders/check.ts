/**
 * `node build/bench-compare/bench/compare/contenders/check.js [--only id,…]`: starts each contender in a process of its
 * own, makes it do every job once, and verifies the answers. Exits with 1 when something was wrong.
 */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildPrograms } from "../programs.ts";
import { CONTENDERS } from "./all.ts";
import type { JobId, Running } from "./contender.ts";
import { findContender } from "./find.ts";
import { JOBS } from "./jobs.ts";

const LIMIT = 30_000;

const { values } = parseArgs({ options: { only: { type: "string" }, here: { type: "string" } } });

/** @returns whether the answer is right, or there is none to be had and it is said why */
async function checkJob(running: Running, id: JobId): Promise<boolean> {
  const job = running.job(id);
  if (typeof job !== "function") return say(id, `left out: ${job.without}`);
  const { input, check } = JOBS[id];
  try {
    const first = await job(input);
    const start = performance.now();
    check(await job(input));
    const millis = performance.now() - start;
    check(first);
    return say(id, `right (${millis.toFixed(2)} ms with the check)`);
  } catch (error) {
    say(id, `WRONG: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

function say(id: string, text: string): true {
  process.stdout.write(`  ${id.padEnd(10)} ${text}\n`);
  return true;
}

async function checkContender(id: string): Promise<boolean> {
  const contender = await findContender(id);
  const running = await contender.start();
  let allRight = true;
  for (const id of Object.keys(JOBS) as JobId[]) {
    if (!(await checkJob(running, id))) allRight = false;
  }
  process.stdout.write(`  other processes: ${running.pids().length}\n`);
  await running.stop();
  return allRight;
}

/** Each in a process of its own, for a crash ends no more than that. */
function checkAll(ids: readonly string[]): boolean {
  const results = ids.map((id) => {
    process.stdout.write(`${id}\n`);
    const self = fileURLToPath(import.meta.url);
    const { status, signal } = spawnSync(process.execPath, [self, "--here", id], {
      stdio: "inherit",
      timeout: LIMIT,
    });
    if (status !== 0) process.stdout.write(`  FAILED: ${signal ?? `exit code ${status}`}\n`);
    return status === 0;
  });
  return results.every(Boolean);
}

async function main(): Promise<boolean> {
  if (values.here !== undefined) return checkContender(values.here);
  const ids = values.only?.split(",") ?? CONTENDERS.map(({ id }) => id);
  await buildPrograms();
  return checkAll(ids);
}

if (!(await main())) process.exitCode = 1;
