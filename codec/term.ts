/**
 * The terms that JavaScript has no value for, one class each, and their constructors.
 * They mean the same in both views, plain and exact; the program's neighbour is `Term` in Rust.
 */

import { byteLength } from "./bytes.ts";
import { EtfError } from "./error.ts";
import { brand } from "./kind.ts";
import { atomBytes, type Encoded, encoded } from "./names.ts";
import {
  inspect,
  NODE_INSPECT,
  PRINT,
  type Printable,
  type Printer,
  printAtom,
  printBytes,
  printFloat,
} from "./print.ts";
import { shown } from "./unsupported.ts";

/** What all these classes share: they print as Erlang would print them. */
export abstract class Term implements Printable {
  abstract [PRINT](printer: Printer): string;

  /** The term as `inspect` spells it. */
  toString(): string {
    return inspect(this);
  }
  [NODE_INSPECT](): string {
    return inspect(this);
  }
}

/** An atom. Made by {@link atom} alone, so that equal atoms are identical. */
export class Atom extends Term {
  static {
    brand(Atom, "atom");
  }
  readonly name: string;
  /** @internal The bytes that it is written as. */
  readonly encoded: Encoded;
  /** @internal Use {@link atom}. */
  constructor(name: string) {
    super();
    this.name = name;
    this.encoded = encoded(name, atomBytes(name));
    Object.freeze(this);
  }
  override [PRINT]({ style }: Printer): string {
    return printAtom(this.name, style);
  }
}

const atoms = new Map<string, WeakRef<Atom>>();
const forgotten = new FinalizationRegistry<string>((name) => {
  if (atoms.get(name)?.deref() === undefined) atoms.delete(name);
});

/** The atom of that name: `atom("ok") === atom("ok")`. At most 255 characters. */
export function atom(name: string): Atom {
  const known = atoms.get(name)?.deref();
  if (known !== undefined) return known;
  if (typeof name !== "string")
    throw new EtfError("ETF_OPTION", `an atom's name is a string, not ${typeof name}`);
  const made = new Atom(name);
  atoms.set(name, new WeakRef(made));
  forgotten.register(made, name);
  return made;
}

/** What the four atoms that JavaScript has values for are; all others are `Atom`. */
export const ATOM_VALUES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["nil", null],
  ["undefined", undefined],
]);

/** A tuple: an array that is written as a tuple and prints as `{…}`. `map`, `slice` and the like make tuples of it. */
export class Tuple<T = unknown> extends Array<T> implements Printable {
  static {
    brand(Tuple, "tuple");
  }
  [PRINT](printer: Printer): string {
    return `{${printer.list(this)}}`;
  }
  override toString(): string {
    return inspect(this);
  }
  [NODE_INSPECT](): string {
    return inspect(this);
  }
}

/** A tuple of these elements: `tuple(atom("ok"), 1)` is `{ok, 1}`. */
export function tuple<T extends readonly unknown[]>(...elements: T): Tuple<T[number]> & T {
  const made = new Tuple<T[number]>(elements.length);
  for (let i = 0; i < elements.length; i++) made[i] = elements[i];
  return made as unknown as Tuple<T[number]> & T;
}

/** A float whose value may be integral: `float(1)` is `1.0`, where plain `1` is an integer. */
export class Float extends Term {
  static {
    brand(Float, "float");
  }
  readonly value: number;
  constructor(value: number) {
    super();
    if (!Number.isFinite(value))
      throw new EtfError("ETF_UNSUPPORTED", `a float must be finite, not ${shown(value)}`);
    this.value = value;
  }
  override valueOf(): number {
    return this.value;
  }
  override [PRINT](): string {
    return printFloat(this.value);
  }
}
/** The float of that value, even where it is integral. */
export function float(value: number): Float {
  return new Float(value);
}

/** A list whose last tail is not `[]`: `[1, 2 | tail]`. */
export class ImproperList<T = unknown> extends Term {
  static {
    brand(ImproperList, "improper list");
  }
  /** The elements before the tail, at least one. */
  readonly elements: readonly T[];
  readonly tail: unknown;
  constructor(elements: readonly T[], tail: unknown) {
    super();
    if (!Array.isArray(elements) || elements.length === 0)
      throw new EtfError(
        "ETF_OPTION",
        "an improper list has an array of at least one element before its tail",
      );
    this.elements = elements;
    this.tail = tail;
  }
  override [PRINT](printer: Printer): string {
    return `[${printer.list(this.elements)}|${printer.show(this.tail)}]`;
  }
}
/** `improperList([1, 2], 3)` is `[1,2|3]`. */
export function improperList<T>(elements: readonly T[], tail: unknown): ImproperList<T> {
  return new ImproperList(elements, tail);
}

/** A bit string whose length is no multiple of 8. */
export class BitString extends Term {
  static {
    brand(BitString, "bit string");
  }
  /** The bytes; of the last one only the upper {@link bits} count, the others are 0. */
  readonly bytes: Uint8Array;
  /** Bits used of the last byte: 1 to 7. */
  readonly bits: number;
  constructor(bytes: Uint8Array, bits: number) {
    super();
    const last = byteLength(bytes) - 1;
    if (last < 0) throw new EtfError("ETF_OPTION", "a bit string has at least one byte");
    if (!(Number.isInteger(bits) && bits >= 1 && bits <= 7)) {
      throw new EtfError(
        "ETF_OPTION",
        `a bit string uses 1 to 7 bits of its last byte, not ${shown(bits)}; for 8 give the bytes themselves`,
      );
    }
    this.bytes = new Uint8Array(last + 1);
    this.bytes.set(bytes);
    this.bytes[last] = (this.bytes[last] ?? 0) & (0xff00 >> bits);
    this.bits = bits;
  }
  override [PRINT]({ style }: Printer): string {
    return printBytes(this.bytes, style, this.bits);
  }
}
/** `bitString(Uint8Array.of(0b101_00000), 3)` is `<<5:3>>`. */
export function bitString(bytes: Uint8Array, bits: number): BitString {
  return new BitString(bytes, bits);
}
