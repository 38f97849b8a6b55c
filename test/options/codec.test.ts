/** What the options of a codec do: of each its default, and what it changes. */
import { deflateSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { Atom, Codec, type CodecOptions, decode, encode, float, TermMap } from "../../codec/index.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const text = (value: string) => Buffer.from(value).toString("hex");
/** `#{<<"b">> => 1.0, <<"a">> => ok}`, the atom as an atom. */
const TERM = Buffer.concat([
  Buffer.from(`8374${"00000002"}6d00000001${text("b")}463ff0000000000000`, "hex"),
  Buffer.from(`6d00000001${text("a")}7702${text("ok")}`, "hex"),
]);
const BYTES = Uint8Array.of(1);

test("exact: terms as Erlang sees them, and not as JavaScript does", () => {
  expect(decode(TERM)).toEqual({ b: 1, a: "ok" });
  const seen = new Codec({ exact: true }).decode(TERM) as TermMap;
  expect(seen).toBeInstanceOf(TermMap);
  expect([seen.get(Buffer.from("b")), seen.get(Buffer.from("a"))]).toEqual([float(1), expect.any(Atom)]);
});

test("binaries: text, or bytes", () => {
  const term = Buffer.from(`836d00000001${text("x")}`, "hex");
  expect(decode(term)).toBe("x");
  expect(new Codec({ binaries: "bytes" }).decode(term)).toEqual(Uint8Array.from(Buffer.from("x")));
});

test.each<[CodecOptions, string, string]>([
  [{}, "834d000000010801", "836d00000000"],
  [{ bytes: "bit_binary" }, "834d000000010801", "836d00000000"],
  [{ bytes: "bit_binary_always" }, "834d000000010801", "834d0000000000"],
  [{ bytes: "binary" }, "836d0000000101", "836d00000000"],
  [{ exact: true }, "836d0000000101", "836d00000000"],
])("bytes: which tag byte arrays have (%j)", (options, filled, empty) => {
  const codec = new Codec(options);
  expect([hex(codec.encode(BYTES)), hex(codec.encode(new Uint8Array(0)))]).toEqual([filled, empty]);
});

test("keys: of plain objects, as binaries or as atoms", () => {
  expect(hex(encode({ a: 1 }))).toBe(`8374000000016d00000001${text("a")}6101`);
  expect(hex(new Codec({ keys: "atom" }).encode({ a: 1 }))).toBe(`8374000000017701${text("a")}6101`);
});

test("deterministic: the entries of a map in one order", () => {
  const [one, other] = [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
  ];
  expect(hex(encode(one))).not.toBe(hex(encode(other)));
  const sorted = new Codec({ deterministic: true });
  expect(hex(sorted.encode(one))).toBe(hex(sorted.encode(other)));
});

test.each([true, false])("codegen: whether code is made for what comes again and again (%s)", (codegen) => {
  const made = vi.spyOn(globalThis, "Function");
  try {
    const codec = new Codec({ codegen });
    const bytes = codec.encode([{ id: 1, of: "a" }]);
    for (let i = 0; i < 100; i += 1) {
      codec.encode([{ id: i, of: "a" }]);
      codec.decode(bytes);
    }
    expect(made.mock.calls.length > 0).toBe(codegen);
  } finally {
    made.mockRestore();
  }
});

test("compressed: zlib's level, where it makes the message smaller", () => {
  const long = "a b c ".repeat(1000);
  const codec = new Codec({ compressed: 6 });
  expect([encode(long)[1], codec.encode(long)[1], codec.encode("a")[1]]).toEqual([109, 80, 109]);
  expect(codec.encode(long).length).toBeLessThan(100);
  expect(decode(codec.encode(long))).toBe(long);
});

test("maxInflatedBytes: a compressed term that says that it is larger is refused", () => {
  const term = encode("x".repeat(994)).subarray(1);
  const head = Buffer.from([131, 80, 0, 0, 0, 0]);
  head.writeUInt32BE(term.length, 2);
  const packed = Buffer.concat([head, deflateSync(term)]);
  expect(new Codec({ maxInflatedBytes: term.length }).decode(packed)).toHaveLength(994);
  expect(() => new Codec({ maxInflatedBytes: term.length - 1 }).decode(packed)).toThrow(
    expect.objectContaining({ code: "ETF_LIMIT" }),
  );
});

test("maxDecodedBytes: what a message may cost in memory, Infinity for no limit", () => {
  const lists = encode(Array.from({ length: 1000 }, () => []));
  const limited = new Codec({ maxDecodedBytes: 10_000 });
  expect(() => limited.decode(lists)).toThrow(expect.objectContaining({ code: "ETF_LIMIT" }));
  expect(limited.decode(encode([[], []]))).toEqual([[], []]);
  expect(new Codec({ maxDecodedBytes: Number.POSITIVE_INFINITY }).decode(lists)).toHaveLength(1000);
});

test("viewFrom: byte arrays of so many bytes are views of their message", () => {
  const message = encode(new Uint8Array(100));
  const isView = (viewFrom: number) =>
    (new Codec({ viewFrom }).decode(message) as Uint8Array).buffer === message.buffer;
  expect([isView(100), isView(101), isView(Number.POSITIVE_INFINITY)]).toEqual([true, false, false]);
});

test.each(["toString", "constructor", "__proto__"])(
  "a name that all objects have is no option (%s)",
  (name) => {
    const options = JSON.parse(`{"${name}":1}`) as object;
    expect(() => new Codec(options)).toThrow(expect.objectContaining({ code: "ETF_OPTION" }));
  },
);
