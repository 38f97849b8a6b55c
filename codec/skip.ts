/**
 * A walk over the bytes of a term without making anything of them: iterative, strict about every length, and cheap.
 * Finds where a term ends, and the path of a fault. The program's neighbour is the guard before `eetf`.
 */

import { EtfError } from "./error.ts";
import { MAX_DEPTH } from "./limits.ts";
import { atEntry, atIndex, atKey } from "./path.ts";
import { checkRange } from "./range.ts";
import { readUtf8 } from "./text.ts";
import { LIST, MAP, Steps } from "./walk.ts";

/**
 * The position after the term that begins at `start` (without the 131).
 * Lengths, depth and the number of elements are checked; the contents of binaries, atoms and floats are not.
 * @throws TypeError when `bytes` are none; EtfError ETF_OPTION for a range outside of them, ETF_TRUNCATED, ETF_TAG, ETF_INVALID or ETF_LIMIT, with a path and the offset from `start`.
 */
export function skipTerm(bytes: Uint8Array, start: number, end: number): number {
  checkRange(bytes, start, end);
  return skip(bytes, start, end);
}

/** The same of a range that is known to be one. Terms that begin behind `stop` are not looked at. */
export function skip(bytes: Uint8Array, start: number, end: number, stop = end): number {
  return new Walk(bytes, start, end).run(stop);
}

/**
 * The same of a term of any depth, with integers and atoms of any size: what is over a limit is not read, but what stands
 * behind it is innocent.
 * @throws EtfError as {@link skipTerm} does, but for ETF_LIMIT
 */
export function extent(bytes: Uint8Array, start: number, end: number): number {
  return new Extent(bytes, start, end).run();
}

/** A walk that only counts the terms to come. */
class Extent extends Steps {
  private owed = 0;

  run(): number {
    this.owed = 1;
    for (; this.owed > 0; this.owed--) this.step();
    return this.at;
  }

  protected override push(kind: number, count: number): void {
    this.spend(kind === LIST ? count - 1 : count);
    this.owed += count;
  }

  protected override large(to: number): number {
    return to;
  }

  override path(): string {
    return "";
  }
}

/** The path of the innermost term that holds the byte `offset` of the term at `start`. */
export function pathOf(bytes: Uint8Array, start: number, end: number, offset: number): string {
  const walk = new Walk(bytes, start, end);
  try {
    walk.seek(start + offset);
  } catch (error) {
    // A broken term: the path to the break is what was asked for.
    if (!(error instanceof EtfError)) throw error;
  }
  return walk.path();
}

class Walk extends Steps {
  /** The containers that the walk is inside of, outermost first; four arrays, so that a step allocates nothing. */
  private readonly kinds: number[] = [];
  private readonly counts: number[] = [];
  private readonly left: number[] = [];
  private readonly keys: number[] = [];

  /** Walks one whole term, or up to the first term behind `stop`. */
  run(stop: number): number {
    do this.step();
    while (this.next() && this.at <= stop);
    return this.at;
  }

  /** Walks up to the innermost term that holds the byte at `stop`. */
  seek(stop: number): void {
    while (this.at < stop) {
      const depth = this.kinds.length;
      this.step();
      if (this.at > stop) {
        if (this.kinds.length > depth) this.pop();
        return;
      }
      if (!this.next()) return;
    }
  }

  /** Moves on to the next term of the innermost unfinished container; false when all are finished. */
  private next(): boolean {
    for (let top = this.left.length - 1; top >= 0; top--) {
      const left = this.left[top] ?? 0;
      if (left > 0) {
        this.left[top] = left - 1;
        const item = (this.counts[top] ?? 0) - left;
        if (this.kinds[top] === MAP && item % 2 === 0) this.keys[top] = this.at;
        // The tail of a list is no deeper than the list: a list may go on in its tail for ever.
        if (this.kinds[top] === LIST && left === 1) this.pop();
        return true;
      }
      this.pop();
    }
    return false;
  }

  private pop(): void {
    this.kinds.pop();
    this.counts.pop();
    this.left.pop();
    this.keys.pop();
  }

  protected override push(kind: number, count: number): void {
    if (this.kinds.length >= MAX_DEPTH) this.fail("ETF_LIMIT", `deeper than ${MAX_DEPTH} levels`);
    this.spend(kind === LIST ? count - 1 : count);
    this.kinds.push(kind);
    this.counts.push(count);
    this.left.push(count);
    this.keys.push(0);
  }

  override path(): string {
    let path = "";
    for (let i = 0; i < this.kinds.length; i++) path = this.segment(path, i);
    return path;
  }

  private segment(path: string, level: number): string {
    const item = (this.counts[level] ?? 0) - (this.left[level] ?? 0) - 1;
    if (item < 0) return path;
    if (this.kinds[level] !== MAP) return atIndex(path, item);
    const entry = item >> 1;
    if (item % 2 === 0) return atEntry(path, entry, "key");
    const key = this.keyText(this.keys[level] ?? 0);
    return key === undefined ? atEntry(path, entry, "value") : atKey(path, key);
  }

  /** The text of the key at `at`, which has been walked over before, if it is a short one. */
  private keyText(at: number): string | undefined {
    const byte = (ahead: number) => this.bytes[at + ahead] ?? 0;
    if (byte(0) === 119) return readUtf8(this.bytes, at + 2, at + 2 + byte(1));
    if (byte(0) === 97) return String(byte(1));
    if (byte(0) !== 109 || byte(1) + byte(2) !== 0) return undefined;
    return readUtf8(this.bytes, at + 5, at + 5 + byte(3) * 256 + byte(4));
  }
}
