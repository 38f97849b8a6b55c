/**
 * Gathers from the disk what `diagnose.ts` needs to say why a program does not run.
 * It never fails: what cannot be read is a fact as well.
 */
import { constants, type Stats } from "node:fs";
import { access, type FileHandle, open, readdir, stat } from "node:fs/promises";
import { machine, platform } from "node:os";
import { basename, dirname } from "node:path";
import { environment, type GivenEnvironment } from "../environment.ts";
import { nearestNames } from "../nearest.ts";
import { errnoOf, messageOf } from "../reason.ts";
import { isHandled } from "./binfmt.ts";
import { type Executable, HEAD_BYTES, isForeign, parseExecutable } from "./executable.ts";

/** What is known about a program that did not start, or did not behave. */
export interface ProgramFacts {
  readonly path: string;
  /** The system's word: `ENOENT`, `EACCES`, … */
  readonly errno: string | undefined;
  /** The system's message, for an errno that has no sentence of its own. */
  readonly message: string | undefined;
  readonly found: "file" | "directory" | "other" | "missing" | "not reachable";
  /** Permission bits, such as `0o755`. */
  readonly mode: number | undefined;
  /** Whether this process may execute it. */
  readonly executable: boolean;
  readonly kind: Executable | undefined;
  /** For another machine or system, and nothing registered (binfmt_misc) that would run it. */
  readonly foreign: boolean;
  /** The loader of an ELF program or the interpreter of a script. */
  readonly interpreter: { readonly path: string; readonly exists: boolean } | undefined;
  /** Where nothing was found: the nearest folder that exists, and what lies in it. */
  readonly nearest: { readonly folder: string; readonly names: readonly string[] } | undefined;
  /** The longest argument or variable that it was to get, where that may be the reason. */
  readonly longest: LongestText | undefined;
  readonly cwd: { readonly path: string; readonly exists: boolean } | undefined;
  /** The first word of `wrap`. */
  readonly wrap: string | undefined;
  /** `uname -m` of this machine. */
  readonly machine: string;
  readonly platform: NodeJS.Platform;
}

/** One argument or variable. */
export interface LongestText {
  /** `argument 2`, `the variable PATH` */
  readonly what: string;
  readonly bytes: number;
}

/** What execve(2) is given. */
interface GivenToProgram extends GivenEnvironment {
  readonly args: readonly string[];
}

/** What the caller knows already. */
export interface KnownFacts {
  readonly cwd?: string | undefined;
  readonly wrap?: string | undefined;
  readonly error?: unknown;
  /** What was to be started. */
  readonly given?: GivenToProgram | undefined;
}

/** Looks at `path` on the disk. Never rejects. */
export async function gatherFacts(path: string, known: KnownFacts): Promise<ProgramFacts> {
  const file = await inspect(path);
  const { cwd } = known;
  return {
    found: file.found,
    mode: file.mode,
    kind: file.kind,
    interpreter: file.interpreter,
    path,
    errno: errnoOf(known.error),
    message: messageOf(known.error),
    executable: file.found === "file" && (await can(path, constants.X_OK)),
    foreign: await refused(path, file),
    longest:
      errnoOf(known.error) === "E2BIG" && known.given !== undefined ? longestText(known.given) : undefined,
    nearest: file.found === "missing" ? await nearestFolder(path) : undefined,
    cwd: cwd === undefined ? undefined : { path: cwd, exists: (await statOf(cwd)) === "directory" },
    wrap: known.wrap,
    machine: machine(),
    platform: platform(),
  };
}

/** The first bytes of a file, and what they say. */
export type Head = Pick<ProgramFacts, "kind" | "interpreter"> & { readonly head: Uint8Array };
type FileFacts = Pick<ProgramFacts, "found" | "mode" | "kind" | "interpreter"> & Partial<Head>;

async function inspect(path: string): Promise<FileFacts> {
  let stats: Stats;
  try {
    stats = await stat(path);
  } catch (error) {
    const found = errnoOf(error) === "ENOENT" ? "missing" : "not reachable";
    return { found, mode: undefined, kind: undefined, interpreter: undefined };
  }
  const found = stats.isFile() ? "file" : stats.isDirectory() ? "directory" : "other";
  const head = found === "file" ? await readHead(path) : undefined;
  return { kind: undefined, interpreter: undefined, ...head, found, mode: stats.mode & 0o7777 };
}

/** What the first bytes of a file say. A program may be executable and not readable; then its kind stays unknown. */
export async function readHead(path: string): Promise<Head | undefined> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const head = await readAt(file, 0, HEAD_BYTES);
    const kind = parseExecutable(head);
    const name = await interpreterName(file, kind);
    return {
      head,
      kind,
      interpreter: name ? { path: name, exists: await can(name, constants.F_OK) } : undefined,
    };
  } finally {
    await file.close();
  }
}

async function interpreterName(file: FileHandle, kind: Executable): Promise<string | undefined> {
  if (kind.kind === "script") return kind.interpreter;
  if (kind.kind !== "elf" || kind.interpreter === undefined) return undefined;
  const { offset, length } = kind.interpreter;
  if (!Number.isSafeInteger(offset)) return undefined;
  const bytes = await readAt(file, offset, Math.min(length, HEAD_BYTES));
  return new TextDecoder().decode(bytes).replace(/\0.*$/s, "");
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset).catch(() => ({ bytesRead: 0 }));
  return bytes.subarray(0, bytesRead);
}

async function refused(path: string, { kind, head }: FileFacts): Promise<boolean> {
  if (kind === undefined || head === undefined || !isForeign(kind, platform(), machine())) return false;
  return !(await isHandled(path, head));
}

async function nearestFolder(path: string): Promise<ProgramFacts["nearest"]> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => undefined);
  if (names !== undefined) return { folder, names: nearestNames(basename(path), names) };
  return folder === path ? undefined : nearestFolder(folder);
}

async function statOf(path: string): Promise<"directory" | "other" | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats === undefined ? undefined : stats.isDirectory() ? "directory" : "other";
}

function can(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

/** execve(2) counts the bytes of a variable with its name. */
function longestText(given: GivenToProgram): LongestText | undefined {
  const texts = [
    ...given.args.map((arg, i) => ({ what: `argument ${i + 1}`, bytes: Buffer.byteLength(arg) })),
    ...Object.entries(environment(given)).map(([name, value]) => ({
      what: `the variable ${name}`,
      bytes: Buffer.byteLength(`${name}=${value}`),
    })),
  ];
  return texts.toSorted((a, b) => b.bytes - a.bytes)[0];
}
