/** Objects that are written as maps by their properties: by code made for their kind where there is such code. */

import { isRecord, type Kind, kindOf, RECORD } from "./kind.ts";
import { atomBytes, binaryBytes, type Encoded, encoded, NameCache } from "./names.ts";
import type { Settings } from "./options.ts";
import { Output } from "./output.ts";
import { refusedObject } from "./unsupported.ts";
import { makeWriteShape, NO_SHAPE, type ShapeEncoder, type WriteShape } from "./write-shape.ts";

/** A value that says itself how it is to be written. */
export interface ToTerm {
  /** What is to be written instead of this object. */
  toTerm(): unknown;
}

/** An object seen as its properties. */
export type Properties = Readonly<Record<string, unknown>>;

/** Kinds of objects that code is made for, at most, by one encoder. */
const MAX_SHAPES = 256;
/** How many strangers begin with a key before code is made for the kind of the last; then at twice as many, and so on. */
const FIRST_TRY = 8;
/** Kinds with the same first key. */
const MAX_ALIKE = 4;

/** The part of an encoder that writes plain objects and instances of classes. */
export abstract class Records extends Output implements ShapeEncoder {
  lastShape: WriteShape = NO_SHAPE;
  private shapes = 0;
  private readonly mayGenerate: boolean;
  /** The keys of objects, as the option `keys` wants them. */
  protected readonly keys: NameCache;
  /** What comes before the first key of an object. */
  private readonly start = encoded("", new Uint8Array(0));

  constructor(settings: Settings) {
    super();
    this.mayGenerate = settings.codegen;
    this.keys = new NameCache(settings.keys === "atom" ? atomBytes : binaryBytes);
  }

  abstract term(value: unknown, at: number): number;
  abstract list(value: readonly unknown[], at: number): number;
  /** An object of that kind. */
  protected abstract ofKind(kind: Kind, value: object, at: number): number;

  /** An object that is a map by its properties, or says by `toTerm()` what it is. */
  protected record(value: Properties, at: number): number {
    for (const first in value) {
      // An arguments object is told from a record by nothing but what the runtime calls it.
      if (first === "0") break;
      const entry = this.keys.get(first);
      for (let shape = entry.shape; shape !== undefined; shape = shape.next) {
        const behind = shape.write(value, at);
        if (behind < 0) continue;
        this.lastShape = shape;
        return behind;
      }
      this.consider(entry, value);
      break;
    }
    return this.general(value, at);
  }

  protected general(value: Properties, at: number): number {
    // Whoever sent it here took a quick look only.
    const kind = kindOf(value);
    if (kind !== RECORD) return this.ofKind(kind, value, at);
    const toTerm = toTermOf(value);
    if (toTerm !== undefined) return this.converted(value, toTerm, at);
    const keys = Object.keys(value);
    if (!isRecord(value, keys)) throw refusedObject(value);
    return this.properties(value, keys, at);
  }

  /** What `toTerm()` gives. It counts as a level, so that one that gives itself comes to an end. */
  protected converted(value: object, toTerm: () => unknown, at: number): number {
    this.enter();
    const p = this.term(toTerm.call(value), at);
    this.levels++;
    return p;
  }

  /** Makes code for objects like `sample` when enough strangers began with the key `first`. */
  private consider(first: Encoded, sample: Properties): void {
    const seen = ++first.strangers;
    if (seen < FIRST_TRY || (seen & (seen - 1)) !== 0 || !this.mayGenerate) return;
    if (this.shapes >= MAX_SHAPES || alike(first) >= MAX_ALIKE || !mayHaveShape(sample)) return;
    const keys = Object.keys(sample).map((key) => this.keys.get(key));
    const made = makeWriteShape(this, sample, keys, first.shape);
    if (made === undefined) return;
    this.shapes++;
    first.shape = made;
  }

  /** The properties one by one. Each key is foretold by the one before: objects of a kind follow each other. */
  protected properties(value: Properties, keys: readonly string[], at: number): number {
    let p = this.header(116, keys.length, at);
    const count = p - 4 - this.writer.keepFrom;
    let missing = 0;
    let last = this.start;
    this.enter();
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      const item = value[key];
      last = last.next?.text === key ? last.next : this.follow(last, key);
      if (item === undefined) missing++;
      else p = this.term(item, this.name(last, p));
    }
    this.levels++;
    if (missing > 0) this.view.setUint32(count + this.writer.keepFrom, keys.length - missing);
    return p;
  }

  private follow(last: Encoded, key: string): Encoded {
    const next = this.keys.get(key);
    last.next = next;
    return next;
  }
}

/** The `toTerm` by which `value` says itself how it is to be written. */
export function toTermOf(value: object): (() => unknown) | undefined {
  const { toTerm } = value as Partial<ToTerm>;
  return typeof toTerm === "function" ? toTerm : undefined;
}

/** Whether `value` may be written by its properties, and by code made for its kind. */
function mayHaveShape(value: Properties): boolean {
  return toTermOf(value) === undefined && !("toTerm" in value) && kindOf(value) === RECORD;
}

function alike(first: Encoded): number {
  let count = 0;
  for (let shape = first.shape; shape !== undefined; shape = shape.next) count++;
  return count;
}
