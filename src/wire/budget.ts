/**
 * What a program makes its host hold, in bytes: the answers and pongs that it asked for and does not read, and whatever
 * else is counted against the same limit. Above it the program's output is not read any more: the pipe fills up, and
 * then the program waits, and not the host's memory. Pure.
 */

/** Answers are remembered in stretches of so many bytes, so that a million small ones are a few entries. */
const STRETCH = 65_536;

interface Stretch {
  /** The byte of all that is ever written behind its last answer. */
  end: number;
  bytes: number;
}

export class Budget {
  readonly #limit: number;
  readonly #stretches: Stretch[] = [];
  #owed = 0;
  #isSpent = false;

  /** @param limit bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes of answers that are not with the system yet. */
  get owed(): number {
    return this.#owed;
  }

  /** It holds too much: nothing more is to be read, until {@link check} says otherwise. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** An answer was written. @param end how many bytes will have been sent when it is */
  owe(bytes: number, end: number): void {
    this.#owed += bytes;
    const last = this.#stretches.at(-1);
    if (last === undefined || last.bytes >= STRETCH) this.#stretches.push({ end, bytes });
    else {
      last.end = end;
      last.bytes += bytes;
    }
  }

  /** So many bytes of all that was written are with the system. */
  sent(bytes: number): void {
    if (this.#owed === 0) return;
    let done = 0;
    for (const stretch of this.#stretches) {
      if (stretch.end > bytes) break;
      this.#owed -= stretch.bytes;
      done += 1;
    }
    this.#stretches.splice(0, done);
  }

  /** Whether another answer may be asked for. @param unread what unfinished messages take of the limit */
  mayOwe(unread: number): boolean {
    return this.#owed <= Math.max(0, this.#limit - unread);
  }

  /**
   * Looks again. It is spent above the limit, and until half of what others leave is free again: what is read goes back
   * and forth otherwise.
   * @param unanswered bytes of calls that handlers have not answered
   * @param unread bytes of unfinished messages, which only more reading can finish
   * @returns whether that has changed
   */
  check(unanswered: number, unread: number): boolean {
    const room = Math.max(0, this.#limit - unread);
    const held = this.#owed + unanswered;
    const isSpent = held > (this.#isSpent ? room / 2 : room);
    const hasChanged = isSpent !== this.#isSpent;
    this.#isSpent = isSpent;
    return hasChanged;
  }
}
