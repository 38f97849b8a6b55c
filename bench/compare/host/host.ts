/**
 * The run's end of a host process (main.ts is the other): gives it orders, and says what became of it when it dies. Each
 * host leads a process group of its own, so that whatever it started can be stopped and ended with it.
 *
 * A host runs only while it has an order: between two of them it is stopped, with all of its processes. The run gives
 * one order at a time, so whoever is measured has the machine for itself.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { Group } from "../group.ts";
import type { Kind, Orders, Reply } from "./orders.ts";

/** ms that an order may take beyond what it is expected to; a busy machine is no reason to give up. */
const PATIENCE_MS = 15_000;
/** ms that a contender gets to end on its own. */
const STOP_MS = 3000;
/** Of what a host writes to stderr, so much is kept to explain its death. */
const LAST_WORDS = 2000;

/**
 * A service has a heap of tens of megabytes. In one of 8 V8 starts a full collection for every 30 MB of byte arrays that
 * come and go, and what is measured is that: with this it takes the heap for one of 64 from the beginning.
 */
const HEAP = "--initial-old-space-size=64";

const ENTRY = join(import.meta.dirname, "main.js");

export interface HostOptions {
  /** Binds it, with all that it starts, to one core. */
  readonly pinned?: boolean;
  /** What it runs; main.ts if absent. */
  readonly entry?: string;
}

/** The host process has ended; it was not asked to. */
export class HostDied extends Error {}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

export class Host {
  readonly contender: string;
  readonly #child: ChildProcess;
  readonly #group: Group;
  readonly #closed: Promise<void>;
  #waiting: Waiting | undefined;
  #lastWords = "";
  #end: string | undefined;

  constructor(contender: string, { pinned = false, entry = ENTRY }: HostOptions = {}) {
    this.contender = contender;
    const node = [process.execPath, "--expose-gc", HEAP, entry];
    const [command = "", ...args] = pinned ? ["taskset", "-c", "0", ...node] : node;
    this.#child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe", "ipc"], detached: true });
    this.#group = new Group(this.#child);
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    this.#child.on("message", (reply: Reply) => this.#settle(reply));
    this.#child.on("error", (error) => this.#died(error.message));
    // Its programs may hold the pipes open after it; with the group gone, 'close' comes.
    this.#child.once("exit", (code, signal) => this.#died(signal === null ? `exit code ${code}` : signal));
    this.#closed = new Promise((resolve) => this.#child.once("close", () => resolve()));
  }

  get dead(): boolean {
    return this.#end !== undefined;
  }

  /**
   * Lets the host go on, gives it one order, waits for its answer, and stops it again. One at a time.
   * @throws {HostDied} when the process has ended, or ends before it answers
   * @throws {Error} what went wrong in it, or that it took too long: then it has been killed
   */
  async ask<K extends Kind>(
    kind: K,
    order: Orders[K]["order"],
    expectedMs = 0,
  ): Promise<Orders[K]["answer"]> {
    if (this.#end !== undefined) throw this.#obituary();
    const limit = expectedMs + PATIENCE_MS;
    const timer = setTimeout(() => this.#died(`killed: no answer to "${kind}" within ${limit} ms`), limit);
    try {
      return await new Promise<Orders[K]["answer"]>((resolve, reject) => {
        this.#waiting = { resolve: resolve as Waiting["resolve"], reject };
        this.#group.continue();
        this.#child.send({ kind, order });
      });
    } finally {
      clearTimeout(timer);
      this.#waiting = undefined;
      if (!this.dead) this.#group.stop();
    }
  }

  /** Lets the contender end, then ends whatever is left of it. */
  async stop(): Promise<void> {
    if (!this.dead) {
      const timer = setTimeout(() => this.#group.kill(), STOP_MS);
      // What goes wrong while a contender ends is of no interest any more: the group is killed next.
      await this.ask("stop", {}).catch(() => undefined);
      clearTimeout(timer);
    }
    this.kill();
    await this.#closed;
  }

  /** Ends it and all that it started, at once. */
  kill(): void {
    this.#group.kill();
    this.#child.stderr?.destroy();
  }

  #settle(reply: Reply): void {
    if ("error" in reply) this.#waiting?.reject(new Error(reply.error));
    else this.#waiting?.resolve(reply.answer as never);
  }

  #died(how: string): void {
    this.#end ??= how;
    this.#waiting?.reject(this.#obituary());
    this.#group.kill();
  }

  #obituary(): HostDied {
    // Not where it happened, but what.
    const lines = this.#lastWords.split("\n").filter((line) => !/^\s*(\d+:|at |$)/.test(line));
    const words = lines.slice(-3).join(" ").trim();
    return new HostDied(`the host process ended (${this.#end})${words === "" ? "" : `: ${words}`}`);
  }
}
