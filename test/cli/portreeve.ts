/** Runs the built command as a shell would. */
import { execFile } from "node:child_process";
import { fixture } from "../fixtures/fixture.ts";

export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MAIN = fixture("../../dist/src/cli/main.js");

/** Runs `portreeve …args`. */
export function portreeve(args: readonly string[], cwd?: string): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const options = { cwd, timeout: 240_000, env: { ...process.env, NO_COLOR: "1" } };
    execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}
