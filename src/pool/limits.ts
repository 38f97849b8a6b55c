/** Whether a program came to one of the limits that it was given (`limits` of `open`), by how it ended and what it said. */

import type { Limits } from "../wire/hello.ts";

const MiB = 1024 * 1024;

/** How a worker ended, as far as it is looked at here. */
export interface End {
  readonly signal?: string | null | undefined;
  /** The last of its stderr. */
  readonly stderr?: string | undefined;
}

/** What became of it, in words that follow "its worker"; undefined when it was none of its limits. */
export function exceeded(limits: Limits | undefined, { signal, stderr = "" }: End): string | undefined {
  if (limits?.cpuSeconds !== undefined && signal === "SIGXCPU")
    return `used up its processor time (limits.cpuSeconds is ${limits.cpuSeconds}) and was killed by SIGXCPU`;
  if (limits?.memory !== undefined && signal === "SIGABRT" && RAN_OUT.test(stderr))
    return `ran out of memory (limits.memory is ${mebibytes(limits.memory)}, ${inUse(stderr)}) and was killed by SIGABRT`;
  return undefined;
}

/** The program's monitor, or Rust's own words for an allocation that failed. */
const RAN_OUT = /^portreeve: out of memory: |^memory allocation of \d+ bytes failed/m;

function mebibytes(bytes: number): string {
  return `${Math.round((bytes / MiB) * 10) / 10} MiB`;
}

/** What the program says of itself when it aborts. */
function inUse(stderr: string): string {
  const used = /\((\d+) MiB of memory in use\)/.exec(stderr)?.[1];
  const wanted = /^memory allocation of (\d+) bytes failed/m.exec(stderr)?.[1];
  const asked = wanted === undefined ? "" : ` and ${mebibytes(Number(wanted))} asked for`;
  return used === undefined ? `it had too little${asked}` : `${used} MiB in use${asked}`;
}
