/**
 * Names for the addresses of a crash: the file of the program is run once more, only to look them up. The other side is
 * rust-port/portreeve/src/blackbox/symbols.rs; the lines there depend on the debug information that the program was built with.
 */

import { execFile } from "node:child_process";
import { basename } from "node:path";

/** How long that may take, in ms: an error of a call waits for it. */
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

/**
 * @param path the program
 * @param called the function that was called
 * @returns for each address `name (file:line)`, one for each function that was inlined there, or the address in hex;
 *   innermost first, without what is portreeve's own
 */
export async function symbolize(path: string, called: string, { pc, returns }: Trace): Promise<string[]> {
  // A look-up means the call before a return address, one byte earlier; the instruction itself has none before it.
  const wanted = [hex(pc + 1n), ...returns.map(hex)];
  const found = parse(await lookUp(path, [...new Set(wanted)]));
  const lines = wanted.flatMap((address, i) => found.get(address) ?? [i === 0 ? hex(pc) : address]);
  return fold(trim(lines).map((line) => line.replace("_::__portreeve_body", called)));
}

function lookUp(path: string, addresses: readonly string[]): Promise<string> {
  const env = { ...process.env, PORTREEVE_SYMBOLIZE: addresses.join(",") };
  const options = { env, timeout: PATIENCE, maxBuffer: MOST_BYTES, killSignal: "SIGKILL" } as const;
  return new Promise((resolve) => {
    // A program that cannot be run again leaves the addresses as they are.
    const child = execFile(path, [], options, (_error, stdout) => resolve(stdout));
    child.stdin?.end();
  });
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
