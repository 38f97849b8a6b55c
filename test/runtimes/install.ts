/** Bun and Deno for this machine, from the npm registry: installed into packages/ by its lock file when they are not there. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fixture } from "../fixtures/fixture.ts";

const FOLDER = fixture("../runtimes/packages");
const HERE = `${process.platform}-${process.arch}`;

/** Where the packages keep their executables; none for machines that they are not made for. */
const PLACES: Readonly<Record<string, readonly [bun: string, deno: string]>> = {
  "linux-x64": ["@oven/bun-linux-x64/bin/bun", "@deno/linux-x64-glibc/deno"],
  "linux-arm64": ["@oven/bun-linux-aarch64/bin/bun", "@deno/linux-arm64-glibc/deno"],
  "darwin-arm64": ["@oven/bun-darwin-aarch64/bin/bun", "@deno/darwin-arm64/deno"],
};

export interface Runtimes {
  readonly bun: string;
  readonly deno: string;
}

/** Whether there are packages for this machine. */
export const hasRuntimes = PLACES[HERE] !== undefined;

/** Installs what is missing. @throws Error when npm cannot */
export function installRuntimes(): Runtimes {
  const [bun = "", deno = ""] = (PLACES[HERE] ?? []).map((place) => `${FOLDER}/node_modules/${place}`);
  if (existsSync(bun) && existsSync(deno)) return { bun, deno };
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, stderr } = spawnSync("npm", args, { cwd: FOLDER, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm could not install Bun and Deno: ${stderr}`);
  return { bun, deno };
}
