/** What was measured, where and with what. */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import type { About } from "./results.ts";

/** The crates that stand for a contender or do its work. */
const CRATES = [
  "napi",
  "wasm-bindgen",
  "serde_json",
  "rmp-serde",
  "tonic",
  "prost",
  "hyper",
  "axum",
  "tokio",
  "ring",
  "argon2",
  "image",
];

export function about(root: string, command: string, quick: boolean, rounds: number): About {
  return {
    command,
    date: new Date().toISOString(),
    commit: commit(root),
    quick,
    rounds,
    othersStopped: true,
    machine: {
      cpu: cpus()[0]?.model.trim() ?? "unknown",
      cores: cpus().length,
      kernel: `${process.platform} ${release()}`,
      memoryBytes: totalmem(),
    },
    node: process.versions.node,
    rustc: run("rustc", ["--version"], root),
    packages: { ...npmPackages(join(root, "bench/compare")), ...crates(root) },
  };
}

function commit(root: string): string {
  const hash = run("git", ["rev-parse", "HEAD"], root);
  // The results themselves change with every run.
  const changes = run(
    "git",
    ["status", "--porcelain", "--", ".", ":!bench/results", ":!bench/REPORT.md"],
    root,
  );
  return changes === "" ? hash : `${hash}-dirty`;
}

function npmPackages(folder: string): Record<string, string> {
  const { dependencies = {} } = readJson(join(folder, "package.json")) as {
    dependencies?: Record<string, string>;
  };
  const versions = Object.keys(dependencies).map((name) => {
    const installed = join(folder, "node_modules", name, "package.json");
    return [name, existsSync(installed) ? (readJson(installed) as { version: string }).version : "missing"];
  });
  return Object.fromEntries(versions);
}

/** Of those that Cargo.lock has; they are named as on crates.io. */
function crates(root: string): Record<string, string> {
  const locks = ["bench/native/Cargo.lock", "rust-port/Cargo.lock"].map((path) => join(root, path));
  const text = locks
    .filter(existsSync)
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
  return Object.fromEntries(
    CRATES.flatMap((name) => {
      const version = text.match(new RegExp(`name = "${name}"\\nversion = "([^"]+)"`))?.[1];
      return version === undefined ? [] : [[`${name} (crate)`, version]];
    }),
  );
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { encoding: "utf8", cwd }).trim();
}
