import { expect, test } from "vitest";
import { showBuild } from "../../src/build/build-display.ts";
import { type BuildProgress, readCargoLine, readCargoMessage } from "../../src/build/cargo.ts";

const compiling = (done: number): BuildProgress => ({
  phase: "compiling",
  done,
  total: 9,
  current: "serde, syn(build.rs)",
});

function screen(more: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = [];
  return { ...more, written, write: (text: string) => written.push(text) };
}

test("a terminal has one live line, cut to its width, and diagnostics above it", () => {
  let time = 0;
  const tty = screen({ isTTY: true, columns: 30 });
  const watcher = showBuild("compute", tty, () => time);
  watcher.progress(compiling(3));
  watcher.diagnostic("warning: unused");
  time = 12_345;
  watcher.finish("built");
  const line = "\r\u001b[Kcompute: compiling 3 of 9: se";
  expect(tty.written).toEqual([
    line,
    "\r\u001b[Kwarning: unused\n",
    line,
    "\r\u001b[Kcompute: built in 12.3 s\n",
  ]);
});

test("elsewhere a plain line comes every five seconds", () => {
  let time = 0;
  const log = screen();
  const watcher = showBuild("compute", log, () => time);
  for (time = 0; time <= 11_000; time += 1000) watcher.progress(compiling(time / 1000));
  watcher.diagnostic("\u001b[33mwarning\u001b[0m: unused");
  watcher.finish("failed");
  expect(log.written).toEqual([
    "compute: compiling 0 of 9: serde, syn(build.rs)\n",
    "compute: compiling 5 of 9: serde, syn(build.rs)\n",
    "compute: compiling 10 of 9: serde, syn(build.rs)\n",
    "warning: unused\n",
    "compute: failed in 12.0 s\n",
  ]);
});

test.each([
  [
    "    Building [====>      ] 3/16: proc-macro2(build), quote(build)      ",
    { phase: "compiling", done: 3, total: 16, current: "proc-macro2(build), quote(build)" },
  ],
  [
    "\u001b[1m\u001b[96m    Building\u001b[0m [>  ] 1/2: a",
    { phase: "compiling", done: 1, total: 2, current: "a" },
  ],
  [" Downloading [=> ] 1/4: syn", { phase: "fetching", done: 1, total: 4, current: "syn" }],
  ["  Downloaded syn v2.0.1", { phase: "fetching", done: 0, total: 0, current: "syn v2.0.1" }],
  ["    Updating crates.io index", { phase: "fetching", done: 0, total: 0, current: "crates.io index" }],
  [
    "    Blocking waiting for file lock on build directory",
    { phase: "waiting", done: 0, total: 0, current: "waiting for file lock on build directory" },
  ],
])("progress: %s", (line, progress) => {
  expect(readCargoLine(line)).toEqual({ kind: "progress", progress });
});

test.each([
  ["   Compiling serde v1.0.0", "status"],
  ["    Finished `dev` profile [unoptimized + debuginfo] target(s) in 8.13s", "status"],
  ["error[E0308]: mismatched types", "diagnostic"],
  [" --> src/main.rs:1:26", "diagnostic"],
  ["", "diagnostic"],
])("%s is %s", (line, kind) => {
  expect(readCargoLine(line).kind).toBe(kind);
});

test("only the message of an executable names a program", () => {
  const artifact = { reason: "compiler-artifact", target: { name: "compute" }, executable: "/x/compute" };
  expect(readCargoMessage(JSON.stringify(artifact))).toEqual({ name: "compute", path: "/x/compute" });
  expect(readCargoMessage(JSON.stringify({ ...artifact, executable: null }))).toBeUndefined();
  expect(readCargoMessage('{"reason":"build-finished","success":true}')).toBeUndefined();
  expect(readCargoMessage("printed by a build script")).toBeUndefined();
});
