/**
 * Says why a program could not be started, or could not be used once it ran: pure functions from facts to a sentence.
 * `facts.ts` gathers the facts; the port asks here at the spawn and again when the opening failed.
 */

import type { ExitReason } from "../exit-reason.ts";
import { printableBlock } from "../printable.ts";
import { describeStray } from "../wire/stray.ts";
import type { Executable } from "./executable.ts";
import type { ProgramFacts } from "./facts.ts";

/** Why the system refused to start it. */
export function describeSpawnFailure(facts: ProgramFacts): string {
  if (facts.cwd?.exists === false) {
    return start(facts, `its working directory ${facts.cwd.path} is not a directory that exists`);
  }
  if (facts.wrap !== undefined) {
    return start(
      facts,
      `the command that should wrap it, ${facts.wrap}, cannot be run (${facts.errno}): ${facts.message}`,
    );
  }
  return start(facts, reasonOfFile(facts) ?? reasonOfErrno(facts));
}

/** The sentence for a binary that would need another machine, or `undefined` when nothing speaks against a try. */
export function refuseForeign(facts: ProgramFacts): string | undefined {
  return facts.foreign ? start(facts, reasonOfFile(facts) ?? "it is for another machine") : undefined;
}

function start({ path }: ProgramFacts, reason: string): string {
  return `cannot start ${path}: ${reason}`;
}

function reasonOfFile(facts: ProgramFacts): string | undefined {
  const { found, kind, mode, interpreter } = facts;
  if (found === "missing") return missing(facts);
  if (found === "directory") return `it is a directory${programsIn(facts)}`;
  if (found === "other") return `it is no regular file (mode ${octal(mode)})`;
  if (found !== "file") return undefined;
  if (!facts.executable) return `it is not executable (mode ${octal(mode)}): chmod +x it`;
  if (facts.foreign && kind !== undefined) return foreign(facts, kind);
  if (interpreter?.exists === false) return noInterpreter(interpreter.path, kind);
  return undefined;
}

function missing({ path, nearest }: ProgramFacts): string {
  if (nearest === undefined) return "no such file";
  const { folder, names } = nearest;
  if (!path.startsWith(`${folder}/`) || path.slice(folder.length + 1).includes("/")) {
    return `no such file; the nearest folder that exists is ${folder}${listed(names)}`;
  }
  return names.length === 0
    ? `no such file; the folder ${folder} is empty`
    : `no such file; in ${folder} there is${listed(names)}`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "" : `: ${names.join(", ")}`;
}

function programsIn({ path }: ProgramFacts): string {
  return path.endsWith("/target/release") || path.endsWith("/target/debug")
    ? "; name the program inside it"
    : "";
}

function foreign(facts: ProgramFacts, kind: Executable): string {
  const here = `this machine is ${SYSTEMS[facts.platform] ?? facts.platform} on ${facts.machine}`;
  return `it is ${describeKind(kind)}; ${here}. Build it for this one, or name an emulator with the option wrap`;
}

const SYSTEMS: Readonly<Record<string, string>> = { linux: "Linux", darwin: "macOS", win32: "Windows" };

function describeKind(kind: Executable): string {
  switch (kind.kind) {
    case "elf":
      return `an ELF program for ${kind.machine}`;
    case "mach-o":
      return `a Mach-O program (macOS) for ${kind.machine}`;
    case "pe":
      return `a PE program (Windows) for ${kind.machine}`;
    case "script":
      return `a script for ${kind.interpreter}`;
    case "text":
      return "text without a #! line";
    default:
      return "no program that is known here";
  }
}

function noInterpreter(name: string, kind: Executable | undefined): string {
  if (kind?.kind !== "script") {
    const musl = name.includes("musl")
      ? " (it was linked against musl; link it statically, or install musl)"
      : "";
    return `it needs the loader ${name}, which does not exist here${musl}`;
  }
  if (name.endsWith("\r"))
    return `its first line ends in a carriage return (CRLF), so that ${JSON.stringify(name)} is looked for`;
  return `its first line asks for the interpreter ${name}, which does not exist`;
}

/** errno(3) of fork, open and execve, in the words of who has to mend it. */
const ERRNO: Readonly<Record<string, string>> = {
  ENOTDIR: "a part of the path is a file, not a folder",
  ETXTBSY: "the file is open for writing (is a build still running?)",
  EMFILE: "the host has no descriptors left (EMFILE, ulimit -n)",
  ENFILE: "the system has no descriptors left (ENFILE, fs.file-max)",
  EAGAIN: "the system allows no more processes (ulimit -u, or the pids limit of the container)",
  ENOMEM: "the system has no memory left for another process",
  E2BIG: "its arguments and environment are too long together",
  ELOOP: "the path goes round in symbolic links",
  ENAMETOOLONG: "the path is too long",
  EACCES:
    "the system does not allow it: a folder above may not be entered, or the file system is mounted noexec",
  EPERM: "the system does not permit it",
};

function reasonOfErrno({ errno, message, mode, longest }: ProgramFacts): string {
  if (longest !== undefined && longest.bytes >= MAX_ARG_STRLEN)
    return `${longest.what} has ${longest.bytes} bytes, and the system takes ${MAX_ARG_STRLEN - 1} at most for one (E2BIG)`;
  const known = errno === undefined ? undefined : ERRNO[errno];
  if (known === undefined) return message ?? "the system does not say why";
  if (OUT_OF_DESCRIPTORS.has(errno)) return known;
  return `${known} (${errno}${mode === undefined ? "" : `, mode ${octal(mode)}`})`;
}

/** These sentences have the word in them, and have nothing to do with the file. */
const OUT_OF_DESCRIPTORS: ReadonlySet<string | undefined> = new Set(["EMFILE", "ENFILE"]);

/** Linux: what one argument or variable may have, with the NUL behind it (execve(2)). */
const MAX_ARG_STRLEN = 131_072;

/** `0755`, as chmod takes it. */
function octal(mode: number | undefined): string {
  return mode === undefined ? "unknown" : `0${mode.toString(8).padStart(3, "0")}`;
}

/** How far an opening came before it failed. */
export interface OpeningFacts {
  readonly program: ProgramFacts;
  /** How the process ended, when it did. */
  readonly reason?: ExitReason | undefined;
  /** ms that were waited, when it was time that ran out. */
  readonly waited?: number | undefined;
  /** The first bytes of its stdout. */
  readonly stdout: Uint8Array;
  /** What the host had written to it by then. */
  readonly sent: Uint8Array;
  /** Whether its stdout has ended. */
  readonly stdoutEnded?: boolean;
  /** Whether it takes no input any more. */
  readonly stdinClosed?: boolean;
  /** Why the host ended it, as in `was killed because its port closed`; undefined where it ended by itself. */
  readonly killReason?: string | undefined;
  /** What is wrong with its first frame, which is one. */
  readonly fault?: string | undefined;
  readonly stderr: string;
}

/** Why a program that was started is of no use: it ended, keeps silent, or speaks something else. */
export function describeOpeningFailure(facts: OpeningFacts): string {
  const { path, mode } = facts.program;
  const where = `${path}${mode === undefined ? "" : ` (mode ${octal(mode)})`}`;
  return `${where} ${reasonOfOpening(facts)}${describeStderr(facts.stderr) || "; its stderr is empty"}`;
}

/** `; its stderr:` and its lines, indented: no line of them can pass for another message. Empty when there are none. */
export function describeStderr(stderr: string): string {
  const text = stderr.trim();
  return text === "" ? "" : `; its stderr:\n    ${printableBlock(text)}`;
}

function reasonOfOpening(facts: OpeningFacts): string {
  const { stdout, sent, reason, fault } = facts;
  if (fault !== undefined && isFrame(stdout)) return `said something that is not taken: ${fault}`;
  if (isEcho(stdout, sent)) return "sends back what it is sent, as cat does: it is no port program";
  if (stdout.length > 0 && !isHalfFrame(stdout))
    return `does not speak in frames: ${describeStray(stdout, 0)}`;
  const part = stdout.length === 0 ? "" : `, after ${stdout.length} bytes of an unfinished frame`;
  if (reason !== undefined)
    return `${describeExit(reason)} before it said hello${part}${whyExited(facts, reason)}`;
  if (facts.stdoutEnded) return `closed its stdout before it said hello${part}, and runs on`;
  if (facts.stdinClosed) return `closed its stdin before it said hello${part}, and runs on`;
  if (facts.waited === undefined) return `${facts.killReason ?? "is gone"} before it said hello${part}`;
  const silent = part === "" ? ": it writes nothing to stdout. Is it a port program?" : part;
  return `did not say hello within ${facts.waited} ms${silent}`;
}

/** `exited with code 7`, `was killed by SIGSEGV`. */
export function describeExit({ exitCode, signal }: ExitReason): string {
  return signal === null ? `exited with code ${exitCode}` : `was killed by ${signal}`;
}

function isEcho(stdout: Uint8Array, sent: Uint8Array): boolean {
  const length = Math.min(stdout.length, sent.length);
  return length >= 5 && Buffer.compare(stdout.subarray(0, length), sent.subarray(0, length)) === 0;
}

/** The head of a message: a length, then a tuple whose first element is an atom. */
function isFrame(stdout: Uint8Array): boolean {
  const [version, tuple, , atom] = stdout.subarray(4);
  return version === 131 && tuple === 104 && (atom === 119 || atom === 100 || atom === 118);
}

/** A length that is no more than 64 MiB, then the version byte of ETF: a frame may be under way. */
function isHalfFrame(stdout: Uint8Array): boolean {
  return (stdout[0] ?? 0) <= 4 && (stdout.length < 5 || stdout[4] === 131);
}

/** What ld.so, ld-musl and dyld say, and what they mean. */
const LOADERS: readonly (readonly [RegExp, (match: string) => string])[] = [
  [
    /version [`'](\w+_[\d.]+)' not found/,
    (name) => `it was built against a newer system: ${name} is not here`,
  ],
  [/error while loading shared libraries: ([^:\s]+)/, (name) => `it lacks the shared library ${name}`],
  [/Error loading shared library ([^:\s]+)/, (name) => `it lacks the shared library ${name}`],
  [/Library not loaded: (\S+)/, (name) => `it lacks the shared library ${name}`],
];

function whyExited({ stderr, program }: OpeningFacts, { exitCode, signal }: ExitReason): string {
  for (const [pattern, say] of LOADERS) {
    const name = pattern.exec(stderr)?.[1];
    if (name !== undefined) return `: ${say(name)}`;
  }
  const kind = program.kind?.kind;
  if (kind === "empty") return ": the file is empty";
  if (kind === "text") return ": it is text without a #! line, so /bin/sh ran it as a script";
  if (kind === "unknown") return ": it is no program that the system knows, so /bin/sh ran it as a script";
  if (exitCode === 76) return ": it says that what the host sent is no frame (exit code 76)";
  return exitCode === 0 && signal === null
    ? ": it is no port program, or its main does not call portreeve::run()"
    : "";
}
