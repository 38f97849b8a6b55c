/**
 * A growing buffer that terms are appended to, made once and used for many messages: a view per message would cost as much
 * as encoding a small one. `src/wire` subclasses it to write frames into pooled slabs; Rust's neighbour is the reply buffer.
 */

import { EtfError } from "./error.ts";

/** How large a writer's buffer is at first, in bytes. */
export const WRITER_SIZE = 65_536;
const MAX_BUFFER = 2 ** 32;
/** Never more than this is reserved and not used: room for short texts is measured in characters. */
const SPARE = 256 * 1024;

/** A buffer to encode into. `buffer.subarray(0, position)` is what has been written. */
export class Writer {
  /** The bytes; replaced when they do not suffice. */
  buffer: Uint8Array;
  /** A view of {@link buffer}, replaced together with it. */
  view: DataView;
  /** Where the next byte goes. */
  position = 0;
  /** From here to `position` is what has to survive when the buffer is replaced. */
  keepFrom = 0;
  /**
   * How many bytes there may be from `keepFrom` on, such as the largest frame that the reader takes: a value that needs more is
   * an error as soon as that is seen. Default 2^32.
   */
  maxBytes: number = MAX_BUFFER;
  /** True while a value is being written: `toTerm()` and getters must not write here. */
  busy = false;

  /** @param size Bytes of the first buffer, default 65 536. */
  constructor(size: number = WRITER_SIZE) {
    this.buffer = new Uint8Array(size);
    this.view = new DataView(this.buffer.buffer);
  }

  /** Afterwards at least `bytes` bytes are free at `position`; `buffer`, `view`, `position` and `keepFrom` may have changed. */
  reserve(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return;
    const needed = this.position - this.keepFrom + bytes;
    // More room is asked for than is used in the end: what was written is looked at by `checkSize`.
    if (needed > this.maxBytes + SPARE) this.tooLarge(needed);
    this.grow(bytes);
  }

  /** @throws EtfError ETF_LIMIT when there are more bytes from `keepFrom` on than {@link maxBytes}. */
  checkSize(): void {
    const bytes = this.position - this.keepFrom;
    if (bytes > this.maxBytes) this.tooLarge(bytes);
  }

  /** Refuses a message that takes at least so many bytes. */
  tooLarge(bytes: number): never {
    const message = `a message of at least ${bytes} bytes, over the limit of ${this.maxBytes}`;
    throw new EtfError("ETF_LIMIT", message, { path: "" });
  }

  /** Replaces the buffer by one with room for `bytes` more, and carries `[keepFrom, position)` over to its start. */
  grow(bytes: number): void {
    const needed = this.position - this.keepFrom + bytes;
    const size = Math.min(MAX_BUFFER, Math.max(this.buffer.length * 2, needed));
    if (needed > size) this.tooLarge(needed);
    this.adopt(new Uint8Array(size));
  }

  /** Goes on in `buffer`, which is large enough: `[keepFrom, position)` is copied to its start. For overrides of {@link grow}. */
  adopt(buffer: Uint8Array): void {
    const moved = this.keepFrom;
    buffer.set(this.buffer.subarray(moved, this.position));
    this.buffer = buffer;
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    this.position -= moved;
    this.keepFrom = 0;
  }
}
