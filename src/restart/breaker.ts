/**
 * A circuit breaker around restarts. Closed: deaths are counted, by OTP's restart intensity (intensity.ts), and each is
 * followed by a restart. One too many opens it: nothing is restarted. After a wait it is half open: one attempt is
 * allowed. A start that succeeds closes it, a failure opens it again. Pure: whoever asks brings the time, and waits.
 */

import { Intensity } from "./intensity.ts";

export type BreakerState = "closed" | "open" | "halfOpen";

export class Breaker {
  #state: BreakerState = "closed";
  readonly #intensity: Intensity;

  /**
   * @param maxRestarts how many within `period` are survived
   * @param period ms
   * @throws RangeError as {@link Intensity} does
   */
  constructor(maxRestarts: number, period: number) {
    this.#intensity = new Intensity(maxRestarts, period);
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Something died, or did not start. @param at ms of the monotonic clock @returns whether a restart may follow */
  failed(at: number): boolean {
    if (this.#state === "closed" && this.#intensity.add(at)) return true;
    this.#state = "open";
    return false;
  }

  /** The wait is over: one attempt is allowed. */
  tryAgain(): void {
    if (this.#state === "open") this.#state = "halfOpen";
  }

  /** A start succeeded: all that was counted is forgotten if that ends a time of failures. */
  succeeded(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#intensity.reset();
  }

  /** The failure at this time does not count after all. */
  uncount(at: number): void {
    this.#intensity.uncount(at);
  }
}
