/**
 * Frames of `{packet, 4}` (a 4-byte big-endian length, then as many bytes) as web streams, for those who talk to Erlang without the
 * rest of this package: `readable.pipeThrough(termReader())`. `src/wire` has its own reader, made for many small frames a read.
 */

import { Codec } from "./codec.ts";
import { EtfError } from "./error.ts";
import { MAX_FRAME_BYTES } from "./limits.ts";
import { Writer } from "./writer.ts";

/** How frames are read. */
export interface FrameOptions {
  /** A longer frame is refused from its length alone. In bytes, default 64 MiB. */
  readonly maxFrameBytes?: number | undefined;
}

/** Chunks of bytes to frames, each without its length; an empty frame is an empty array. A stream that ends inside one is an error. */
export function frameReader(options: FrameOptions = {}): TransformStream<Uint8Array, Uint8Array> {
  const frames = new Splitter(options.maxFrameBytes ?? MAX_FRAME_BYTES);
  return new TransformStream({
    transform: (chunk, controller) => frames.push(chunk, (frame) => controller.enqueue(frame)),
    flush: () => frames.end(),
  });
}

/** Chunks of bytes to terms, one a frame; empty frames are ignored. `codec`: default one without options. */
export function termReader<T = unknown>(
  codec: { decode(bytes: Uint8Array): unknown } = new Codec(),
  options: FrameOptions = {},
): TransformStream<Uint8Array, T> {
  const frames = new Splitter(options.maxFrameBytes ?? MAX_FRAME_BYTES);
  return new TransformStream({
    transform: (chunk, controller) =>
      frames.push(chunk, (frame) => {
        if (frame.length > 0) controller.enqueue(codec.decode(frame) as T);
      }),
    flush: () => frames.end(),
  });
}

/** Byte arrays to frames: each behind its length. */
export function frameWriter(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(payload, controller) {
      const frame = new Uint8Array(4 + payload.length);
      new DataView(frame.buffer).setUint32(0, payload.length);
      frame.set(payload, 4);
      controller.enqueue(frame);
    },
  });
}

/** Values to frames of one term each. `codec`: default one without options. */
export function termWriter(
  codec: { encodeInto(value: unknown, writer: Writer): void } = new Codec(),
): TransformStream<unknown, Uint8Array> {
  const writer = new Writer();
  return new TransformStream({
    transform(value, controller) {
      writer.position = 0;
      codec.encodeInto(value, writer);
      controller.enqueue(writer.buffer.slice(0, writer.position));
    },
  });
}

/** Puts frames together. What came is kept as it came, and joined once: nothing is allocated for bytes that are not there. */
class Splitter {
  private readonly most: number;
  private pieces: Uint8Array[] = [];
  private held = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** Takes a chunk and gives the frames that it completes. Frames that lie within it are views of it. */
  push(chunk: Uint8Array, give: (frame: Uint8Array) => void): void {
    this.pieces.push(chunk);
    this.held += chunk.length;
    while (this.held >= 4) {
      const length = this.length();
      if (length > this.most) {
        throw new EtfError("ETF_LIMIT", `a frame of ${length} bytes; the limit is ${this.most}`);
      }
      if (this.held < 4 + length) return;
      const bytes = this.joined();
      give(bytes.subarray(4, 4 + length));
      this.keep(bytes.subarray(4 + length));
    }
  }

  /** @throws EtfError ETF_TRUNCATED when a frame has begun. */
  end(): void {
    if (this.held === 0) return;
    throw new EtfError(
      "ETF_TRUNCATED",
      `the stream ended inside a frame, ${this.held} bytes after its begin`,
    );
  }

  private length(): number {
    if ((this.pieces[0]?.length ?? 0) < 4) this.keep(this.joined());
    const head = this.pieces[0] ?? new Uint8Array(4);
    return new DataView(head.buffer, head.byteOffset, 4).getUint32(0);
  }

  private keep(bytes: Uint8Array): void {
    this.pieces = bytes.length === 0 ? [] : [bytes];
    this.held = bytes.length;
  }

  private joined(): Uint8Array {
    const [only] = this.pieces;
    if (this.pieces.length === 1 && only !== undefined) return only;
    const bytes = new Uint8Array(this.held);
    let at = 0;
    for (const piece of this.pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }
}
