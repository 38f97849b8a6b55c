/** Chunks of bytes to frames: a 4-byte big-endian length and that many bytes. frames.ts makes streams of it. */

import { wrongArgument } from "./arguments.ts";
import { isBytes } from "./bytes.ts";
import { EtfError } from "./error.ts";

const HEAD = 4;
const NOTHING = new Uint8Array(0);
/** Memory for the begin of a frame. */
const FIRST_ROOM = 1024;

/** Cuts chunks into frames. The begin of a frame is kept in memory that grows with what came, never with what a length claims. */
export class Splitter {
  private readonly most: number;
  /** The begin of a frame whose end has not come. */
  private partial = NOTHING;
  private filled = 0;

  /** @param most Bytes of the longest frame that is taken. */
  constructor(most: number) {
    this.most = most;
  }

  /**
   * Takes a chunk and gives the frames that it completes. Frames that lie within it are views of it.
   * @throws TypeError when it is no Uint8Array; EtfError ETF_LIMIT for a frame that is too long, from its length alone
   */
  push(chunk: Uint8Array, give: (frame: Uint8Array) => void): void {
    if (!isBytes(chunk)) wrongArgument("a chunk", "a Uint8Array", chunk);
    let at = this.filled > 0 ? this.complete(chunk, give) : 0;
    while (at + HEAD <= chunk.length) {
      const to = at + HEAD + this.lengthAt(chunk, at);
      if (to > chunk.length) break;
      give(chunk.subarray(at + HEAD, to));
      at = to;
    }
    this.take(chunk, at, chunk.length);
  }

  /** @throws EtfError ETF_TRUNCATED when a frame has begun. */
  end(): void {
    if (this.filled === 0) return;
    const message = `the stream ended inside a frame, ${this.filled} bytes after its begin`;
    throw new EtfError("ETF_TRUNCATED", message);
  }

  /** Goes on with the frame that has begun; gives where in the chunk it ended, or the chunk's end. */
  private complete(chunk: Uint8Array, give: (frame: Uint8Array) => void): number {
    const at = this.take(chunk, 0, HEAD - this.filled);
    if (this.filled < HEAD) return at;
    const size = HEAD + this.lengthAt(this.partial, 0);
    const behind = this.take(chunk, at, at + size - this.filled, size);
    if (this.filled < size) return behind;
    const frame = this.partial.subarray(HEAD, size);
    this.partial = NOTHING;
    this.filled = 0;
    give(frame);
    return behind;
  }

  private lengthAt(bytes: Uint8Array, at: number): number {
    const length = new DataView(bytes.buffer, bytes.byteOffset + at, HEAD).getUint32(0);
    if (length <= this.most) return length;
    throw new EtfError("ETF_LIMIT", `a frame of ${length} bytes; the limit is ${this.most}`);
  }

  /** Keeps the bytes from `from` to `to`, as far as they are there; gives where they end. */
  private take(chunk: Uint8Array, from: number, to: number, size = Number.POSITIVE_INFINITY): number {
    const end = Math.min(chunk.length, to);
    if (end <= from) return from;
    this.reserve(this.filled + end - from, size);
    this.partial.set(chunk.subarray(from, end), this.filled);
    this.filled += end - from;
    return end;
  }

  private reserve(bytes: number, size: number): void {
    if (bytes <= this.partial.length) return;
    const grown = new Uint8Array(Math.max(bytes, Math.min(size, Math.max(FIRST_ROOM, 2 * bytes))));
    grown.set(this.partial.subarray(0, this.filled));
    this.partial = grown;
  }
}
