/**
 * The calls of one worker that were written and not yet answered. An Id is `generation << 16 | slot`: the slot finds
 * the call without a search, the generation tells a late answer from one to the slot's present call. The program
 * stores by the same slots in its black box (rust-port/portreeve/src/blackbox.rs).
 */

const GENERATIONS = 0x7fff;

/** A table of calls by Id, with room for a fixed number. */
export class Pending<Call> {
  readonly #calls: (Call | undefined)[];
  readonly #generations: Uint16Array;
  /** Slots that are free, the last one used first: its memory is still in the cache. */
  readonly #free: Uint16Array;
  #freeCount: number;

  /** @param capacity how many calls may be unanswered, 1 to 65 536 */
  constructor(capacity: number) {
    this.#calls = new Array(capacity).fill(undefined);
    this.#generations = new Uint16Array(capacity);
    this.#free = Uint16Array.from({ length: capacity }, (_, i) => capacity - 1 - i);
    this.#freeCount = capacity;
  }

  /** How many calls are unanswered. */
  get size(): number {
    return this.#calls.length - this.#freeCount;
  }

  get isFull(): boolean {
    return this.#freeCount === 0;
  }

  /** @returns the call's Id; the table must not be full */
  add(call: Call): number {
    this.#freeCount -= 1;
    const slot = this.#free[this.#freeCount] ?? 0;
    const generation = ((this.#generations[slot] ?? 0) % GENERATIONS) + 1;
    this.#generations[slot] = generation;
    this.#calls[slot] = call;
    return (generation << 16) | slot;
  }

  /** The call with this Id, or undefined when there is none (any more). */
  get(id: number): Call | undefined {
    const slot = id & 0xffff;
    return id >>> 16 === this.#generations[slot] ? this.#calls[slot] : undefined;
  }

  /** Ends the call with this Id and frees its slot. */
  take(id: number): Call | undefined {
    const call = this.get(id);
    if (call === undefined) return undefined;
    const slot = id & 0xffff;
    this.#calls[slot] = undefined;
    this.#free[this.#freeCount] = slot;
    this.#freeCount += 1;
    return call;
  }

  /** Whether any unanswered call is such. */
  some(isSuch: (call: Call) => boolean): boolean {
    return this.#calls.some((call) => call !== undefined && isSuch(call));
  }

  /** Ends all; in the order of their slots, which is no order that a caller knows. */
  takeAll(): Call[] {
    const calls = this.#calls.filter((call) => call !== undefined);
    this.#calls.fill(undefined);
    for (let i = 0; i < this.#calls.length; i += 1) this.#free[i] = i;
    this.#freeCount = this.#calls.length;
    return calls;
  }
}
