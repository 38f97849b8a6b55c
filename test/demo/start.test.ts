/** The set-up of `npm start`: what it reads, what it says when something is missing. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Board } from "../../scripts/start/board.mjs";
import { readProgress, takeArtifact } from "../../scripts/start/cargo.mjs";
import { CommandError, hintFor, run } from "../../scripts/start/command.mjs";
import { readOptions } from "../../scripts/start/options.mjs";
import { isOlder } from "../../scripts/start/requirements.mjs";

const start = join(import.meta.dirname, "../../scripts/start.mjs");
const folder = mkdtempSync(join(tmpdir(), "portreeve-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `npm start` with nothing in its PATH but a cargo that says `version`, or none. */
function startWith(version: string | undefined, ...args: string[]) {
  const bin = mkdtempSync(join(folder, "bin-"));
  if (version !== undefined) {
    writeFileSync(join(bin, "cargo"), `#!/bin/sh\necho "cargo ${version} (abc 2020-01-01)"\n`);
    chmodSync(join(bin, "cargo"), 0o755);
  }
  const env = { PATH: bin, HOME: bin };
  return spawnSync(process.execPath, [start, ...args], { env, encoding: "utf8", timeout: 20_000 });
}

test("without cargo it says so, and how to get it", () => {
  const { status, stderr } = startWith(undefined);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /cargo was not found.* Install Rust 1\.\d+ or newer from https:\/\/rustup\.rs.*npm start again/,
  );
});

test("a cargo that is too old is named with its version and the one that is needed", () => {
  const { status, stderr } = startWith("1.70.0");
  expect(status).toBe(1);
  expect(stderr).toMatch(/cargo 1\.70\.0 is too old: Rust 1\.\d+ or newer is needed.*rustup update/);
});

test("--help needs nothing at all", () => {
  const { status, stdout } = startWith(undefined, "--help");
  expect(status).toBe(0);
  for (const option of ["--seconds", "--rate", "--workers"]) expect(stdout).toContain(option);
});

test.each([
  [["--seconds", "x"], /--seconds takes a number from 2 to 3600, not "x"/],
  [["--rate", "0"], /--rate takes a number from 1 to 10000, not "0"/],
  [["--workers", "2.5"], /--workers takes a number from 2 to 64/],
  [["--sceonds", "3"], /Unknown option '--sceonds'/],
])("a wrong command line is refused before anything is built: %s", (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
  expect(startWith(undefined, ...args).stderr).toMatch(message);
});

test("defaults and values", () => {
  expect(readOptions([])).toEqual({ seconds: 20, rate: 200, workers: 3 });
  expect(readOptions(["--seconds=3", "--rate", "5"])).toEqual({ seconds: 3, rate: 5, workers: 3 });
  expect(readOptions(["-h"])).toEqual({ help: true });
});

test("versions are compared by their numbers", () => {
  expect(isOlder("1.9.0", "1.88")).toBe(true);
  expect(isOlder("1.88.0", "1.88")).toBe(false);
  expect(isOlder("2.0.0", "1.88.1")).toBe(false);
  expect(isOlder("20.18.3", "20.19")).toBe(true);
});

test("cargo's bar becomes a few words, all else is kept for the case of failure", () => {
  expect(readProgress("    Building [=====>      ] 41/87: ring, serde_json")).toBe(
    "41 of 87: ring, serde_json",
  );
  expect(readProgress("  Downloaded ring v0.17.14")).toBe("Downloaded ring v0.17.14");
  expect(readProgress("error[E0425]: cannot find value")).toBeUndefined();
});

test("the paths come from cargo's own messages", () => {
  const built = {};
  const artifact = (name: string, kind: string, executable: string | null) =>
    JSON.stringify({
      reason: "compiler-artifact",
      target: { name, kind: [kind] },
      executable,
      filenames: [`/t/lib${name}.so`],
    });
  takeArtifact(artifact("compute", "bin", "/t/compute"), built);
  takeArtifact(artifact("addon", "cdylib", null), built);
  takeArtifact(artifact("jwt", "lib", null), built);
  takeArtifact(JSON.stringify({ reason: "build-finished", success: true }), built);
  expect(built).toEqual({ program: "/t/compute", addon: "/t/libaddon.so" });
});

test("a command that fails is told with the end of its output and what can be done", async () => {
  const script = 'console.error("npm error code ENOTFOUND"); process.exit(3)';
  const command = { name: "npm ci", file: process.execPath, args: ["-e", script], cwd: folder };
  const error = await run(command, new AbortController().signal).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(CommandError);
  expect(String(error)).toMatch(
    /npm ci ended with exit code 3\.\n\n.*registry could not be reached.*\n\n.*ENOTFOUND/s,
  );
});

test("a command that is not there is named", async () => {
  const command = { name: "npm ci", file: join(folder, "no-such"), args: [], cwd: folder };
  await expect(run(command, new AbortController().signal)).rejects.toThrow(/npm ci .*ENOENT/);
});

test("hints for what commonly goes wrong, and none for what is not known", () => {
  expect(hintFor("error: linker `cc` not found")).toContain("C compiler");
  expect(hintFor("write ENOSPC")).toContain("disk");
  expect(hintFor("--locked was passed to prevent this\nwithout accessing the network")).toContain(
    "Cargo.lock",
  );
  expect(hintFor("error[E0425]: cannot find value `x`")).toBe("");
});

test("where there is no terminal each task has a line when it begins and one when it ends", () => {
  let written = "";
  const board = new Board({ isTTY: false, write: (text: string) => (written += text) });
  const task = board.begin("Rust");
  task.end("ready");
  board.stop();
  expect(written).toMatch(/^Rust …\nRust: ready \(0\.\d s\)\n$/);
});
