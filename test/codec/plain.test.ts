import { describe, expect, it } from "vitest";
import { type Atom, atom, Codec, float, parse, tuple } from "../../codec/index.ts";
import { hex } from "./neutral.ts";

const exact = new Codec({ exact: true });
const plain = new Codec();

/** The bytes of a term written as Erlang text. */
function bytes(text: string): Uint8Array {
  return exact.encode(parse(text));
}

describe("decoding in the plain view", () => {
  it.each<[string, unknown]>([
    ["9007199254740991", 2 ** 53 - 1],
    ["9007199254740992", 2n ** 53n],
    ["-9007199254740992", -(2n ** 53n)],
    ["1.0", 1],
    ["-0.0", -0],
    ["true", true],
    ["nil", null],
    ["undefined", undefined],
    ["ok", "ok"],
    ['<<"Grüße"/utf8>>', "Grüße"],
    ['"abc"', [97, 98, 99]],
    ["{ok,[]}", ["ok", []]],
    ["#{a => 1, true => 2}", { a: 1, true: 2 }],
    ['#{<<"a">> => 1, b => 2}', { a: 1, b: 2 }],
    [
      '#{1 => a, <<"b">> => c}',
      new Map<unknown, unknown>([
        [1, "a"],
        ["b", "c"],
      ]),
    ],
    ["#{{1} => a}", new Map([[[1], "a"]])],
    [
      '#{a => 1, <<"a">> => 2}',
      new Map<unknown, unknown>([
        [atom("a"), 1],
        ["a", 2],
      ]),
    ],
    [
      '#{<<"a">> => 2, a => 1}',
      new Map<unknown, unknown>([
        ["a", 2],
        [atom("a"), 1],
      ]),
    ],
    [
      "#{1 => a, 1.0 => b}",
      new Map<unknown, unknown>([
        [1, "a"],
        [float(1), "b"],
      ]),
    ],
    ["#{}", {}],
  ])("%s", (text, value) => {
    expect(plain.decode(bytes(text))).toStrictEqual(value);
  });

  it("tells bytes from text by BIT_BINARY_EXT, and leaves no other binary undecided", () => {
    const value = { data: Uint8Array.of(1, 255), text: "a", none: new Uint8Array(0) };
    expect(plain.decode(plain.encode(value))).toEqual({ ...value, none: "" });
    const always = new Codec({ bytes: "bit_binary_always" });
    expect(always.decode(always.encode(value))).toEqual(value);
    expect(() => plain.decode(bytes("[<<255>>]"))).toThrow(
      expect.objectContaining({
        code: "ETF_UTF8",
        path: "[0]",
        message: expect.stringContaining('binaries: "bytes"'),
      }),
    );
  });

  it("gives binaries as bytes when asked, keys as text where they are", () => {
    const codec = new Codec({ binaries: "bytes" });
    expect(codec.decode(bytes('#{<<"k">> => <<255>>}'))).toEqual({ k: Uint8Array.of(255) });
    expect(codec.decode(bytes("#{<<255>> => <<1>>}"))).toEqual(
      new Map([[Uint8Array.of(255), Uint8Array.of(1)]]),
    );
  });

  it("reads a list that goes on in its tail, and one of no elements, which is its tail", () => {
    const tail = Uint8Array.of(131, 108, 0, 0, 0, 1, 97, 1, 108, 0, 0, 0, 1, 119, 1, 98, 107, 0, 1, 3);
    expect(plain.decode(tail)).toEqual([1, "b", 3]);
    expect(plain.decode(Uint8Array.of(131, 108, 0, 0, 0, 0, 97, 7))).toBe(7);
  });

  it("gives large bytes as a view of their own message, small ones and shared ones as copies", () => {
    const message = plain.encode(new Uint8Array(200_000).fill(3));
    const view = plain.decode(message) as Uint8Array;
    expect(view.buffer).toBe(message.buffer);
    const inside = new Uint8Array(1_000_000);
    inside.set(message, 100);
    expect((plain.decodeFrom(inside, 100, 100 + message.length) as Uint8Array).buffer).not.toBe(
      inside.buffer,
    );
    const copying = new Codec({ viewFrom: Number.POSITIVE_INFINITY });
    expect((copying.decode(message) as Uint8Array).buffer).not.toBe(message.buffer);
    const small = plain.encode(Uint8Array.of(1));
    expect(Object.getPrototypeOf(plain.decode(Buffer.from(small)))).toBe(Uint8Array.prototype);
  });
});

describe("encoding", () => {
  it.each<[unknown, string]>([
    [0, "0"],
    [-1, "-1"],
    [255, "255"],
    [256, "256"],
    [2 ** 31, "2147483648"],
    [-(2 ** 31) - 1, "-2147483649"],
    [2 ** 53 - 1, "9007199254740991"],
    [-(2 ** 53) + 1, "-9007199254740991"],
    [2 ** 53, "9007199254740992.0"],
    [5n, "5"],
    [-(2n ** 64n), "-18446744073709551616"],
    [-0, "-0.0"],
    [1.5, "1.5"],
    [float(3), "3.0"],
    [null, "nil"],
    [undefined, "undefined"],
    [true, "true"],
    ["a", '<<"a">>'],
    [atom("a"), "a"],
    [[1, 2], "[1,2]"],
    [[1, -1], "[1,-1]"],
    [[1, 256], "[1,256]"],
    [[undefined], "[undefined]"],
    [tuple(), "{}"],
    [{ a: 1, b: undefined }, '#{<<"a">> => 1}'],
    [new Map<unknown, unknown>([[1, atom("x")]]), "#{1 => x}"],
    [Object.create(null), "#{}"],
  ])("of a value that is $1 in Erlang", (value, text) => {
    expect(hex(exact.encode(value))).toBe(hex(bytes(text)));
  });

  it("takes keys as atoms when asked, and class instances by toTerm() or their own properties", () => {
    class Point {
      readonly x = 1;
      private readonly hidden = undefined;
      get y(): unknown {
        return this.hidden;
      }
    }
    class Money {
      readonly cents = 250n;
      toTerm(): unknown {
        return tuple(atom("money"), this.cents);
      }
    }
    const codec = new Codec({ keys: "atom", exact: true });
    const value = { point: new Point(), money: new Money(), literal: { toTerm: () => 7 } };
    expect(hex(codec.encode(value))).toBe(
      hex(bytes("#{point => #{x => 1}, money => {money,250}, literal => 7}")),
    );
  });

  it("writes what the same codec encodes inside a toTerm() apart from what it is writing", () => {
    const inner = { toTerm: () => exact.encode([1]) };
    expect(exact.decode(exact.encode([inner, inner, 5]))).toEqual([exact.encode([1]), exact.encode([1]), 5]);
  });

  it("interns atoms", () => {
    expect(atom("ok")).toBe(atom("ok"));
    const terms = exact.decode(bytes("[some_atom,some_atom]")) as Atom[];
    expect(terms[0]).toBe(atom("some_atom"));
    expect(() => atom("é".repeat(256))).toThrow(expect.objectContaining({ code: "ETF_LIMIT" }));
    expect(hex(exact.encode(atom("😀".repeat(255))))).toMatch(/^837603fc/);
  });
});
