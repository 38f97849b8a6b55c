/**
 * What cargo says while it builds, read into facts: progress and diagnostics from its stderr, the program from the
 * JSON messages on its stdout. Pure but for {@link findCargo}.
 *
 * Source: The Cargo Book, "External tools" (JSON messages) and "Configuration" (`term.progress`).
 */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** Where a build stands. */
export interface BuildProgress {
  /** `waiting`: another cargo holds the lock. `fetching`: crates come from the registry. */
  readonly phase: "waiting" | "fetching" | "compiling";
  /** Steps that are done (a crate is one, its build script two more). */
  readonly done: number;
  /** All steps, 0 until cargo has counted them. */
  readonly total: number;
  /** What is under way, in cargo's words: `serde, syn(build.rs)`. */
  readonly current: string;
}

/** Makes cargo print its bar though nobody looks at a terminal: it is the one place where it tells how much there is. */
export const CARGO_ENV = { CARGO_TERM_PROGRESS_WHEN: "always", CARGO_TERM_PROGRESS_WIDTH: "200" } as const;

/** Its bar ends in a carriage return, all else in a line feed. */
export const CARGO_LINE_END = /\r?\n|\r/;

const BAR = /^ *(Building|Downloading) \[[=> ]*\] (\d+)\/(\d+)(?:: (.*))?$/;
const STATUS =
  /^ *(?:Compiling|Checking|Updating|Locking|Adding|Downloading|Downloaded|Fresh|Dirty|Running|Finished|Building|Removing|Removed|Downgrading) /;
const FETCHING = /^ *(Updating|Locking|Downloading|Downloaded) (.*)$/;
const WAITING = /^ *Blocking (waiting for .*)$/;

/** What one line of cargo's stderr is. */
export type CargoLine =
  | { readonly kind: "progress"; readonly progress: BuildProgress }
  | { readonly kind: "status" }
  | { readonly kind: "diagnostic" };

/** Reads one line of cargo's stderr, coloured or not. */
export function readCargoLine(coloured: string): CargoLine {
  const line = stripVTControlCharacters(coloured);
  const bar = BAR.exec(line);
  if (bar !== null) {
    const [, verb, done, total, current = ""] = bar;
    const phase = verb === "Building" ? "compiling" : "fetching";
    return {
      kind: "progress",
      progress: { phase, done: Number(done), total: Number(total), current: current.trim() },
    };
  }
  const waiting = WAITING.exec(line)?.[1];
  if (waiting !== undefined)
    return { kind: "progress", progress: { ...NOTHING, phase: "waiting", current: waiting } };
  const fetching = FETCHING.exec(line)?.[2];
  if (fetching !== undefined)
    return { kind: "progress", progress: { ...NOTHING, phase: "fetching", current: fetching.trim() } };
  return { kind: STATUS.test(line) ? "status" : "diagnostic" };
}

const NOTHING = { done: 0, total: 0 };

/** A program that a build made. */
export interface BuiltProgram {
  readonly name: string;
  readonly path: string;
}

/** Reads one line of cargo's stdout; `undefined` unless it announces an executable. */
export function readCargoMessage(line: string): BuiltProgram | undefined {
  const message: unknown = line.startsWith("{") ? JSON.parse(line) : undefined;
  if (!isArtifact(message) || message.executable === null) return undefined;
  return { name: message.target.name, path: message.executable };
}

interface Artifact {
  readonly executable: string | null;
  readonly target: { readonly name: string };
}

function isArtifact(message: unknown): message is Artifact {
  return (
    typeof message === "object" &&
    message !== null &&
    "reason" in message &&
    message.reason === "compiler-artifact"
  );
}

const TOO_OLD: readonly RegExp[] = [
  /rustc (?<has>[\d.]+)\S* is not supported by the following packages?:\s+\S+ requires rustc (?<needs>[\d.]+)/,
  /requires rustc (?<needs>[\d.]+) or newer, while the currently active rustc version is (?<has>[\d.]+)/,
  /feature `?edition(?<edition>\d+)`?.*is not stabilized in this version of Cargo \((?<has>[\d.]+)/s,
  /feature `edition(?<edition>\d+)` is required/,
  /lock file version (?<lock>\d+) requires|lock file version `(?<lock4>\d+)` was found, but this version of Cargo does not understand/,
];

/** The sentence when the tool chain is too old for the crate, or `undefined` when that is not what went wrong. */
export function describeTooOld(diagnostics: string): string | undefined {
  const match = TOO_OLD.map((pattern) => pattern.exec(diagnostics)?.groups).find(
    (groups) => groups !== undefined,
  );
  if (match === undefined) return undefined;
  const { has, needs, edition } = match;
  const wants =
    needs !== undefined
      ? `Rust ${needs} or newer`
      : edition !== undefined
        ? `edition ${edition}`
        : "a newer cargo";
  return `Rust is too old: the crate needs ${wants}${has === undefined ? "" : `, and this is ${has}`}. Run: rustup update stable`;
}

/** cargo from `CARGO`, the PATH or where rustup puts it; `undefined` when there is none. */
export async function findCargo(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  if (env.CARGO !== undefined && env.CARGO !== "") return env.CARGO;
  const name = process.platform === "win32" ? "cargo.exe" : "cargo";
  const home = env.CARGO_HOME ?? join(env.HOME ?? homedir(), ".cargo");
  for (const folder of [...(env.PATH ?? "").split(delimiter), join(home, "bin")]) {
    const path = join(folder, name);
    if (folder !== "" && (await isExecutable(path))) return path;
  }
  return undefined;
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
