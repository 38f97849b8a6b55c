/** Random numbers that are the same for the same seed, stream and case, on every runtime (sfc32). */

/** A source of them. One is used for many cases: `restart` makes it the source of another. */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  /** The source for one case (or whatever `stream` and `n` stand for) of a run with that seed. */
  constructor(seed: number, stream: number, n: number) {
    this.restart(seed, stream, n);
  }

  /** Begins anew as the source of that case. */
  restart(seed: number, stream: number, n: number): void {
    this.#a = seed | 0;
    this.#b = stream | 0;
    this.#c = n | 0;
    this.#d = Math.floor(n / 2 ** 32) + 1;
    for (let i = 0; i < 12; i++) this.int32();
  }

  /** Any 32-bit integer, with a sign. */
  int32(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return t;
  }

  /** An integer from 0 to `count - 1`, which is below 2^32. */
  below(count: number): number {
    return Math.floor(((this.int32() >>> 0) / 2 ** 32) * count);
  }

  /** True once in `times`, on average. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** From 0, small ones most often: each further one about half as likely, at most `most`. */
  few(most: number): number {
    return Math.min(most, Math.clz32(this.int32()));
  }

  /** One of them. @throws TypeError when there is none */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new TypeError("there is nothing to pick");
    return items[this.below(items.length)] as T;
  }

  /** That many bytes. */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.int32();
    return bytes;
  }
}
