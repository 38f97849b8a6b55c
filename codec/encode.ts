/** Values to bytes: containers and dispatch. Faults are thrown bare; explain.ts then walks the value once more for their path. */

import { adopt } from "./adopt.ts";
import { byteLength } from "./bytes.ts";
import { checkKeys, checkPair, type Entries, entriesOf, Keys, plainSize } from "./entries.ts";
import { EtfError } from "./error.ts";
import { BYTES, FOREIGN, type Kind, kindOf, MAP, RECORD, TUPLE } from "./kind.ts";
import { MAX_DEPTH } from "./limits.ts";
import type { Settings } from "./options.ts";
import { NO_WRITER } from "./output.ts";
import { type Properties, Records, toTermOf } from "./records.ts";
import { writeSpecial } from "./special.ts";
import { Atom } from "./term.ts";
import { refusedObject, refusedType } from "./unsupported.ts";
import { NO_SHAPE } from "./write-shape.ts";
import type { Writer } from "./writer.ts";

/** Writes values into a writer, one at a time. */
export class Encoder extends Records {
  /** The tags of byte arrays: with bytes in them and without. */
  private readonly filledTag: number;
  private readonly emptyTag: number;

  constructor(settings: Settings) {
    super(settings);
    this.filledTag = settings.bytes === "binary" ? 109 : 77;
    this.emptyTag = settings.bytes === "bit_binary_always" ? 77 : 109;
  }

  /**
   * Appends `before` bytes, left as they are, and `value`. Gives the position of the first of these bytes.
   * On a fault the writer is as it was before.
   */
  write(writer: Writer, value: unknown, before: number): number {
    if (writer.busy || this.writer !== NO_WRITER) return this.writeInside(writer, value, before);
    const start = writer.position - writer.keepFrom;
    writer.busy = true;
    this.use(writer);
    this.levels = MAX_DEPTH;
    try {
      writer.position = this.term(value, this.room(writer.position, before) + before);
      writer.checkSize();
    } catch (error) {
      writer.position = writer.keepFrom + start;
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
    if (Array.isArray(value)) return this.array(value, at);
    // What most values are is seen by what a look at a property or a class of this copy costs; kindOf says it of all others.
    if (value.constructor === Object) return this.record(value as Properties, at);
    if (value instanceof Atom) return this.atom(value, at);
    return this.ofKind(kindOf(value), value, at);
  }

  /** An array says by `toTerm()` what it is, or is a tuple or a list. */
  private array(items: readonly unknown[], at: number): number {
    const toTerm = toTermOf(items);
    if (toTerm !== undefined) return this.converted(items, toTerm, at);
    if (items.constructor === Array) return this.list(items, at);
    return kindOf(items) === TUPLE ? this.tuple(items, at) : this.list(items, at);
  }

  protected ofKind(kind: Kind, value: object, at: number): number {
    if (kind === RECORD) return this.record(value as Properties, at);
    const toTerm = toTermOf(value);
    if (toTerm !== undefined) return this.converted(value, toTerm, at);
    if (kind === BYTES) return this.bytes(value as Uint8Array, at);
    if (kind === MAP) return this.map(value as Entries, at);
    if (kind === FOREIGN) return this.term(adopt(value), at);
    return writeSpecial(this, kind, value, at);
  }

  private atom(value: Atom, at: number): number {
    // An object that was made from an atom has no bytes.
    if (value.encoded === undefined) throw refusedObject(value);
    return this.name(value.encoded, at);
  }

  /** A tuple. */
  private tuple(items: readonly unknown[], at: number): number {
    const arity = this.countOf(items);
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
    const length = this.countOf(items);
    if (length === 0) return this.byte(106, at);
    if (length <= 65_535) {
      const p = this.string(items, length, at);
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
  private string(items: readonly unknown[], length: number, at: number): number {
    if (!isByte(items[0])) return -1;
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
    const length = byteLength(value);
    const tag = length === 0 ? this.emptyTag : this.filledTag;
    let p = this.header(tag, length, at);
    if (tag === 77) p = this.byte(length === 0 ? 0 : 8, p);
    return this.copy(value, length, p);
  }

  /**
   * The entries of a map. What was written is what is counted: a `toTerm()` or a getter can change the map meanwhile, and a
   * class of its own give what it likes.
   */
  protected map(value: Entries, at: number): number {
    let p = this.header(116, 0, at);
    const start = p - 5 - this.writer.keepFrom;
    const keys = new Keys();
    this.enter();
    if (plainSize(value) >= 0) for (const [key, item] of value) p = this.entry(key, item, keys, p);
    else for (const entry of entriesOf(value)) p = this.entry(...checkPair(entry), keys, p);
    this.levels++;
    const from = start + this.writer.keepFrom;
    if (keys.areDoubtful(value)) checkKeys(this.buffer, from, p, keys.count);
    this.view.setUint32(from + 1, keys.count);
    return p;
  }

  private entry(key: unknown, item: unknown, keys: Keys, at: number): number {
    const start = at - this.writer.keepFrom;
    const p = this.term(key, at);
    keys.add(key, this.view, start + this.writer.keepFrom, p);
    return this.term(item, p);
  }
}

function isByte(value: unknown): value is number {
  return typeof value === "number" && (value & 255) === value && (value !== 0 || 1 / value > 0);
}
