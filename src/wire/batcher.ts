/**
 * Which calls are written before their tick is over. The first one to an idle program is: it would wait for whatever the
 * caller does next. But after a chunk with many answers as many calls follow, and go together; of a large burst an idle
 * program gets one half early, and works on it while the other is made here. Pure, but for the end of the turn.
 */
import { setImmediate } from "../timers.ts";

/** From so many calls at a time on two writes are worth more than one. */
const LARGE = 64;

export class WriteBatcher {
  #inBurst = false;
  /** So many calls more until the first half is complete; 0 when it is, or there are no halves. */
  #half = 0;

  /** A chunk answered so many calls. @param isIdle the program has none left */
  answered(calls: number, isIdle: boolean): void {
    if (calls <= 1 || this.#inBurst) return;
    this.#inBurst = true;
    this.#half = isIdle && calls >= LARGE ? calls >> 1 : 0;
    setImmediate(endBurst, this);
  }

  /** A call is sent. @param isIdle the program had none @returns whether to write it at once, with all before it */
  sends(isIdle: boolean): boolean {
    if (!this.#inBurst) return isIdle;
    if (this.#half === 0) return false;
    this.#half -= 1;
    return this.#half === 0;
  }

  /** What the answers brought about is sent: a call that comes now comes alone. */
  endBurst(): void {
    this.#inBurst = false;
    this.#half = 0;
  }
}

function endBurst(batcher: WriteBatcher): void {
  batcher.endBurst();
}
