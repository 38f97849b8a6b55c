/**
 * Bytes to frames: {packet,4}, a 4-byte big-endian length and that many bytes. Writing is output.ts's part; the
 * program's side of both is rust-port/portreeve/src/wire/frame.rs.
 *
 * A chunk holds whole frames, the rest of one, the beginning of one, or all of these. Whole frames are handed on where
 * they lie, without a copy; only a frame that comes in pieces is put together, once, when its last byte is there.
 */

import { ProtocolError } from "../errors.ts";
import { Pieces } from "./pieces.ts";
import { excerpt } from "./stray.ts";

/** Takes one frame: the bytes from `start` to `end`. It owns them only until it returns, unless it keeps a view. */
export type FrameListener = (bytes: Uint8Array, start: number, end: number) => void;

/** Puts frames together from chunks that were cut anywhere. */
export class FrameReader {
  readonly #maxFrameBytes: number;
  readonly #listener: FrameListener;
  /** How many bytes of the header were seen (0–4), and the length they say so far. */
  #headerBytes = 0;
  #length = 0;
  /** What is there of the frame that is on its way. */
  readonly #pieces = new Pieces();
  /** Position of the next byte in all that the program ever wrote, for errors. */
  #offset = 0;

  constructor(maxFrameBytes: number, listener: FrameListener) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#listener = listener;
  }

  /** True when the stream was cut inside a frame: what is left is half a frame. */
  get isPartial(): boolean {
    return this.#headerBytes > 0;
  }

  /**
   * Takes the next chunk and hands on every frame that it completes.
   * @throws ProtocolError (PORT_PROTOCOL) when a length is over the limit; nothing after it can be trusted.
   */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      at = this.#headerBytes === 4 ? this.#fill(chunk, at) : this.#open(chunk, at);
    }
    this.#offset += chunk.length;
  }

  /** At the beginning of a frame: the quick way when all of it is here. */
  #open(chunk: Uint8Array, at: number): number {
    if (this.#headerBytes > 0 || chunk.length - at < 4) return this.#header(chunk, at);
    const length = uint32(chunk, at);
    this.#check(length, chunk, at);
    const end = at + 4 + length;
    if (end <= chunk.length) {
      if (length > 0) this.#listener(chunk, at + 4, end);
      return end;
    }
    this.#begin(length);
    return at + 4;
  }

  /** A header that comes in pieces, one byte at a time. */
  #header(chunk: Uint8Array, at: number): number {
    this.#length = this.#length * 256 + (chunk[at] ?? 0);
    this.#headerBytes += 1;
    if (this.#headerBytes === 4) {
      this.#check(this.#length, chunk, at - 3);
      this.#begin(this.#length);
    }
    return at + 1;
  }

  #begin(length: number): void {
    this.#headerBytes = length === 0 ? 0 : 4;
    this.#length = length;
    if (length === 0) this.#length = 0;
  }

  /** Takes what this chunk has of a frame that began before. */
  #fill(chunk: Uint8Array, at: number): number {
    const missing = this.#length - this.#pieces.bytes;
    const take = Math.min(missing, chunk.length - at);
    this.#pieces.add(chunk, at, at + take, this.#length);
    if (take === missing) this.#complete();
    return at + take;
  }

  #complete(): void {
    const frame = this.#pieces.take();
    this.#headerBytes = 0;
    this.#length = 0;
    this.#listener(frame, 0, frame.length);
  }

  #check(length: number, chunk: Uint8Array, at: number): void {
    if (length <= this.#maxFrameBytes) return;
    const where = this.#offset + at;
    throw new ProtocolError(
      `a frame that claims ${length} bytes, over the limit of ${this.#maxFrameBytes} (maxFrameBytes), at byte ${where} of its stdout${excerpt(chunk, Math.max(at, 0))}`,
    );
  }
}

function uint32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)) >>>
    0
  );
}
