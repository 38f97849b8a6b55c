/**
 * Bytes that come in pieces and are wanted in one: put together once, when all are there. What is kept meanwhile is in
 * proportion to what came, also when it came one byte at a time.
 */

/** Pieces shorter than this are copied together: a chunk of a few bytes can pin 64 KiB. */
const SMALL_PIECE = 4096;

export class Pieces {
  /** How many bytes there are. */
  bytes = 0;
  #pieces: Uint8Array[] = [];
  /** Bytes of the last piece that are not filled yet. */
  #room = 0;

  /** Takes the bytes of `chunk` from `start` to `end`. @param most how many are still to come, these included */
  add(chunk: Uint8Array, start: number, end: number, most: number): void {
    const length = end - start;
    this.bytes += length;
    const last = this.#pieces.at(-1);
    if (last !== undefined && this.#room >= length) {
      last.set(chunk.subarray(start, end), last.length - this.#room);
      this.#room -= length;
      return;
    }
    this.#trim();
    if (length >= SMALL_PIECE) this.#pieces.push(chunk.subarray(start, end));
    else this.#begin(chunk.subarray(start, end), most);
  }

  #begin(bytes: Uint8Array, most: number): void {
    const piece = new Uint8Array(Math.max(bytes.length, Math.min(most, 2 * SMALL_PIECE)));
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

  /** All of it, in memory of its own unless it came as one; there is nothing left here then. */
  take(): Uint8Array {
    this.#trim();
    const whole = join(this.#pieces, this.bytes);
    this.#pieces = [];
    this.bytes = 0;
    return whole;
  }
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  // Every byte is written below: filling it with zeros first would cost as much as the copy.
  const whole = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
