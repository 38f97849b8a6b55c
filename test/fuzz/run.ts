/** Runs the cases of one kind, block by block, until one fails or all have been run. */
import type { Block, FuzzKind } from "./kind.ts";
import { Random } from "./random.ts";

/** Which cases of a kind. */
export interface Plan {
  readonly seed: number;
  /** The first case, from 0. What it shares with the cases before it in its block is made again. */
  readonly from: number;
  /** Behind the last case. */
  readonly to: number;
}

/** A case that failed. */
export interface Finding {
  readonly kind: string;
  readonly seed: number;
  readonly case: number;
  readonly error: unknown;
}

/** What a run came to. */
export interface Outcome {
  readonly kind: string;
  readonly seed: number;
  /** Cases that were run, the failed one included. */
  readonly cases: number;
  /** How long it took, in ms. */
  readonly ms: number;
  readonly finding: Finding | undefined;
}

/** The streams of random numbers of one seed. */
const BLOCKS = 1;
const CASES = 2;
/** After so many ms the loop gets a turn: weak references are only cleared between two. */
const TURN = 50;

/** One run. `at` is the case that is being run, for whoever sees an error that nobody caught. */
export class Run {
  at = 0;
  readonly #kind: FuzzKind;
  readonly #plan: Plan;
  readonly #progress: (cases: number, ms: number) => void;
  readonly #random = new Random(0, 0, 0);
  readonly #started = performance.now();
  #turned = this.#started;
  #isStopped = false;

  /** @param progress is told every now and then how many cases were run, and in how many ms */
  constructor(kind: FuzzKind, plan: Plan, progress: (cases: number, ms: number) => void = () => {}) {
    this.#kind = kind;
    this.#plan = plan;
    this.#progress = progress;
  }

  /** Ends it before the next turn of the event loop is over; what was run counts. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Runs them all, or until one fails or it is stopped. Does not reject. */
  async outcome(): Promise<Outcome> {
    const { from, to } = this.#plan;
    const { blockSize } = this.#kind;
    try {
      for (let first = from - (from % blockSize); first < to && !this.#isStopped; first += blockSize)
        await this.#block(first, Math.min(to, first + blockSize));
    } catch (error) {
      return this.ended(error);
    }
    return this.#result(undefined);
  }

  /** What the run came to when the case that is being run failed with `error`. */
  ended(error: unknown): Outcome {
    return this.#result({ kind: this.#kind.name, seed: this.#plan.seed, case: this.at, error });
  }

  #result(finding: Finding | undefined): Outcome {
    const { seed, from } = this.#plan;
    const ms = performance.now() - this.#started;
    return { kind: this.#kind.name, seed, cases: this.at + 1 - from, ms, finding };
  }

  async #block(first: number, end: number): Promise<void> {
    this.at = first;
    this.#random.restart(this.#plan.seed, BLOCKS, first);
    const block = await this.#kind.begin(this.#random);
    try {
      await this.#cases(block, first, end);
    } finally {
      await block.end?.();
    }
  }

  async #cases(block: Block, first: number, end: number): Promise<void> {
    const { seed } = this.#plan;
    for (let n = first; n < end && !this.#isStopped; n++) {
      this.at = n;
      this.#random.restart(seed, CASES, n);
      const done = block.run(this.#random, n);
      if (done !== undefined) await done;
      // The clock is not for free.
      if ((n & 63) === 0 || done !== undefined) await this.#turn();
    }
  }

  async #turn(): Promise<void> {
    const now = performance.now();
    if (now - this.#turned < TURN) return;
    this.#turned = now;
    this.#progress(Math.max(0, this.at - this.#plan.from), now - this.#started);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The command that runs a failed case again. */
export function repeatCommand({ kind, seed, case: n }: Finding): string {
  return `npm run fuzz -- --kind ${kind} --seed ${seed} --case ${n}`;
}
