/**
 * A walk over the bytes of a term without making anything of them: iterative, strict about every length, and cheap.
 * Finds where a term ends, and the path of a fault. The program's neighbour is the guard before `eetf`.
 */

import { EtfError, type EtfErrorCode } from "./error.ts";
import { MAX_ATOM_CHARACTERS, MAX_DEPTH, MAX_INTEGER_BYTES } from "./limits.ts";
import { atEntry, atIndex, atKey } from "./path.ts";
import { readUtf8 } from "./text.ts";

const LIST = 0;
const TUPLE = 1;
const MAP = 2;
/** Bytes of the longest atom: 255 characters of 4 bytes. */
const MAX_ATOM_BYTES = MAX_ATOM_CHARACTERS * 4;

/**
 * The position after the term that begins at `start` (without the 131).
 * Lengths, depth and the number of elements are checked; the contents of binaries, atoms and floats are not.
 * @throws EtfError ETF_TRUNCATED, ETF_TAG, ETF_INVALID, ETF_LIMIT, with the offset from `start`.
 */
export function skipTerm(bytes: Uint8Array, start: number, end: number): number {
  return new Walk(bytes, start, end).run();
}

/** The path of the innermost term that holds the byte `offset` of the term at `start`. */
export function pathOf(bytes: Uint8Array, start: number, end: number, offset: number): string {
  const walk = new Walk(bytes, start, end);
  try {
    walk.seek(start + offset);
  } catch (error) {
    if (!(error instanceof EtfError)) throw error; // a broken term: the path to the break is what was asked for
  }
  return walk.path();
}

class Walk {
  private readonly bytes: Uint8Array;
  private readonly start: number;
  private readonly end: number;
  private at: number;
  private budget: number;
  /** The containers that the walk is inside of, outermost first; four arrays, so that a step allocates nothing. */
  private readonly kinds: number[] = [];
  private readonly counts: number[] = [];
  private readonly left: number[] = [];
  private readonly keys: number[] = [];

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.at = start;
    this.budget = end - start;
  }

  /** Walks one whole term. */
  run(): number {
    do this.step();
    while (this.next());
    return this.at;
  }

  /** Walks up to the innermost term that holds the byte `offset`. */
  seek(offset: number): void {
    while (this.at < offset) {
      const depth = this.kinds.length;
      this.step();
      if (this.at > offset) {
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

  private push(kind: number, count: number): void {
    if (this.kinds.length >= MAX_DEPTH) this.fail("ETF_LIMIT", `deeper than ${MAX_DEPTH} levels`);
    this.budget -= kind === LIST ? count - 1 : count;
    if (this.budget < 0 || count > this.end - this.at) this.short(`${count} elements`);
    this.kinds.push(kind);
    this.counts.push(count);
    this.left.push(count);
    this.keys.push(0);
  }

  /** Goes over the fixed part of one term, and enters it when it is a container. */
  private step(): void {
    const tag = this.u8(0);
    switch (tag) {
      case 97: // SMALL_INTEGER_EXT
        return this.forward(2);
      case 98: // INTEGER_EXT
        return this.forward(5);
      case 70: // NEW_FLOAT_EXT
        return this.forward(9);
      case 99: // FLOAT_EXT
        return this.forward(32);
      case 106: // NIL_EXT
        return this.forward(1);
      case 107: // STRING_EXT
        this.spend(this.u16(1));
        return this.forward(3 + this.u16(1));
      case 109: // BINARY_EXT
        return this.forward(5 + this.u32(1));
      case 77: // BIT_BINARY_EXT
        this.u8(5);
        return this.forward(6 + this.u32(1));
      case 108: // LIST_EXT
        return this.enter(LIST, 5, this.u32(1) + 1);
      case 104: // SMALL_TUPLE_EXT
        return this.enter(TUPLE, 2, this.u8(1));
      case 105: // LARGE_TUPLE_EXT
        return this.enter(TUPLE, 5, this.u32(1));
      case 116: // MAP_EXT
        return this.enter(MAP, 5, this.u32(1) * 2);
      case 110: // SMALL_BIG_EXT
        return this.forward(3 + this.u8(1));
      case 111: // LARGE_BIG_EXT
        return this.largeBig();
      default:
        return this.rare(tag);
    }
  }

  private rare(tag: number): void {
    switch (tag) {
      case 119: // SMALL_ATOM_UTF8_EXT
      case 118: // ATOM_UTF8_EXT
      case 115: // SMALL_ATOM_EXT
      case 100: // ATOM_EXT
        return this.atom();
      case 88: // NEW_PID_EXT
      case 103: // PID_EXT
        return this.pid();
      case 120: // V4_PORT_EXT
        return this.identifier(12);
      case 89: // NEW_PORT_EXT
        return this.identifier(8);
      case 102: // PORT_EXT
      case 101: // REFERENCE_EXT
        return this.identifier(5);
      case 90: // NEWER_REFERENCE_EXT
      case 114: // NEW_REFERENCE_EXT
        return this.reference(tag);
      case 113: // EXPORT_EXT
        return this.exported();
      case 112: // NEW_FUN_EXT
        return this.fun();
      default:
        return this.fail("ETF_TAG", unknownTag(tag));
    }
  }

  private enter(kind: number, size: number, count: number): void {
    this.forward(size);
    this.push(kind, count);
  }

  private largeBig(): void {
    const length = this.u32(1);
    if (length > this.end - this.at) this.short(`${length} bytes`);
    if (length > MAX_INTEGER_BYTES)
      this.fail("ETF_LIMIT", `an integer of ${length} bytes; the limit is ${MAX_INTEGER_BYTES}`);
    this.forward(6 + length);
  }

  private atom(): void {
    const tag = this.u8(0);
    const small = tag === 119 || tag === 115;
    if (!small && tag !== 118 && tag !== 100)
      this.fail("ETF_INVALID", `an atom was expected here, not tag ${tag}`);
    const length = small ? this.u8(1) : this.u16(1);
    if (length > MAX_ATOM_BYTES)
      this.fail("ETF_LIMIT", `an atom of ${length} bytes; the limit is ${MAX_ATOM_CHARACTERS} characters`);
    this.forward((small ? 2 : 3) + length);
  }

  private integer(): void {
    const tag = this.u8(0);
    if (tag !== 97 && tag !== 98) this.fail("ETF_INVALID", `an integer was expected here, not tag ${tag}`);
    this.forward(tag === 97 ? 2 : 5);
  }

  private pid(): void {
    const tag = this.u8(0);
    if (tag !== 88 && tag !== 103) this.fail("ETF_INVALID", `a pid was expected here, not tag ${tag}`);
    this.identifier(tag === 88 ? 12 : 9);
  }

  private identifier(size: number): void {
    this.forward(1);
    this.atom();
    this.forward(size);
  }

  private reference(tag: number): void {
    const words = this.u16(1);
    if (words < 1 || words > 5) this.fail("ETF_INVALID", `a reference has 1 to 5 words, not ${words}`);
    this.forward(3);
    this.atom();
    this.forward((tag === 90 ? 4 : 1) + 4 * words);
  }

  private exported(): void {
    this.forward(1);
    this.atom();
    this.atom();
    this.integer();
  }

  private fun(): void {
    this.forward(26);
    const free = this.u32(0);
    this.forward(4);
    this.atom();
    this.integer();
    this.integer();
    this.pid();
    this.push(TUPLE, free);
  }

  private spend(count: number): void {
    this.budget -= count;
    if (this.budget < 0) this.short(`${count} elements`);
  }

  private forward(size: number): void {
    if (size > this.end - this.at) this.short(`${size} bytes`);
    this.at += size;
  }

  private u8(ahead: number): number {
    const at = this.at + ahead;
    if (at >= this.end) this.short("a byte");
    return this.bytes[at] ?? 0;
  }
  private u16(ahead: number): number {
    return this.u8(ahead) * 256 + this.u8(ahead + 1);
  }
  private u32(ahead: number): number {
    return this.u16(ahead) * 65_536 + this.u16(ahead + 2);
  }

  private short(what: string): never {
    return this.fail("ETF_TRUNCATED", `${what} should follow, but only ${this.end - this.at} bytes are left`);
  }
  private fail(code: EtfErrorCode, message: string): never {
    throw new EtfError(code, message, { offset: this.at - this.start, path: this.path() });
  }

  /** Where the walk stands. */
  path(): string {
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
    const length = byte(3) * 256 + byte(4);
    return readUtf8(this.bytes, at + 5, at + 5 + length);
  }
}

/** What is to be said of a tag that is not read. */
export function unknownTag(tag: number): string {
  if (tag === 80) return "the compressed form (tag 80) is only allowed as a whole, directly after the 131";
  if (tag === 121) return "LOCAL_EXT (tag 121) can only be read by the VM that wrote it";
  if (tag === 67) return "RECORD_EXT (tag 67) is not supported";
  if (tag === 117) return "FUN_EXT (tag 117) was removed from the format";
  if (tag === 68 || tag === 69 || tag === 82) return `tag ${tag} only occurs between distributed nodes`;
  return `there is no term with tag ${tag}`;
}
