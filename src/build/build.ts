/**
 * `portreeve/build`: compiles a port program with cargo and tells where it lies, for scripts that build before they open.
 */

import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { callUser } from "../call-user.ts";
import { PortError } from "../errors.ts";
import { checkOptions, checkValue, flag, isUrl, objectOf, otherwise, signal, type Table, text, texts } from "../options/table.ts";
import { reasonOf } from "../reason.ts";
import { type BuildWatcher, showBuild } from "./build-display.ts";
import { type BuildProgress, type BuiltProgram, CARGO_ENV, describeTooOld, findCargo } from "./cargo.ts";
import { CargoRun } from "./cargo-run.ts";
import type { ExitReason } from "../exit-reason.ts";
import { describeExit } from "../diagnose/diagnose.ts";
import { describeMisfit, hasOwnPatch, patchArgument, requirementsOf, runtimeCrate } from "./runtime-crate.ts";

export type { BuildProgress } from "./cargo.ts";

/** What to build, and how. */
export interface BuildOptions {
  /** The folder of a crate or workspace, or its Cargo.toml. Relative paths start at the working directory. */
  readonly crate: string | URL;
  /** The binary to build. Default: the only one there is. */
  readonly bin?: string;
  /** The package, where the crate is a workspace and the name of the binary does not decide (`-p`). Default: the one that has the binary. */
  readonly package?: string;
  /** Optimised (`--release`). Default: `true`. */
  readonly release?: boolean;
  /** Features to switch on. Default: none. */
  readonly features?: readonly string[];
  /** Whether the default features stay on. Default: `true`. */
  readonly defaultFeatures?: boolean;
  /** Another machine than this one, as a target triple (`--target`). Default: this machine. */
  readonly target?: string;
  /** Where cargo puts what it makes (`--target-dir`). Default: cargo's own choice. */
  readonly targetDir?: string;
  /** Fail if Cargo.lock would have to change (`--locked`). Default: `false`. */
  readonly locked?: boolean;
  /** Added to the environment of cargo; `undefined` takes a variable away. Default: nothing. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * `"show"`: on stderr, as a live line on a terminal and plain lines elsewhere, with warnings.
   * `"silent"`: nothing. A function: called with every change. Default: `"show"`.
   */
  readonly progress?: "show" | "silent" | ((progress: BuildProgress) => void);
  /** Ends the build; the promise rejects with the signal's reason. Default: none. */
  readonly signal?: AbortSignal;
}

/** The options of `build`. */
export const BUILD: Table<BuildOptions> = {
  crate: {
    takes: "the path or file: URL of a crate",
    fits: (value) => isUrl(value) || (typeof value === "string" && value !== ""),
  },
  bin: text,
  package: text,
  release: otherwise(true, flag),
  features: otherwise([], texts),
  defaultFeatures: otherwise(true, flag),
  target: text,
  targetDir: text,
  locked: otherwise(false, flag),
  env: objectOf("strings", (value) => value === undefined || typeof value === "string"),
  progress: otherwise("show", {
    takes: '"show", "silent" or a function',
    fits: (value) => value === "show" || value === "silent" || typeof value === "function",
  }),
  signal,
};

/** The program could not be built: cargo is missing or too old, or the code has errors. `PORT_BUILD`. */
export class BuildError extends PortError {
  /** What the compiler and cargo said, as they render it (the first 64 KiB). */
  readonly diagnostics: string;
  constructor(message: string, info: { readonly diagnostics?: string; readonly cause?: unknown } = {}) {
    super("PORT_BUILD", message, info);
    this.diagnostics = info.diagnostics ?? "";
  }
}

/**
 * Builds a program with cargo.
 *
 * ```ts
 * const port = await open(await build({ crate: "rust-port", bin: "compute" }));
 * ```
 * @returns the absolute path of the executable
 * @throws {BuildError} when it cannot be built; TypeError for a wrong option, that names it
 */
export async function build(options: BuildOptions): Promise<string> {
  checkOptions("build()", "", BUILD, options);
  checkValue("crate", BUILD.crate, options.crate);
  options.signal?.throwIfAborted();
  const manifest = findManifest(options.crate);
  const cargo = await findCargo({ ...process.env, ...options.env });
  if (cargo === undefined) throw new BuildError(NO_CARGO);
  const run = new CargoRun(watcherOf(options, options.bin ?? basename(dirname(manifest))));
  const args = [...cargoArguments(options, manifest), ...(await runtimeArguments(cargo, manifest, options))];
  const reason = await runCargo(cargo, args, dirname(manifest), options, run);
  run.finish(reason.exitCode === 0);
  options.signal?.throwIfAborted();
  if (reason.exitCode !== 0) throw failure(manifest, reason, run.diagnostics);
  return chooseProgram(run.programs, options.bin, manifest).path;
}

const NO_CARGO =
  "cargo was not found in the PATH. Install Rust from https://rustup.rs, then open a new terminal";

function findManifest(crate: string | URL): string {
  const path = resolve(typeof crate === "string" ? crate : fileURLToPath(crate.href));
  const manifest = existsSync(path) && statSync(path).isDirectory() ? join(path, "Cargo.toml") : path;
  if (basename(manifest) === "Cargo.toml" && existsSync(manifest)) return manifest;
  throw new BuildError(`there is no crate at ${path}: a folder with a Cargo.toml, or that file, is wanted`);
}

function cargoArguments(options: BuildOptions, manifest: string): string[] {
  const { bin, features = [], release = true, defaultFeatures = true, locked = false } = options;
  const args = ["build", "--message-format=json-render-diagnostics", "--manifest-path", manifest];
  if (release) args.push("--release");
  if (bin !== undefined) args.push("--bin", bin);
  if (options.package !== undefined) args.push("--package", options.package);
  if (features.length > 0) args.push("--features", features.join(","));
  if (!defaultFeatures) args.push("--no-default-features");
  if (options.target !== undefined) args.push("--target", options.target);
  if (options.targetDir !== undefined) args.push("--target-dir", resolve(options.targetDir));
  if (locked) args.push("--locked");
  return args;
}

/**
 * A crate that names portreeve by version gets the sources that came with this package, so the halves are always of one
 * version. Where cargo cannot tell, the build itself says why.
 */
async function runtimeArguments(
  cargo: string,
  manifest: string,
  { env, signal }: BuildOptions,
): Promise<readonly string[]> {
  const args = ["metadata", "--no-deps", "--format-version", "1", "--manifest-path", manifest];
  const { exitCode, stdout } = await execa(cargo, args, {
    cwd: dirname(manifest),
    env: { ...env },
    stdin: "ignore",
    reject: false,
    forceKillAfterDelay: ABORT_GRACE,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  signal?.throwIfAborted();
  const requirements = exitCode === 0 ? requirementsOf(stdout) : [];
  const [first] = requirements;
  if (first === undefined || hasOwnPatch(await readFile(first.workspace, "utf8"))) return [];
  const { path, version } = runtimeCrate();
  const misfits = requirements.map((requirement) => describeMisfit(requirement, version));
  const misfit = misfits.find((sentence) => sentence !== undefined);
  if (misfit !== undefined) throw new BuildError(misfit);
  return ["--config", patchArgument(path)];
}

function watcherOf({ progress = "show" }: BuildOptions, name: string): BuildWatcher {
  if (progress === "show") return showBuild(name, process.stderr);
  const tell = progress === "silent" ? () => {} : progress;
  return { progress: (step) => callUser(() => tell(step)), diagnostic() {}, finish() {} };
}

/** cargo ends by SIGTERM at once; it has this long (ms) before it is killed. */
const ABORT_GRACE = 2000;

/** Runs cargo to its end, in the crate's folder: rust-toolchain.toml is looked for from there. */
async function runCargo(
  path: string,
  args: readonly string[],
  cwd: string,
  { signal, env, progress }: BuildOptions,
  run: CargoRun,
): Promise<ExitReason> {
  const coloured =
    (progress ?? "show") === "show" && process.stderr.isTTY && process.env.NO_COLOR === undefined;
  const cargo = execa(path, args, {
    cwd,
    env: { CARGO_TERM_COLOR: coloured ? "always" : "never", ...env, ...CARGO_ENV },
    stdin: "ignore",
    buffer: false,
    encoding: "buffer",
    reject: false,
    forceKillAfterDelay: ABORT_GRACE,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  cargo.stdout.on("data", (chunk: Uint8Array) => run.stdout(chunk));
  cargo.stderr.on("data", (chunk: Uint8Array) => run.stderr(chunk));
  const end = await cargo;
  run.end();
  if (end.exitCode === undefined && end.signal === undefined)
    throw new BuildError(`cannot run ${path}: ${reasonOf(end.cause)}`, { cause: end.cause });
  return { exitCode: end.exitCode ?? null, signal: end.signal ?? null };
}

function failure(manifest: string, reason: ExitReason, diagnostics: string): BuildError {
  const tooOld = describeTooOld(diagnostics);
  const what = tooOld ?? `cargo ${describeExit(reason)}`;
  return new BuildError(`cannot build ${manifest}: ${what}\n${diagnostics}`.trimEnd(), { diagnostics });
}

function chooseProgram(
  programs: readonly BuiltProgram[],
  bin: string | undefined,
  manifest: string,
): BuiltProgram {
  const fitting = bin === undefined ? programs : programs.filter(({ name }) => name === bin);
  const [program, second] = fitting;
  if (program !== undefined && second === undefined) return program;
  const names = programs.map(({ name }) => name).join(", ");
  if (program === undefined) throw new BuildError(`${manifest} has no program to build, only a library`);
  throw new BuildError(`${manifest} has several programs (${names}): choose one with the option bin`);
}
