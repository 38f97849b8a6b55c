/**
 * Maps in the plain view: by code made for their kind where there is such code, otherwise entry by entry; plain objects as long as
 * all keys are text, and mixed.ts decides for the others.
 */

import { Decoder, type ReadLimits } from "./decode.ts";
import { MAX_INTERNED } from "./intern.ts";
import { define, MixedMap } from "./mixed.ts";
import {
  type KeyBytes,
  MAX_ENTRIES,
  makeReadShape,
  OTHER,
  type ReadShape,
  type ShapeDecoder,
} from "./read-shape.ts";
import { skip } from "./skip.ts";
import { readUtf8 } from "./text.ts";

type Properties = Record<string, unknown>;

/** What a property costs besides its two slots, with a short text in it, and an entry that needs a Map. */
const ENTRY = 32;
const MIXED_ENTRY = 160;

/** Where the kinds of maps that may be alike are kept: same number of entries, same length and first byte of the first key. */
interface Slot {
  shape: ReadShape | undefined;
  /** How many maps were of no known kind. */
  strangers: number;
}

/** How many slots there are: a power of two. */
const SLOTS = 1024;
/** Kinds that code is made for, at most, by one decoder. */
const MAX_SHAPES = 256;
/** Kinds in one slot. */
const MAX_ALIKE = 4;
/** How many strangers a slot sees before code is made for the kind of the last; then again at twice as many, and so on. */
const FIRST_TRY = 8;
/** A kind that has misled so often is dropped: others begin alike and are more frequent now. */
const MAX_MISLED = 1024;

/** The part of a plain decoder that reads maps. */
export abstract class MapDecoder extends Decoder implements ShapeDecoder {
  private readonly slots: readonly Slot[] = Array.from({ length: SLOTS }, () => ({
    shape: undefined,
    strangers: 0,
  }));
  private shapes = 0;
  /** Whether code may be made. */
  private readonly mayGenerate: boolean;
  /** Whether BINARY_EXT is a string in this view. */
  protected abstract readonly readsText: boolean;

  constructor(limits: ReadLimits, mayGenerate: boolean) {
    super(limits);
    this.mayGenerate = mayGenerate;
  }

  /** Reads the key at `at` when it is an atom of the usual form or text; otherwise gives `undefined` and reads nothing. */
  protected abstract textKey(tag: number): string | undefined;
  /** Reads one term as the exact view shows it. */
  abstract exactTerm(): unknown;

  /** MAP_EXT (116). */
  protected map(at: number): unknown {
    const count = this.view.getUint32(at + 1);
    this.spend(count * 2, at);
    this.charge(count * ENTRY, at);
    this.enter(at);
    this.at = at + 5;
    const shaped = count > 0 && count <= MAX_ENTRIES && at + 11 <= this.end;
    const value = shaped ? this.shaped(count) : this.entries({}, 0, count);
    this.levels++;
    return value;
  }

  private shaped(count: number): unknown {
    const { at } = this;
    const tag = this.view.getUint8(at);
    const key = this.view.getUint16(tag === 109 ? at + 4 : at + 1);
    const slot = this.slots[(key ^ (key >> 4) ^ (count * 37) ^ tag) & (SLOTS - 1)] as Slot;
    for (let shape = slot.shape; shape !== undefined; shape = shape.next) {
      if (shape.keys.length !== count) continue;
      const value = shape.read(at);
      if (value === OTHER) continue;
      if (shape.misled >= MAX_MISLED) forget(slot, shape);
      return value;
    }
    const value = this.entries({}, 0, count);
    if (++slot.strangers >= FIRST_TRY && (slot.strangers & (slot.strangers - 1)) === 0)
      this.learn(slot, at, value);
    return value;
  }

  private learn(slot: Slot, at: number, sample: object): void {
    if (!this.mayGenerate || this.shapes >= MAX_SHAPES || alike(slot) >= MAX_ALIKE) return;
    const tag = this.view.getUint8(at);
    // The two forms whose bytes say the key, and nothing but the key; old atoms (100, 115, 118) are read by the general code.
    if ((tag !== 109 && tag !== 119) || sample instanceof Map) return;
    const keys = this.keyBytes(at, tag, Object.keys(sample).length);
    if (keys === undefined) return;
    const made = makeReadShape(
      this,
      { tag, keys, sample: sample as Properties, readsText: this.readsText },
      slot.shape,
    );
    if (made === undefined) return;
    this.shapes++;
    slot.shape = made;
  }

  /** The keys of the map of `count` entries from `at` on, which has been read before, when all are short and of the tag `tag`. */
  private keyBytes(at: number, tag: number, count: number): KeyBytes[] | undefined {
    const keys: KeyBytes[] = [];
    const head = tag === 109 ? 5 : 2;
    let p = at;
    for (let i = 0; i < count; i++) {
      // Behind a shorter key the bytes may end before the length of a longer form would.
      if (this.view.getUint8(p) !== tag) return undefined;
      const length = tag === 109 ? this.view.getUint32(p + 1) : this.view.getUint8(p + 1);
      if (length > MAX_INTERNED) return undefined;
      const text = readUtf8(this.bytes, p + head, p + head + length);
      if (text === undefined) return undefined;
      keys.push({ text, bytes: Uint8Array.from(this.bytes.subarray(p, p + head + length)) });
      p = skip(this.bytes, p + head + length, this.at);
    }
    return keys;
  }

  /** Goes on with entry `index` of a map whose first entries were read as `shape` has them. */
  resume(shape: ReadShape, index: number, at: number, values: readonly unknown[]): unknown {
    const object: Properties = {};
    for (let i = 0; i < index; i++) define(object, shape.keys[i] ?? "", values[i]);
    shape.misled++;
    this.at = at;
    return this.entries(object, shape.tag, shape.keys.length - index);
  }

  /** Entries whose keys are all atoms or all text, the usual case; on the first that differs another road is taken. */
  private entries(object: Properties, before: number, count: number): object {
    const tag = before !== 0 || count === 0 ? before : this.view.getUint8(this.at);
    for (let i = 0; i < count; i++) {
      const from = this.at;
      const key = this.view.getUint8(from) === tag ? this.textKey(tag) : undefined;
      if (key === undefined) return this.mixed(object, tag, count - i);
      // A name that all objects have is defined: it may be read-only there, or a setter, which must not be called.
      if (key in object) {
        if (Object.hasOwn(object, key)) this.twice(from);
        define(object, key, this.term());
      } else object[key] = this.term();
    }
    return object;
  }

  private mixed(object: Properties, tag: number, count: number): object {
    const map = new MixedMap();
    this.charge(count * MIXED_ENTRY, this.at);
    map.addAll(object, tag === 119);
    for (let i = 0; i < count; i++) {
      const from = this.at;
      if (!this.addKey(map)) this.twice(from);
      map.setValue(this.term());
    }
    return map.finish();
  }

  private addKey(map: MixedMap): boolean {
    const { at, budget } = this;
    const text = this.view.getUint8(at) === 109 ? this.textKey(109) : undefined;
    if (text !== undefined) return map.addKey(text, text);
    const exact = this.exactTerm();
    this.chargeKey(exact, at);
    // Read once more for the plain view: the same bytes, so the same elements.
    this.at = at;
    this.budget = budget;
    return map.addKey(exact, this.term(), this.memo);
  }

  private twice(at: number): never {
    return this.fail("ETF_DUPLICATE_KEY", "a map has this key twice", at);
  }
}

function alike(slot: Slot): number {
  let count = 0;
  for (let shape = slot.shape; shape !== undefined; shape = shape.next) count++;
  return count;
}

function forget(slot: Slot, unwanted: ReadShape): void {
  const kept: ReadShape[] = [];
  for (let shape = slot.shape; shape !== undefined; shape = shape.next)
    if (shape !== unwanted) kept.push(shape);
  slot.shape = undefined;
  for (const shape of kept.reverse()) {
    shape.next = slot.shape;
    slot.shape = shape;
  }
}
