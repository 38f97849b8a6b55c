/**
 * Finds a worker that is frozen (SIGSTOP, a thread that starves all others): nothing comes from it any more, not even
 * the answer to a ping, which the program gives where it reads and not behind its calls.
 */

import type { Channel } from "../wire/channel.ts";
import type { Heartbeat as Times } from "./options.ts";

/** Asks a channel for signs of life. Does not keep Node alive. */
export class Heartbeat {
  readonly #times: Times;
  readonly #channel: Channel;
  readonly #frozen: (ms: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #frames = 0;
  #silent = 0;
  #isAsked = false;

  /** @param frozen is called with the ms for which nothing came */
  constructor(times: Times, channel: Channel, frozen: (ms: number) => void) {
    this.#times = times;
    this.#channel = channel;
    this.#frozen = frozen;
  }

  start(): void {
    this.#timer = setInterval(() => this.#beat(), this.#times.interval).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Only beats count, not the clock: while the host's own loop stands still, no program is to blame. */
  #beat(): void {
    if (this.#channel.frames !== this.#frames) {
      this.#frames = this.#channel.frames;
      this.#silent = 0;
      this.#isAsked = false;
      return;
    }
    if (this.#isAsked) this.#silent += this.#times.interval;
    else this.#channel.ping();
    this.#isAsked = true;
    if (this.#silent >= this.#times.timeout) this.#frozen(this.#silent);
  }
}
