#!/usr/bin/env node
/**
 * `npm run test:targets [-- <target> …]`: the runtime's own tests on the targets that this machine can run (musl, 32-bit
 * x86, and 64-bit ARM under qemu-user), and `cargo check` for those that it cannot. Takes some minutes; `npm test` runs
 * the same tests on this machine's own target. The last line is `N passed, N failed`.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { leftovers, possible } from "./targets/emulation.mjs";
import { countCargo } from "./test/counts.mjs";
import { closingLine, report, runSteps } from "./test/steps.mjs";

const rust = join(import.meta.dirname, "..", "rust-port");
// Without the tests that compile programs of their own, which they do for this machine.
const tests = ["--lib", "--test", "port", "--test", "etf", "--test", "term"];
const features = ["-p", "portreeve", "--all-features", "--locked"];
const lld = (target) => ({
  [`CARGO_TARGET_${target.toUpperCase().replaceAll("-", "_")}_LINKER`]: "rust-lld",
});

const TARGETS = [
  { target: "x86_64-unknown-linux-musl", steps: run },
  { target: "i686-unknown-linux-musl", steps: (target) => run(target, lld(target)) },
  { target: "aarch64-unknown-linux-musl", steps: emulate },
  { target: "armv7-unknown-linux-gnueabihf", steps: check },
  { target: "aarch64-apple-darwin", steps: check },
  { target: "x86_64-apple-darwin", steps: check },
];

const cargo = (command, target, ...args) => ["cargo", command, ...features, "--target", target, ...args];

/** Builds the programs that the tests talk to, and runs the tests. */
function run(target, env = {}, which = []) {
  const programs = cargo("build", target, "--examples");
  const command = cargo("test", target, ...tests, "--no-fail-fast", "--", ...which);
  return [
    { name: `${target}: programs`, command: programs, cwd: rust, env },
    { name: `${target}: tests`, command, cwd: rust, env, count: countCargo },
  ];
}

/** The tests start programs of the target, so the kernel has to know how: by a binfmt_misc entry. */
function emulate(target) {
  const name = `${target}: what emulation makes impossible`;
  const command = cargo("test", target, "--test", "port");
  if (existsSync("/proc/sys/fs/binfmt_misc/qemu-aarch64"))
    return [...run(target, lld(target), possible), leftovers(name, command, rust, lld(target))];
  const note = "not run: /proc/sys/fs/binfmt_misc has no entry qemu-aarch64";
  return [{ name: `${target}: tests`, run: () => ({ skipped: [`all (${note})`], note }) }];
}

function check(target) {
  return [{ name: `${target}: check`, command: cargo("check", target), cwd: rust }];
}

function install(targets) {
  return { name: "standard libraries", command: ["rustup", "target", "add", ...targets] };
}

const asked = process.argv.slice(2);
const known = TARGETS.map(({ target }) => target);
const unknown = asked.filter((target) => !known.includes(target));
if (unknown.length > 0) {
  const help = asked.some((word) => word === "--help" || word === "-h");
  process[help ? "stdout" : "stderr"].write(
    `npm run test:targets [-- <target> …]\ntargets: ${known.join(", ")}; default: all\n`,
  );
  process.exit(help ? 0 : 2);
}
const chosen = TARGETS.filter(({ target }) => asked.length === 0 || asked.includes(target));
const hasRustup = spawnSync("rustup", ["--version"], { stdio: "ignore" }).status === 0;
const first = hasRustup ? [install(chosen.map(({ target }) => target))] : [];
const results = await runSteps([...first, ...chosen.flatMap(({ target, steps }) => steps(target))], rust);
process.stdout.write(report(results));
process.stdout.write(`${closingLine(results)}\n`);
process.exitCode = results.every(({ failed }) => failed === 0) ? 0 : 1;
