/**
 * Names for the addresses of a crash: the file of the program is run once more, only to look them up. The other side is
 * rust-port/portreeve/src/blackbox/symbols.rs; the lines there depend on the debug information that the program was built with.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { basename } from "node:path";
import { identity } from "../diagnose/foreign.ts";
import { environment } from "../environment.ts";
import { clearTimeout, setTimeout } from "../timers.ts";
import type { ChildOptions } from "./child.ts";

/** How long that may take, in ms: the error of the call that crashed waits for it. */
const PATIENCE = 2000;
/** More than 64 addresses with everything that was inlined there need. */
const MOST_BYTES = 1 << 20;

/** Where a program crashed, relative to where it was loaded. */
export interface Trace {
  /** The instruction. */
  readonly pc: bigint;
  /** Return addresses, innermost first. */
  readonly returns: readonly bigint[];
}

/** What crashed: it is run again just as it was, all but its descriptors. */
export interface CrashedProgram
  extends Pick<ChildOptions, "path" | "args" | "env" | "extendEnv" | "cwd" | "wrap"> {
  /** Of the file, when the process was started; undefined where it could not be read. */
  readonly identity: string | undefined;
}

/**
 * @param program what crashed. Where its file is another one by now the addresses stay as they are
 * @param called the function that was called
 * @returns for each address `name (file:line)`, one for each function that was inlined there, or the address in hex;
 *   innermost first, without what is portreeve's own
 */
export async function symbolize(
  program: CrashedProgram,
  called: string,
  { pc, returns }: Trace,
): Promise<string[]> {
  if (program.identity === undefined || program.identity !== identity(program.path))
    return [pc, ...returns].map(hex);
  // A look-up means the call before a return address, one byte earlier; the instruction itself has none before it.
  const wanted = [hex(pc + 1n), ...returns.map(hex)];
  const found = parse(await lookUp(program, [...new Set(wanted)]));
  const lines = wanted.flatMap((address, i) => found.get(address) ?? [i === 0 ? hex(pc) : address]);
  return fold(trim(lines).map((line) => line.replace("_::__portreeve_body", called)));
}

/** What it prints until it ends, or until its time is over; whatever it started is ended with it. */
function lookUp(program: CrashedProgram, addresses: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = start(program, addresses);
    let text = "";
    let isOver = false;
    // Once: when nobody is left its number may be given to others.
    const end = () => {
      if (!isOver && child !== undefined) endGroup(child);
      isOver = true;
    };
    const finish = () => {
      clearTimeout(timer);
      end();
      child?.stdout?.destroy();
      resolve(text);
    };
    const timer = setTimeout(finish, PATIENCE);
    if (child === undefined) return finish();
    child.on("error", finish);
    child.stdout?.on("error", finish);
    // What it left behind may hold the pipe.
    child.once("exit", end);
    child.stdout?.once("close", finish);
    child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (text.length > MOST_BYTES) finish();
    });
  });
}

/** In a process group of its own. A program that cannot be run again leaves the addresses as they are. */
function start(program: CrashedProgram, addresses: readonly string[]): ChildProcess | undefined {
  const { path, args, cwd, wrap = [] } = program;
  const [file = path, ...rest] = [...wrap, path, ...args];
  const env = { ...program.env, PORTREEVE_BOX: undefined, PORTREEVE_SYMBOLIZE: addresses.join(",") };
  try {
    return spawn(file, rest, {
      stdio: ["ignore", "pipe", "ignore"],
      env: environment({ ...program, env }),
      detached: HAS_GROUPS,
      windowsHide: true,
      ...(cwd === undefined ? {} : { cwd }),
    });
  } catch {
    return undefined;
  }
}

const HAS_GROUPS = process.platform !== "win32";

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(HAS_GROUPS ? -pid : pid, "SIGKILL");
  } catch {
    // All of it has ended.
  }
}

/** Lines of address, name and place, with tabs between them. */
function parse(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [address = "", name = "", place = ""] = line.split("\t");
    if (!address.startsWith("0x") || name === "") continue;
    const shown = place === "" ? name : `${name} (${shorten(place)})`;
    found.set(address, [...(found.get(address) ?? []), shown]);
  }
  return found;
}

/** The end of a path says enough. */
function shorten(place: string): string {
  const parts = place.split("/");
  return parts.length <= 3 ? place : `…/${parts.slice(-3, -1).join("/")}/${basename(place)}`;
}

/** What called the user's function is portreeve's own, and the same every time. */
function trim(lines: readonly string[]): string[] {
  const own = lines.findIndex((line) => line.startsWith("portreeve::"));
  return own > 0 ? lines.slice(0, own) : [...lines];
}

/** A recursion without end says the same thing over and over. */
function fold(lines: readonly string[]): string[] {
  const folded: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    let next = at + 1;
    while (lines[next] === line) next += 1;
    folded.push(next - at > 2 ? `${line} × ${next - at}` : line);
    if (next - at === 2) folded.push(line);
    at = next;
  }
  return folded;
}

/** An address as it is written everywhere: `0x2a`. */
export function hex(address: bigint): string {
  return `0x${BigInt.asUintN(64, address).toString(16)}`;
}
