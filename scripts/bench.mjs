#!/usr/bin/env node
/**
 * `npm run bench`: compiles the library and the comparison, installs the packages that it compares with, and runs it
 * (bench/compare/main.ts) with core dumps off, for a crash is part of what is measured.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { staleness } from "./test/node-packages.mjs";

const root = join(import.meta.dirname, "..");
const compare = join(root, "bench", "compare");
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
const main = join(root, "build", "bench-compare", "bench", "compare", "main.js");

let running;

/** Runs a command to its end. What it says goes to stderr: stdout is for the results. */
function run(command, cwd, stdout = 2) {
  return new Promise((resolve, reject) => {
    running = spawn(command[0], command.slice(1), { cwd, stdio: ["inherit", stdout, "inherit"] });
    running.once("error", reject);
    running.once("close", (code, signal) => resolve(signal === null ? code : 130));
  });
}

/** A terminal sends Ctrl-C to the command as well; other signals are passed on. The command ends what it started. */
function passOn(signal) {
  if (signal !== "SIGINT" || !process.stdin.isTTY) running?.kill(signal);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, passOn);

async function prepare() {
  const why = staleness(root) && `${staleness(root)}: run npm ci`;
  if (why !== undefined) throw new Error(why);
  const stale = staleness(compare);
  if (stale !== undefined) {
    process.stderr.write(`bench/compare: ${stale}: npm ci\n`);
    await mustRun("npm ci", ["npm", "ci", "--no-audit", "--no-fund"], compare);
  }
  await mustRun("tsc", [process.execPath, tsc, "-p", "tsconfig.json"], root);
  await mustRun("tsc", [process.execPath, tsc, "-p", "bench/compare"], root);
}

async function mustRun(name, command, cwd) {
  const code = await run(command, cwd);
  if (code !== 0) throw new Error(`${name} failed in ${cwd}`);
}

try {
  await prepare();
  const limited = 'ulimit -c 0; exec "$0" "$@"';
  const command = ["sh", "-c", limited, process.execPath, main, ...process.argv.slice(2)];
  process.exitCode = await run(command, root, "inherit");
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
