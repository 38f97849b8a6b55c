/**
 * Messages that come in pieces: `{part, Key, Binary}` … `{part, Key, Binary, last}`, so that small messages can pass a
 * large one. The program cuts them in rust-port/portreeve/src/parts.rs.
 */

import { ProtocolError } from "../errors.ts";

interface Whole {
  readonly pieces: Uint8Array[];
  bytes: number;
}

/** Puts messages together by their Key. */
export class Parts {
  readonly #maxFrameBytes: number;
  readonly #open = new Map<string, Whole>();

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /**
   * Takes one piece.
   * @returns the whole message after its last piece, else undefined
   * @throws ProtocolError when the pieces add up to more than the limit for one frame
   */
  add(key: string, piece: Uint8Array, isLast: boolean): Uint8Array | undefined {
    const whole = this.#open.get(key) ?? { pieces: [], bytes: 0 };
    whole.pieces.push(piece);
    whole.bytes += piece.length;
    if (whole.bytes > this.#maxFrameBytes) {
      throw new ProtocolError(
        `parts of one message that add up to ${whole.bytes} bytes, over the limit of ${this.#maxFrameBytes} (maxFrameBytes)`,
      );
    }
    if (!isLast) {
      this.#open.set(key, whole);
      return undefined;
    }
    this.#open.delete(key);
    return Buffer.concat(whole.pieces, whole.bytes);
  }
}
