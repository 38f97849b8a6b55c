/** A program of one's own behind pipes, started again when it ends: what a careful user writes around `spawn`. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

export interface Life {
  readonly child: ChildProcess;
  readonly stdin: Writable;
  readonly stdout: Readable;
}

/** So many lives in a row that said nothing, and it is not started again: something is wrong with it. */
const MOST_SILENT = 4;

export class Spawned {
  readonly #program: string;
  readonly #args: () => readonly string[];
  readonly #begin: (life: Life) => void;
  readonly #end: (why: string) => void;
  #life: Life;
  #stopping = false;
  #silent = 0;

  /** `begin` is told of each life, `end` when it is over. */
  constructor(
    program: string,
    args: () => readonly string[],
    begin: (life: Life) => void,
    end: (why: string) => void,
  ) {
    this.#program = program;
    this.#args = args;
    this.#begin = begin;
    this.#end = end;
    this.#life = this.#start();
  }

  get stdin(): Writable {
    return this.#life.stdin;
  }

  get pids(): readonly number[] {
    const { pid, exitCode, signalCode } = this.#life.child;
    return pid === undefined || exitCode !== null || signalCode !== null ? [] : [pid];
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const { child, stdin } = this.#life;
    if (this.pids.length === 0) return;
    const closed = once(child, "close");
    stdin.end();
    await closed;
  }

  #start(): Life {
    const child = spawn(this.#program, this.#args(), { stdio: ["pipe", "pipe", "ignore"] });
    const { stdin, stdout } = child;
    const life = { child, stdin, stdout };
    // What was written to a program that is gone: 'close' tells.
    stdin.on("error", () => {});
    stdout.once("data", () => {
      this.#silent = 0;
    });
    child.once("close", (code, signal) => this.#over(`the program ended with ${signal ?? code}`));
    this.#begin(life);
    return life;
  }

  #over(why: string): void {
    this.#end(why);
    if (this.#stopping) return;
    this.#silent += 1;
    if (this.#silent === MOST_SILENT) throw new Error(`${this.#program}: ${why}, and said nothing`);
    this.#life = this.#start();
  }
}
