/**
 * What a kind of fuzzing is. A kind makes cases out of random numbers and throws when something is wrong; it knows
 * nothing of seeds, counts and reports, which are run.ts's. It goes into the list in kinds.ts, and is run by
 * `npm run fuzz` as well as, bounded, by `npm test`. The working directory is the project's root in both.
 */
import type { Random } from "./random.ts";

/** One kind of cases. */
export interface FuzzKind {
  /** What `--kind` takes. */
  readonly name: string;
  /** One line: what it makes and what must hold. */
  readonly about: string;
  /** How many cases `npm test` runs: a few seconds of them. */
  readonly bounded: number;
  /**
   * How many cases share what `begin` made, such as a codec that remembers or a port that is open. A case is found again
   * by running its block from the first case on, so that what went before it is the same. 1: every case stands alone.
   */
  readonly blockSize: number;
  /** Makes what the cases of one block share. */
  begin(random: Random): Block | Promise<Block>;
}

/** The cases of one block, one after another. */
export interface Block {
  /**
   * Runs case `n`. All that it chooses must come from `random`, which is the same for the same seed and `n`.
   * @throws what is wrong, with a message that shows the value: that ends the run
   */
  run(random: Random, n: number): void | Promise<void>;
  /** Gives back what `begin` opened. May throw, too: what only the end can show counts for the last case. */
  end?(): void | Promise<void>;
}
