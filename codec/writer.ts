/**
 * A growing buffer that terms are appended to, made once and used for many messages: a view per message would cost as much
 * as encoding a small one. `src/wire` subclasses it to write frames into pooled slabs; Rust's neighbour is the reply buffer.
 */

import { EtfError } from "./error.ts";

/** Bytes that were not copied: they belong between the buffer's bytes before and from `position` on. */
export interface ExternalBytes {
  position: number;
  readonly bytes: Uint8Array;
}

/** How large a writer's buffer is at first, in bytes. */
export const WRITER_SIZE = 65_536;
const MAX_BUFFER = 2 ** 32;

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
  /** Byte arrays of at least this many bytes are not copied but listed in {@link externals}. */
  externalFrom = Number.POSITIVE_INFINITY;
  /** The byte arrays that were not copied, in order. */
  externals: ExternalBytes[] = [];
  /** The sum of their lengths, in bytes. */
  externalBytes = 0;
  /** True while a value is being written: `toTerm()` and getters must not write here. */
  busy = false;

  /** @param size Bytes of the first buffer, default 65 536. */
  constructor(size: number = WRITER_SIZE) {
    this.buffer = new Uint8Array(size);
    this.view = new DataView(this.buffer.buffer);
  }

  /** Afterwards at least `bytes` bytes are free at `position`; `buffer`, `view`, `position` and `keepFrom` may have changed. */
  reserve(bytes: number): void {
    if (this.position + bytes > this.buffer.length) this.grow(bytes);
  }

  /** Replaces the buffer by one with room for `bytes` more, and carries `[keepFrom, position)` over to its start. */
  grow(bytes: number): void {
    const kept = this.position - this.keepFrom;
    const needed = kept + bytes;
    if (needed > MAX_BUFFER) throw new EtfError("ETF_LIMIT", `a message of over ${MAX_BUFFER} bytes`);
    this.adopt(new Uint8Array(Math.min(MAX_BUFFER, Math.max(this.buffer.length * 2, needed))));
  }

  /** Goes on in `buffer`, which is large enough: `[keepFrom, position)` is copied to its start. For overrides of {@link grow}. */
  adopt(buffer: Uint8Array): void {
    const moved = this.keepFrom;
    buffer.set(this.buffer.subarray(moved, this.position));
    this.buffer = buffer;
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    this.position -= moved;
    this.keepFrom = 0;
    for (const external of this.externals) external.position -= moved;
  }
}
