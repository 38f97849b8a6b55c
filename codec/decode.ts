/**
 * Bytes to values: the state of a reading, and what both views share. The plain view is in plain.ts, the exact one in exact.ts.
 * Scalars are read without a look at the end: whatever has been read, the position must be the end's in the end, and everything
 * with a length is checked against the bytes that are there. Faults are then located by a second, strict walk (skip.ts).
 */

import { EtfError, type EtfErrorCode } from "./error.ts";
import { MAX_DEPTH, VERSION } from "./limits.ts";
import { inWords } from "./path.ts";
import { pathOf, skipTerm } from "./skip.ts";

const NOTHING = new Uint8Array(0);
const NO_VIEW = new DataView(NOTHING.buffer);
/** A larger input is not held on to once it has been read. */
const KEPT_BYTES = 1024 * 1024;
/** Bytes of containers as keys that any message may have, however small it is. */
const KEY_BYTES = 16 * 1024 * 1024;

/** Reads terms from bytes, one at a time. */
export abstract class Decoder {
  bytes: Uint8Array = NOTHING;
  view: DataView = NO_VIEW;
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
  /** From this many bytes on byte arrays may be views. */
  readonly viewFrom: number;

  constructor(viewFrom: number) {
    this.viewFrom = viewFrom;
  }

  /** Reads the term at `at` and moves behind it. */
  abstract term(): unknown;

  /** The term in `[start, end)`, without a 131. Offsets in errors count from `origin`. */
  read(bytes: Uint8Array, start: number, end: number, origin: number): unknown {
    this.open(bytes, start, end);
    try {
      const value = this.term();
      if (this.at !== end) this.wrongEnd();
      return value;
    } catch (error) {
      throw this.explain(error, start, origin);
    } finally {
      if (bytes.byteLength > KEPT_BYTES) this.open(NOTHING, 0, 0);
    }
  }

  private open(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.at = start;
    this.end = end;
    this.levels = MAX_DEPTH;
    this.budget = end - start;
    this.keyBudget = KEY_BYTES + 8 * this.budget;
  }

  private wrongEnd(): never {
    if (this.at > this.end) this.short(this.at);
    const rest = this.end - this.at;
    return this.fail("ETF_TRAILING", `${rest} byte${rest === 1 ? "" : "s"} after the term`, this.at);
  }

  /** An error with its offset and path. A fault that the strict walk finds first is the true one. */
  private explain(error: unknown, start: number, origin: number): unknown {
    const { bytes, end } = this;
    const offset = error instanceof EtfError && error.offset !== undefined ? error.offset : end;
    const fault = strictFault(bytes, start, end);
    if (fault?.offset !== undefined && (start + fault.offset <= offset || !(error instanceof EtfError))) {
      return located(fault, start + fault.offset - origin, fault.path ?? "");
    }
    if (!(error instanceof EtfError)) return error;
    const trailing = error.code === "ETF_TRAILING";
    return located(error, offset - origin, trailing ? "" : pathOf(bytes, start, end, offset - start));
  }

  /** Takes `count` elements, each of at least one byte, from the budget. */
  spend(count: number, at: number): void {
    this.budget -= count;
    if (this.budget < 0) this.short(at);
  }

  /** Takes a key that is a container, read from `from` on, from the budget of keys. */
  chargeKey(key: unknown, from: number): void {
    if (typeof key !== "object" || key === null) return;
    this.keyBudget -= this.at - from;
    if (this.keyBudget < 0)
      this.fail("ETF_LIMIT", "maps as keys of maps, nested too often for their size", from);
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
    if (length >= this.viewFrom && length * 2 >= bytes.buffer.byteLength) {
      return new Uint8Array(bytes.buffer, bytes.byteOffset + from, length);
    }
    return copyOf(bytes, from, to);
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

/** A copy that is a Uint8Array whatever `bytes` is: slices of a Buffer would be views, and Buffers. */
function copyOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const copy = new Uint8Array(to - from);
  copy.set(bytes.subarray(from, to));
  return copy;
}

function located(error: EtfError, offset: number, path: string): EtfError {
  const message = `${error.message}${inWords(path)} (byte ${offset})`;
  return new EtfError(error.code, message, { offset, path, cause: error.cause });
}

function strictFault(bytes: Uint8Array, start: number, end: number): EtfError | undefined {
  try {
    skipTerm(bytes, start, end);
    return undefined;
  } catch (error) {
    if (error instanceof EtfError) return error;
    throw error;
  }
}

/** Refuses bytes that do not begin with 131. */
export function checkVersion(bytes: Uint8Array, start: number, end: number): void {
  if (end <= start) throw new EtfError("ETF_TRUNCATED", "there are no bytes", { offset: 0, path: "" });
  if (bytes[start] === VERSION) return;
  throw new EtfError("ETF_VERSION", `a term begins with ${VERSION}, this is ${bytes[start]} (byte 0)`, {
    offset: 0,
    path: "",
  });
}
