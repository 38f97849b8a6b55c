/**
 * Messages that come in pieces: `{part, Key, Binary}` … `{part, Key, Binary, last}`, so that small messages can pass a
 * large one. The program cuts them in rust-port/portreeve/src/wire/parts.rs.
 */

import { ProtocolError } from "../errors.ts";
import { Pieces } from "./pieces.ts";

/** A program that needs more messages under way than this would need them in more threads than it may have. */
const MAX_OPEN = 1024;

/** Puts messages together by their Key. */
export class Parts {
  readonly #maxFrameBytes: number;
  readonly #maxBytes: number;
  readonly #open = new Map<string, Pieces>();
  /** Of all messages under way, keys included. */
  #bytes = 0;

  /** @param maxFrameBytes of one message @param maxBytes of all that are under way */
  constructor(maxFrameBytes: number, maxBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#maxBytes = Math.max(maxFrameBytes, maxBytes);
  }

  /** Of all messages under way, keys included. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes one piece.
   * @returns the whole message after its last piece, else undefined
   * @throws ProtocolError when the pieces add up to more than the limit for one frame, or too many messages are under way
   */
  add(key: string, piece: Uint8Array, isLast: boolean): Uint8Array | undefined {
    const whole = this.#open.get(key) ?? this.#begin(key);
    this.#bytes += piece.length;
    this.#check(whole.bytes + piece.length);
    whole.add(piece, 0, piece.length, Number.POSITIVE_INFINITY);
    if (!isLast) return undefined;
    this.#open.delete(key);
    this.#bytes -= whole.bytes + key.length;
    return whole.take();
  }

  #begin(key: string): Pieces {
    if (this.#open.size >= MAX_OPEN)
      throw new ProtocolError(`parts of more than ${MAX_OPEN} messages at a time`);
    const whole = new Pieces();
    this.#open.set(key, whole);
    this.#bytes += key.length;
    return whole;
  }

  #check(bytes: number): void {
    const limit = this.#maxFrameBytes;
    if (bytes > limit)
      throw new ProtocolError(
        `parts of one message that add up to ${bytes} bytes, over the limit of ${limit} (maxFrameBytes)`,
      );
    if (this.#bytes > this.#maxBytes)
      throw new ProtocolError(
        `parts of ${this.#open.size} unfinished messages that add up to ${this.#bytes} bytes, over the limit of ${this.#maxBytes} (maxHeldBytes)`,
      );
  }
}
