/** Values to bytes: containers and dispatch. Faults are thrown bare; explain.ts then walks the value once more for their path. */

import { EtfError } from "./error.ts";
import { identity } from "./identity.ts";
import { MAX_DEPTH } from "./limits.ts";
import { TermMap } from "./map.ts";
import type { Settings } from "./options.ts";
import { NO_WRITER } from "./output.ts";
import { isToTerm, type Properties, Records } from "./records.ts";
import { writeSpecial } from "./special.ts";
import { Atom, Term, Tuple } from "./term.ts";
import { refusedType } from "./unsupported.ts";
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
    if (value instanceof Map) return this.anyMap(value, at);
    return this.record(value as Properties, at);
  }

  /** A tuple. */
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
    const { length } = value;
    const tag = length === 0 ? this.emptyTag : this.filledTag;
    let p = this.header(tag, length, at);
    if (tag === 77) p = this.byte(length === 0 ? 0 : 8, p);
    return length < this.writer.externalFrom ? this.raw(value, p) : this.external(value, p);
  }

  /** Notes where `bytes` belong, instead of copying them. */
  protected external(bytes: Uint8Array, at: number): number {
    this.writer.externals.push({ position: at, bytes });
    this.writer.externalBytes += bytes.length;
    return at;
  }

  private anyMap(value: ReadonlyMap<unknown, unknown>, at: number): number {
    if (isToTerm(value)) return this.converted(value, at);
    if (!(value instanceof TermMap)) checkKeys(value);
    return this.map(value, at);
  }

  /** A map whose keys are all different terms. */
  protected map(value: ReadonlyMap<unknown, unknown>, at: number): number {
    let p = this.header(116, value.size, at);
    this.enter();
    for (const [key, item] of value) p = this.term(item, this.term(key, p));
    this.levels++;
    return p;
  }
}

/** Refuses keys that are different for JavaScript and the same term: a number and the same bigint, two equal tuples, … */
function checkKeys(map: ReadonlyMap<unknown, unknown>): void {
  let simple = true;
  for (const key of map.keys()) simple &&= typeof key === "string" || typeof key === "number";
  if (simple) return;
  const seen = new Set<string>();
  for (const key of map.keys()) {
    const id = identity(key);
    if (seen.has(id)) throw new EtfError("ETF_DUPLICATE_KEY", "two keys of a Map are the same term");
    seen.add(id);
  }
}

function isByte(value: unknown): value is number {
  return typeof value === "number" && (value & 255) === value && (value !== 0 || 1 / value > 0);
}

function dropExternals(writer: Writer, keep: number): void {
  for (const { bytes } of writer.externals.splice(keep)) writer.externalBytes -= bytes.length;
}
