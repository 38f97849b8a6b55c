/**
 * Terms as bytes, made up from random numbers so that readers that remember are led astray: few kinds of maps come again and
 * again, with keys in every form that Erlang has ever written, and each value is now and then of another kind than before.
 */
import type { Random } from "./random.ts";

/** What the messages of a block have in common. */
export interface Dialect {
  readonly maps: readonly MapKind[];
}

/** Maps with the same keys in the same bytes. */
interface MapKind {
  readonly keys: readonly Uint8Array[];
  /** What each value usually is: an index into LEAVES. */
  readonly usual: readonly number[];
}

const utf8 = new TextEncoder();
const NAMES = [
  "k",
  "id",
  "name",
  "ok",
  "toString",
  "__proto__",
  "1",
  "größe",
  "a".repeat(97),
  "b".repeat(106),
  "",
];
const TEXTS = ["", "a", "end", "true", "grüße", "x".repeat(32), "y".repeat(33), "false"];
const ATOMS = ["ok", "true", "false", "nil", "undefined", "error", "ü"];

/** Kinds of maps, for the messages of a block. */
export function dialect(random: Random): Dialect {
  return { maps: Array.from({ length: 3 + random.below(4) }, () => mapKind(random)) };
}

function mapKind(random: Random): MapKind {
  const form = random.pick(KEY_FORMS);
  const names = [...new Set(Array.from({ length: 1 + random.below(5) }, () => random.pick(NAMES)))];
  // One form for all keys, the usual case, or one for each.
  const isMixed = random.oneIn(4);
  const keys = names.map((name) => (isMixed ? random.pick(KEY_FORMS) : form)(name));
  return { keys, usual: keys.map(() => random.below(LEAVES.length)) };
}

/** One term, without the 131. */
export function term(random: Random, { maps }: Dialect, depth: number): Uint8Array {
  const inner = () => term(random, { maps }, depth - 1);
  switch (depth > 0 ? random.below(8) : 7) {
    case 0:
      return sequence([108, ...u32(2)], [inner(), inner()], [106]);
    case 1:
      return sequence([104, 2], [inner(), inner()]);
    case 2:
      return sequence([108, ...u32(1)], [inner()], random.oneIn(4) ? leaf(random) : [106]);
    case 7:
      return leaf(random);
    default:
      return map(random, random.pick(maps), inner);
  }
}

function map(random: Random, { keys, usual }: MapKind, inner: () => Uint8Array): Uint8Array {
  // Some are cut short, or have a key twice.
  const count = random.oneIn(8) ? random.below(keys.length + 1) : keys.length;
  const entries = keys.slice(0, count).flatMap((key, i) => [key, value(random, usual[i] ?? 0, inner)]);
  if (random.oneIn(32)) entries.push(random.pick(keys), leaf(random));
  return sequence([116, ...u32(entries.length / 2)], entries);
}

function value(random: Random, usual: number, inner: () => Uint8Array): Uint8Array {
  if (random.oneIn(8)) return inner();
  const make = random.oneIn(6) ? random.pick(LEAVES) : (LEAVES[usual] ?? leaf);
  return make(random);
}

function leaf(random: Random): Uint8Array {
  return random.pick(LEAVES)(random);
}

const LEAVES: readonly ((random: Random) => Uint8Array)[] = [
  (random) => Uint8Array.of(97, random.below(256)),
  (random) => Uint8Array.of(98, ...u32(random.int32())),
  (random) => big(110, [1 + random.below(9), random.below(2)], random),
  (random) => float(random.pick([0, -0, 1, 1.5, -2.25, 1e300])),
  (random) =>
    Uint8Array.of(
      99,
      ...utf8.encode(random.pick(["1.50000000000000000000e+00", "2.00000000000000000000e+03"])),
      0,
      0,
      0,
      0,
      0,
    ),
  (random) => smallAtom(random.pick(ATOMS)),
  (random) => atom100(random.pick(ATOMS)),
  (random) => atom118(random.pick(ATOMS)),
  (random) => binary(random.pick(TEXTS)),
  (random) => sequence([109, ...u32(2)], [random.bytes(2)]),
  (random) => sequence([77, ...u32(2), random.pick([8, 8, 3])], [random.bytes(2)]),
  () => Uint8Array.of(77, 0, 0, 0, 0, 0),
  () => Uint8Array.of(106),
  (random) => sequence([107, 0, 3], [random.bytes(3)]),
  () => Uint8Array.of(104, 0),
  () => Uint8Array.of(116, 0, 0, 0, 0),
];

const KEY_FORMS: readonly ((name: string) => Uint8Array)[] = [
  smallAtom,
  atom100,
  atom118,
  atom115,
  binary,
  bytesKey,
];

function smallAtom(name: string): Uint8Array {
  const bytes = utf8.encode(name);
  return sequence([119, bytes.length], [bytes]);
}

function atom118(name: string): Uint8Array {
  const bytes = utf8.encode(name);
  return sequence([118, 0, bytes.length], [bytes]);
}

function atom100(name: string): Uint8Array {
  return sequence([100, 0, name.length], [Uint8Array.from(name, latin1)]);
}

function atom115(name: string): Uint8Array {
  return sequence([115, name.length], [Uint8Array.from(name, latin1)]);
}

function binary(text: string): Uint8Array {
  const bytes = utf8.encode(text);
  return sequence([109, ...u32(bytes.length)], [bytes]);
}

/** A key that is no text in one view and is in the other. */
function bytesKey(name: string): Uint8Array {
  const bytes = utf8.encode(name);
  return sequence([77, ...u32(bytes.length), bytes.length === 0 ? 0 : 8], [bytes]);
}

function latin1(character: string): number {
  return character.charCodeAt(0) & 255;
}

function float(number: number): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = 70;
  new DataView(bytes.buffer).setFloat64(1, number);
  return bytes;
}

function big(tag: number, head: readonly number[], random: Random): Uint8Array {
  return sequence([tag, ...head], [random.bytes(head[0] ?? 0)]);
}

function u32(number: number): number[] {
  return [(number >>> 24) & 255, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];
}

function sequence(
  head: readonly number[],
  parts: readonly Uint8Array[],
  tail: ArrayLike<number> = [],
): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, head.length + tail.length);
  const bytes = new Uint8Array(length);
  bytes.set(head);
  let at = head.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  bytes.set(tail, at);
  return bytes;
}
