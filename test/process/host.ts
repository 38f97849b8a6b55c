/** A host of its own for a test: a Node process that runs a script with the built package at hand. */
import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { fixture } from "../fixtures/fixture.ts";

export interface HostEnd {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code, or the signal's name. */
  readonly end: number | string;
}

/** The URL of a built module of the package: `built("src/process/child.js")`. */
export function built(path: string): string {
  return pathToFileURL(fixture(`../../dist/${path}`)).href;
}

/** Runs an ES module and resolves with what it wrote and how it ended. A host that hangs is killed after 10 s. */
export function runHost(script: string): Promise<HostEnd> {
  return new Promise((resolve) => {
    const args = ["--input-type=module", "--eval", script];
    execFile(process.execPath, args, { timeout: 10_000, killSignal: "SIGKILL" }, (error, stdout, stderr) => {
      resolve({ stdout, stderr, end: error === null ? 0 : (error.signal ?? Number(error.code)) });
    });
  });
}

/** A line that imports `spawnChild` and makes a listener that only counts. */
export const SPAWN_CHILD = `
  import { spawnChild } from ${JSON.stringify(built("src/process/spawn.js"))};
  const quiet = { data() {}, stderr: () => true, drain() {}, stdinClosed() {}, stdoutEnded() {}, exit() {}, closed() {} };
`;
