/**
 * How long things took, in constant memory and without a library: buckets that grow by an eighth, so that a percentile
 * is off by 6 % at the most. Recording costs a few nanoseconds.
 */

const SUB_BITS = 3;
const SUB = 1 << SUB_BITS;
/** Buckets for 0 to 2³² µs, 71 minutes. */
const BUCKETS = (32 - SUB_BITS + 1) * SUB;

/** Bounds of what is exported, in µs: 4 µs to 268 s, each four times the one before. */
const BOUNDS = Array.from({ length: 14 }, (_, i) => 4 ** (i + 1));

/** What a histogram says, in ms. */
export interface Distribution {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  /** How many took no longer than `le` ms; the last has no bound. Sums over processes and over time are right for these. */
  readonly buckets: readonly Bucket[];
}

export interface Bucket {
  /** ms; `Infinity` for the last. */
  readonly le: number;
  readonly count: number;
}

export class Histogram {
  readonly #buckets = new Uint32Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #max = 0;

  /** @param ms 0 or more @param count how many took so long */
  record(ms: number, count = 1): void {
    const us = Math.min(ms * 1000, 0xffffffff) >>> 0;
    const bucket = bucketOf(us);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + count;
    this.#count += count;
    this.#sum += ms * count;
    if (ms > this.#max) this.#max = ms;
  }

  distribution(): Distribution {
    const count = this.#count;
    const [p50, p90, p99] = [0.5, 0.9, 0.99].map((part) => this.#percentile(part));
    return {
      count,
      mean: count === 0 ? 0 : this.#sum / count,
      p50: p50 ?? 0,
      p90: p90 ?? 0,
      p99: p99 ?? 0,
      max: this.#max,
      buckets: this.#cumulative(),
    };
  }

  #cumulative(): Bucket[] {
    let count = 0;
    let bucket = 0;
    const bounded = BOUNDS.map((us) => {
      for (const end = bucketOf(us); bucket < end; bucket += 1) count += this.#buckets[bucket] ?? 0;
      return { le: us / 1000, count };
    });
    return [...bounded, { le: Number.POSITIVE_INFINITY, count: this.#count }];
  }

  #percentile(part: number): number {
    const wanted = Math.ceil(this.#count * part);
    let below = 0;
    for (const [bucket, count] of this.#buckets.entries()) {
      below += count;
      if (count > 0 && below >= wanted)
        return Math.min((boundOf(bucket) + boundOf(bucket + 1)) / 2000, this.#max);
    }
    return 0;
  }
}

/** Below 8 one bucket a value; then eight for each power of two. */
function bucketOf(us: number): number {
  if (us < SUB) return us;
  const exponent = 31 - Math.clz32(us);
  return ((exponent - SUB_BITS + 1) << SUB_BITS) | ((us >>> (exponent - SUB_BITS)) & (SUB - 1));
}

/** The least value of a bucket, in µs. */
function boundOf(bucket: number): number {
  if (bucket < SUB) return bucket;
  const exponent = (bucket >> SUB_BITS) + SUB_BITS - 1;
  return (SUB + (bucket & (SUB - 1))) * 2 ** (exponent - SUB_BITS);
}
