/**
 * The entries of a map while they are written, and that no two keys are the same term. A `toTerm()` or a getter can change the
 * map meanwhile, a class of its own can give what it likes, and what JavaScript tells apart may be one term: where that is
 * possible, what was written is looked at, for nothing else says what the reader will see.
 */

import { UNLIMITED } from "./decode.ts";
import { EtfError } from "./error.ts";
import { ExactDecoder } from "./exact.ts";
import { identity } from "./identity.ts";
import { skip } from "./skip.ts";
import { ATOM_VALUES, Atom } from "./term.ts";
import { unsupported } from "./unsupported.ts";

/** What an encoder takes for a map. */
export type Entries = ReadonlyMap<unknown, unknown>;

const entriesOfMap = Map.prototype.entries;
const sizeGetter = Object.getOwnPropertyDescriptor(Map.prototype, "size")?.get ?? (() => -1);
let decoder: ExactDecoder | undefined;

/** How many entries a Map has now, or -1 when it is none, or gives them by an iterator of its own. */
export function plainSize(map: Entries): number {
  return map[Symbol.iterator] === entriesOfMap && isMap(map) ? sizeGetter.call(map) : -1;
}

function isMap(map: Entries): boolean {
  try {
    sizeGetter.call(map);
    return true;
  } catch {
    return false;
  }
}

/** The entries of a map, by its own iterator. @throws EtfError ETF_UNSUPPORTED when it only looks like a Map */
export function entriesOf(map: Entries): Iterable<unknown> {
  if (isMap(map)) return map;
  try {
    const iterator = map[Symbol.iterator]();
    return { [Symbol.iterator]: () => iterator };
  } catch (cause) {
    const advice = "a Proxy round one has to pass its methods on";
    throw unsupported("something that only looks like a Map", advice, cause);
  }
}

/** An entry as a map's iterator gave it. */
export function checkPair(entry: unknown): readonly [unknown, unknown] {
  if (Array.isArray(entry)) return entry as unknown as readonly [unknown, unknown];
  throw unsupported("a Map whose iterator gives no pairs", "");
}

/** What is known of the keys of a map that is being written. */
export class Keys {
  /** How many there are. */
  count = 0;
  private isDoubtful = false;
  private hasText = false;
  /** Of binaries that were no text: equal ones have equal numbers. */
  private hashes: number[] | undefined;

  /** Notes a key, which was written to `[start, end)`. */
  add(key: unknown, view: DataView, start: number, end: number): void {
    this.count++;
    if (typeof key === "string") this.hasText = true;
    else if (!isDirect(key)) this.addIndirect(view, start, end);
  }

  private addIndirect(view: DataView, start: number, end: number): void {
    const tag = view.getUint8(start);
    if (tag === 109) this.addBinary(view, start + 5, end);
    else if (tag === 77 && view.getUint8(start + 5) === 8) this.addBinary(view, start + 6, end);
    else this.isDoubtful = true;
  }

  private addBinary(view: DataView, from: number, end: number): void {
    let hash = end - from;
    let at = from;
    for (; at + 4 <= end; at += 4) hash = Math.imul(hash ^ view.getInt32(at), 0x01000193);
    for (; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
    this.hashes ??= [];
    this.hashes.push(hash);
  }

  /**
   * Whether two keys may be the same term. A Map visits what is in it at the end at least once: as many visits as entries
   * are one visit each.
   */
  areDoubtful(map: Entries): boolean {
    if (this.count < 2) return false;
    if (this.isDoubtful || plainSize(map) !== this.count) return true;
    const { hashes } = this;
    return hashes !== undefined && (this.hasText || hasEqual(hashes));
  }
}

function hasEqual(numbers: readonly number[]): boolean {
  if (numbers.length > 16) return new Set(numbers).size < numbers.length;
  for (let i = 1; i < numbers.length; i++) if (numbers.indexOf(numbers[i] ?? 0) < i) return true;
  return false;
}

/** Refuses two keys that are the same term. `[start, end)` is a map of `count` entries, as it was written. */
export function checkKeys(buffer: Uint8Array, start: number, end: number, count: number): void {
  decoder ??= new ExactDecoder(UNLIMITED);
  const ids = new Set<string>();
  let at = start + 5;
  for (let i = 0; i < count; i++) {
    const value = skip(buffer, at, end);
    ids.add(identity(decoder.read(buffer, at, value, 0)));
    at = skip(buffer, value, end);
  }
  if (ids.size < count) throw duplicateKey();
}

/** The error for two keys that are the same term. */
export function duplicateKey(): EtfError {
  return new EtfError("ETF_DUPLICATE_KEY", "two keys of a Map are the same term");
}

/** Whether a Map's own telling apart is enough for a key among keys of this sort. */
function isDirect(key: unknown): boolean {
  switch (typeof key) {
    case "number":
      return key !== 0 || 1 / key > 0;
    case "boolean":
    case "undefined":
      return true;
    case "object":
      return key === null || (key instanceof Atom && !isValue(key));
    default:
      return false;
  }
}

/** Whether an atom is what a value of JavaScript is written as, too. */
function isValue({ name }: Atom): boolean {
  return name.length < 10 && ATOM_VALUES.has(name);
}
