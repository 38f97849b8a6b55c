/** The codec: options settled once, then nothing but reading and writing. `src/wire` holds one for each port. */

import { deflate, inflate } from "./compress.ts";
import { checkRange, checkVersion, type Decoder } from "./decode.ts";
import { Encoder } from "./encode.ts";
import { EtfError } from "./error.ts";
import { ExactDecoder } from "./exact.ts";
import { explain } from "./explain.ts";
import { VERSION } from "./limits.ts";
import { type CodecOptions, type Settings, settle } from "./options.ts";
import { BytesDecoder, PlainDecoder } from "./plain.ts";
import { Writer } from "./writer.ts";

/** A larger buffer is not kept for the next message. */
const KEPT_BYTES = 1024 * 1024;

/** Reads and writes terms in the way its options say. Not to be used by two threads; each makes its own. */
export class Codec {
  private readonly decoder: Decoder;
  private readonly encoder: Encoder;
  private readonly settings: Settings;
  private scratch = new Writer();

  /** @throws EtfError ETF_OPTION when an option is unknown or has a value that it does not take. */
  constructor(options: CodecOptions = {}) {
    this.settings = settle(options);
    this.decoder = decoderFor(this.settings);
    this.encoder = new Encoder(this.settings);
  }

  /** The bytes of `value`: 131 and one term. @throws EtfError with the path of what ETF cannot hold. */
  encode(value: unknown): Uint8Array {
    const writer = this.scratch.busy ? new Writer() : this.scratch;
    writer.position = 0;
    const at = this.write(writer, value, 1);
    writer.view.setUint8(at, VERSION);
    if (this.settings.compressed > 0) this.compress(writer, at + 1);
    const bytes = writer.buffer.slice(0, writer.position);
    if (writer.buffer.length > KEPT_BYTES) this.scratch = new Writer();
    return bytes;
  }

  /** Appends a frame: 4 bytes length, 131, one term. @throws EtfError, the writer being as before. */
  encodeInto(value: unknown, writer: Writer): void {
    const external = writer.externalBytes;
    const at = this.write(writer, value, 5);
    if (this.settings.compressed > 0) this.compress(writer, at + 5);
    writer.view.setUint32(at, writer.position - at - 4 + writer.externalBytes - external);
    writer.view.setUint8(at + 4, VERSION);
  }

  /** How many bytes {@link encode} would give, without compression. */
  sizeOf(value: unknown): number {
    const writer = new Writer();
    writer.externalFrom = 1024;
    this.write(writer, value, 1);
    return writer.position + writer.externalBytes;
  }

  /** Appends one term without the 131. @throws EtfError with a path, the writer being as before. */
  writeTerm(writer: Writer, value: unknown): void {
    this.write(writer, value, 0);
  }

  /** The value of `bytes`: 131, one term, and nothing else. @throws EtfError with offset and path. */
  decode(bytes: Uint8Array): unknown {
    return this.decodeFrom(bytes, 0, bytes.length);
  }

  /** The same of the bytes in `[start, end)`. */
  decodeFrom(bytes: Uint8Array, start: number, end: number): unknown {
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
      throw explain(error, value, (part) => this.encoder.write(new Writer(1024), part, 0));
    }
  }

  private compress(writer: Writer, start: number): void {
    if (writer.externals.length > 0)
      throw new EtfError("ETF_OPTION", "a codec that compresses cannot leave bytes uncopied");
    const packed = deflate(writer.buffer.subarray(start, writer.position), this.settings.compressed);
    if (packed === undefined) return;
    writer.buffer.set(packed, start);
    writer.position = start + packed.length;
  }
}

function decoderFor({ exact, binaries, viewFrom }: Settings): Decoder {
  if (exact) return new ExactDecoder(viewFrom);
  return binaries === "text" ? new PlainDecoder(viewFrom) : new BytesDecoder(viewFrom);
}
