/** How many calls failed, by the code of their error: a fixed set of words, whatever a program says. */

import { EtfError } from "../../codec/index.ts";
import { PortError } from "../errors.ts";
import { isA } from "../reason.ts";

export class Failures {
  readonly counts = new Map<string, number>();

  add(error: unknown): void {
    const code = codeOf(error);
    this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
  }
}

/** `ABORTED`: what the reason of a signal is, or whatever else is no error of ours, is the user's to name. */
function codeOf(error: unknown): string {
  return isA(error, PortError) || isA(error, EtfError) ? error.code : "ABORTED";
}
