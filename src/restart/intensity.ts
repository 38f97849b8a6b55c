/**
 * How many restarts are too many: OTP's restart intensity (supervisor, "Maximum Restart Intensity"), in milliseconds.
 * A port asks it about the deaths of its workers, a supervisor about the exits of its children.
 * Pure: whoever asks brings the time.
 */

/**
 * Counts restarts in a sliding window. With `maxRestarts` 3 three restarts within `period` are survived and the
 * fourth means giving up; with 0 the first does.
 *
 * A restart counts while its age is at most `period` ms. OTP counts in whole seconds instead, so that there
 * two restarts a little more than `period` apart may still count together, depending on the phase of its clock.
 */
export class Intensity {
  /** Restarts survived within {@link period}. */
  readonly maxRestarts: number;
  /** The window, in ms. */
  readonly period: number;
  /** Times of the newest restarts, oldest first; never more than `maxRestarts + 1`, for no more are needed to judge. */
  readonly #times: number[] = [];

  /**
   * @param maxRestarts a whole number, 0 or more
   * @param period ms, more than 0
   * @throws RangeError when either is not that
   */
  constructor(maxRestarts: number, period: number) {
    if (!Number.isSafeInteger(maxRestarts) || maxRestarts < 0) {
      throw new RangeError(`maxRestarts must be a whole number, 0 or more, and is ${String(maxRestarts)}`);
    }
    if (!Number.isFinite(period) || period <= 0) {
      throw new RangeError(`period must be a number of ms, more than 0, and is ${String(period)}`);
    }
    this.maxRestarts = maxRestarts;
    this.period = period;
  }

  /**
   * Counts one restart.
   *
   * @param now ms of a clock that never goes back (`performance.now()`)
   * @returns `true`: restart; `false`: this one was too many, give up
   */
  add(now: number): boolean {
    this.#times.push(now);
    while (this.#times.length > this.maxRestarts + 1 || now - (this.#times[0] ?? now) > this.period) {
      this.#times.shift();
    }
    return this.#times.length <= this.maxRestarts;
  }

  /** The restart that was counted at this time does not count after all; nothing happens when it is forgotten already. */
  uncount(at: number): void {
    const index = this.#times.indexOf(at);
    if (index >= 0) this.#times.splice(index, 1);
  }

  /** Restarts in the window, as it was at the last {@link add}. */
  get count(): number {
    return this.#times.length;
  }

  /** Forgets all restarts. */
  reset(): void {
    this.#times.length = 0;
  }
}
