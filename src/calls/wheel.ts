/**
 * Deadlines of thousands of calls on one timer: a hashed wheel. A deadline is never early and up to two ticks late.
 * What is due at the same time hangs there as one batch, so that a call costs a place in a list.
 *
 * While the event loop was blocked, answers may have arrived that nobody has read yet: a late tick gives the deadlines
 * that it finds a little more time, once, in which the loop reads.
 */
import { clearTimeout, monotonic, setImmediate, setTimeout } from "../timers.ts";

const TICK_MS = 8;
const BUCKETS = 256;
/** The longest time that a timer of Node can wait, 2³¹ − 1 ms. */
const LONGEST_TIMER = 2 ** 31 - 1;
/** A timer that fires this much too late says that the event loop was blocked. */
const LATE_MS = 20;
/** So many ticks after it got its first entry a wheel looks whether it has any: most calls are answered long before. */
const FIRST_LOOK = 8;

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
  isDeferred = false;
  /** The tick at which it is found to be due; −1 when it is in no wheel. */
  tick = -1;
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
  readonly #buckets: (Batch | undefined)[] = new Array(BUCKETS).fill(undefined);
  #size = 0;
  #ticks = 0;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer fires, in ms of the monotonic clock: never after the first that is due. */
  #wakeAt = Number.POSITIVE_INFINITY;

  /** Puts a batch in; an empty one is left out. @param deadline ms of `performance.now()` */
  add(batch: Batch, deadline: number): void {
    if (batch.size === 0) return;
    if (this.#size === 0) this.#start();
    this.#size += 1;
    const tick = Math.max(Math.floor(deadline / TICK_MS) + 1, this.#ticks + 1);
    const bucket = tick % BUCKETS;
    const head = this.#buckets[bucket];
    batch.wheel = this;
    batch.deadline = deadline;
    batch.tick = tick;
    batch.next = head;
    batch.previous = undefined;
    if (head !== undefined) head.previous = batch;
    this.#buckets[bucket] = batch;
    if (tick * TICK_MS < this.#wakeAt) this.#sleep(monotonic(), tick);
  }

  /** Takes a batch out; nothing happens when it is not in. */
  remove(batch: Batch): void {
    if (batch.tick === -1) return;
    const { next, previous } = batch;
    if (next !== undefined) next.previous = previous;
    if (previous !== undefined) previous.next = next;
    else this.#buckets[batch.tick % BUCKETS] = next;
    batch.tick = -1;
    batch.next = undefined;
    batch.previous = undefined;
    this.#size -= 1;
  }

  #start(): void {
    const now = monotonic();
    this.#ticks = Math.floor(now / TICK_MS);
    if (this.#timer === undefined) this.#sleep(now, this.#ticks + FIRST_LOOK);
  }

  /** Wakes up at a tick; never for Infinity. */
  #sleep(now: number, tick: number): void {
    clearTimeout(this.#timer);
    this.#wakeAt = tick * TICK_MS;
    const ms = Math.max(1, Math.ceil(this.#wakeAt - now));
    const isOver = ms === Number.POSITIVE_INFINITY;
    this.#timer = isOver ? undefined : setTimeout(turn, Math.min(ms, LONGEST_TIMER), this).unref();
  }

  /** Passes all buckets up to now, expires what is due on them, and sleeps until more is. */
  turn(): void {
    const now = monotonic();
    const last = Math.floor(now / TICK_MS);
    const wasBlocked = now - this.#wakeAt > LATE_MS;
    const due: Batch[] = [];
    const from = Math.max(this.#ticks + 1, last - BUCKETS + 1);
    for (let tick = from; tick <= last; tick += 1) this.#collect(tick % BUCKETS, last, due);
    this.#ticks = Math.max(this.#ticks, last);
    // What lies in the sockets is read between the timers and the immediates of one turn of the event loop.
    if (due.length > 0) setImmediate(() => this.#expire(due, wasBlocked));
    this.#sleep(now, this.#nextTick());
  }

  /** The tick at which something is due that is not yet; Infinity when there is nothing. */
  #nextTick(): number {
    let next = Number.POSITIVE_INFINITY;
    for (let tick = this.#ticks + 1; tick <= this.#ticks + BUCKETS && tick < next; tick += 1) {
      for (let batch = this.#buckets[tick % BUCKETS]; batch !== undefined; batch = batch.next) {
        if (batch.tick > this.#ticks) next = Math.min(next, batch.tick);
      }
    }
    return next;
  }

  #collect(bucket: number, last: number, due: Batch[]): void {
    for (let batch = this.#buckets[bucket]; batch !== undefined; batch = batch.next) {
      if (batch.tick <= last) due.push(batch);
    }
  }

  #expire(due: readonly Batch[], wasBlocked: boolean): void {
    for (const batch of due) {
      if (batch.tick === -1) continue;
      this.remove(batch);
      if (wasBlocked && !batch.isDeferred) this.#defer(batch);
      else batch.expire();
    }
  }

  #defer(batch: Batch): void {
    batch.isDeferred = true;
    this.add(batch, monotonic() + 2 * TICK_MS);
  }
}

function turn(wheel: Wheel): void {
  wheel.turn();
}
