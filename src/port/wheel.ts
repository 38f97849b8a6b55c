/**
 * Deadlines of thousands of calls on one timer: a hashed wheel. A deadline is never early and up to two ticks late.
 *
 * While the event loop was blocked, answers may have arrived that nobody has read yet: a late tick gives the deadlines
 * that it finds a little more time, once, in which the loop reads.
 */

const TICK_MS = 8;
const SPOKES = 256;
/** A tick that comes this much too late says that the event loop was blocked. */
const LATE_MS = 12;

/** What a wheel holds; the links are its own. */
export interface Timed {
  /** When it is due, in ms of `performance.now()`. */
  deadline: number;
  wheelNext: Timed | undefined;
  wheelPrevious: Timed | undefined;
  /** Where it hangs; −1 when it does not. */
  spoke: number;
  /** True after a late tick found it due. */
  spared: boolean;
  /** It is due. */
  expire(): void;
}

/** A wheel for any number of deadlines. It does not keep Node alive. */
export class Wheel {
  readonly #spokes: (Timed | undefined)[] = new Array(SPOKES).fill(undefined);
  #size = 0;
  #ticks = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Puts an entry in; its `deadline` is set. */
  add(entry: Timed): void {
    if (this.#size === 0) this.#wind();
    this.#size += 1;
    const tick = Math.max(Math.floor(entry.deadline / TICK_MS) + 1, this.#ticks + 1);
    const spoke = tick % SPOKES;
    const head = this.#spokes[spoke];
    entry.spoke = spoke;
    entry.wheelNext = head;
    entry.wheelPrevious = undefined;
    if (head !== undefined) head.wheelPrevious = entry;
    this.#spokes[spoke] = entry;
  }

  /** Takes an entry out; nothing happens when it is not in. */
  remove(entry: Timed): void {
    if (entry.spoke === -1) return;
    const { wheelNext, wheelPrevious } = entry;
    if (wheelNext !== undefined) wheelNext.wheelPrevious = wheelPrevious;
    if (wheelPrevious !== undefined) wheelPrevious.wheelNext = wheelNext;
    else this.#spokes[entry.spoke] = wheelNext;
    entry.spoke = -1;
    entry.wheelNext = undefined;
    entry.wheelPrevious = undefined;
    this.#size -= 1;
  }

  #wind(): void {
    this.#ticks = Math.floor(performance.now() / TICK_MS);
    if (this.#timer === undefined) this.#timer = setTimeout(turn, TICK_MS, this).unref();
  }

  /** Passes all spokes up to now, and expires what is due on them. */
  turn(): void {
    const now = performance.now();
    const last = Math.floor(now / TICK_MS);
    const wasBlocked = now - (this.#ticks + 1) * TICK_MS > LATE_MS + TICK_MS;
    const due: Timed[] = [];
    const from = Math.max(this.#ticks + 1, last - SPOKES + 1);
    for (let tick = from; tick <= last; tick += 1) this.#collect(tick % SPOKES, now, due);
    this.#ticks = last;
    // What lies in the sockets is read between the timers and the immediates of one turn of the event loop.
    if (due.length > 0) setImmediate(() => this.#expire(due, wasBlocked));
    this.#timer = this.#size > 0 ? setTimeout(turn, TICK_MS, this).unref() : undefined;
  }

  #collect(spoke: number, now: number, due: Timed[]): void {
    for (let entry = this.#spokes[spoke]; entry !== undefined; entry = entry.wheelNext) {
      if (entry.deadline <= now) due.push(entry);
    }
  }

  #expire(due: readonly Timed[], wasBlocked: boolean): void {
    for (const entry of due) {
      if (entry.spoke === -1) continue;
      this.remove(entry);
      if (wasBlocked && !entry.spared) this.#spare(entry);
      else entry.expire();
    }
  }

  #spare(entry: Timed): void {
    entry.spared = true;
    entry.deadline = performance.now() + 2 * TICK_MS;
    this.add(entry);
  }
}

function turn(wheel: Wheel): void {
  wheel.turn();
}
