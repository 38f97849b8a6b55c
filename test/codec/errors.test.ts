import { describe, expect, it } from "vitest";
import {
  atom,
  BitString,
  Codec,
  type EtfErrorCode,
  float,
  improperList,
  pid,
  reference,
  TermMap,
  tuple,
  Writer,
} from "../../codec/index.ts";

const codec = new Codec();

function fails(action: () => unknown, code: EtfErrorCode, path?: string): void {
  expect(action).toThrow(expect.objectContaining(path === undefined ? { code } : { code, path }));
}

describe("what ETF cannot hold", () => {
  const cycle: { list: unknown[] } = { list: [1] };
  cycle.list.push({ again: cycle });
  const map = new Map<unknown, unknown>();
  map.set("self", map);
  const endless = { toTerm: (): unknown => endless };

  it.each<[string, unknown, EtfErrorCode, string]>([
    ["NaN", { claims: { exp: Number.NaN } }, "ETF_UNSUPPORTED", "claims.exp"],
    ["Infinity", [[1, Number.NEGATIVE_INFINITY]], "ETF_UNSUPPORTED", "[0][1]"],
    ["a function", { a: [{ "odd key": () => 1 }] }, "ETF_UNSUPPORTED", 'a[0]["odd key"]'],
    ["a symbol", tuple(1, Symbol("s")), "ETF_UNSUPPORTED", "[1]"],
    ["a Date", { at: new Date() }, "ETF_UNSUPPORTED", "at"],
    ["a Set", { at: new Set() }, "ETF_UNSUPPORTED", "at"],
    ["a RegExp", /x/, "ETF_UNSUPPORTED", ""],
    [
      "an Error, also one with properties",
      [Object.assign(new Error("x"), { code: "E" })],
      "ETF_UNSUPPORTED",
      "[0]",
    ],
    ["a Promise", [Promise.resolve()], "ETF_UNSUPPORTED", "[0]"],
    ["an ArrayBuffer", [new ArrayBuffer(1)], "ETF_UNSUPPORTED", "[0]"],
    ["another typed array", [new Float64Array(1)], "ETF_UNSUPPORTED", "[0]"],
    ["a lone surrogate", { text: `${"long ".repeat(20)}\ud800` }, "ETF_UNSUPPORTED", "text"],
    ["a lone surrogate in a short text", ["\udc00"], "ETF_UNSUPPORTED", "[0]"],
    ["a lone surrogate in a key", [{ "\ud800": 1 }], "ETF_UNSUPPORTED", "[0]"],
    ["a value in a Map", new Map([["k", [Number.NaN]]]), "ETF_UNSUPPORTED", "k[0]"],
    ["a key of a Map", new Map([[tuple(Number.NaN), 1]]), "ETF_UNSUPPORTED", "[key 0][0]"],
    ["a tail", improperList([1], Number.NaN), "ETF_UNSUPPORTED", "[1]"],
    ["what toTerm() gives", { a: { toTerm: () => [Number.NaN] } }, "ETF_UNSUPPORTED", "a[0]"],
    ["a cycle", cycle, "ETF_CYCLE", "list[1].again"],
    ["a Map in itself", map, "ETF_CYCLE", "self"],
    ["a number too large", [1n << 600_000n], "ETF_LIMIT", "[0]"],
    [
      "the same key twice",
      [
        new Map<unknown, unknown>([
          [1, 1],
          [1n, 2],
        ]),
      ],
      "ETF_DUPLICATE_KEY",
      "[0]",
    ],
    [
      "equal tuples as keys",
      new Map([
        [tuple(1), 1],
        [tuple(1), 2],
      ]),
      "ETF_DUPLICATE_KEY",
      "",
    ],
  ])("%s", (_, value, code, path) => {
    fails(() => codec.encode(value), code, path);
    fails(() => codec.sizeOf(value), code, path);
    const writer = new Writer(8);
    codec.encodeInto("before", writer);
    const { position } = writer;
    fails(() => codec.encodeInto([value], writer), code);
    fails(() => codec.writeTerm(writer, value), code, path);
    expect(writer).toMatchObject({ position, busy: false });
    expect(codec.decode(codec.encode([1]))).toEqual([1]);
  });

  it("names the place in a list of arguments", () => {
    fails(
      () => codec.writeTerm(new Writer(), [{ claims: { exp: Number.NaN } }]),
      "ETF_UNSUPPORTED",
      "[0].claims.exp",
    );
  });
  it("a toTerm() without end", () => {
    expect(() => codec.encode(endless)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/CYCLE|LIMIT/) }),
    );
  });
  it("an atom of a key that is too long", () => {
    fails(() => new Codec({ keys: "atom" }).encode({ ["x".repeat(256)]: 1 }), "ETF_LIMIT");
  });
  it("lets errors of getters and toTerm() through", () => {
    const value = {
      get bad(): never {
        throw new TypeError("mine");
      },
    };
    expect(() => codec.encode([value])).toThrow(new TypeError("mine"));
  });
});

describe("depth", () => {
  function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
    let value: unknown = "x";
    for (let i = 0; i < levels; i++) value = wrap(value);
    return value;
  }
  const wraps: readonly [string, (inner: unknown) => unknown][] = [
    ["lists", (inner) => [inner]],
    ["tuples", (inner) => tuple(inner)],
    ["objects", (inner) => ({ a: inner })],
    ["maps", (inner) => new TermMap([[1, inner]])],
    ["tails", (inner) => improperList([inner], 1)],
  ];
  it.each(wraps)("of 512 %s works in both directions, 513 is refused in both", (_, wrap) => {
    for (const each of [codec, new Codec({ exact: true }), new Codec({ deterministic: true })]) {
      const bytes = each.encode(nested(512, wrap));
      each.encode(each.decode(bytes));
      fails(() => each.encode(nested(513, wrap)), "ETF_LIMIT");
    }
    const deeper = new Uint8Array([131, 104, 1, ...codec.encode(nested(512, wrap)).subarray(1)]);
    fails(() => codec.decode(deeper), "ETF_LIMIT");
    fails(() => new Codec({ exact: true }).decode(deeper), "ETF_LIMIT");
  });
});

describe("options and arguments", () => {
  it.each<[object]>([
    [{ exact: 1 }],
    [{ binaries: "buffer" }],
    [{ bytes: "yes" }],
    [{ keys: "string" }],
    [{ compressed: 10 }],
    [{ compressed: 1.5 }],
    [{ viewFrom: -1 }],
    [{ maxInflatedBytes: "1" }],
    [{ unknown: true }],
  ])("%j is refused", (options) => {
    fails(() => new Codec(options), "ETF_OPTION");
  });
  it("ranges and inputs that are none are refused", () => {
    const bytes = codec.encode(1);
    fails(() => codec.decodeFrom(bytes, 0, 99), "ETF_OPTION");
    fails(() => codec.decodeFrom(bytes, 2, 1), "ETF_OPTION");
    fails(() => codec.readTerm(bytes, -1, 1), "ETF_OPTION");
    fails(() => codec.decode(new Uint8Array(0)), "ETF_TRUNCATED");
  });
  it("constructors check what they are given", () => {
    fails(() => float(Number.NaN), "ETF_UNSUPPORTED");
    fails(() => atom(1 as unknown as string), "ETF_OPTION");
    fails(() => improperList([], 1), "ETF_OPTION");
    fails(() => new BitString(Uint8Array.of(1), 8), "ETF_OPTION");
    fails(() => pid("a@b", 2 ** 32, 0, 0), "ETF_OPTION");
    fails(() => reference("a@b", 0, []), "ETF_OPTION");
  });
});
