/**
 * The host's own stderr, for what is printed on a program's behalf: its lines, and what it logs while nobody listens.
 * It may be a pipe that nobody reads, closed, or a file on a full disk; none of that is a reason to end the host. So a
 * print never throws and never waits, and what does not fit is dropped and counted.
 */

import { printable } from "../printable.ts";

/** The host's stderr, as far as it is used here. */
export interface LineOutput {
  readonly writableLength: number;
  write(text: string, written?: (error?: Error | null) => void): unknown;
  listenerCount(event: "error"): number;
  once(event: "error", listener: () => void): unknown;
  removeListener(event: "error", listener: () => void): unknown;
}

/** What is printed is dropped while so many characters wait in the host's own stderr. */
export const OUTPUT_LIMIT = 1 << 20;

/** Prints lines of one port, each behind its name. */
export class Printer {
  readonly #prefix: string;
  readonly #output: (() => LineOutput) | undefined;
  #dropped = 0;

  /**
   * @param name the port's
   * @param output for tests. Default: the host's stderr, opened with the first line
   */
  constructor(name: string, output?: LineOutput) {
    this.#prefix = `[${printable(name)}] `;
    this.#output = output === undefined ? undefined : () => output;
  }

  /** Prints lines with one write; what they hold is escaped. */
  print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const text = lines.map((line) => `${this.#prefix}${printable(line)}\n`).join("");
    if (write(this.#note() + text, this.#output)) this.#dropped = 0;
    else this.#dropped += lines.length;
  }

  #note(): string {
    return this.#dropped === 0
      ? ""
      : `${this.#prefix}… ${this.#dropped} lines dropped: stderr is too slow for them\n`;
  }
}

/** @returns whether it was taken */
function write(text: string, output: () => LineOutput = () => process.stderr): boolean {
  try {
    const stderr = output();
    if (stderr.writableLength > OUTPUT_LIMIT) return false;
    return writeQuietly(stderr, text);
  } catch {
    // No stderr at all: a terminal that cannot be opened without a descriptor, a stream that somebody ended.
    return false;
  }
}

/**
 * An 'error' that no one listens to would end the host. It comes at once or after `written` was told, and only then a
 * listener stands in for it: what the host writes itself is not our affair (Node's console does the same).
 */
function writeQuietly(stderr: LineOutput, text: string): boolean {
  const isHeard = stderr.listenerCount("error") > 0;
  if (!isHeard) stderr.once("error", ignore);
  try {
    stderr.write(text, (error) => {
      if (error === null || error === undefined) stderr.removeListener("error", ignore);
      else if (stderr.listenerCount("error") === 0) stderr.once("error", ignore);
    });
  } finally {
    if (!isHeard) stderr.removeListener("error", ignore);
  }
  return true;
}

function ignore(): void {}
