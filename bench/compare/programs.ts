/**
 * The native parts of the contenders: built once by the run, found by each host. What cannot be built is remembered with
 * the reason, so that it leaves out its own contender only.
 */

import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

interface Recipe {
  /** The folder of the workspace, from the root. */
  readonly workspace: string;
  readonly args: readonly string[];
  /** The name of the library, binary or example in cargo's messages. */
  readonly target: string;
}

const RECIPES = {
  compute: {
    workspace: "rust-port",
    args: ["-p", "compute", "--bin", "compute", "-F", "full"],
    target: "compute",
  },
  echo: { workspace: "rust-port", args: ["-p", "echo"], target: "echo" },
  oneFunction: { workspace: "rust-port", args: ["-p", "portreeve", "--example", "one"], target: "one" },
  addon: { workspace: "bench/native", args: ["-p", "addon"], target: "addon" },
  wasm: {
    workspace: "bench/native",
    args: ["-p", "wasm", "--target", "wasm32-unknown-unknown"],
    target: "wasm",
  },
  byHand: { workspace: "bench/native", args: ["-p", "by_hand"], target: "by_hand" },
  jsonLines: { workspace: "bench/native", args: ["-p", "json_lines"], target: "json_lines" },
  msgpack: { workspace: "bench/native", args: ["-p", "msgpack"], target: "msgpack" },
  http: { workspace: "bench/native", args: ["-p", "http_server"], target: "http_server" },
  grpc: { workspace: "bench/native", args: ["-p", "grpc_server"], target: "grpc_server" },
} as const satisfies Record<string, Recipe>;

export type ProgramName = keyof typeof RECIPES;

/** A shell that was open before Rust was installed does not have cargo in its PATH yet. */
const CARGO_HOME = process.env.CARGO_HOME ?? join(homedir(), ".cargo");

type Built = { readonly path: string } | { readonly error: string };

/** From build/bench-compare/bench/compare. */
const ROOT = new URL("../../../../", import.meta.url);
const FOLDER = fromRoot("bench/native/target/compared");
const LIST = join(FOLDER, "programs.json");

/** A path, of a file named from the repository's root. */
export function fromRoot(path: string): string {
  return fileURLToPath(new URL(path, ROOT));
}

/** The path of a program that {@link buildPrograms} has built. @throws with the reason where it could not */
export function programPath(name: ProgramName): string {
  const programs: Partial<Record<ProgramName, Built>> = JSON.parse(readFileSync(LIST, "utf8"));
  const built = programs[name] ?? { error: `${name} has not been built` };
  if ("error" in built) throw new Error(built.error);
  return built.path;
}

/**
 * Builds all of them with cargo, whose progress goes to stderr; some minutes from nothing, a second or two when nothing
 * has changed. Rejects with the signal's reason when it is aborted, and when cargo cannot be run at all.
 */
export async function buildPrograms(signal?: AbortSignal): Promise<void> {
  const programs: Record<string, Built> = {};
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, recipe] of Object.entries(RECIPES)) {
    programs[name] = await build(recipe, signal);
    signal?.throwIfAborted();
  }
  writeFileSync(LIST, JSON.stringify(programs, undefined, 2));
}

/** A copy of what was built: the demo builds `compute` to the same place, with fewer functions. */
async function build(recipe: Recipe, signal: AbortSignal | undefined): Promise<Built> {
  const made = await runCargo(recipe, signal);
  if ("error" in made) return made;
  const copy = join(FOLDER, basename(made.path).replace(/\.(so|dylib|dll)$/, ".node"));
  // A host may be running the old one.
  copyFileSync(made.path, `${copy}.new`);
  renameSync(`${copy}.new`, copy);
  return { path: copy };
}

function runCargo({ workspace, args, target }: Recipe, signal: AbortSignal | undefined): Promise<Built> {
  const command = ["build", "--release", "--locked", "--message-format=json-render-diagnostics", ...args];
  const cargo = spawn("cargo", command, {
    cwd: fromRoot(workspace),
    env: { ...process.env, PATH: `${process.env.PATH}${delimiter}${CARGO_HOME}/bin` },
    stdio: ["ignore", "pipe", "inherit"],
    signal,
  });
  let path: string | undefined;
  createInterface(cargo.stdout).on("line", (line) => {
    path = artifact(line, target) ?? path;
  });
  return new Promise((resolve, reject) => {
    cargo.once("error", (cause) => {
      reject(signal?.aborted ? signal.reason : new Error("cargo cannot be run: install Rust", { cause }));
    });
    cargo.once("close", (code) => {
      if (code === 0 && path !== undefined) resolve({ path });
      else resolve({ error: `cargo ${command.join(" ")} in ${workspace} ended with ${code}; it says why` });
    });
  });
}

/** The file of the target, if this line of cargo's tells of it. */
function artifact(line: string, target: string): string | undefined {
  const message: CargoMessage = JSON.parse(line);
  if (message.reason !== "compiler-artifact" || message.target?.name !== target) return undefined;
  return message.executable ?? message.filenames?.find((name) => /\.(so|dylib|dll|wasm)$/.test(name));
}

interface CargoMessage {
  readonly reason: string;
  readonly target?: { readonly name: string };
  readonly executable?: string | null;
  readonly filenames?: readonly string[];
}
