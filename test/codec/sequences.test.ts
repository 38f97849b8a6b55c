/** What a codec has read before changes nothing of what it reads next: against the first reading of a fresh one. */
import { describe, expect, it, vi } from "vitest";
import { Codec, type CodecOptions } from "../../codec/index.ts";
import { dialect, term } from "../fuzz/etf.ts";
import { Random } from "../fuzz/random.ts";
import { compare, reading, VIEWS } from "../fuzz/readers.ts";
import { bytesOf, hostile, vectors } from "./vectors.ts";

const TIMES = 40;
const SEED = 11;
const views: readonly CodecOptions[] = VIEWS.flatMap((view) => [view, { ...view, codegen: false }]);
const messages: readonly Uint8Array[] = [
  ...vectors.map(bytesOf),
  ...hostile.filter((row) => row.resource !== true).map(bytesOf),
  ...generated(500),
].filter((bytes) => bytes.length < 100_000);

function generated(count: number): Uint8Array[] {
  const random = new Random(SEED, 0, 0);
  const kinds = dialect(random);
  return Array.from({ length: count }, () => Uint8Array.of(131, ...term(random, kinds, 3)));
}

/** The numbers below `count` in an order of their own. */
function shuffled(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i -= 1) {
    const other = random.below(i + 1);
    [order[i], order[other]] = [order[other] ?? 0, order[i] ?? 0];
  }
  return order;
}

describe.each(views)("in the view %j", (view) => {
  const first = messages.map((bytes) => reading(new Codec(view), bytes));

  it("every message is read the same, forty times in a row by one codec", () => {
    const codec = new Codec(view);
    messages.forEach((bytes, i) => {
      for (let n = 0; n < TIMES; n += 1) compare(bytes, reading(codec, bytes), first[i] ?? {}, view);
    });
  });

  it("messages in any order are read as each is alone", () => {
    const codec = new Codec(view);
    for (let round = 0; round < 6; round += 1) {
      for (const i of shuffled(messages.length, new Random(SEED, 1, round))) {
        const bytes = messages[i] ?? new Uint8Array();
        compare(bytes, reading(codec, bytes), first[i] ?? {}, view);
      }
    }
  });

  it("a value is what it is, whatever stood in its place before", () => {
    for (const wrap of WRAPS)
      for (const before of KINDS) for (const after of KINDS) pair(view, wrap, before, after);
  });
});

/** One value of each kind that may stand in a place. */
const KINDS: readonly (readonly number[])[] = [
  [119, 2, 111, 107], // an atom
  [119, 4, 116, 114, 117, 101], // true
  [119, 3, 110, 105, 108], // nil, the atom
  [100, 0, 2, 111, 107], // an atom in its old form
  [109, 0, 0, 0, 3, 97, 98, 99], // a binary that is text
  [109, 0, 0, 0, 2, 255, 254], // a binary that is no text
  [77, 0, 0, 0, 2, 8, 1, 2], // bytes
  [77, 0, 0, 0, 1, 3, 160], // bits
  [107, 0, 2, 97, 98], // a charlist
  [97, 7],
  [98, 255, 255, 255, 0],
  [110, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], // a big integer
  [70, 63, 248, 0, 0, 0, 0, 0, 0],
  [70, 63, 240, 0, 0, 0, 0, 0, 0], // 1.0
  [108, 0, 0, 0, 1, 97, 1, 106],
  [106],
  [104, 1, 97, 1],
  [116, 0, 0, 0, 0],
  [116, 0, 0, 0, 1, 109, 0, 0, 0, 1, 97, 97, 1],
];

const TEXT_KEY = [109, 0, 0, 0, 1, 107];
/** Places where a value may stand. */
const WRAPS: readonly ((value: readonly number[]) => number[])[] = [
  (value) => [116, 0, 0, 0, 1, ...TEXT_KEY, ...value],
  (value) => [116, 0, 0, 0, 1, 119, 1, 107, ...value],
  (value) => [116, 0, 0, 0, 1, 100, 0, 1, 107, ...value],
  (value) => [116, 0, 0, 0, 1, 118, 0, 1, 107, ...value],
  (value) => [116, 0, 0, 0, 2, 119, 1, 97, 97, 1, 119, 1, 98, ...value],
  // Inside of another map, in a list, and as a key.
  (value) => [116, 0, 0, 0, 1, ...TEXT_KEY, 116, 0, 0, 0, 1, ...TEXT_KEY, ...value],
  (value) => [108, 0, 0, 0, 1, 116, 0, 0, 0, 1, ...TEXT_KEY, ...value, 106],
  (value) => [116, 0, 0, 0, 1, ...value, 97, 1],
  (value) => [116, 0, 0, 0, 2, ...TEXT_KEY, 97, 1, ...value, 97, 2],
];

function pair(
  view: CodecOptions,
  wrap: (value: readonly number[]) => number[],
  before: readonly number[],
  after: readonly number[],
): void {
  const codec = new Codec(view);
  for (let n = 0; n < 20; n += 1) reading(codec, Uint8Array.of(131, ...wrap(before)));
  for (const value of [after, before]) {
    const bytes = Uint8Array.of(131, ...wrap(value));
    compare(bytes, reading(codec, bytes), reading(new Codec(view), bytes), view);
  }
}

it("keys that are atoms of OTP 25 and older are read every time", () => {
  const codec = new Codec();
  const bytes = Uint8Array.of(131, 116, 0, 0, 0, 1, 0x64, 0, 1, 0x61, 97, 1);
  for (let n = 0; n < TIMES; n += 1) expect(codec.decode(bytes)).toEqual({ a: 1 });
});

it("no key, however it is chosen, makes a warm codec read another term", () => {
  for (const length of [97, 106, 109, 119]) {
    const key = [100, 0, length, ...new Array<number>(length).fill(107)];
    const head = [131, 116, 0, 0, 0, 2, ...key, 119, 5, 102, 97, 108, 115, 101, 100, 0, 1, 122];
    const bytes = Uint8Array.of(...head, 109, 0, 0, 0, 3, 101, 110, 100);
    const codec = new Codec();
    for (let n = 0; n < TIMES; n += 1) compare(bytes, reading(codec, bytes), reading(new Codec(), bytes), {});
  }
});

it("a host that refuses to make functions, however it says so, is asked once, and everything is read and written", async () => {
  const refusing = vi.spyOn(globalThis, "Function").mockImplementation(() => {
    throw new TypeError("not in this compartment");
  });
  try {
    vi.resetModules();
    const { Codec: Own } = await import("../../codec/index.ts");
    const codec = new Own();
    for (let n = 0; n < TIMES; n += 1) {
      expect(codec.decode(codec.encode({ id: n, name: "a" }))).toEqual({ id: n, name: "a" });
      expect(codec.decode(codec.encode({ of: "b", more: [n] }))).toEqual({ of: "b", more: [n] });
    }
    expect(refusing).toHaveBeenCalledTimes(1);
  } finally {
    refusing.mockRestore();
    vi.resetModules();
  }
});

it("without generated code no function is made, neither for reading nor for writing", async () => {
  const made = vi.spyOn(globalThis, "Function");
  try {
    // A codec of its own: where code may not be made the other one has noticed it by now, and tries no more.
    vi.resetModules();
    const { Codec } = await import("../../codec/index.ts");
    for (const view of VIEWS) {
      const codec = new Codec({ ...view, codegen: false });
      for (let n = 0; n < 100; n += 1)
        codec.decode(codec.encode({ id: n, name: "a", tags: ["b"], ok: true }));
    }
    expect(made).not.toHaveBeenCalled();
    const learning = new Codec();
    for (let n = 0; n < 100; n += 1) learning.decode(learning.encode({ other: n, kind: "a" }));
    expect(made).toHaveBeenCalled();
  } finally {
    made.mockRestore();
    vi.resetModules();
  }
});
