/** Arbitrary values for fast-check: for the exact view any term, for the plain view what that can tell apart. */

import fc from "fast-check";
import {
  atom,
  bitString,
  exported,
  float,
  fun,
  ImproperList,
  improperList,
  pid,
  port,
  reference,
  TermMap,
  tuple,
} from "../../codec/index.ts";

const uint32 = fc.nat({ max: 0xffff_ffff });
const text = fc.string({ unit: "grapheme", maxLength: 40 });
const atomName = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom("ok", "error", "a", "Elixir.Foo"),
);
const realAtom = atomName.filter((name) => !["true", "false", "nil", "undefined"].includes(name)).map(atom);
const integer = fc
  .oneof(
    fc.integer({ min: -300, max: 300 }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: -(2n ** 2100n), max: 2n ** 2100n }).map((value) => {
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    }),
  )
  .map((value) => (Object.is(value, -0) ? 0 : value));
const real = fc.double({ noNaN: true, noDefaultInfinity: true });
const bytes = fc.uint8Array({ maxLength: 60 });
const special = fc.constantFrom(null, undefined, true, false);

const aPid = fc.tuple(atomName, uint32, uint32, uint32).map((parts) => pid(...parts));
const bits = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 7 }))
  .map((parts) => bitString(...parts));

/** Terms with a class of their own and no terms of any kind inside. */
const opaque = fc.oneof(
  bits,
  aPid,
  fc.tuple(atomName, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), uint32).map((parts) => port(...parts)),
  fc
    .tuple(atomName, uint32, fc.array(uint32, { minLength: 1, maxLength: 5 }))
    .map((parts) => reference(...parts)),
  fc.tuple(atomName, atomName, fc.nat({ max: 255 })).map((parts) => exported(...parts)),
);

/** Any term as the exact view shows it. */
export const exactTerm: fc.Arbitrary<unknown> = fc.letrec((tie) => {
  const term = tie("term");
  const list = fc.oneof(fc.array(term, { maxLength: 6 }), fc.array(fc.nat({ max: 255 }), { maxLength: 20 }));
  return {
    term: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      tie("leaf"),
      list,
      tie("tuple"),
      tie("map"),
      tie("improper"),
      tie("fun"),
    ),
    leaf: fc.oneof(
      integer,
      real.map((value) => (Number.isInteger(value) ? float(value) : value)),
      realAtom,
      special,
      bytes,
      opaque,
    ),
    tuple: fc.array(term, { maxLength: 6 }).map((items) => tuple(...items)),
    map: fc.array(fc.tuple(term, term), { maxLength: 6 }).map((entries) => new TermMap(entries)),
    improper: fc
      .tuple(fc.array(term, { minLength: 1, maxLength: 4 }), term)
      .filter(([, tail]) => !isList(tail))
      .map(([items, tail]) => improperList(items, tail)),
    fun: fc
      .tuple(fc.array(term, { maxLength: 3 }), aPid, fc.nat({ max: 2 ** 31 - 1 }))
      .map(([free, creator, index]) =>
        fun({
          module: "m",
          arity: 2,
          uniq: new Uint8Array(16).fill(7),
          index,
          oldIndex: 3,
          oldUniq: 70_000_000,
          pid: creator,
          free,
        }),
      ),
  };
}).term;

function isList(value: unknown): boolean {
  return value instanceof ImproperList || (Array.isArray(value) && value.constructor === Array);
}

const plainKey = fc.oneof(
  text,
  fc.constantFrom("__proto__", "toString", "constructor", "1", "2", "id", "name"),
);

/** A value that the plain view gives back as it was. */
export const plainValue: fc.Arbitrary<unknown> = fc.letrec((tie) => {
  const value = tie("value");
  const list = fc.oneof(fc.array(value, { maxLength: 6 }), fc.array(fc.nat({ max: 255 }), { maxLength: 20 }));
  return {
    value: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      tie("leaf"),
      list,
      tie("object"),
      tie("map"),
      tie("records"),
    ),
    leaf: fc.oneof(
      integer,
      real.filter((value) => !Number.isInteger(value) || Object.is(value, -0) || Number.isSafeInteger(value)),
      special,
      text,
      bytes.filter(({ length }) => length > 0),
      opaque,
    ),
    object: fc.dictionary(plainKey, value.filter(isPresent), { maxKeys: 8 }).map(plainObject),
    map: fc
      .array(fc.tuple(fc.integer(), value), { minLength: 1, maxLength: 6 })
      .map((entries) => new Map(entries)),
    // The same keys again and again: the kind of objects that code is made for.
    records: fc.array(
      fc.record(
        {
          id: integer,
          name: text,
          tags: fc.array(text, { maxLength: 2 }),
          ok: special.filter(isPresent),
          more: value.filter(isPresent),
        },
        { noNullPrototype: true },
      ),
      { maxLength: 12 },
    ),
  };
}).value;

function isPresent(value: unknown): boolean {
  return value !== undefined;
}

/** With the prototype of all objects: those of fast-check have none. */
function plainObject(properties: Record<string, unknown>): object {
  const object = {};
  for (const key of Object.keys(properties)) {
    Object.defineProperty(object, key, {
      value: properties[key],
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return object;
}
