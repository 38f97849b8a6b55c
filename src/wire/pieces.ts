/**
 * Bytes that come in pieces and are wanted in one. What is kept is in proportion to what came, also when it came one byte
 * at a time: at first pieces, and once a good part of a known length is there, the whole, into which each piece is
 * copied while the processor still has it in its cache.
 */

/** Pieces shorter than this are copied together: a chunk of a few bytes can pin 64 KiB. */
const SMALL_PIECE = 4096;
/** Memory for the whole is taken when it is no more than so many times what came. */
const MOST_AHEAD = 16;

export class Pieces {
  /** How many bytes there are. */
  bytes = 0;
  #pieces: Uint8Array[] = [];
  /** Bytes of the last piece that are not filled yet. */
  #room = 0;
  #whole: Uint8Array | undefined;

  /** Takes the bytes of `chunk` from `start` to `end`. @param total how many it will be; Infinity when nobody knows */
  add(chunk: Uint8Array, start: number, end: number, total: number): void {
    const piece = chunk.subarray(start, end);
    const bytes = this.bytes + piece.length;
    if (this.#whole === undefined && total <= bytes * MOST_AHEAD) this.#whole = this.#join(total);
    if (this.#whole !== undefined) this.#whole.set(piece, this.bytes);
    else this.#keep(piece);
    this.bytes = bytes;
  }

  #keep(piece: Uint8Array): void {
    const last = this.#pieces.at(-1);
    if (last !== undefined && this.#room >= piece.length) {
      last.set(piece, last.length - this.#room);
      this.#room -= piece.length;
      return;
    }
    this.#trim();
    if (piece.length >= SMALL_PIECE) this.#pieces.push(piece);
    else this.#begin(piece);
  }

  #begin(bytes: Uint8Array): void {
    const piece = new Uint8Array(2 * SMALL_PIECE);
    piece.set(bytes);
    this.#pieces.push(piece);
    this.#room = piece.length - bytes.length;
  }

  /** Cuts the unfilled end off the last piece. */
  #trim(): void {
    const last = this.#pieces.at(-1);
    if (last === undefined || this.#room === 0) return;
    this.#pieces[this.#pieces.length - 1] = last.subarray(0, last.length - this.#room);
    this.#room = 0;
  }

  /** Memory for `length` bytes with the pieces at its beginning. */
  #join(length: number): Uint8Array {
    this.#trim();
    // Every byte of it is written before anybody reads it: filling it with zeros would cost as much as the copy.
    const whole = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    return whole;
  }

  /** All of it, in memory of its own; there is nothing left here then. */
  take(): Uint8Array {
    const whole = this.#whole ?? this.#join(this.bytes);
    this.#whole = undefined;
    this.bytes = 0;
    return whole;
  }
}
