/**
 * Workers that are replaced though nothing is wrong with them: by calls, age or memory. What is due is replaced at once,
 * unless as many as `workers` still finish what they had: so a port has never more than twice as many processes for it.
 */

import type { Recycle } from "../options/open.ts";
import { clearInterval, clearTimeout, monotonic, setImmediate, setInterval, setTimeout } from "../timers.ts";
import { dueForRecycling, residentBytes, spread } from "./recycle.ts";
import type { Worker } from "./worker.ts";

/** How often memory is looked at, and how long after a replacement that failed the next one is tried, in ms. */
const INTERVAL = 1000;
/** The longest time that a timer of Node can wait, 2³¹ − 1 ms. */
const LONGEST = 2 ** 31 - 1;

/** What the recycler needs of the pool. */
export interface RecyclerOwner {
  /** The workers that take calls. */
  readonly workers: readonly Worker[];
  /** How many workers finish what they had, beside their successors. */
  readonly retiring: number;
  /** Starts successors. */
  readonly renewals: { one(worker: Worker, reason: string): Promise<boolean> };
  /** Lets the worker go; its successor starts at once. */
  retire(worker: Worker, reason: string): void;
}

export class Recycler {
  readonly #limits: Recycle;
  readonly #workers: number;
  readonly #owner: RecyclerOwner;
  /** Workers that are to be replaced, and why, in the order in which that was found. */
  readonly #due = new Map<Worker, string>();
  /** Those of them whose successor is being started. */
  readonly #underWay = new Set<Worker>();
  readonly #ages = new Map<Worker, NodeJS.Timeout>();
  #timer: NodeJS.Timeout | undefined;

  /** @param workers of the port */
  constructor(limits: Recycle, workers: number, owner: RecyclerOwner) {
    this.#limits = limits;
    this.#workers = workers;
    this.#owner = owner;
  }

  /** All workers are ready for the first time. */
  start(): void {
    if (this.#limits.maxRss === undefined) return;
    this.#timer = setInterval(() => void this.#checkMemory(), INTERVAL).unref();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const timer of this.#ages.values()) clearTimeout(timer);
    this.#ages.clear();
    this.#due.clear();
  }

  /** A worker takes calls from now on. */
  ready(worker: Worker): void {
    const { maxAge } = this.#limits;
    if (maxAge !== undefined) this.#watchAge(worker, spread(maxAge, this.#workers, Math.random()));
  }

  /** A worker takes no more calls. */
  lost(worker: Worker): void {
    clearTimeout(this.#ages.get(worker));
    this.#ages.delete(worker);
    this.#due.delete(worker);
  }

  /** A worker was given all the calls that it may have. A turn later, for the last of them is just being written. */
  spent(worker: Worker): void {
    const reason = dueForRecycling(this.#limits, { calls: this.#limits.maxCalls ?? 0, age: 0, rss: 0 });
    setImmediate(() => this.#add(worker, reason));
  }

  /** A worker answered or ended: there may be room for a replacement that waits. */
  check(): void {
    for (const [worker, reason] of this.#due) {
      if (this.#underWay.has(worker)) continue;
      if (this.#owner.retiring + this.#underWay.size < this.#workers) void this.#replace(worker, reason);
      else if (worker.isSpent && worker.inFlight === 0) this.#owner.retire(worker, reason);
    }
  }

  #add(worker: Worker, reason: string | undefined): void {
    if (reason === undefined || this.#due.has(worker) || worker.state !== "ready") return;
    this.#due.set(worker, reason);
    this.check();
  }

  async #replace(worker: Worker, reason: string): Promise<void> {
    this.#underWay.add(worker);
    const isDone = await this.#owner.renewals.one(worker, reason);
    this.#underWay.delete(worker);
    if (isDone) this.check();
    else if (worker.isSpent) this.#owner.retire(worker, reason);
    else this.#retryLater(worker);
  }

  /** It goes on meanwhile, for nothing is wrong with it. */
  #retryLater(worker: Worker): void {
    this.#underWay.add(worker);
    setTimeout(() => {
      this.#underWay.delete(worker);
      this.check();
    }, INTERVAL).unref();
  }

  #watchAge(worker: Worker, due: number): void {
    const left = due - (monotonic() - worker.readyAt);
    const look = () => {
      if (left > LONGEST) this.#watchAge(worker, due);
      else this.#add(worker, `is ${Math.round(monotonic() - worker.readyAt)} ms old (recycle.maxAge)`);
    };
    this.#ages.set(worker, setTimeout(look, Math.min(Math.max(left, 1), LONGEST)).unref());
  }

  async #checkMemory(): Promise<void> {
    for (const worker of this.#owner.workers) {
      const rss = worker.pid === undefined ? 0 : await residentBytes(worker.pid);
      this.#add(worker, dueForRecycling(this.#limits, { calls: 0, age: 0, rss }));
    }
  }
}
