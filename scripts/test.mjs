#!/usr/bin/env node
/**
 * `npm test`: everything there is to check, on a clean clone with nothing done first. Each step is shown as it runs,
 * a failed one does not keep the others from running, and the last line is `N passed, N failed`: the tests of vitest
 * and cargo together, where a failed step that has no tests counts as one failure.
 */
import { join } from "node:path";
import { cargoTests, vitestTests } from "./test/counts.mjs";
import { prepareNode } from "./test/node-packages.mjs";
import { closingLine, report, runSteps } from "./test/steps.mjs";

const root = join(import.meta.dirname, "..");
const rust = join(root, "rust-port");
const bin = (name) => join(root, "node_modules", ".bin", name);

// What takes long and is needed later comes first; vitest has the machine for itself, because its tests watch clocks.
const steps = [
  { name: "npm packages", run: (step) => prepareNode(root, step) },
  { name: "types and dist/", command: [bin("tsc"), "-p", "tsconfig.json"] },
  { name: "types of the tests", command: [bin("tsc"), "-p", "tsconfig.test.json"] },
  { name: "lint", command: [bin("biome"), "check", "."] },
  { name: "cargo fetch", command: ["cargo", "fetch", "--locked"], cwd: rust },
  { name: "cargo fmt", command: ["cargo", "fmt", "--all", "--check"], cwd: rust },
  {
    name: "compute program",
    command: ["cargo", "build", "--release", "--locked", "--bin", "compute"],
    cwd: rust,
  },
  { name: "vitest", ...vitestTests(root, bin("vitest")) },
  {
    name: "clippy",
    command: ["cargo", "clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"],
    cwd: rust,
  },
  { name: "cargo test", ...cargoTests(), cwd: rust },
];

const results = await runSteps(steps, root);
process.stdout.write(report(results));
process.stdout.write(`${closingLine(results)}\n`);
process.exitCode = results.every(({ failed }) => failed === 0) ? 0 : 1;
