/**
 * Whether a file may be tried at all: libc's execvp hands a binary that the kernel refuses to /bin/sh, which then runs
 * its bytes as a script. Looking takes several turns of the event loop, and a restart should take none: so a file that
 * was looked at is only asked whether it is still the same.
 */

import { statSync } from "node:fs";
import { refuseForeign } from "./diagnose.ts";
import { gatherFacts } from "./facts.ts";

/** Path and identity of files that may be tried. */
const passed = new Map<string, string>();
/** A host that runs more programs than these looks at some of them again. */
const MOST = 64;

/** Whether this very file was looked at before and may be tried. */
export function hasPassed(path: string): boolean {
  return passed.has(path) && passed.get(path) === identity(path);
}

/** Why it may not be tried, or `undefined`. */
export async function refusal(path: string): Promise<string | undefined> {
  const before = identity(path);
  const message = refuseForeign(await gatherFacts(path, {}));
  if (message === undefined && before !== undefined) remember(path, before);
  return message;
}

function remember(path: string, file: string): void {
  if (passed.size >= MOST) passed.clear();
  passed.set(path, file);
}

/** Of the file behind the path, if it can be reached; another file, or another content, has another. */
export function identity(path: string): string | undefined {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return undefined;
  }
}
