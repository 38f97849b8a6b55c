/** The steps of a walk over the bytes of a term: one for each tag, strict about every length. skip.ts walks with them. */

import { EtfError, type EtfErrorCode } from "./error.ts";
import { MAX_ATOM_CHARACTERS, MAX_INTEGER_BYTES } from "./limits.ts";

/** Kinds of containers. */
export const LIST = 0;
export const TUPLE = 1;
export const MAP = 2;

/** Bytes of the longest atom: 255 characters of 4 bytes. */
const MAX_ATOM_BYTES = MAX_ATOM_CHARACTERS * 4;

/** A position that moves over terms. */
export abstract class Steps {
  protected readonly bytes: Uint8Array;
  protected readonly start: number;
  protected readonly end: number;
  /** Where the walk stands. */
  protected at: number;
  /** How many more elements there may be: each is at least a byte. */
  protected budget: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.at = start;
    this.budget = end - start;
  }

  /** Enters a container of `count` terms. */
  protected abstract push(kind: number, count: number): void;
  /** The path of where the walk stands. */
  abstract path(): string;

  /** Goes over one term, or the fixed part of a container, which it enters. */
  protected step(): void {
    this.at = this.behind(this.u8(0));
  }

  /** Where the term that begins at `at`, or its fixed part, ends. */
  private behind(tag: number): number {
    switch (tag) {
      case 97: // SMALL_INTEGER_EXT
        return this.after(2);
      case 98: // INTEGER_EXT
        return this.after(5);
      case 70: // NEW_FLOAT_EXT
        return this.after(9);
      case 99: // FLOAT_EXT
        return this.after(32);
      case 106: // NIL_EXT
        return this.after(1);
      case 109: // BINARY_EXT
        return this.after(5 + this.u32(1));
      case 77: // BIT_BINARY_EXT
        return this.after(6 + this.u32(1));
      case 107: // STRING_EXT
        return this.string();
      case 108: // LIST_EXT
        return this.enter(LIST, 5, this.u32(1) + 1);
      case 104: // SMALL_TUPLE_EXT
        return this.enter(TUPLE, 2, this.u8(1));
      case 105: // LARGE_TUPLE_EXT
        return this.enter(TUPLE, 5, this.u32(1));
      case 116: // MAP_EXT
        return this.enter(MAP, 5, this.u32(1) * 2);
      case 110: // SMALL_BIG_EXT
        return this.after(3 + this.u8(1));
      case 111: // LARGE_BIG_EXT
        return this.largeBig();
      default:
        return this.rare(tag);
    }
  }

  private rare(tag: number): number {
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

  private enter(kind: number, size: number, count: number): number {
    this.at = this.after(size);
    this.push(kind, count);
    return this.at;
  }

  private string(): number {
    const length = this.u16(1);
    this.spend(length);
    return this.after(3 + length);
  }

  private largeBig(): number {
    const length = this.u32(1);
    const to = this.after(6 + length);
    if (length <= MAX_INTEGER_BYTES) return to;
    return this.large(to, `an integer of ${length} bytes; the limit is ${MAX_INTEGER_BYTES}`);
  }

  private atom(): number {
    const tag = this.u8(0);
    const small = tag === 119 || tag === 115;
    if (!small && tag !== 118 && tag !== 100)
      this.fail("ETF_INVALID", `an atom was expected here, not tag ${tag}`);
    const length = small ? this.u8(1) : this.u16(1);
    const to = this.after((small ? 2 : 3) + length);
    if (length <= MAX_ATOM_BYTES) return to;
    return this.large(to, `an atom of ${length} bytes; the limit is ${MAX_ATOM_CHARACTERS} characters`);
  }

  /** An integer or an atom that is over its limit, and ends at `to`. */
  protected large(_to: number, message: string): number {
    return this.fail("ETF_LIMIT", message);
  }

  private integer(): number {
    const tag = this.u8(0);
    if (tag !== 97 && tag !== 98) this.fail("ETF_INVALID", `an integer was expected here, not tag ${tag}`);
    return this.after(tag === 97 ? 2 : 5);
  }

  private pid(): number {
    const tag = this.u8(0);
    if (tag !== 88 && tag !== 103) this.fail("ETF_INVALID", `a pid was expected here, not tag ${tag}`);
    return this.identifier(tag === 88 ? 12 : 9);
  }

  /** A tag, the name of a node, and `size` bytes. */
  private identifier(size: number): number {
    this.at = this.after(1);
    this.at = this.atom();
    return this.after(size);
  }

  private reference(tag: number): number {
    const words = this.u16(1);
    if (words < 1 || words > 5) this.fail("ETF_INVALID", `a reference has 1 to 5 words, not ${words}`);
    this.at = this.after(3);
    this.at = this.atom();
    return this.after((tag === 90 ? 4 : 1) + 4 * words);
  }

  private exported(): number {
    this.at = this.after(1);
    this.at = this.atom();
    this.at = this.atom();
    return this.integer();
  }

  private fun(): number {
    this.at = this.after(26);
    const free = this.u32(0);
    this.at = this.after(4);
    this.at = this.atom();
    this.at = this.integer();
    this.at = this.integer();
    this.at = this.pid();
    this.push(TUPLE, free);
    return this.at;
  }

  /** Takes elements from the budget. */
  protected spend(count: number): void {
    this.budget -= count;
    if (this.budget < 0 || count > this.end - this.at) this.short(`${count} elements`);
  }

  private after(size: number): number {
    if (size > this.end - this.at) this.short(`${size} bytes`);
    return this.at + size;
  }

  private u8(ahead: number): number {
    const at = this.at + ahead;
    if (at >= this.end) this.short("more");
    return this.bytes[at] ?? 0;
  }
  private u16(ahead: number): number {
    return this.u8(ahead) * 256 + this.u8(ahead + 1);
  }
  private u32(ahead: number): number {
    return this.u16(ahead) * 65_536 + this.u16(ahead + 2);
  }

  private short(what: string): never {
    return this.fail(
      "ETF_TRUNCATED",
      `the bytes end too early: ${what} should follow, ${this.end - this.at} bytes are left`,
    );
  }
  protected fail(code: EtfErrorCode, message: string): never {
    throw new EtfError(code, message, { offset: this.at - this.start, path: this.path() });
  }
}

/** What is to be said of a tag that is not read. */
export function unknownTag(tag: number): string {
  if (tag === 80) return "the compressed form (tag 80) is only allowed as a whole, directly after the 131";
  if (tag === 121) return "LOCAL_EXT (tag 121) can only be read by the VM that wrote it";
  if (tag === 67) return "RECORD_EXT (tag 67) is not supported";
  if (tag === 117) return "FUN_EXT (tag 117) was removed from the format in OTP 23";
  if (tag === 68 || tag === 69 || tag === 82) return `tag ${tag} only occurs between distributed nodes`;
  return `there is no term with tag ${tag}`;
}
