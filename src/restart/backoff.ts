/**
 * How long to wait before a restart. OTP restarts at once, always; in Node a spawn blocks the event loop for a
 * moment, and a program that dies at once would be spawned hundreds of times a second, so this is put on top.
 * A port asks it for its workers, a supervisor for its children. Pure: it sets no timer and chance is injected.
 */

/** The `backoff` option; what is left out has its default. Times are in ms. */
export interface BackoffOptions {
  /** The wait before the second restart. Default: 100. */
  readonly initial: number;
  /** What the wait is multiplied by from one restart to the next, 1 or more. Default: 2. */
  readonly factor: number;
  /** The longest wait; not exceeded by jitter either. Default: 30 000. */
  readonly max: number;
  /** The part of each wait that is left to chance, 0 to 1: 0.2 waits between 80 and 100 %. Default: 0.2. */
  readonly jitter: number;
}

/** What {@link Backoff} does unless told otherwise. */
export const defaultBackoff: BackoffOptions = { initial: 100, factor: 2, max: 30_000, jitter: 0.2 };

/** The longest time that a Node timer can wait (2³¹ − 1 ms); a longer one would fire at once. */
const longestTimer = 2_147_483_647;

/**
 * The waits before the restarts of one worker or child: 0 ms before the first, then `initial`,
 * `initial * factor`, … up to `max`, each shortened by chance so that many ports do not restart in step.
 */
export class Backoff {
  readonly options: BackoffOptions;
  readonly #random: () => number;
  /** The wait before jitter; `undefined` before the first restart. */
  #wait: number | undefined;

  /**
   * @param options see {@link BackoffOptions}
   * @param random a number in [0, 1), as `Math.random`
   * @throws RangeError when an option is out of its range
   */
  constructor(options: Partial<BackoffOptions> = {}, random: () => number = Math.random) {
    this.options = { ...defaultBackoff, ...options };
    this.#random = random;
    check("initial", this.options.initial, 0, longestTimer);
    check("factor", this.options.factor, 1, Number.MAX_VALUE);
    check("max", this.options.max, 0, longestTimer);
    check("jitter", this.options.jitter, 0, 1);
  }

  /** The wait before the next restart, in whole ms. */
  next(): number {
    const { initial, factor, max, jitter } = this.options;
    if (this.#wait === undefined) {
      this.#wait = Math.min(initial, max);
      return 0;
    }
    const wait = this.#wait;
    this.#wait = Math.min(wait * factor, max);
    return Math.round(wait * (1 - jitter * this.#random()));
  }

  /** Begins again: the next restart is at once. Due when what was restarted has stayed up for `period`. */
  reset(): void {
    this.#wait = undefined;
  }
}

function check(name: keyof BackoffOptions, value: number, least: number, most: number): void {
  if (typeof value === "number" && value >= least && value <= most) return;
  const range = most === Number.MAX_VALUE ? `${least} or more` : `${least} to ${most}`;
  throw new RangeError(`backoff.${name} must be a number, ${range}, and is ${String(value)}`);
}
