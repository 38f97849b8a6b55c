/**
 * Readers made for one kind of map: the same keys, in the same bytes, in the same order. The generated code compares the keys'
 * bytes as constants, tries each value first as what it was when the code was made, and ends in an object literal. At a key that
 * differs the general code goes on with what has been read: nothing is read twice.
 */

import { generate } from "./generate.ts";
import { MAX_SHORT, readShort } from "./short.ts";

/** What generated readers need of the decoder. */
export interface ShapeDecoder {
  readonly view: DataView;
  readonly end: number;
  at: number;
  term(): unknown;
  /** Goes on with entry `index` of the map that `shape` was tried on, of which the values before are known. */
  resume(shape: ReadShape, index: number, at: number, values: readonly unknown[]): unknown;
}

/** A kind of map. */
export interface ReadShape {
  /** The keys, in order. */
  readonly keys: readonly string[];
  /** The tag of all keys: 109 or 119. */
  readonly tag: number;
  /** Reads the entries from `at` on, the decoder's position being behind them afterwards; or gives {@link OTHER}, nothing read. */
  readonly read: (at: number) => unknown;
  /** The next kind in the same slot. */
  next: ReadShape | undefined;
  /** How often a map began like this kind and went on otherwise. */
  misled: number;
}

/** What a reader gives when already the first key is another one. */
export const OTHER: unique symbol = Symbol("a map of another kind");

/** Maps with more entries are read by the general code. */
export const MAX_ENTRIES = 48;

/** One key as it lies in the bytes. */
export interface KeyBytes {
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** What a reader is made from: a map that has been read by the general code. */
export interface Specimen {
  /** The tag of all keys: 109 or 119. */
  readonly tag: number;
  readonly keys: readonly KeyBytes[];
  /** What it was read as. */
  readonly sample: Readonly<Record<string, unknown>>;
  /** Whether BINARY_EXT is read as a string. */
  readonly readsText: boolean;
}

/** A reader for maps with these keys, and with values like those of the sample. */
export function makeReadShape(
  decoder: ShapeDecoder,
  specimen: Specimen,
  next: ReadShape | undefined,
): ReadShape | undefined {
  const { tag } = specimen;
  const keys = specimen.keys.map((key) => key.text);
  const shape = { keys, tag, next, misled: 0, read: (): unknown => OTHER };
  const values = [decoder, shape, OTHER, readShort];
  const read = generate(["d", "S", "OTHER", "short"], source(specimen), values);
  return read === undefined ? undefined : Object.assign(shape, { read: read as ReadShape["read"] });
}

function source({ keys, sample, readsText }: Specimen): string {
  const fields = keys.map((key, i) => field(key, i, likely(`x${i}`, sample[key.text], readsText)));
  const names = keys.map((_, i) => `x${i}`);
  // As a name __proto__ would set the prototype, as a computed key it is a key like any other. Names are much faster.
  const literal = keys.map(
    ({ text }, i) => `${text === "__proto__" ? `["__proto__"]` : JSON.stringify(text)}: x${i}`,
  );
  return `return function read(p) {
  const v = d.view, end = d.end;
  let ${names.join(", ")}, n = 0, t = 0;
${fields.join("\n")}
  d.at = p;
  return { ${literal.join(", ")} };
};`;
}

function field({ bytes }: KeyBytes, index: number, quick: string): string {
  const known = Array.from({ length: index }, (_, i) => `x${i}`).join(", ");
  const miss = index === 0 ? "return OTHER" : `return d.resume(S, ${index}, p, [${known}])`;
  return `  if (p + ${bytes.length + 1} > end || ${differs(bytes)}) ${miss};
  p += ${bytes.length}; t = v.getUint8(p);
  ${quick} { d.at = p; x${index} = d.term(); p = d.at; }`;
}

/** A condition that holds when the bytes at `p` are others. */
function differs(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const tests = [];
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) tests.push(`v.getInt32(p + ${i}) !== ${view.getInt32(i)}`);
  for (; i < bytes.length; i++) tests.push(`v.getUint8(p + ${i}) !== ${view.getUint8(i)}`);
  return tests.join(" || ");
}

/** The quick way for values of the kind that `sample` is of, up to the `else` of the general way. */
function likely(name: string, sample: unknown, readsText: boolean): string {
  switch (typeof sample) {
    case "string":
      // Where binaries are bytes a string was an atom, which the general way reads as fast.
      if (!readsText) return "";
      return `if (t === 109 && p + 5 <= end && (n = v.getUint32(p + 1)) <= ${MAX_SHORT} && p + 5 + n <= end && (${name} = short(v, p + 5, n)) !== undefined) p += 5 + n; else`;
    case "number":
      return `if (t === 97 && p + 2 <= end) { ${name} = v.getUint8(p + 1); p += 2; } else if (t === 98 && p + 5 <= end) { ${name} = v.getInt32(p + 1); p += 5; } else if (t === 70 && p + 9 <= end && (n = v.getFloat64(p + 1), n - n === 0)) { ${name} = n; p += 9; } else`;
    case "boolean":
      return truth(name);
    default:
      return sample === null ? truth(name) : "";
  }
}

/** The atoms true, false and nil. */
function truth(name: string): string {
  return `if (t === 119 && p + 7 <= end && v.getInt32(p) === 0x77047472 && v.getUint16(p + 4) === 0x7565) { ${name} = true; p += 6; } else if (t === 119 && p + 7 <= end && v.getInt32(p) === 0x77056661 && v.getUint16(p + 4) === 0x6c73 && v.getUint8(p + 6) === 0x65) { ${name} = false; p += 7; } else if (t === 119 && p + 5 <= end && v.getInt32(p) === 0x77036e69 && v.getUint8(p + 4) === 0x6c) { ${name} = null; p += 5; } else`;
}
