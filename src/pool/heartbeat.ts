/**
 * Finds a worker that is unresponsive (SIGSTOP, a thread that starves all others): nothing comes from it any more, not even
 * the answer to a ping, which the program gives where it reads and not behind its calls.
 */

import type { Heartbeat as Options } from "../options/open.ts";
import { clearInterval, setInterval } from "../timers.ts";

type Times = Required<Options>;

/** A worker, as far as it can give signs of life. */
export interface HeartbeatTarget {
  /** Changes with everything that the program does by itself: frames that came, ticks in the black box. */
  activity(): number;
  /** Asks it for a frame. */
  ping(): void;
  /** Nothing came for so many ms. */
  unresponsive(ms: number): void;
}

/** Looks for signs of life at every interval. Does not keep Node alive. */
export class Heartbeat {
  readonly #times: Times;
  readonly #target: HeartbeatTarget;
  #timer: NodeJS.Timeout | undefined;
  #activity = 0;
  #silent = 0;
  #isAsked = false;

  constructor(times: Times, target: HeartbeatTarget) {
    this.#times = times;
    this.#target = target;
  }

  start(): void {
    this.#timer = setInterval(() => this.#beat(), this.#times.interval).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Only beats count, not the clock: while the host's own loop stands still, no program is to blame. */
  #beat(): void {
    const activity = this.#target.activity();
    if (activity !== this.#activity) {
      this.#activity = activity;
      this.#silent = 0;
      this.#isAsked = false;
      return;
    }
    if (this.#isAsked) this.#silent += this.#times.interval;
    else this.#target.ping();
    this.#isAsked = true;
    if (this.#silent >= this.#times.timeout) this.#target.unresponsive(this.#silent);
  }
}
