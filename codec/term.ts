/**
 * The terms that JavaScript has no value for, one class each, and their constructors.
 * They mean the same in both views, plain and exact; the program's neighbour is `Term` in Rust.
 */

import { EtfError } from "./error.ts";
import { atomBytes, type Encoded, encoded } from "./names.ts";

/** The key under which Node's `util.inspect` (and `console.log`) finds how a term prints itself. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** How terms print; set by inspect.ts, which knows all of them. */
let show: (term: unknown) => string = String;
/** @internal */
export function printTermsWith(inspect: (term: unknown) => string): void {
  show = inspect;
}

/** What all classes of this file share: they print as Erlang would print them. */
export abstract class Term {
  toString(): string {
    return show(this);
  }
  [INSPECT](): string {
    return show(this);
  }
}

/** An atom. Made by {@link atom} alone, so that equal atoms are identical. */
export class Atom extends Term {
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
}

const atoms = new Map<string, WeakRef<Atom>>();
const forgotten = new FinalizationRegistry<string>((name) => {
  if (atoms.get(name)?.deref() === undefined) atoms.delete(name);
});

/** The atom of that name: `atom("ok") === atom("ok")`. At most 255 characters. */
export function atom(name: string): Atom {
  const known = atoms.get(name)?.deref();
  if (known !== undefined) return known;
  if (typeof name !== "string") throw new EtfError("ETF_OPTION", `an atom's name is a string, not ${typeof name}`);
  const made = new Atom(name);
  atoms.set(name, new WeakRef(made));
  forgotten.register(made, name);
  return made;
}

/** A tuple: an array that is written as a tuple and prints as `{…}`. `map`, `slice` and the like make tuples of it. */
export class Tuple<T = unknown> extends Array<T> {
  override toString(): string {
    return show(this);
  }
  [INSPECT](): string {
    return show(this);
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
  readonly value: number;
  constructor(value: number) {
    super();
    if (!Number.isFinite(value))
      throw new EtfError("ETF_UNSUPPORTED", `a float must be finite, not ${value}`);
    this.value = value;
  }
  override valueOf(): number {
    return this.value;
  }
}
/** The float of that value, even where it is integral. */
export function float(value: number): Float {
  return new Float(value);
}

/** A list whose last tail is not `[]`: `[1, 2 | tail]`. */
export class ImproperList<T = unknown> extends Term {
  /** The elements before the tail, at least one. */
  readonly elements: readonly T[];
  readonly tail: unknown;
  constructor(elements: readonly T[], tail: unknown) {
    super();
    if (elements.length === 0)
      throw new EtfError("ETF_OPTION", "an improper list has at least one element before its tail");
    this.elements = elements;
    this.tail = tail;
  }
}
/** `improperList([1, 2], 3)` is `[1,2|3]`. */
export function improperList<T>(elements: readonly T[], tail: unknown): ImproperList<T> {
  return new ImproperList(elements, tail);
}

/** A bit string whose length is no multiple of 8. */
export class BitString extends Term {
  /** The bytes; of the last one only the upper {@link bits} count, the others are 0. */
  readonly bytes: Uint8Array;
  /** Bits used of the last byte: 1 to 7. */
  readonly bits: number;
  constructor(bytes: Uint8Array, bits: number) {
    super();
    const last = bytes.length - 1;
    if (last < 0) throw new EtfError("ETF_OPTION", "a bit string has at least one byte");
    if (!(Number.isInteger(bits) && bits >= 1 && bits <= 7)) {
      throw new EtfError(
        "ETF_OPTION",
        `a bit string uses 1 to 7 bits of its last byte, not ${bits}; for 8 give the bytes themselves`,
      );
    }
    this.bytes = Uint8Array.from(bytes);
    this.bytes[last] = (bytes[last] ?? 0) & (0xff00 >> bits);
    this.bits = bits;
  }
}
/** `bitString(Uint8Array.of(0b101_00000), 3)` is `<<5:3>>`. */
export function bitString(bytes: Uint8Array, bits: number): BitString {
  return new BitString(bytes, bits);
}

/** A process identifier. */
export class Pid extends Term {
  /** The node's name, `name@host`. */
  readonly node: string;
  readonly id: number;
  readonly serial: number;
  readonly creation: number;
  constructor(node: string, id: number, serial: number, creation: number) {
    super();
    this.node = atom(node).name;
    this.id = uint32("a pid's id", id);
    this.serial = uint32("a pid's serial", serial);
    this.creation = uint32("a pid's creation", creation);
  }
}
/** A process identifier of its parts (all but the node are 32-bit numbers). */
export function pid(node: string, id: number, serial: number, creation: number): Pid {
  return new Pid(node, id, serial, creation);
}

/** A port identifier. */
export class Port extends Term {
  readonly node: string;
  /** 64 bits. */
  readonly id: bigint;
  readonly creation: number;
  constructor(node: string, id: number | bigint, creation: number) {
    super();
    this.node = atom(node).name;
    this.id = uint64("a port's id", id);
    this.creation = uint32("a port's creation", creation);
  }
}
/** A port identifier of its parts. */
export function port(node: string, id: number | bigint, creation: number): Port {
  return new Port(node, id, creation);
}

/** A reference. */
export class Reference extends Term {
  readonly node: string;
  readonly creation: number;
  /** One to five 32-bit words, as they lie in the bytes (Erlang prints them the other way round). */
  readonly ids: readonly number[];
  constructor(node: string, creation: number, ids: readonly number[]) {
    super();
    if (ids.length < 1 || ids.length > 5)
      throw new EtfError("ETF_OPTION", `a reference has 1 to 5 words, not ${ids.length}`);
    this.node = atom(node).name;
    this.creation = uint32("a reference's creation", creation);
    this.ids = ids.map((id) => uint32("a reference's word", id));
  }
}
/** A reference of its parts. */
export function reference(node: string, creation: number, ids: readonly number[]): Reference {
  return new Reference(node, creation, ids);
}

/** An external fun: `fun lists:map/2`. */
export class Export extends Term {
  readonly module: string;
  readonly function: string;
  /** 0 to 255. */
  readonly arity: number;
  constructor(module: string, name: string, arity: number) {
    super();
    this.module = atom(module).name;
    this.function = atom(name).name;
    this.arity = inRange("an arity", arity, 255);
  }
}
/** `exported("lists", "map", 2)` is `fun lists:map/2`. */
export function exported(module: string, name: string, arity: number): Export {
  return new Export(module, name, arity);
}

/** What a local fun is made of. JavaScript cannot call it, only hand it back. */
export interface FunParts {
  readonly module: string;
  readonly arity: number;
  /** 16 bytes: the MD5 of the module's code. */
  readonly uniq: Uint8Array;
  readonly index: number;
  readonly oldIndex: number;
  readonly oldUniq: number;
  /** The process that made it. */
  readonly pid: Pid;
  /** The values it closed over, as the exact view shows them. */
  readonly free: readonly unknown[];
}
/** A local fun, opaque and complete. */
export class Fun extends Term implements FunParts {
  readonly module: string;
  readonly arity: number;
  readonly uniq: Uint8Array;
  readonly index: number;
  readonly oldIndex: number;
  readonly oldUniq: number;
  readonly pid: Pid;
  readonly free: readonly unknown[];
  constructor(parts: FunParts) {
    super();
    if (parts.uniq.length !== 16) throw new EtfError("ETF_OPTION", "a fun's uniq has 16 bytes");
    this.module = atom(parts.module).name;
    this.arity = inRange("an arity", parts.arity, 255);
    this.uniq = parts.uniq;
    this.index = uint32("a fun's index", parts.index);
    this.oldIndex = parts.oldIndex;
    this.oldUniq = parts.oldUniq;
    this.pid = parts.pid;
    this.free = parts.free;
  }
}
/** A local fun of its parts. */
export function fun(parts: FunParts): Fun {
  return new Fun(parts);
}

function uint32(what: string, value: number): number {
  return inRange(what, value, 0xffff_ffff);
}
function inRange(what: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new EtfError("ETF_OPTION", `${what} is an integer from 0 to ${most}, not ${String(value)}`);
}
function uint64(what: string, value: number | bigint): bigint {
  const id = typeof value === "bigint" ? value : BigInt(inRange(what, value, Number.MAX_SAFE_INTEGER));
  if (BigInt.asUintN(64, id) === id) return id;
  throw new EtfError("ETF_OPTION", `${what} has 64 bits and no sign`);
}
