/** A program that listens on a Unix socket of its own, and is started again when it ends. */

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Spawned } from "./spawned.ts";

export class Server {
  readonly #folder = mkdtempSync(join(tmpdir(), "portreeve-bench-"));
  readonly socket = join(this.#folder, "socket");
  readonly #program: Spawned;
  #ready: Promise<unknown> = Promise.resolve();

  constructor(program: string) {
    this.#program = new Spawned(
      program,
      () => this.#newSocket(),
      ({ stdout }) => {
        this.#ready = once(stdout, "data");
      },
      () => {},
    );
  }

  get ready(): Promise<unknown> {
    return this.#ready;
  }

  get pids(): readonly number[] {
    return this.#program.pids;
  }

  async stop(): Promise<void> {
    await this.#program.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** One that died leaves its socket behind, and nobody can listen there again. */
  #newSocket(): readonly string[] {
    rmSync(this.socket, { force: true });
    return [this.socket];
  }
}
