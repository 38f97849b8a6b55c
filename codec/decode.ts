/**
 * Bytes to values: the state of a reading, and what both views share. The plain view is in plain.ts, the exact one in exact.ts.
 * Scalars are read without a look at the end: whatever has been read, the position must be the end's in the end, and everything
 * with a length is checked against the bytes that are there. Faults are then located by a second, strict walk (skip.ts).
 */

import { EtfError, type EtfErrorCode } from "./error.ts";
import type { Memo } from "./identity.ts";
import { MAX_DEPTH } from "./limits.ts";
import { about } from "./path.ts";
import { pathOf, skip } from "./skip.ts";

const NOTHING = new Uint8Array(0);
const NO_VIEW = new DataView(NOTHING.buffer);
/** Larger memory is not held on to once it has been read. */
const KEPT_BYTES = 4 * 1024 * 1024;
/** Bytes of containers as keys that any message may have, however small it is. */
const KEY_BYTES = 4 * 1024 * 1024;
/** What a container costs in memory, empty, and each of its elements: about what V8 takes on 64-bit machines. */
const CONTAINER = 64;
const ELEMENT = 8;
/** What a text costs besides its characters, a byte array, and other values that are objects. */
const TEXT = 24;
export const OBJECT = 160;
/** Arrays of more elements grow while they are filled: V8 makes hash tables of very large ones that are made at once. */
const MAX_AT_ONCE = 1024 * 1024;

/** What a decoder keeps to. */
export interface ReadLimits {
  /** From this many bytes on byte arrays may be views. */
  readonly viewFrom: number;
  /** Bytes of memory that a message may cost, by an estimate. */
  readonly maxDecodedBytes: number;
}

/** For reading again what was just written: it is in memory anyway. */
export const UNLIMITED: ReadLimits = {
  viewFrom: Number.POSITIVE_INFINITY,
  maxDecodedBytes: Number.POSITIVE_INFINITY,
};

/** Reads terms from bytes, one at a time. */
export abstract class Decoder {
  /** The memory that the term lies in, all of it: what comes next often lies in the same, and views cost as much as a small term. */
  bytes: Uint8Array = NOTHING;
  view: DataView = NO_VIEW;
  /** What was read from last. */
  private source: Uint8Array = NOTHING;
  /** Where the next byte is read. */
  at = 0;
  /** Where the term must end. */
  end = 0;
  /** How many more containers may be entered. */
  levels = 0;
  /** How many more elements may be allocated: each is at least a byte. */
  budget = 0;
  /** How many bytes of keys that are containers may be looked at: such keys in such keys are looked at again and again. */
  keyBudget = 0;
  /** What the containers in keys are, by object. */
  memo: Memo = new Map();
  /** How many more bytes of memory the message may cost: a term of a byte may be an object here. */
  memory = 0;
  readonly limits: ReadLimits;

  constructor(limits: ReadLimits) {
    this.limits = limits;
  }

  /** Reads the term at `at` and moves behind it. */
  abstract term(): unknown;

  /** The term in `[start, end)`, without a 131. Offsets in errors count from `origin`. */
  read(bytes: Uint8Array, start: number, end: number, origin: number): unknown {
    const base = bytes.byteOffset;
    if (bytes !== this.source) this.lookAt(bytes);
    this.at = base + start;
    this.end = base + end;
    this.levels = MAX_DEPTH;
    this.budget = end - start;
    this.keyBudget = KEY_BYTES + 4 * this.budget;
    this.memory = this.limits.maxDecodedBytes;
    try {
      const value = this.term();
      if (this.at !== this.end) this.wrongEnd();
      return value;
    } catch (error) {
      throw this.explain(error, base + start, base + origin);
    } finally {
      if (this.bytes.length > KEPT_BYTES) this.lookAt(NOTHING);
      if (this.memo.size > 0) this.memo = new Map();
    }
  }

  private lookAt(source: Uint8Array): void {
    const { buffer } = source;
    this.source = source;
    if (buffer === this.bytes.buffer) return;
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
  }

  private wrongEnd(): never {
    if (this.at > this.end) this.short(this.end);
    const rest = this.end - this.at;
    return this.fail("ETF_TRAILING", `${rest} byte${rest === 1 ? "" : "s"} after the term`, this.at);
  }

  /** An error with its offset and path. A fault that the strict walk finds first is the true one. */
  private explain(error: unknown, start: number, origin: number): EtfError {
    const { bytes, end } = this;
    const offset = error instanceof EtfError && error.offset !== undefined ? error.offset : end;
    const fault = strictFault(bytes, start, end, offset);
    if (fault?.offset !== undefined && start + fault.offset <= offset) {
      return located(fault, start + fault.offset - origin, fault.path ?? "");
    }
    const known = error instanceof EtfError ? error : tooMuch(error);
    const path = known.code === "ETF_TRAILING" ? "" : pathOf(bytes, start, end, offset - start);
    return located(known, offset - origin, path);
  }

  /** Takes `count` elements, each of at least one byte, from the budget. */
  spend(count: number, at: number): void {
    this.budget -= count;
    if (this.budget < 0) this.short(at);
    this.charge(CONTAINER + ELEMENT * count, at);
  }

  /** Takes memory from what the message may cost. */
  charge(bytes: number, at: number): void {
    this.memory -= bytes;
    if (this.memory < 0) this.tooLarge(at);
  }

  private tooLarge(at: number): never {
    const limit = this.limits.maxDecodedBytes;
    return this.fail("ETF_LIMIT", `more than ${limit} bytes of memory (maxDecodedBytes)`, at);
  }

  /** Takes the memory of a text of so many bytes. */
  chargeText(length: number, at: number): void {
    this.charge(TEXT + length, at);
  }

  /** NIL_EXT (106): an array of its own. */
  nil(at: number): unknown[] {
    this.charge(CONTAINER, at);
    this.at = at + 1;
    return [];
  }

  /** An array to be filled with `count` elements, which have been taken from the budget. */
  array(count: number): unknown[] {
    return count <= MAX_AT_ONCE ? new Array(count) : [];
  }

  /** Takes a key that is a container, read from `from` on, from the budget of keys. */
  chargeKey(key: unknown, from: number): void {
    if (typeof key !== "object" || key === null) return;
    this.keyBudget -= this.at - from;
    if (this.keyBudget < 0)
      this.fail("ETF_LIMIT", "keys that are maps or lists, nested too often for their size", from);
  }

  /** Enters a container. */
  enter(at: number): void {
    if (--this.levels < 0) this.fail("ETF_LIMIT", `deeper than ${MAX_DEPTH} levels`, at);
  }

  /** Where `length` bytes from `from` on end, if they are there. */
  within(from: number, length: number): number {
    const to = from + length;
    if (to > this.end) this.short(from);
    return to;
  }

  /** The bytes from `from` to `to` in memory of their own, or as a view where that keeps little else alive. */
  ownBytes(from: number, to: number): Uint8Array {
    const { bytes } = this;
    const length = to - from;
    this.charge(OBJECT, from);
    if (length >= this.limits.viewFrom && length * 2 >= bytes.length) return bytes.subarray(from, to);
    this.charge(length, from);
    return bytes.slice(from, to);
  }

  /** The bytes end too early; the strict walk says where. */
  short(at: number): never {
    return this.fail("ETF_TRUNCATED", "the bytes end before the term does", at);
  }

  /** Ends the reading. */
  fail(code: EtfErrorCode, message: string, at: number): never {
    throw new EtfError(code, message, { offset: at });
  }
}

function located(error: EtfError, offset: number, path: string): EtfError {
  const message = about(path, `${error.message} (byte ${offset})`);
  return new EtfError(error.code, message, { offset, path, cause: error.cause });
}

/** The runtime itself gave up: a string, a map or an array larger than it can have, or no stack left. */
function tooMuch(cause: unknown): EtfError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new EtfError("ETF_LIMIT", `more than the runtime can hold: ${why}`, { cause });
}

/** The first fault up to `stop`: what comes behind was not read either. */
function strictFault(bytes: Uint8Array, start: number, end: number, stop: number): EtfError | undefined {
  try {
    skip(bytes, start, end, stop);
    return undefined;
  } catch (error) {
    if (error instanceof EtfError) return error;
    throw error;
  }
}
