/**
 * Names for the addresses of a crash: the file of the program is run once more, only to look them up. The other side is
 * rust-port/portreeve/src/symbols.rs; the lines there depend on the debug information that the program was built with.
 */

import { execFile } from "node:child_process";
import { basename } from "node:path";

/** How long that may take, in ms: an error of a call waits for it. */
const PATIENCE = 2000;
/** More than 64 addresses with everything that was inlined there need. */
const MOST_BYTES = 1 << 20;

/**
 * @param path the program
 * @param called the function that was called
 * @param addresses relative to where it was loaded, innermost first
 * @returns for each address `name (file:line)`, one for each function that was inlined there, or the address in hex
 */
export async function symbolize(
  path: string,
  called: string,
  addresses: readonly bigint[],
): Promise<string[]> {
  const wanted = addresses.map(hex);
  const found = parse(await lookUp(path, wanted));
  const lines = wanted.flatMap((address) => found.get(address) ?? [address]);
  return trim(lines).map((line) => line.replace("_::__portreeve_body", called));
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

function hex(address: bigint): string {
  return `0x${BigInt.asUintN(64, address).toString(16)}`;
}
