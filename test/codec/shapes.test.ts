import { describe, expect, it } from "vitest";
import { atom, Codec, type CodecOptions, EtfError, parse, tuple } from "../../codec/index.ts";
import { hex } from "./neutral.ts";

/** Objects of one kind with every sort of value in the place of every other. */
const values = [
  0,
  255,
  256,
  -1,
  2 ** 40,
  1.5,
  -0,
  "",
  "text",
  "Grüße",
  "x".repeat(50),
  true,
  false,
  null,
  undefined,
  7n,
  [],
  [1],
  ["a"],
  { in: 1 },
  { in: [{}] },
  Uint8Array.of(1, 2),
  new Map([[1, 2]]),
  atom("ok"),
  tuple(1),
];

describe.each<CodecOptions>([{}, { codegen: false }, { keys: "atom" }, { binaries: "bytes" }])(
  "kinds of objects, %j",
  (options) => {
    it("are written alike by the first and the thousandth", () => {
      const codec = new Codec(options);
      const expected = new Map<string, string>();
      for (let round = 0; round < 40; round++) {
        for (const [place, value] of values.entries()) {
          const records = [
            { a: value, b: 1, c: "c" },
            { a: 1, b: value, c: null },
            { a: "a", b: 1.5, c: value },
          ];
          for (const [index, record] of records.entries()) {
            const key = `${place} ${index}`;
            const bytes = hex(codec.encode(record));
            expect(bytes).toBe(expected.get(key) ?? bytes);
            expected.set(key, bytes);
          }
        }
      }
    });

    it("are read alike by the first and the thousandth", () => {
      const codec = new Codec(options);
      const exact = new Codec({ exact: true });
      for (const value of values) {
        const fresh = new Codec(options);
        const bytes = new Codec().encode([
          { a: value, b: 1, c: value },
          { a: 1, b: value },
        ]);
        const first = fresh.decode(bytes);
        for (let round = 0; round < 40; round++) expect(codec.decode(bytes)).toStrictEqual(first);
        exact.decode(bytes);
      }
    });
  },
);

describe("a reader made for a kind of map", () => {
  function trained(): Codec<object> {
    const codec = new Codec();
    const bytes = codec.encode(
      Array.from({ length: 100 }, (_, i) => ({ id: i, name: `n${i}`, tags: ["x"], ok: true })),
    );
    for (let i = 0; i < 5; i++) codec.decode(bytes);
    return codec;
  }
  const exact = new Codec({ exact: true });
  it.each([
    '#{<<"id">> => 1, <<"name">> => <<"n">>, <<"tags">> => [], <<"other">> => true}',
    '#{<<"id">> => 1, <<"name">> => <<"n">>, tags => [], <<"ok">> => true}',
    '#{<<"id">> => 1, <<"id2">> => 2, <<"tags">> => [], <<"ok">> => true}',
    '#{<<"id">> => 1, 5 => 2, <<"tags">> => [], <<"ok">> => true}',
    '#{<<"id">> => 1, id => 2, <<"tags">> => [], <<"ok">> => true}',
    '#{<<"ie">> => 1, <<"name">> => <<"n">>, <<"tags">> => [], <<"ok">> => true}',
    '#{id => 1, name => <<"n">>, tags => [], ok => true}',
  ])("gives up where %s differs, and nothing is lost", (text) => {
    const bytes = exact.encode(parse(text));
    expect(trained().decode(bytes)).toStrictEqual(new Codec().decode(bytes));
  });
  it("finds a key that comes twice, and the place of a fault", () => {
    const codec = trained();
    const twice = codec.encode({ id: 1, name: "n", tags: [], if: true });
    twice[twice.lastIndexOf(102)] = 100; // the second key "if" becomes "id"
    expect(() => codec.decode(twice)).toThrow(expect.objectContaining({ code: "ETF_DUPLICATE_KEY" }));
    const bytes = codec.encode({ id: 1, name: "n", tags: ["é"], ok: true });
    bytes[bytes.indexOf(0xc3)] = 0xff;
    expect(() => codec.decode(bytes)).toThrow(expect.objectContaining({ code: "ETF_UTF8", path: "tags[0]" }));
    for (let length = 1; length < bytes.length; length++) {
      expect(() => codec.decodeFrom(bytes, 0, length)).toThrow(EtfError);
    }
  });
  it("is soon replaced when maps that begin alike become more frequent", () => {
    const codec = trained();
    const other = codec.encode(
      Array.from({ length: 3000 }, (_, i) => ({ id: i, name: `n${i}`, tags: [], no: i })),
    );
    for (let i = 0; i < 3; i++)
      expect((codec.decode(other) as object[]).at(-1)).toEqual({
        id: 2999,
        name: "n2999",
        tags: [],
        no: 2999,
      });
  });
  it("knows objects that only look like a kind that it knows", () => {
    const codec = new Codec();
    class Like {
      a = 1;
      b = 2;
    }
    for (let i = 0; i < 50; i++) codec.encode({ a: i, b: i });
    for (let i = 0; i < 50; i++) codec.encode(new Like());
    expect(() => codec.encode(Object.assign(new Error("x"), { a: 1, b: 2 }))).toThrow(EtfError);
    expect(
      codec.decode(codec.encode(Object.assign(Object.create({ toTerm: () => 7 }), { a: 1, b: 2 }))),
    ).toBe(7);
    expect(codec.decode(codec.encode(Object.assign(Object.create({ b: 2 }), { a: 1 })))).toEqual({ a: 1 });
    const odd = Object.defineProperty({ a: 1 }, "b", { value: 2, enumerable: false });
    expect(codec.decode(codec.encode(odd))).toEqual({ a: 1 });
  });
});

it("a map whose last key is shorter than the others' form is read alike however often it comes", () => {
  // #{<<"a">> => [], '1' => []}, whose last key ends where the memory does.
  const bytes = Uint8Array.of(131, 116, 0, 0, 0, 2, 109, 0, 0, 0, 1, 97, 106, 119, 1, 49, 106);
  for (const options of [{}, { binaries: "bytes" }] as const) {
    const codec = new Codec(options);
    const first = codec.decode(bytes);
    for (let i = 0; i < 40; i++) expect(codec.decode(bytes.slice())).toEqual(first);
  }
});
