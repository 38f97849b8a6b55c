/**
 * Short ASCII texts, one function for each length: `String.fromCharCode` with as many arguments as there are characters is the
 * fastest way to make them (measured on Node 20, 22 and 24 up to 32 bytes, where the runtime's own decoder takes over).
 * Four characters are loaded at a time; the last load overlaps the one before.
 */

/** Texts of more bytes are left to the runtime. */
export const MAX_SHORT = 32;

type Read = (view: DataView, at: number) => string | undefined;

const make = String.fromCharCode;
/** The bits that no ASCII character has, in four of them. */
const HIGH = 0x80808080 | 0;

/** The text of the `length` bytes at `at`, at most {@link MAX_SHORT}; `undefined` when one of them is not ASCII. */
export function readShort(view: DataView, at: number, length: number): string | undefined {
  return (READERS[length] as Read)(view, at);
}

// biome-ignore format: the pattern can be checked by eye only while four characters of one load stand together.
const READERS: readonly Read[] = [
  () => "",
  (v, p) => {
    const a = v.getUint8(p);
    return a > 127 ? undefined : make(a);
  },
  (v, p) => {
    const a = v.getUint8(p), b = v.getUint8(p + 1);
    return (a | b) > 127 ? undefined : make(a, b);
  },
  (v, p) => {
    const a = v.getUint8(p), b = v.getUint8(p + 1), c = v.getUint8(p + 2);
    return (a | b | c) > 127 ? undefined : make(a, b, c);
  },
  (v, p) => {
    const a = v.getInt32(p);
    return (a & HIGH) !== 0 ? undefined : make(a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 1);
    return ((a | b) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 2);
    return ((a | b) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, (b >> 8) & 255, b & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 3);
    return ((a | b) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, (b >> 16) & 255, (b >> 8) & 255, b & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4);
    return ((a | b) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 5);
    return ((a | b | c) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 6);
    return ((a | b | c) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      (c >> 8) & 255, c & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 7);
    return ((a | b | c) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      (c >> 16) & 255, (c >> 8) & 255, c & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8);
    return ((a | b | c) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 9);
    return ((a | b | c | d) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 10);
    return ((a | b | c | d) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, (d >> 8) & 255, d & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 11);
    return ((a | b | c | d) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, (d >> 16) & 255, (d >> 8) & 255, d & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12);
    return ((a | b | c | d) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 13);
    return ((a | b | c | d | e) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      e & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 14);
    return ((a | b | c | d | e) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      (e >> 8) & 255, e & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 15);
    return ((a | b | c | d | e) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      (e >> 16) & 255, (e >> 8) & 255, e & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 16);
    return ((a | b | c | d | e) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      e >>> 24, (e >> 16) & 255, (e >> 8) & 255, e & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 16), f = v.getInt32(p + 17);
    return ((a | b | c | d | e | f) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      e >>> 24, (e >> 16) & 255, (e >> 8) & 255, e & 255, f & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 16), f = v.getInt32(p + 18);
    return ((a | b | c | d | e | f) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      e >>> 24, (e >> 16) & 255, (e >> 8) & 255, e & 255, (f >> 8) & 255, f & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 16), f = v.getInt32(p + 19);
    return ((a | b | c | d | e | f) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      e >>> 24, (e >> 16) & 255, (e >> 8) & 255, e & 255, (f >> 16) & 255, (f >> 8) & 255, f & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 16), f = v.getInt32(p + 20);
    return ((a | b | c | d | e | f) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      e >>> 24, (e >> 16) & 255, (e >> 8) & 255, e & 255, f >>> 24, (f >> 16) & 255, (f >> 8) & 255, f & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 16), f = v.getInt32(p + 20), g = v.getInt32(p + 21);
    return ((a | b | c | d | e | f | g) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      e >>> 24, (e >> 16) & 255, (e >> 8) & 255, e & 255, f >>> 24, (f >> 16) & 255, (f >> 8) & 255, f & 255,
      g & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 16), f = v.getInt32(p + 20), g = v.getInt32(p + 22);
    return ((a | b | c | d | e | f | g) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      e >>> 24, (e >> 16) & 255, (e >> 8) & 255, e & 255, f >>> 24, (f >> 16) & 255, (f >> 8) & 255, f & 255,
      (g >> 8) & 255, g & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 16), f = v.getInt32(p + 20), g = v.getInt32(p + 23);
    return ((a | b | c | d | e | f | g) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      e >>> 24, (e >> 16) & 255, (e >> 8) & 255, e & 255, f >>> 24, (f >> 16) & 255, (f >> 8) & 255, f & 255,
      (g >> 16) & 255, (g >> 8) & 255, g & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 16), f = v.getInt32(p + 20), g = v.getInt32(p + 24);
    return ((a | b | c | d | e | f | g) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      e >>> 24, (e >> 16) & 255, (e >> 8) & 255, e & 255, f >>> 24, (f >> 16) & 255, (f >> 8) & 255, f & 255,
      g >>> 24, (g >> 16) & 255, (g >> 8) & 255, g & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 16), f = v.getInt32(p + 20), g = v.getInt32(p + 24), h = v.getInt32(p + 25);
    return ((a | b | c | d | e | f | g | h) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      e >>> 24, (e >> 16) & 255, (e >> 8) & 255, e & 255, f >>> 24, (f >> 16) & 255, (f >> 8) & 255, f & 255,
      g >>> 24, (g >> 16) & 255, (g >> 8) & 255, g & 255, h & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 16), f = v.getInt32(p + 20), g = v.getInt32(p + 24), h = v.getInt32(p + 26);
    return ((a | b | c | d | e | f | g | h) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      e >>> 24, (e >> 16) & 255, (e >> 8) & 255, e & 255, f >>> 24, (f >> 16) & 255, (f >> 8) & 255, f & 255,
      g >>> 24, (g >> 16) & 255, (g >> 8) & 255, g & 255, (h >> 8) & 255, h & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 16), f = v.getInt32(p + 20), g = v.getInt32(p + 24), h = v.getInt32(p + 27);
    return ((a | b | c | d | e | f | g | h) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      e >>> 24, (e >> 16) & 255, (e >> 8) & 255, e & 255, f >>> 24, (f >> 16) & 255, (f >> 8) & 255, f & 255,
      g >>> 24, (g >> 16) & 255, (g >> 8) & 255, g & 255, (h >> 16) & 255, (h >> 8) & 255, h & 255);
  },
  (v, p) => {
    const a = v.getInt32(p), b = v.getInt32(p + 4), c = v.getInt32(p + 8), d = v.getInt32(p + 12),
      e = v.getInt32(p + 16), f = v.getInt32(p + 20), g = v.getInt32(p + 24), h = v.getInt32(p + 28);
    return ((a | b | c | d | e | f | g | h) & HIGH) !== 0 ? undefined : make(
      a >>> 24, (a >> 16) & 255, (a >> 8) & 255, a & 255, b >>> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255,
      c >>> 24, (c >> 16) & 255, (c >> 8) & 255, c & 255, d >>> 24, (d >> 16) & 255, (d >> 8) & 255, d & 255,
      e >>> 24, (e >> 16) & 255, (e >> 8) & 255, e & 255, f >>> 24, (f >> 16) & 255, (f >> 8) & 255, f & 255,
      g >>> 24, (g >> 16) & 255, (g >> 8) & 255, g & 255, h >>> 24, (h >> 16) & 255, (h >> 8) & 255, h & 255);
  },
];
