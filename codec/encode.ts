/** Values to bytes: containers and dispatch. Faults are thrown bare; explain.ts then walks the value once more for their path. */

import { EtfError } from "./error.ts";
import { MAX_DEPTH } from "./limits.ts";
import { atomBytes, binaryBytes, type Encoded, encoded, NameCache } from "./names.ts";
import type { Settings } from "./options.ts";
import { NO_WRITER, Output } from "./output.ts";
import { writeSpecial } from "./special.ts";
import { Atom, Term, Tuple } from "./term.ts";
import { checkObject, refusedType } from "./unsupported.ts";
import { makeWriteShape, NO_SHAPE, type ShapeEncoder, type WriteShape } from "./write-shape.ts";
import type { Writer } from "./writer.ts";

/** A value that says itself how it is to be written. */
export interface ToTerm {
  toTerm(): unknown;
}

type Properties = Readonly<Record<string, unknown>>;

/** Kinds of objects that code is made for, at most, by one encoder. */
const MAX_SHAPES = 256;
/** The first object of a kind that code is made for; then the 2nd, 4th, … of what its code did not fit. */
const FIRST_TRY = 8;
/** Kinds with the same first key. */
const MAX_ALIKE = 4;

/** Writes values into a writer, one at a time. */
export class Encoder extends Output implements ShapeEncoder {
  lastShape: WriteShape = NO_SHAPE;
  private shapes = 0;
  /** What comes before the first key of an object. */
  private readonly start = encoded("", new Uint8Array(0));
  private readonly keys: NameCache;
  private readonly settings: Settings;

  constructor(settings: Settings) {
    super();
    this.settings = settings;
    this.keys = new NameCache(settings.keys === "atom" ? atomBytes : binaryBytes);
  }

  /**
   * Appends `before` bytes, left as they are, and `value`. Gives the position of the first of these bytes.
   * On a fault the writer is as it was before.
   */
  write(writer: Writer, value: unknown, before: number): number {
    if (writer.busy || this.writer !== NO_WRITER) return this.writeInside(writer, value, before);
    const start = writer.position - writer.keepFrom;
    const externals = writer.externals.length;
    writer.busy = true;
    this.use(writer);
    this.levels = MAX_DEPTH;
    try {
      writer.position = this.term(value, this.room(writer.position, before) + before);
    } catch (error) {
      writer.position = writer.keepFrom + start;
      dropExternals(writer, externals);
      throw error;
    } finally {
      writer.busy = false;
      this.use(NO_WRITER);
    }
    return writer.keepFrom + start;
  }

  /** The same while this encoder is writing already: a `toTerm()` or getter encodes something on its own. */
  private writeInside(writer: Writer, value: unknown, before: number): number {
    if (writer.busy)
      throw new EtfError("ETF_REENTRANT", "a toTerm() or getter wrote to the writer that was being written");
    const { writer: outer, levels } = this;
    this.writer = NO_WRITER;
    try {
      return this.write(writer, value, before);
    } finally {
      this.use(outer);
      this.levels = levels;
    }
  }

  /** Any value. A chain of `typeof` tests, because a switch would make V8 build the type's name first. */
  term(value: unknown, at: number): number {
    if (typeof value === "string") return this.text(value, at);
    if (typeof value === "number") return this.number(value, at);
    if (typeof value === "object") return value === null ? this.nil(at) : this.object(value, at);
    if (typeof value === "boolean") return this.boolean(value, at);
    if (value === undefined) return this.undefined(at);
    if (typeof value === "bigint") return this.bigint(value, at);
    throw refusedType(value);
  }

  private object(value: object, at: number): number {
    if (Array.isArray(value)) return value instanceof Tuple ? this.tuple(value, at) : this.list(value, at);
    if (value instanceof Term)
      return value instanceof Atom ? this.name(value.encoded, at) : writeSpecial(this, value, at);
    if (value instanceof Uint8Array) return this.bytes(value, at);
    if (value instanceof Map) return this.map(value, at);
    return this.record(value as Properties, at);
  }

  private tuple(items: readonly unknown[], at: number): number {
    const arity = items.length;
    let p = this.room(at, 5);
    if (arity <= 255) {
      this.view.setUint16(p, 0x6800 | arity);
      p += 2;
    } else p = this.header(105, arity, p);
    this.enter();
    for (let i = 0; i < arity; i++) p = this.term(items[i], p);
    this.levels++;
    return p;
  }

  /** A proper list: STRING_EXT when it is one of bytes and short enough, as Erlang does. */
  list(items: readonly unknown[], at: number): number {
    const { length } = items;
    if (length === 0) return this.byte(106, at);
    if (length <= 65_535) {
      const p = this.string(items, at);
      if (p >= 0) return p;
    }
    let p = this.header(108, length, at);
    this.enter();
    let shape = NO_SHAPE;
    for (let i = 0; i < length; i++) {
      const item = items[i];
      if (typeof item === "number") p = this.number(item, p);
      else if (typeof item === "object" && item !== null) {
        const behind = shape.write(item, p);
        if (behind >= 0) p = behind;
        else {
          this.lastShape = NO_SHAPE;
          p = this.object(item, p);
          shape = this.lastShape;
        }
      } else p = this.term(item, p);
    }
    this.levels++;
    return this.byte(106, p);
  }

  /** STRING_EXT (107), or -1 when an item is no byte. */
  private string(items: readonly unknown[], at: number): number {
    if (!isByte(items[0])) return -1;
    const { length } = items;
    const p = this.room(at, 3 + length);
    const { view } = this;
    for (let i = 0; i < length; i++) {
      const item = items[i];
      if (!isByte(item)) return -1;
      view.setUint8(p + 3 + i, item);
    }
    view.setUint8(p, 107);
    view.setUint16(p + 1, length);
    return p + 3 + length;
  }

  private bytes(value: Uint8Array, at: number): number {
    const { bytes } = this.settings;
    const plain = bytes === "binary" || (bytes === "bit_binary" && value.length === 0);
    let p = this.header(plain ? 109 : 77, value.length, at);
    if (!plain) p = this.byte(value.length === 0 ? 0 : 8, p);
    if (value.length < this.writer.externalFrom) return this.raw(value, p);
    this.writer.externals.push({ position: p, bytes: value });
    this.writer.externalBytes += value.length;
    return p;
  }

  private map(value: ReadonlyMap<unknown, unknown>, at: number): number {
    let p = this.header(116, value.size, at);
    this.enter();
    for (const [key, item] of value) p = this.term(item, this.term(key, p));
    this.levels++;
    return p;
  }

  /** An object that is a map by its properties, or says by `toTerm()` what it is. */
  private record(value: Properties, at: number): number {
    const proto: unknown = Object.getPrototypeOf(value);
    if (proto === Object.prototype || proto === null) return this.entries(value, at);
    if (typeof value["toTerm"] === "function") return this.converted(value, at);
    checkObject(value);
    return this.entries(value, at);
  }

  private converted(value: Properties, at: number): number {
    this.enter();
    const p = this.term((value as unknown as ToTerm).toTerm(), at);
    this.levels++;
    return p;
  }

  private entries(value: Properties, at: number): number {
    for (const first in value) {
      const entry = this.keys.get(first);
      for (let shape = entry.shape; shape !== undefined; shape = shape.next) {
        const behind = shape.write(value, at);
        if (behind < 0) continue;
        this.lastShape = shape;
        return behind;
      }
      if (++entry.strangers >= FIRST_TRY && (entry.strangers & (entry.strangers - 1)) === 0)
        this.learn(entry, value);
      break;
    }
    return this.general(value, at);
  }

  private learn(first: Encoded, sample: Properties): void {
    let alike = 0;
    for (let shape = first.shape; shape !== undefined; shape = shape.next) alike++;
    if (alike >= MAX_ALIKE || this.shapes >= MAX_SHAPES) return;
    const keys = Object.keys(sample).map((key) => this.keys.get(key));
    const made = makeWriteShape(this, sample, keys, first.shape);
    if (made === undefined) return;
    this.shapes++;
    first.shape = made;
  }

  /** The properties one by one. Each key is foretold by the one before: objects of a kind follow each other. */
  private general(value: Properties, at: number): number {
    const keys = Object.keys(value);
    let p = this.header(116, keys.length, at);
    const count = p - 4 - this.writer.keepFrom;
    let missing = 0;
    let last: Encoded = this.start;
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

function isByte(value: unknown): value is number {
  return typeof value === "number" && (value & 255) === value && (value !== 0 || 1 / value > 0);
}

function dropExternals(writer: Writer, keep: number): void {
  for (const { bytes } of writer.externals.splice(keep)) writer.externalBytes -= bytes.length;
}
