/**
 * Writers made for one kind of object: the same prototype and the same keys in the same order. The keys' bytes are constants in
 * the generated code, and each property's value is first tried as what it was when the code was made.
 */

import { generate } from "./generate.ts";
import type { Encoded } from "./names.ts";
import type { Output } from "./output.ts";

/** What generated writers need of the encoder. */
export interface ShapeEncoder extends Output {
  term(value: unknown, at: number): number;
  list(value: readonly unknown[], at: number): number;
  /** The shape that the object written last turned out to have. */
  lastShape: WriteShape;
}

/** A kind of object. */
export interface WriteShape {
  /** Writes `value` at `at` and gives the position behind it, or -1 when it is not of this kind: then nothing was written. */
  readonly write: (value: object, at: number) => number;
  /** The next kind with the same first key. */
  readonly next: WriteShape | undefined;
}

/** The kind of no object. */
export const NO_SHAPE: WriteShape = { write: () => -1, next: undefined };

/** Objects with more keys, or longer ones (in bytes), are written by the general code. */
const MAX_KEYS = 48;
const MAX_KEY_BYTES = 260;
/** Bytes that are set aside for each value of a scalar kind. */
const SCALAR = 10;

/** A writer for objects like `sample`, whose keys are `keys`; `undefined` where there is to be none. */
export function makeWriteShape(
  encoder: ShapeEncoder,
  sample: Readonly<Record<string, unknown>>,
  keys: readonly Encoded[],
  next: WriteShape | undefined,
): WriteShape | undefined {
  if (keys.length === 0 || keys.length > MAX_KEYS) return undefined;
  if (keys.some(({ length }) => length > MAX_KEY_BYTES)) return undefined;
  const values = [encoder, keys.map((key) => key.text), Object.getPrototypeOf(sample), NO_SHAPE];
  const write = generate(["e", "K", "P", "NONE"], source(keys, sample), values);
  return write === undefined ? undefined : { write: write as WriteShape["write"], next };
}

function source(keys: readonly Encoded[], sample: Readonly<Record<string, unknown>>): string {
  const proto: unknown = Object.getPrototypeOf(sample);
  let rest = keys.reduce((sum, key) => sum + key.length + 3 + SCALAR, 8);
  const fields = keys.map((key, i) => {
    rest -= key.length + 3 + SCALAR;
    return field(key, i, sample[key.text], rest);
  });
  const caches = keys.map((_, i) => `let s${i} = NONE;`).join(" ");
  return `${caches}
return function write(o, at) {
  let x = o[${JSON.stringify(keys[0]?.text)}], i = 0, missing = 0, q = 0;
  if (Object.getPrototypeOf(o) !== P) return -1;
  for (const k in o) if (k !== K[i++]) return -1;
  if (i !== ${keys.length} || o.toTerm !== undefined${proto === null ? " || o[Symbol.toStringTag] !== undefined" : ""}) return -1;
  if (--e.levels < 0) e.tooDeep();
  let p = e.room(at, ${keys.reduce((sum, key) => sum + key.length + 3 + SCALAR, 8)}), v = e.view;
  const start = p - e.writer.keepFrom;
  v.setUint8(p, 116); v.setUint32(p + 1, ${keys.length}); p += 5;
${fields.join("\n")}
  if (missing > 0) v.setUint32(start + e.writer.keepFrom + 1, ${keys.length} - missing);
  e.levels++;
  return p;
};`;
}

function field(key: Encoded, index: number, sample: unknown, rest: number): string {
  const load = index === 0 ? "" : `x = o[${JSON.stringify(key.text)}];`;
  const constants = key.words.map((word, i) => `v.setInt32(p + ${4 * i}, ${word});`).join(" ");
  const general = `{ p = e.room(e.term(x, p), ${rest}); v = e.view; }`;
  return `  ${load} if (x === undefined) missing++; else { ${constants} p += ${key.length};
    ${likely(sample, index, rest)} ${general} }`;
}

/** The quick way for values of the kind that `sample` is of, up to the `else` of the general way. */
function likely(sample: unknown, index: number, rest: number): string {
  const after = `p = e.room(p, ${rest}); v = e.view;`;
  switch (typeof sample) {
    case "string":
      return `if (typeof x === "string") { p = e.text(x, p); ${after} } else`;
    case "number":
      return Number.isInteger(sample) ? integer() : float();
    case "boolean":
      return truth();
    default:
      if (sample === null) return truth();
      if (Array.isArray(sample) && Object.getPrototypeOf(sample) === Array.prototype) {
        return `if (Array.isArray(x) && x.constructor === Array && x.toTerm === undefined) { p = e.list(x, p); ${after} } else`;
      }
      return `if (typeof x === "object" && x !== null) {
      if ((q = s${index}.write(x, p)) >= 0) p = q; else { e.lastShape = NONE; p = e.term(x, p); s${index} = e.lastShape; }
      ${after}
    } else`;
  }
}

function integer(): string {
  return `if (typeof x === "number" && (x & 255) === x && (x !== 0 || 1 / x > 0)) { v.setUint16(p, 0x6100 | x); p += 2; }
    else if (typeof x === "number" && (x | 0) === x && x !== 0) { v.setUint8(p, 98); v.setInt32(p + 1, x); p += 5; } else`;
}

/** Finite and not integral. */
function float(): string {
  return `if (typeof x === "number" && Math.floor(x) !== x && x - x === 0) {
      v.setUint8(p, 70); v.setFloat64(p + 1, x); p += 9;
    } else`;
}

/** The atoms true, false and nil. */
function truth(): string {
  return `if (x === true) { v.setInt32(p, 0x77047472); v.setUint16(p + 4, 0x7565); p += 6; }
    else if (x === false) { v.setInt32(p, 0x77056661); v.setInt32(p + 4, 0x6c736500); p += 7; }
    else if (x === null) { v.setInt32(p, 0x77036e69); v.setUint8(p + 4, 0x6c); p += 5; } else`;
}
