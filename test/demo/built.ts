/** Builds what the demo runs on, as `npm start` does; quick when it is built already. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildRust } from "../../scripts/start/cargo.mjs";
import { findTools } from "../../scripts/start/requirements.mjs";

export const root = join(import.meta.dirname, "../..");

/** Longer than a cold build takes on a busy machine with two cores, in ms. */
export const BUILD_TIMEOUT = 600_000;

export interface Built {
  /** The port program `compute`. */
  readonly program: string;
  /** The library of the addon. */
  readonly addon: string;
}

/** The port program and the addon, optimised. */
export function buildPrograms(): Promise<Built> {
  return buildRust(findTools(root).cargo, root, () => {}, new AbortController().signal) as Promise<Built>;
}

/** Compiles demo/ to build/demo. */
export function compileDemo(): void {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.demo.json"], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`demo/ does not compile:\n${stdout}`);
}
