#!/usr/bin/env node
/**
 * `npm start`: on a clean clone with only Node and cargo installed, all the set-up and then the demo. It is plain
 * JavaScript without packages, because it runs before any is there.
 */
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { Board } from "./start/board.mjs";
import { buildRust } from "./start/cargo.mjs";
import { run } from "./start/command.mjs";
import { readOptions } from "./start/options.mjs";
import { findTools } from "./start/requirements.mjs";
import { staleness } from "./test/node-packages.mjs";

const root = join(import.meta.dirname, "..");
const stopping = new AbortController();

/** npm packages and the Rust build side by side, then the TypeScript. Gives where the built things lie. */
async function prepare() {
  const { cargo } = findTools(root);
  const board = new Board(process.stdout);
  const rust = task(board, "Rust", (status) => buildRust(cargo, root, status, stopping.signal));
  const node = installPackages(board).then(() => compile(board));
  const [built, compiled] = await Promise.allSettled([rust, node]);
  board.stop();
  if (built.status === "rejected" || compiled.status === "rejected") throw stopping.signal.reason;
  return built.value;
}

/** npm's own choice is to wait for 70 s in all before it says that there is no network. */
const RETRIES = ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];

async function installPackages(board) {
  if (staleness(root) === undefined) return;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error", ...RETRIES];
  await task(board, "npm packages", (status) => {
    status("npm ci");
    return run({ name: "npm ci", file: "npm", args, cwd: root }, stopping.signal);
  });
}

/** The package first, for the demo imports it by its name, as any user does. */
async function compile(board) {
  const tsc = join(root, "node_modules", ".bin", "tsc");
  await task(board, "TypeScript", async (status) => {
    for (const project of ["tsconfig.json", "tsconfig.demo.json"]) {
      status(project);
      await run({ name: `tsc -p ${project}`, file: tsc, args: ["-p", project], cwd: root }, stopping.signal);
    }
  });
}

async function task(board, name, work) {
  const shown = board.begin(name);
  try {
    const result = await work((text) => {
      shown.status = text;
    });
    shown.end("ready");
    return result;
  } catch (error) {
    shown.end(stopping.signal.aborted ? "stopped" : "failed", "✗");
    // The first failure ends the others, and is the one that is told.
    stopping.abort(error);
    throw error;
  }
}

/** Ends what is being built. The demo, once it runs, has its own way to end. */
function interrupt(signal) {
  process.exitCode = 128 + constants.signals[signal];
  stopping.abort(new Error("stopped"));
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help)
    return process.stdout.write(readFileSync(join(import.meta.dirname, "start/help.txt"), "utf8"));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, interrupt);
  const built = await prepare();
  for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, interrupt);
  // The errors that are shown lead to the lines of the TypeScript.
  process.setSourceMapsEnabled(true);
  const { runDemo } = await import("../build/demo/main.js");
  process.exitCode = await runDemo({ ...options, ...built });
}

try {
  await main();
} catch (error) {
  process.stderr.write(`\nnpm start: ${error.message}\n`);
  process.exitCode ??= 1;
}
