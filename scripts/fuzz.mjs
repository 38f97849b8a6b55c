#!/usr/bin/env node
/** `npm run fuzz`: compiles the sources with the fuzzers (test/fuzz) and runs them; `--help` says what they take. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

// Ctrl-C is for the fuzzers, which end with what they have done.
process.on("SIGINT", () => {});

/** Runs a Node program to its end in the project's root. Gives its exit code. */
function run(...args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status ?? 130;
}

const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
process.exitCode =
  run(tsc, "-p", "tsconfig.fuzz.json") ||
  run(join(root, "build", "fuzz", "test", "fuzz", "main.js"), ...process.argv.slice(2));
