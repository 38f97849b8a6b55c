/**
 * Values with behaviour, each with its twin: the plain value of this realm that has to be written as the same bytes. A value
 * that must be refused, or does something while it is written, has no twin.
 */
import type { Codec } from "../../codec/index.ts";
import { type Act, anyAct, type Surroundings } from "./acts.ts";
import type { CodecModule, Realm } from "./elsewhere.ts";
import { Liar, OwnIterator, Point, ResizableBuffer, Tagged } from "./odd.ts";
import type { Random } from "./random.ts";

/** Where values come from. */
export interface Sources {
  readonly here: Realm;
  readonly there: Realm;
  readonly own: CodecModule;
  readonly other: CodecModule;
}

/** A value and what is known of it. */
export interface Made {
  readonly value: unknown;
  readonly twin: unknown;
}

/** Makes the value of one case. */
export class Maker implements Surroundings {
  readonly maps: Map<unknown, unknown>[] = [];
  readonly arrays: unknown[][] = [];
  readonly bytes: Uint8Array[] = [];
  /** It must be refused. */
  isRefused = false;
  /** It does something: what is written is for it to say. */
  isActive = false;
  readonly #random: Random;
  readonly #from: Sources;
  readonly #codec: Codec;
  readonly #misuse: () => void;
  #acts = 0;

  constructor(random: Random, from: Sources, codec: Codec, misuse: () => void) {
    this.#random = random;
    this.#from = from;
    this.#codec = codec;
    this.#misuse = misuse;
  }

  encodeAgain(): void {
    // A value that encodes itself with what encodes itself has no end.
    if (this.#acts++ < 20) this.#codec.encode([{ a: 1, b: ["again"] }, new Map([["k", 2]])]);
  }

  misuseWriter(): void {
    if (this.#acts++ < 20) this.#misuse();
  }

  /** Any value, with containers in each other down to `depth`. */
  any(depth: number): Made {
    const random = this.#random;
    const which = random.below(depth > 0 ? 20 : 9);
    if (which < 4) return this.#scalar();
    if (which < 6) return this.#bytes();
    if (which < 8) return this.#term(depth);
    if (which < 9) return random.oneIn(3) ? this.#odd() : this.#scalar();
    if (which < 12) return this.#list(depth);
    if (which < 16) return this.#record(depth);
    if (which < 19) return this.#map(depth);
    return this.#speaking(depth);
  }

  #scalar(): Made {
    const random = this.#random;
    const value = random.pick(SCALARS);
    return same(typeof value === "function" ? value(random) : value);
  }

  /** Arrays filled with one byte, so that no other byte may be found in what was written. */
  #bytes(): Made {
    const random = this.#random;
    const size = random.oneIn(400) ? 40_000 : random.below(40);
    const twin = new Uint8Array(size).fill(random.pick([1, 65, 200]));
    const value = this.#bytesLike(twin);
    this.bytes.push(value);
    return { value, twin };
  }

  #bytesLike(twin: Uint8Array): Uint8Array {
    switch (this.#random.below(7)) {
      case 0:
        return twin.slice();
      case 1:
        return Buffer.from(twin);
      case 2:
        return this.#from.there.bytes(twin);
      case 3:
        return new Liar(twin);
      case 4: {
        const buffer = new ResizableBuffer(twin.length, { maxByteLength: twin.length + 50 });
        new Uint8Array(buffer).set(twin);
        return this.#random.oneIn(2) ? new Uint8Array(buffer) : new Uint8Array(buffer, 0, twin.length);
      }
      case 5: {
        const shared = new Uint8Array(new SharedArrayBuffer(twin.length));
        shared.set(twin);
        return shared;
      }
      default:
        return twin.slice();
    }
  }

  #term(depth: number): Made {
    const make = this.#random.pick(TERMS);
    const seed = this.#random.below(3);
    // Only some have room for another term.
    const parts = make.length > 2 ? this.any(Math.max(0, depth - 1)) : same(null);
    const value = make(this.#random.oneIn(2) ? this.#from.other : this.#from.own, seed, parts.value);
    const { elements, free } = value as { elements?: unknown[]; free?: unknown[] };
    if (elements !== undefined) this.arrays.push(elements);
    if (free !== undefined) this.arrays.push(free);
    return { value, twin: make(this.#from.own, seed, parts.twin) };
  }

  /** What ETF cannot hold. */
  #odd(): Made {
    this.isRefused = true;
    const random = this.#random;
    const from = random.pick([this.#from.here, this.#from.there]);
    const value = random.oneIn(3) ? random.pick(REFUSED) : random.pick(from.opaque)();
    return same(value);
  }

  #list(depth: number): Made {
    const random = this.#random;
    const parts = this.#parts(random.few(6), depth);
    const values = parts.map(({ value }) => value);
    const twins = parts.map(({ twin }) => twin);
    if (random.oneIn(4)) {
      const tuple = random.oneIn(2) ? this.#from.other.tuple(...values) : this.#from.own.tuple(...values);
      this.arrays.push(tuple);
      return { value: tuple, twin: this.#from.own.tuple(...twins) };
    }
    const value = this.#listLike(values);
    return { value, twin: twins };
  }

  #listLike(values: unknown[]): unknown[] {
    this.arrays.push(values);
    switch (this.#random.below(5)) {
      case 0:
        return this.#from.there.list(values);
      case 1:
        return new Proxy(values, {});
      case 2:
        return Object.assign([], { toTerm: () => values });
      default:
        return values;
    }
  }

  #record(depth: number): Made {
    const random = this.#random;
    const keys = random.pick(KEYS);
    const parts = this.#parts(keys.length, depth);
    const entries = keys.map((key, i) => [key, parts[i]?.value] as const);
    const twin = Object.fromEntries(keys.map((key, i) => [key, parts[i]?.twin]));
    return { value: this.#recordLike(entries), twin };
  }

  #recordLike(entries: (readonly [string, unknown])[]): object {
    const plain = Object.fromEntries(entries);
    switch (this.#random.below(8)) {
      case 0:
        return this.#from.there.record(entries);
      case 1:
        return this.#from.there.instance(entries);
      case 2:
        return Object.assign(Object.create(null), plain);
      case 3:
        return new Proxy(plain, {});
      case 4:
        return Object.defineProperty({ a: 1, b: 2 }, "toTerm", { value: () => plain });
      case 5:
        return this.#withGetter(entries);
      case 6:
        return Object.assign(this.#random.oneIn(2) ? new Point() : new Tagged(), plain);
      default:
        return plain;
    }
  }

  /** One property is read by code, which may do something. */
  #withGetter(entries: (readonly [string, unknown])[]): object {
    const made: object = {};
    const which = this.#random.below(Math.max(1, entries.length));
    const act = this.#maybeAct();
    for (const [i, [key, value]] of entries.entries()) {
      const get = () => {
        act?.(this);
        return value;
      };
      Object.defineProperty(made, key, i === which ? { get, enumerable: true } : { value, enumerable: true });
    }
    return made;
  }

  #map(depth: number): Made {
    const random = this.#random;
    const keys = random.pick(MAP_KEYS);
    const parts = this.#parts(keys.length, depth);
    const entries = (of: CodecModule, which: "value" | "twin") =>
      keys.map((key, i) => [typeof key === "function" ? key(of) : key, parts[i]?.[which]] as const);
    const value = this.#mapLike(entries(random.oneIn(3) ? this.#from.other : this.#from.own, "value"));
    return { value, twin: new Map(entries(this.#from.own, "twin")) };
  }

  #mapLike(entries: (readonly [unknown, unknown])[]): Map<unknown, unknown> {
    const map = new Map(entries);
    this.maps.push(map);
    switch (this.#random.below(6)) {
      case 0: {
        const foreign = this.#from.there.map(entries);
        this.maps.push(foreign);
        return foreign;
      }
      case 1:
        return new this.#from.own.TermMap(entries);
      case 2:
        return new Proxy(map, {
          get: (target, key) => {
            const found: unknown = Reflect.get(target, key, target);
            return typeof found === "function" ? found.bind(target) : found;
          },
        });
      case 3: {
        const odd = new OwnIterator(entries);
        this.maps.push(odd);
        return odd;
      }
      default:
        return map;
    }
  }

  /** An object that says what it is, and may do something first. */
  #speaking(depth: number): Made {
    const made = this.any(depth - 1);
    // A property that is undefined is left out; one whose toTerm() gives undefined is not.
    const { value, twin } = made.twin === undefined ? same(null) : made;
    const act = this.#maybeAct();
    const toTerm = () => {
      act?.(this);
      return value;
    };
    const carrier = this.#random.pick([
      () => ({}),
      () => new Map(),
      () => new Date(),
      () => new Uint8Array(3),
    ])();
    return { value: Object.assign(carrier, { toTerm }), twin };
  }

  #maybeAct(): Act | undefined {
    if (!this.#random.oneIn(2)) return undefined;
    this.isActive = true;
    return anyAct(this.#random);
  }

  #parts(count: number, depth: number): Made[] {
    return Array.from({ length: count }, () => this.any(depth - 1));
  }
}

function same(value: unknown): Made {
  return { value, twin: value };
}

const SCALARS: readonly (((random: Random) => unknown) | unknown)[] = [
  null,
  true,
  false,
  undefined,
  1.5,
  -0,
  (random: Random) => random.below(200),
  (random: Random) => -random.below(16),
  (random: Random) => BigInt(random.below(100)) << 64n,
  (random: Random) => "x".repeat(random.few(90)),
  "é",
  "日本 😀",
  "y".repeat(130),
];

const REFUSED: readonly unknown[] = [Number.NaN, () => 1, Symbol("s"), "\ud800", Infinity];

/** Few, so that code is made for some of them. */
const KEYS: readonly (readonly string[])[] = [
  [],
  ["a"],
  ["a", "b"],
  ["b", "a", "c"],
  ["k1", "k2", "k3", "k4"],
  ["__proto__x", "a"],
  ["1", "a"],
];

type Key = unknown | ((of: CodecModule) => unknown);

/** Keys that are different terms. */
const MAP_KEYS: readonly (readonly Key[])[] = [
  [],
  ["a"],
  ["a", "b", "k1"],
  [1, "1", 1.5],
  [(of: CodecModule) => of.atom("a"), "a", (of: CodecModule) => of.tuple("a")],
  [Uint8Array.of(1), Uint8Array.of(2)],
  [true, null, undefined, 0],
  [(of: CodecModule) => of.float(1), 1, (of: CodecModule) => new Map([[of.atom("x"), 1]])],
];

const NODE = "n@host";
const uniq = new Uint8Array(16).fill(7);

const TERMS: readonly ((of: CodecModule, seed: number, part: unknown) => unknown)[] = [
  (of, seed) => of.atom(["ok", "error", "true"][seed] ?? ""),
  (of, seed) => of.float(seed),
  (of, seed, part) => of.improperList([seed, part], of.atom("tail")),
  (of, seed) => of.bitString(Uint8Array.of(1, 160), seed + 1),
  (of, seed) => of.pid(NODE, seed, 2, 3),
  (of, seed) => of.port(NODE, seed, 3),
  (of, seed) => of.reference(NODE, seed, [1, 2]),
  (of, seed) => of.exported("lists", "map", seed),
  (of, seed, part) => {
    const pid = of.pid(NODE, 1, 2, 3);
    const numbers = { arity: 1, index: seed, oldIndex: 2, oldUniq: 3 };
    return of.fun({ module: "m", ...numbers, uniq, pid, free: [part] });
  },
];
