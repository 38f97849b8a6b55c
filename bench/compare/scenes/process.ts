/** A host process of a scene, as the run sees it: its lines, how it ended, and that nothing of it remains. */

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Group } from "../group.ts";
import type { Plan } from "./plan.ts";

const ENTRY = fileURLToPath(new URL("./host/main.js", import.meta.url));
/** host/say.ts writes to it. */
const LINES = 3;
/** What is kept of stderr. */
const STDERR_BYTES = 8192;
/** Seconds of processor time: the end of a host in an endless loop whose run was killed. */
const CPU_SECONDS = 120;

/** As it is in production: the first backtrace of a Rust program takes a hundred ms. */
const ENVIRONMENT = { ...process.env, RUST_BACKTRACE: undefined };

export interface HostOptions {
  /** Private writable memory that the host, and each of its processes, may have: RLIMIT_DATA, of getrlimit(2). */
  readonly memoryBytes?: number;
  /** ms until it is frozen for us and killed; counted anew by {@link Host.allow}. */
  readonly allowMs: number;
  /** Kills it. */
  readonly signal: AbortSignal;
}

export interface HostEnd {
  /** Its exit code or signal, or that it was frozen. */
  readonly text: string;
  readonly stderr: string;
}

/** `E` are its lines, see plan.ts. */
export class Host<E> {
  readonly #lines: AsyncIterator<string>;
  /** Resolves when it and all of its processes are gone. Rejects when the run was aborted. */
  readonly ended: Promise<HostEnd>;
  readonly #child: ChildProcess;
  readonly #group: Group;
  readonly #signal: AbortSignal;
  readonly #kill = () => this.kill();
  #timer: NodeJS.Timeout | undefined;
  #frozenMs: number | undefined;
  #stderr = "";

  constructor(plan: Plan, options: HostOptions) {
    options.signal.throwIfAborted();
    const limits = ["ulimit -c 0", `ulimit -t ${CPU_SECONDS}`];
    if (options.memoryBytes !== undefined) limits.push(`ulimit -d ${options.memoryBytes / 1024}`);
    const command = `${limits.join("; ")}; exec "$@"`;
    // A group of its own, so that what it leaves behind can be killed with it.
    this.#child = spawn("sh", ["-c", command, "sh", process.execPath, ENTRY, JSON.stringify(plan)], {
      stdio: ["ignore", "ignore", "pipe", "pipe", "ipc"],
      env: ENVIRONMENT,
      detached: true,
    });
    this.#group = new Group(this.#child);
    this.#signal = options.signal;
    this.#signal.addEventListener("abort", this.#kill);
    this.allow(options.allowMs);
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_BYTES);
    });
    this.#lines = createInterface({ input: this.#child.stdio[LINES] as Readable })[Symbol.asyncIterator]();
    this.ended = this.#end();
    // Whoever waits for it is told; nobody else has to.
    this.ended.catch(() => {});
  }

  /** So much more time, in ms from now. */
  allow(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#frozenMs = ms;
      this.kill();
    }, ms);
  }

  /** The next thing that it says; `undefined` when it says nothing any more. */
  async next(): Promise<E | undefined> {
    const { done, value } = await this.#lines.next();
    return done === true ? undefined : (JSON.parse(value) as E);
  }

  /** Stops it and all of its processes until its next round. No time is counted meanwhile. */
  pause(): void {
    clearTimeout(this.#timer);
    this.#group.stop();
  }

  /** The next round of a crossover, for which it has so many ms. */
  go(ms: number): void {
    this.allow(ms);
    this.#group.continue();
    this.#child.send("go");
  }

  /** It and all of its processes. */
  kill(): void {
    this.#group.kill();
  }

  #end(): Promise<HostEnd> {
    return new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      // Its programs may hold the pipes open after it; with them gone, 'close' comes.
      this.#child.once("exit", () => this.kill());
      this.#child.once("close", (code, signal) => {
        clearTimeout(this.#timer);
        this.#signal.removeEventListener("abort", this.#kill);
        if (this.#signal.aborted) reject(this.#signal.reason);
        else resolve({ text: this.#howItEnded(code, signal), stderr: this.#stderr });
      });
    });
  }

  #howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.#frozenMs !== undefined) return `frozen, killed after ${this.#frozenMs} ms`;
    if (signal !== null) return signal;
    return `exit code ${code}`;
  }
}
