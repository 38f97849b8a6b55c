/**
 * A bounded cache from bytes to what they stand for: atoms and map keys come again and again, and a hit builds no string.
 * Direct-mapped: a newcomer overwrites, so hostile input makes it slower, never larger.
 */

const SLOTS = 4096;
const SHIFT = 32 - Math.log2(SLOTS);
/** Names of more bytes are not kept. */
export const MAX_INTERNED = 32;

interface Entry<T> {
  readonly length: number;
  /** The first four bytes; of shorter names all of them. */
  readonly head: number;
  /** The last four bytes, 0 for shorter names. */
  readonly tail: number;
  /** What lies between, in words of four bytes, the last of which overlaps the tail. */
  readonly middle: readonly number[];
  readonly value: T;
}

/** What byte strings of up to {@link MAX_INTERNED} bytes stand for. */
export class Interner<T> {
  private readonly slots: (Entry<T> | undefined)[] = new Array(SLOTS).fill(undefined);
  private readonly make: (view: DataView, at: number, length: number) => T;

  /** @param make What the bytes stand for; called for what is not in the cache. It may throw. */
  constructor(make: (view: DataView, at: number, length: number) => T) {
    this.make = make;
  }

  /** What the `length` bytes at `at` stand for. They must be there. */
  find(view: DataView, at: number, length: number): T {
    const head = length < 4 ? short(view, at, length) : view.getInt32(at);
    const tail = length < 4 ? 0 : view.getInt32(at + length - 4);
    const slot = (Math.imul(head ^ length, 0x9e3779b1) ^ Math.imul(tail, 0x85ebca6b)) >>> SHIFT;
    const entry = this.slots[slot];
    if (entry !== undefined && entry.head === head && entry.tail === tail && entry.length === length) {
      if (length <= 8 || sameMiddle(entry.middle, view, at)) return entry.value;
    }
    return this.add(slot, {
      length,
      head,
      tail,
      middle: middle(view, at, length),
      value: this.make(view, at, length),
    });
  }

  private add(slot: number, entry: Entry<T>): T {
    this.slots[slot] = entry;
    return entry.value;
  }
}

function short(view: DataView, at: number, length: number): number {
  let word = 0;
  for (let i = 0; i < length; i++) word = (word << 8) | view.getUint8(at + i);
  return word;
}

function middle(view: DataView, at: number, length: number): number[] {
  const words = [];
  for (let i = 4; i < length - 4; i += 4) words.push(view.getInt32(at + i));
  return words;
}

function sameMiddle(words: readonly number[], view: DataView, at: number): boolean {
  for (let i = 0; i < words.length; i++) if (words[i] !== view.getInt32(at + 4 + 4 * i)) return false;
  return true;
}
