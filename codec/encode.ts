/**
 * Values to bytes. Every function takes the position to write at and gives the one behind what it wrote, so that the hot path
 * keeps it in a register. Faults are thrown bare; explain.ts then walks the value once more to name their path.
 */

import { checkIntegerBytes, magnitudeHex, writeHex } from "./bignum.ts";
import { EtfError } from "./error.ts";
import { MAX_DEPTH } from "./limits.ts";
import { atomBytes, binaryBytes, type Encoded, NameCache } from "./names.ts";
import type { Settings } from "./options.ts";
import { writeSpecial } from "./special.ts";
import { Atom, Tuple } from "./term.ts";
import { writeUtf8 } from "./text.ts";
import { checkObject, refusedType } from "./unsupported.ts";
import { Writer } from "./writer.ts";

/** A value that says itself how it is to be written. */
export interface ToTerm {
  toTerm(): unknown;
}

const NO_WRITER = new Writer(0);

/** Writes values into a writer, one at a time. */
export class Encoder {
  writer: Writer = NO_WRITER;
  buffer: Uint8Array = NO_WRITER.buffer;
  view: DataView = NO_WRITER.view;
  /** How many more containers may be entered. */
  levels = 0;
  private readonly atoms = new NameCache(atomBytes);
  private readonly keys: NameCache;
  private readonly settings: Settings;

  constructor(settings: Settings) {
    this.settings = settings;
    this.keys = new NameCache(settings.keys === "atom" ? atomBytes : binaryBytes);
  }

  /** Appends `value` to `writer`. On a fault the writer is as it was before. */
  write(writer: Writer, value: unknown): void {
    if (writer.busy)
      throw new EtfError("ETF_REENTRANT", "a toTerm() or getter wrote to the writer that was being written");
    const { writer: outer, levels } = this;
    const start = writer.position - writer.keepFrom;
    const externals = writer.externals.length;
    writer.busy = true;
    this.use(writer);
    this.levels = MAX_DEPTH;
    try {
      writer.position = this.term(value, writer.position);
    } catch (error) {
      writer.position = writer.keepFrom + start;
      dropExternals(writer, externals);
      throw error;
    } finally {
      writer.busy = false;
      this.use(outer);
      this.levels = levels;
    }
  }

  private use(writer: Writer): void {
    this.writer = writer;
    this.buffer = writer.buffer;
    this.view = writer.view;
  }

  /** Where `bytes` bytes can be written: `at`, or its new place after the buffer grew. */
  room(at: number, bytes: number): number {
    return at + bytes <= this.buffer.length ? at : this.grow(at, bytes);
  }

  private grow(at: number, bytes: number): number {
    const { writer } = this;
    writer.position = at;
    writer.reserve(bytes);
    this.buffer = writer.buffer;
    this.view = writer.view;
    return writer.position;
  }

  term(value: unknown, at: number): number {
    switch (typeof value) {
      case "string":
        return this.text(value, at);
      case "number":
        return this.number(value, at);
      case "object":
        return value === null ? this.name(this.atoms.get("nil"), at) : this.object(value, at);
      case "boolean":
        return this.name(this.atoms.get(value ? "true" : "false"), at);
      case "undefined":
        return this.name(this.atoms.get("undefined"), at);
      case "bigint":
        return this.bigint(value, at);
      default:
        throw refusedType(value);
    }
  }

  /** Enters a container. */
  enter(): void {
    if (--this.levels < 0) throw new EtfError("ETF_LIMIT", `deeper than ${MAX_DEPTH} levels`);
  }

  /** One byte. */
  byte(value: number, at: number): number {
    const p = this.room(at, 1);
    this.view.setUint8(p, value);
    return p + 1;
  }

  /** A 32-bit number. */
  word(value: number, at: number): number {
    const p = this.room(at, 4);
    this.view.setUint32(p, value);
    return p + 4;
  }

  /** A tag and a 32-bit count or length. */
  header(tag: number, count: number, at: number): number {
    const p = this.room(at, 5);
    this.view.setUint8(p, tag);
    this.view.setUint32(p + 1, count);
    return p + 5;
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array, at: number): number {
    const p = this.room(at, bytes.length);
    this.buffer.set(bytes, p);
    return p + bytes.length;
  }

  /** An atom or a key. */
  name({ words, length }: Encoded, at: number): number {
    const p = this.room(at, length + 3);
    for (let i = 0; i < words.length; i++) this.view.setInt32(p + 4 * i, words[i] ?? 0);
    return p + length;
  }

  private text(value: string, at: number): number {
    const p = this.room(at, 5 + 3 * value.length);
    const length = writeUtf8(this.buffer, value, p + 5);
    if (length < 0)
      throw new EtfError("ETF_UNSUPPORTED", "a text with a lone surrogate, which is not Unicode");
    this.view.setUint8(p, 109);
    this.view.setUint32(p + 1, length);
    return p + 5 + length;
  }

  private number(value: number, at: number): number {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return this.integer(value, at);
    if (!Number.isFinite(value)) throw refusedType(value);
    return this.float(value, at);
  }

  /** A float, integral or not. */
  float(value: number, at: number): number {
    const p = this.room(at, 9);
    this.view.setUint8(p, 70);
    this.view.setFloat64(p + 1, value);
    return p + 9;
  }

  /** A safe integer in its shortest form. */
  integer(value: number, at: number): number {
    const p = this.room(at, 10);
    if (value >= 0 && value <= 255) {
      this.view.setUint8(p, 97);
      this.view.setUint8(p + 1, value);
      return p + 2;
    }
    if ((value | 0) !== value) return this.safeBig(value, p);
    this.view.setUint8(p, 98);
    this.view.setInt32(p + 1, value);
    return p + 5;
  }

  /** An integer of 4 to 7 bytes, for which there is room. */
  private safeBig(value: number, p: number): number {
    let rest = Math.abs(value);
    let length = 0;
    for (; rest > 0; rest = Math.floor(rest / 256)) this.view.setUint8(p + 3 + length++, rest % 256);
    this.view.setUint8(p, 110);
    this.view.setUint8(p + 1, length);
    this.view.setUint8(p + 2, value < 0 ? 1 : 0);
    return p + 3 + length;
  }

  private bigint(value: bigint, at: number): number {
    if (value >= -0x8000_0000n && value <= 0x7fff_ffffn) return this.integer(Number(value), at);
    const hex = magnitudeHex(value);
    const length = hex.length / 2;
    checkIntegerBytes(length);
    const p = this.room(at, length + 6);
    const digits = p + (length <= 255 ? 3 : 6);
    this.view.setUint8(p, length <= 255 ? 110 : 111);
    if (length <= 255) this.view.setUint8(p + 1, length);
    else this.view.setUint32(p + 1, length);
    this.view.setUint8(digits - 1, value < 0n ? 1 : 0);
    writeHex(this.view, digits, hex);
    return digits + length;
  }

  private object(value: object, at: number): number {
    if (Array.isArray(value)) return value instanceof Tuple ? this.tuple(value, at) : this.list(value, at);
    if (value instanceof Atom) return this.name(this.atoms.get(value.name), at);
    if (value instanceof Uint8Array) return this.bytes(value, at);
    if (value instanceof Map) return this.map(value, at);
    const special = writeSpecial(this, value, at);
    return special >= 0 ? special : this.record(value, at);
  }

  private tuple(items: readonly unknown[], at: number): number {
    const arity = items.length;
    let p = arity <= 255 ? this.byte(arity, this.byte(104, at)) : this.header(105, arity, at);
    this.enter();
    for (let i = 0; i < arity; i++) p = this.term(items[i], p);
    this.levels++;
    return p;
  }

  private list(items: readonly unknown[], at: number): number {
    const length = items.length;
    if (length === 0) return this.byte(106, at);
    if (length <= 65_535 && items.every(isByte)) return this.string(items as readonly number[], at);
    let p = this.header(108, length, at);
    this.enter();
    for (let i = 0; i < length; i++) p = this.term(items[i], p);
    this.levels++;
    return this.byte(106, p);
  }

  private string(items: readonly number[], at: number): number {
    const p = this.room(at, 3 + items.length);
    this.view.setUint8(p, 107);
    this.view.setUint16(p + 1, items.length);
    this.buffer.set(items, p + 3);
    return p + 3 + items.length;
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

  private record(value: object, at: number): number {
    if ("toTerm" in value && typeof value.toTerm === "function") {
      this.enter();
      const p = this.term((value as ToTerm).toTerm(), at);
      this.levels++;
      return p;
    }
    checkObject(value);
    return this.entries(value as Readonly<Record<string, unknown>>, at);
  }

  private entries(value: Readonly<Record<string, unknown>>, at: number): number {
    const keys = Object.keys(value);
    let p = this.header(116, keys.length, at);
    const count = p - 4 - this.writer.keepFrom;
    let missing = 0;
    this.enter();
    for (const key of keys) {
      const item = value[key];
      if (item === undefined) missing++;
      else p = this.term(item, this.name(this.keys.get(key), p));
    }
    this.levels++;
    if (missing > 0) this.view.setUint32(count + this.writer.keepFrom, keys.length - missing);
    return p;
  }
}

function isByte(value: unknown): boolean {
  return typeof value === "number" && (value & 255) === value && !Object.is(value, -0);
}

function dropExternals(writer: Writer, keep: number): void {
  for (const { bytes } of writer.externals.splice(keep)) writer.externalBytes -= bytes.length;
}
