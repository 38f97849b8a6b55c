#!/usr/bin/env node
/**
 * `npm test`: everything there is to check, on a clean clone with nothing done first. Each step is shown as it runs,
 * a failed one does not keep the others from running, and the last line is `N passed, N failed`: the tests of vitest
 * and cargo together, where a failed step that has no tests counts as one failure.
 */
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { countCargo, vitestTests } from "./test/counts.mjs";
import { prepareNode } from "./test/node-packages.mjs";
import { closingLine, report, runSteps } from "./test/steps.mjs";

const root = join(import.meta.dirname, "..");
const rust = join(root, "rust-port");
const bin = (name) => join(root, "node_modules", ".bin", name);

// A shell that was open before Rust was installed does not have cargo in its PATH yet.
process.env.PATH += delimiter + join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "bin");

const everything = ["--workspace", "--all-features", "--locked"];
// As test/fixtures/compute.ts asks for it, so that the tests find it built. The demo has it with fewer functions.
const compute = ["--manifest-path", "examples/compute/Cargo.toml", "--bin", "compute", "--features", "full"];
const traced = ["--manifest-path", "examples/traced/Cargo.toml", "--bin", "traced"];
const shapes = ["--manifest-path", "examples/shapes/Cargo.toml", "--bin", "shapes"];

function node(name, tool, ...args) {
  return { name, command: [bin(tool), ...args] };
}

function cargo(name, ...args) {
  return { name, command: ["cargo", ...args], cwd: rust };
}

// Alone and in the pairs that share code. All of them together are what the other steps build.
const alone = ["", "log", "tracing", "symbols", "async", "bytes", "num-bigint", "eetf"];
const features = [...alone, "log,tracing", "eetf,tracing", "async,log", "async,symbols"];

function cargoFeatures(set) {
  const crate = ["-p", "portreeve", "--lib", "--locked", "--no-default-features", "--features", set];
  return cargo(`features: ${set || "none"}`, "clippy", ...crate, "--", "-D", "warnings");
}

const noCodegen = { NODE_OPTIONS: "--disallow-code-generation-from-strings" };

// What takes long and is needed later comes first; vitest has the machine for itself, because its tests watch clocks.
const steps = [
  { name: "npm packages", run: (runCommand) => prepareNode(root, runCommand) },
  node("types and dist/", "tsc", "-p", "tsconfig.json"),
  { name: "dist/cjs", command: [process.execPath, "scripts/cjs.mjs"] },
  node("types of the tests", "tsc", "-p", "tsconfig.test.json"),
  node("lint", "biome", "check", "."),
  cargo("cargo fetch", "fetch", "--locked"),
  cargo("cargo fmt", "fmt", "--all", "--check"),
  cargo("demo's programs", "build", "--release", "--locked", "-p", "compute", "-p", "addon"),
  cargo("compute program", "build", "--release", "--locked", ...compute),
  cargo("traced program", "build", "--release", "--locked", ...traced),
  cargo("shapes program", "build", "--release", "--locked", ...shapes),
  { name: "vitest", ...vitestTests(bin("vitest")) },
  // Where a page or a host forbids it, no code may be generated.
  { name: "codec, no codegen", ...vitestTests(bin("vitest"), ["test/codec"], noCodegen) },
  cargo("clippy", "clippy", ...everything, "--all-targets", "--", "-D", "warnings"),
  ...features.map(cargoFeatures),
  { ...cargo("cargo test", "test", ...everything, "--no-fail-fast"), count: countCargo },
];

const results = await runSteps(steps, root);
process.stdout.write(report(results));
process.stdout.write(`${closingLine(results)}\n`);
process.exitCode = results.every(({ failed }) => failed === 0) ? 0 : 1;
