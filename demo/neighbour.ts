/** The demo's hold on the second Node process (in-process.ts): starts it, hears its numbers, sees its end. */

import { type ChildProcess, fork } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import type { FromInProcess, ToInProcess } from "./in-process.ts";
import type { Verdict } from "./judge.ts";
import type { Keys } from "./service.ts";
import type { Snapshot } from "./tally.ts";

/** How it ended. */
export interface End {
  /** ms since the traffic began. */
  readonly at: number;
  /** What a shell would give as `$?`. */
  readonly exitCode: number;
  readonly signal: string | undefined;
  /** The handlers of the process that ran, by name. */
  readonly handlers: readonly string[];
  /** The rest of what it wrote to stderr. */
  readonly stderr: string;
}

export class Neighbour {
  /** A call without other traffic, in ms. */
  alone = Number.NaN;
  snapshot: Snapshot | undefined;
  verdict: Verdict | undefined;
  end: End | undefined;
  /** Resolves when it has ended and its stderr is read. */
  readonly ended: Promise<End>;
  readonly #child: ChildProcess;
  #began = performance.now();
  #stderr = "";
  #heardAlone: (() => void) | undefined;

  private constructor() {
    const program = fileURLToPath(new URL("./in-process.js", import.meta.url));
    this.#child = fork(program, { execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
    this.#child.on("message", (message: FromInProcess) => this.#hear(message));
    // Not its event "close": Node does not emit that after `disconnect()` was called on this end.
    this.ended = Promise.all([this.#exited(), this.#stderrRead()]).then(([[code, signal]]) => {
      this.end = this.#describe(code, signal);
      return this.end;
    });
  }

  /** Resolves when the addon is loaded and a call was measured. */
  static async start(addon: string, claims: string, keys: Keys): Promise<Neighbour> {
    const neighbour = new Neighbour();
    const ready = new Promise<void>((resolve) => {
      neighbour.#heardAlone = resolve;
    });
    neighbour.#tell({ addon, claims, keys });
    await Promise.race([ready, neighbour.ended]);
    if (neighbour.end !== undefined)
      throw new Error(`the in-process side did not start:\n${neighbour.end.stderr}`);
    return neighbour;
  }

  /** Its traffic begins. @param at as of `Date.now()` */
  begin(at: number, seconds: number, rate: number): void {
    this.#began = performance.now() + at - Date.now();
    this.#tell({ begin: at, seconds, rate });
  }

  /** Ends it, if it has not ended. */
  async stop(): Promise<void> {
    if (this.end !== undefined) return;
    if (this.#child.connected) this.#child.disconnect();
    const deadline = setTimeout(() => this.#child.kill("SIGKILL"), STOP_GRACE);
    await this.ended;
    clearTimeout(deadline);
  }

  #exited(): Promise<[number | null, NodeJS.Signals | null]> {
    return new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("exit", (code, signal) => resolve([code, signal]));
    });
  }

  async #stderrRead(): Promise<void> {
    for await (const chunk of this.#child.stderr ?? []) this.#stderr += chunk;
  }

  #tell(message: ToInProcess): void {
    this.#child.send(message);
  }

  #hear(message: FromInProcess): void {
    if ("alone" in message) {
      this.alone = message.alone;
      this.#heardAlone?.();
    } else {
      this.snapshot = message.snapshot;
      this.verdict = message.verdict;
    }
  }

  #describe(code: number | null, signal: NodeJS.Signals | null): End {
    const lines = this.#stderr.split("\n");
    const mark = "handler: ";
    return {
      at: performance.now() - this.#began,
      exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
      signal: signal ?? undefined,
      handlers: lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length)),
      stderr: lines.filter((line) => !line.startsWith(mark)).join("\n"),
    };
  }
}

/** How long it may take to end by itself, in ms. */
const STOP_GRACE = 2000;
