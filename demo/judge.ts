/** The host's side of the judge: hands tokens to judge-worker.ts in batches and adds up its verdicts. */

import { Worker } from "node:worker_threads";
import type { Claims } from "./service.ts";

/** What the judge has said so far. */
export interface Verdict {
  /** Tokens that were handed over. */
  readonly submitted: number;
  /** Tokens that jose found right, with the claims that were asked for. */
  readonly verified: number;
  /** How many it refused, by the reason. */
  readonly refused: Readonly<Record<string, number>>;
}

/** One message from the worker thread. */
export interface Judged {
  readonly verified: number;
  readonly refused: readonly string[];
}

/** Tokens wait this long for others to go with them, in ms. */
const GATHER = 25;

export class Judge {
  readonly #worker: Worker;
  readonly #refused: Record<string, number> = {};
  #batch: [token: string, claims: string][] = [];
  #timer: NodeJS.Timeout | undefined;
  #submitted = 0;
  #verified = 0;
  #judged = 0;
  #whenDone: (() => void) | undefined;

  /** @param publicKey in PEM */
  constructor(publicKey: string) {
    // Flags that were meant for this process (`--input-type`, `--inspect`) are not for the thread.
    const options = { workerData: publicKey, execArgv: [] };
    this.#worker = new Worker(new URL("./judge-worker.js", import.meta.url), options);
    this.#worker.on("message", (judged: Judged) => this.#take(judged));
  }

  get verdict(): Verdict {
    return { submitted: this.#submitted, verified: this.#verified, refused: { ...this.#refused } };
  }

  /** Will be verified; nobody waits for it. */
  submit(token: string, claims: Claims): void {
    this.#submitted += 1;
    this.#batch.push([token, JSON.stringify(claims)]);
    this.#timer ??= setTimeout(() => this.#send(), GATHER);
  }

  /** Resolves when everything that was handed over is judged; rejects when the worker thread failed. */
  async done(): Promise<void> {
    this.#send();
    if (this.#judged === this.#submitted) return;
    await new Promise<void>((resolve, reject) => {
      this.#whenDone = resolve;
      this.#worker.once("error", reject);
    });
  }

  /** Ends the worker thread; what it has not judged stays so. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#worker.terminate();
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#batch.length > 0) this.#worker.postMessage(this.#batch);
    this.#batch = [];
  }

  #take({ verified, refused }: Judged): void {
    this.#verified += verified;
    this.#judged += verified + refused.length;
    for (const reason of refused) this.#refused[reason] = (this.#refused[reason] ?? 0) + 1;
    if (this.#judged === this.#submitted && this.#batch.length === 0) this.#whenDone?.();
  }
}
