/**
 * Deadlines of thousands of calls on one timer: a hashed wheel. A deadline is never early and up to two ticks late.
 * What is due at the same time hangs there as one batch, so that a call costs a place in a list.
 *
 * While the event loop was blocked, answers may have arrived that nobody has read yet: a late tick gives the deadlines
 * that it finds a little more time, once, in which the loop reads.
 */
import { monotonic, setImmediate, setTimeout } from "../timers.ts";

const TICK_MS = 8;
const SPOKES = 256;
/** A tick that comes this much too late says that the event loop was blocked. */
const LATE_MS = 12;

/** What can expire; the place is its batch's. */
export interface Timed {
  batch: Batch | undefined;
  place: number;
  /** It is due. */
  expire(): void;
}

/** Entries that are due at the same time. */
export class Batch {
  /** How long they have. */
  readonly ms: number;
  /** When they are due, in ms of `performance.now()`. */
  deadline = 0;
  /** True after a late tick found it due. */
  isSpared = false;
  /** Where it hangs; −1 when it does not. */
  spoke = -1;
  next: Batch | undefined;
  previous: Batch | undefined;
  wheel: Wheel | undefined;
  /** How many entries have not left. */
  size = 0;
  #entries: (Timed | undefined)[] = [];

  constructor(ms: number) {
    this.ms = ms;
  }

  add(entry: Timed): void {
    entry.batch = this;
    entry.place = this.#entries.length;
    this.#entries.push(entry);
    this.size += 1;
  }

  /** Takes an entry out that is in. An empty batch is not waited for. */
  remove(entry: Timed): void {
    entry.batch = undefined;
    this.#entries[entry.place] = undefined;
    this.size -= 1;
    if (this.size === 0) this.wheel?.remove(this);
  }

  /** Lets all expire that are still in. */
  expire(): void {
    const entries = this.#entries;
    for (const entry of entries) {
      if (entry?.batch !== this) continue;
      this.remove(entry);
      entry.expire();
    }
  }
}

/** A wheel for any number of deadlines. It does not keep Node alive. */
export class Wheel {
  readonly #spokes: (Batch | undefined)[] = new Array(SPOKES).fill(undefined);
  #size = 0;
  #ticks = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Puts a batch in; an empty one is left out. @param deadline ms of `performance.now()` */
  add(batch: Batch, deadline: number): void {
    if (batch.size === 0) return;
    if (this.#size === 0) this.#wind();
    this.#size += 1;
    const tick = Math.max(Math.floor(deadline / TICK_MS) + 1, this.#ticks + 1);
    const spoke = tick % SPOKES;
    const head = this.#spokes[spoke];
    batch.wheel = this;
    batch.deadline = deadline;
    batch.spoke = spoke;
    batch.next = head;
    batch.previous = undefined;
    if (head !== undefined) head.previous = batch;
    this.#spokes[spoke] = batch;
  }

  /** Takes a batch out; nothing happens when it is not in. */
  remove(batch: Batch): void {
    if (batch.spoke === -1) return;
    const { next, previous } = batch;
    if (next !== undefined) next.previous = previous;
    if (previous !== undefined) previous.next = next;
    else this.#spokes[batch.spoke] = next;
    batch.spoke = -1;
    batch.next = undefined;
    batch.previous = undefined;
    this.#size -= 1;
  }

  #wind(): void {
    this.#ticks = Math.floor(monotonic() / TICK_MS);
    if (this.#timer === undefined) this.#timer = setTimeout(turn, TICK_MS, this).unref();
  }

  /** Passes all spokes up to now, and expires what is due on them. */
  turn(): void {
    const now = monotonic();
    const last = Math.floor(now / TICK_MS);
    const wasBlocked = now - (this.#ticks + 1) * TICK_MS > LATE_MS + TICK_MS;
    const due: Batch[] = [];
    const from = Math.max(this.#ticks + 1, last - SPOKES + 1);
    for (let tick = from; tick <= last; tick += 1) this.#collect(tick % SPOKES, now, due);
    this.#ticks = last;
    // What lies in the sockets is read between the timers and the immediates of one turn of the event loop.
    if (due.length > 0) setImmediate(() => this.#expire(due, wasBlocked));
    this.#timer = this.#size > 0 ? setTimeout(turn, TICK_MS, this).unref() : undefined;
  }

  #collect(spoke: number, now: number, due: Batch[]): void {
    for (let batch = this.#spokes[spoke]; batch !== undefined; batch = batch.next) {
      if (batch.deadline <= now) due.push(batch);
    }
  }

  #expire(due: readonly Batch[], wasBlocked: boolean): void {
    for (const batch of due) {
      if (batch.spoke === -1) continue;
      this.remove(batch);
      if (wasBlocked && !batch.isSpared) this.#spare(batch);
      else batch.expire();
    }
  }

  #spare(batch: Batch): void {
    batch.isSpared = true;
    this.add(batch, monotonic() + 2 * TICK_MS);
  }
}

function turn(wheel: Wheel): void {
  wheel.turn();
}
