/** One run of cargo: what it writes, sorted into progress, diagnostics and the programs that it made. */

import { stripVTControlCharacters } from "node:util";
import type { BuildWatcher } from "./build-display.ts";
import { type BuiltProgram, CARGO_LINE_END, readCargoLine, readCargoMessage } from "./cargo.ts";
import { Lines } from "../process/lines.ts";

/** So many characters of diagnostics are kept: the first errors are those that matter. */
const DIAGNOSTICS = 65_536;

/** A JSON message is one line, however long; a longer one than this is no message of cargo's. */
const MESSAGE_LENGTH = 1 << 24;

export class CargoRun {
  readonly programs: BuiltProgram[] = [];
  readonly #watcher: BuildWatcher;
  readonly #stdout = new Lines((line) => this.#message(line), { limit: MESSAGE_LENGTH });
  readonly #stderr = new Lines((line) => this.#line(line), { end: CARGO_LINE_END });
  #diagnostics = "";

  constructor(watcher: BuildWatcher) {
    this.#watcher = watcher;
  }

  get diagnostics(): string {
    return this.#diagnostics;
  }

  /** Tells the watcher that it is over. */
  finish(succeeded: boolean): void {
    this.#watcher.finish(succeeded ? "built" : "failed");
  }

  /** Takes what cargo wrote to stdout. */
  stdout(chunk: Uint8Array): void {
    this.#stdout.push(chunk);
  }

  /** Takes what cargo wrote to stderr. */
  stderr(chunk: Uint8Array): void {
    this.#stderr.push(chunk);
  }

  /** All of it was read. */
  end(): void {
    this.#stdout.end();
    this.#stderr.end();
  }

  #message(line: string): void {
    const program = readCargoMessage(line);
    if (program !== undefined) this.programs.push(program);
  }

  #line(line: string): void {
    const read = readCargoLine(line);
    if (read.kind === "progress") this.#watcher.progress(read.progress);
    if (read.kind !== "diagnostic") return;
    if (this.#diagnostics.length < DIAGNOSTICS) this.#diagnostics += `${stripVTControlCharacters(line)}\n`;
    this.#watcher.diagnostic(line);
  }
}
