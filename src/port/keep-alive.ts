/** Keeps Node alive while anybody waits for a port, and knows when nobody does. */

import { clearInterval, clearTimeout, nextTick, setInterval, setTimeout } from "../timers.ts";

/** Longer than any program runs: the interval does nothing but keep Node alive. */
const KEEP_ALIVE_MS = 2 ** 31 - 1;

export class KeepAlive {
  readonly #interval = setInterval(() => {}, KEEP_ALIVE_MS);
  readonly #isIdle: () => boolean;
  /** Starts, restarts and ends that somebody waits for. */
  #tasks = 0;
  #whenIdle: (() => void) | undefined;

  /** @param isIdle whether no call waits for anything. Node is kept alive until the first `release` */
  constructor(isIdle: () => boolean) {
    this.#isIdle = isIdle;
  }

  /** Keeps Node alive until `task` has ended. */
  async during<T>(task: () => Promise<T>): Promise<T> {
    this.#tasks += 1;
    this.#interval.ref();
    try {
      return await task();
    } finally {
      this.#tasks -= 1;
      this.busy(false);
    }
  }

  /** A call waits for something, or none does; released a turn later, for the next call often follows. */
  busy(isBusy: boolean): void {
    if (isBusy) this.#interval.ref();
    else nextTick(() => this.release());
  }

  /** Looks whether anybody still waits. */
  release(): void {
    if (!this.#isIdle()) return;
    this.#whenIdle?.();
    if (this.#tasks === 0) this.#interval.unref();
  }

  /** Resolves when no call waits for anything, or after `ms`. */
  idle(ms: number): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(resolve, ms);
      this.#whenIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends the wait of {@link idle}. */
  giveUp(): void {
    this.#whenIdle?.();
  }

  /** Never keeps Node alive again. */
  end(): void {
    clearInterval(this.#interval);
  }
}
