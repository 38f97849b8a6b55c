/**
 * Where the encoder writes, and everything that is written without looking further: numbers, texts, atoms, headers. Every function
 * takes the position to write at and gives the one behind what it wrote, so that the hot path keeps it in a register.
 */

import { checkIntegerBytes, magnitudeHex, writeHex } from "./bignum.ts";
import { EtfError } from "./error.ts";
import { MAX_DEPTH } from "./limits.ts";
import { atomBytes, type Encoded, encoded } from "./names.ts";
import { MAX_LOOP, maxBytes, writeUtf8 } from "./text.ts";
import { refusedType, unsupported } from "./unsupported.ts";
import { Writer } from "./writer.ts";

/** Where nothing is written. */
export const NO_WRITER = new Writer(0);
const NIL = encoded("nil", atomBytes("nil"));
const TRUE = encoded("true", atomBytes("true"));
const FALSE = encoded("false", atomBytes("false"));
const UNDEFINED = encoded("undefined", atomBytes("undefined"));

/** The part of an encoder that knows no containers. */
export class Output {
  writer: Writer = NO_WRITER;
  buffer: Uint8Array = NO_WRITER.buffer;
  view: DataView = NO_WRITER.view;
  /** The buffer's length. */
  limit = 0;
  /** How many more containers may be entered. */
  levels = 0;

  /** Goes on in `writer`. */
  use(writer: Writer): void {
    this.writer = writer;
    this.buffer = writer.buffer;
    this.view = writer.view;
    this.limit = writer.buffer.length;
  }

  /** Where `bytes` bytes can be written: `at`, or its new place after the buffer grew. */
  room(at: number, bytes: number): number {
    return at + bytes <= this.limit ? at : this.grow(at, bytes);
  }

  private grow(at: number, bytes: number): number {
    const { writer } = this;
    writer.position = at;
    writer.reserve(bytes);
    this.use(writer);
    return writer.position;
  }

  /** Enters a container. */
  enter(): void {
    if (--this.levels < 0) this.tooDeep();
  }

  /** Refuses one more container. */
  tooDeep(): never {
    throw new EtfError("ETF_LIMIT", `deeper than ${MAX_DEPTH} levels`);
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
    return this.copy(bytes, bytes.length, at);
  }

  /** Bytes of a caller, whose array has that many of them whatever it says itself. */
  copy(bytes: Uint8Array, length: number, at: number): number {
    const p = this.room(at, length);
    this.buffer.set(bytes, p);
    return p + length;
  }

  /**
   * How many elements an array has.
   * @throws EtfError when a Proxy says what is no length, or more than can be written: each takes a byte or more
   */
  countOf(items: readonly unknown[]): number {
    const { length } = items;
    if (length >>> 0 !== length) throw unsupported("an array whose length is no length", "");
    const least = length + 5;
    if (length > 255 && least > this.writer.maxBytes) this.writer.tooLarge(least);
    return length;
  }

  /** An atom or a key. The last word may reach beyond it. */
  name({ words, length }: Encoded, at: number): number {
    const p = this.room(at, length + 3);
    const { view } = this;
    for (let i = 0; i < words.length; i++) view.setInt32(p + 4 * i, words[i] ?? 0);
    return p + length;
  }

  nil(at: number): number {
    return this.name(NIL, at);
  }
  boolean(value: boolean, at: number): number {
    return this.name(value ? TRUE : FALSE, at);
  }
  undefined(at: number): number {
    return this.name(UNDEFINED, at);
  }

  /** BINARY_EXT (109) of a text. */
  text(value: string, at: number): number {
    const { length } = value;
    if (length > MAX_LOOP) return this.longText(value, at);
    const p = this.room(at, length + 5);
    const { view } = this;
    let all = 0;
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      const a = value.charCodeAt(i);
      const b = value.charCodeAt(i + 1);
      const c = value.charCodeAt(i + 2);
      const d = value.charCodeAt(i + 3);
      all |= a | b | c | d;
      view.setInt32(p + 5 + i, (a << 24) | (b << 16) | (c << 8) | d);
    }
    for (; i < length; i++) {
      const c = value.charCodeAt(i);
      all |= c;
      view.setUint8(p + 5 + i, c);
    }
    if (all > 127) return this.longText(value, p);
    view.setUint8(p, 109);
    view.setUint32(p + 1, length);
    return p + 5 + length;
  }

  private longText(value: string, at: number): number {
    // UTF-8 has no fewer bytes than the text has characters.
    if (value.length > this.writer.maxBytes) this.writer.tooLarge(value.length);
    const p = this.room(at, 5 + maxBytes(value));
    const length = writeUtf8(this.buffer, value, p + 5);
    if (length < 0)
      throw new EtfError("ETF_UNSUPPORTED", "a text with a lone surrogate, which is not Unicode");
    this.view.setUint8(p, 109);
    this.view.setUint32(p + 1, length);
    return p + 5 + length;
  }

  /** A safe integer as an integer, all others and -0 as floats. */
  number(value: number, at: number): number {
    const p = this.room(at, 10);
    if ((value & 255) === value && (value !== 0 || 1 / value > 0)) {
      this.view.setUint16(p, 0x6100 | value);
      return p + 2;
    }
    if ((value | 0) === value && value !== 0) {
      this.view.setUint8(p, 98);
      this.view.setInt32(p + 1, value);
      return p + 5;
    }
    return Number.isSafeInteger(value) && value !== 0 ? this.safeBig(value, p) : this.float(value, p);
  }

  /** NEW_FLOAT_EXT (70), integral or not. */
  float(value: number, at: number): number {
    if (!Number.isFinite(value)) throw refusedType(value);
    const p = this.room(at, 9);
    this.view.setUint8(p, 70);
    this.view.setFloat64(p + 1, value);
    return p + 9;
  }

  /** An integer of 4 to 7 bytes, for which there is room. */
  private safeBig(value: number, p: number): number {
    const { view } = this;
    const magnitude = Math.abs(value);
    const low = magnitude >>> 0;
    let high = (magnitude - low) / 0x1_0000_0000;
    view.setUint32(p + 3, low, true);
    let length = 4;
    for (; high > 0; high >>>= 8) view.setUint8(p + 3 + length++, high & 255);
    view.setUint8(p, 110);
    view.setUint8(p + 1, length);
    view.setUint8(p + 2, value < 0 ? 1 : 0);
    return p + 3 + length;
  }

  /** An integer in its shortest form. */
  bigint(value: bigint, at: number): number {
    if (value >= -0x8000_0000n && value <= 0x7fff_ffffn) return this.number(Number(value), at);
    const hex = magnitudeHex(value);
    const length = hex.length / 2;
    checkIntegerBytes(length);
    const small = length <= 255;
    const p = this.room(at, length + 6);
    const digits = p + (small ? 3 : 6);
    if (small) this.view.setUint16(p, 0x6e00 | length);
    else this.header(111, length, p);
    this.view.setUint8(digits - 1, value < 0n ? 1 : 0);
    writeHex(this.view, digits, hex);
    return digits + length;
  }
}
