/** The codec: options settled once, then nothing but reading and writing. `src/wire` holds one for each port. */

import { checkMethods } from "./arguments.ts";
import { deflate, inflate } from "./compress.ts";
import type { Decoder } from "./decode.ts";
import { Encoder } from "./encode.ts";
import { EtfError } from "./error.ts";
import { ExactDecoder } from "./exact.ts";
import { explain } from "./explain.ts";
import { VERSION } from "./limits.ts";
import { type CodecOptions, type Settings, settle } from "./options.ts";
import { BytesDecoder, PlainDecoder } from "./plain.ts";
import { checkRange, checkVersion } from "./range.ts";
import { type Schema, validate } from "./schema.ts";
import { SortedEncoder } from "./sorted.ts";
import type { Decoded, PlainTerm } from "./types.ts";
import { Writer } from "./writer.ts";

/** A larger buffer is not kept for the next message. */
const KEPT_BYTES = 1024 * 1024;

/** What the 4 bytes of a frame's length can say. */
const MAX_LENGTH = 0xffff_ffff;

/** Reads and writes terms in the way its options say. */
export class Codec<const O extends CodecOptions = Record<never, never>> {
  private readonly decoder: Decoder;
  private readonly encoder: Encoder;
  /** @internal What the options came to. */
  readonly settings: Settings;
  private scratch = new Writer();

  /** @throws EtfError ETF_OPTION when an option is unknown or has a value that it does not take. */
  constructor(options?: O) {
    this.settings = settle(options === undefined ? {} : options);
    this.decoder = decoderFor(this.settings);
    this.encoder = this.settings.deterministic
      ? new SortedEncoder(this.settings)
      : new Encoder(this.settings);
  }

  /** The bytes of `value`: 131 and one term. @throws EtfError with the path of what ETF cannot hold. */
  encode(value: unknown): Uint8Array {
    const writer = this.scratch.busy ? new Writer() : this.scratch;
    writer.position = 0;
    const at = this.writeWhole(writer, value, 0);
    writer.view.setUint8(at, VERSION);
    const bytes = writer.buffer.slice(0, writer.position);
    if (writer.buffer.length > KEPT_BYTES) this.scratch = new Writer();
    return bytes;
  }

  /** Appends a frame: 4 bytes length, 131, one term. @throws EtfError, the writer being as before. */
  encodeInto(value: unknown, writer: Writer): void {
    if (!(writer instanceof Writer)) checkMethods("writer", "a Writer", writer, ["reserve", "grow"]);
    const at = this.writeWhole(writer, value, 4);
    writer.view.setUint32(at, checkLength(writer.position - at - 4));
    writer.view.setUint8(at + 4, VERSION);
  }

  /** How many bytes {@link encode} would give, without compression. */
  sizeOf(value: unknown): number {
    const writer = new Writer();
    this.write(writer, value, 1);
    return writer.position;
  }

  /** Appends one term without the 131. @throws EtfError with a path, the writer being as before. */
  writeTerm(writer: Writer, value: unknown): void {
    if (!(writer instanceof Writer)) checkMethods("writer", "a Writer", writer, ["reserve", "grow"]);
    this.write(writer, value, 0);
  }

  /**
   * The value of `bytes`: 131, one term, and nothing else. With a `schema` it is checked, and the type is the schema's.
   * @throws EtfError with offset and path; ETF_SCHEMA when the value is not what the schema wants.
   */
  decode<T = Decoded<O>>(bytes: Uint8Array, schema?: Schema<T>): T {
    checkRange(bytes, 0, 0);
    return this.decodeFrom(bytes, 0, bytes.length, schema);
  }

  /** The same of the bytes in `[start, end)`. Offsets in errors count from `start`. */
  decodeFrom<T = Decoded<O>>(bytes: Uint8Array, start: number, end: number, schema?: Schema<T>): T {
    const value = this.readWhole(bytes, start, end);
    return schema === undefined ? (value as T) : validate(schema, value);
  }

  private readWhole(bytes: Uint8Array, start: number, end: number): unknown {
    checkRange(bytes, start, end);
    checkVersion(bytes, start, end);
    if (bytes[start + 1] !== 80 || end < start + 2) return this.decoder.read(bytes, start + 1, end, start);
    const inflated = inflate(bytes.subarray(start + 2, end), this.settings.maxInflatedBytes);
    return this.decoder.read(inflated, 0, inflated.length, 0);
  }

  /** The value of the one term, without a 131, that fills `[start, end)`. @throws EtfError with offset and path. */
  readTerm(bytes: Uint8Array, start: number, end: number): unknown {
    checkRange(bytes, start, end);
    return this.decoder.read(bytes, start, end, start);
  }

  private write(writer: Writer, value: unknown, before: number): number {
    try {
      return this.encoder.write(writer, value, before);
    } catch (error) {
      throw this.explained(error, value, writer);
    }
  }

  /** The error with its path. What the value's own code does meanwhile must not reach the writer either. */
  private explained(error: unknown, value: unknown, writer: Writer): unknown {
    const { busy } = writer;
    writer.busy = true;
    try {
      return explain(error, value, this.attempt(writer.maxBytes));
    } finally {
      writer.busy = busy;
    }
  }

  /** Writes values to nowhere, one by one. */
  private attempt(maxBytes: number): (value: unknown) => void {
    const nowhere = new Writer(1024);
    nowhere.maxBytes = maxBytes;
    return (value) => {
      nowhere.position = 0;
      this.encoder.write(nowhere, value, 0);
    };
  }

  /** 131 and the term, compressed where that is wanted and pays, behind `before` free bytes. */
  private writeWhole(writer: Writer, value: unknown, before: number): number {
    if (this.settings.compressed === 0) return this.write(writer, value, before + 1);
    const plain = new Writer();
    this.write(plain, value, 0);
    const term = plain.buffer.subarray(0, plain.position);
    const packed = deflate(term, this.settings.compressed) ?? term;
    writer.reserve(before + 1 + packed.length);
    const at = writer.position;
    writer.buffer.set(packed, at + before + 1);
    writer.position = at + before + 1 + packed.length;
    return at;
  }
}

let shared: Codec | undefined;

/** The bytes of `value`, by a codec without options. @throws EtfError with the path of what ETF cannot hold. */
export function encode(value: unknown): Uint8Array {
  shared ??= new Codec();
  return shared.encode(value);
}

/** The value of `bytes` in the plain view, by a codec without options. @throws EtfError with offset and path. */
export function decode<T = PlainTerm>(bytes: Uint8Array, schema?: Schema<T>): T {
  shared ??= new Codec();
  return shared.decode(bytes, schema);
}

function checkLength(length: number): number {
  if (length <= MAX_LENGTH) return length;
  throw new EtfError("ETF_LIMIT", `a frame of ${length} bytes; its length has 32 bits`);
}

function decoderFor(settings: Settings): Decoder {
  if (settings.exact) return new ExactDecoder(settings);
  return settings.binaries === "text"
    ? new PlainDecoder(settings, settings.codegen)
    : new BytesDecoder(settings, settings.codegen);
}
