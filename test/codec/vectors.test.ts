import { describe, expect, it } from "vitest";
import { Codec, EtfError } from "../../codec/index.ts";
import { hex, neutral, normal } from "./neutral.ts";
import { bytesOf, hostile, vectors } from "./vectors.ts";

const exact = new Codec({ exact: true });
const plain = new Codec({ binaries: "bytes" });

describe("terms made by Erlang", () => {
  it.each(vectors.filter((vector) => vector.term !== undefined))("$name decodes to its term", (vector) => {
    expect(normal(neutral(exact.decode(bytesOf(vector))))).toEqual(normal(vector.term ?? {}));
  });
  it.each(vectors.filter((vector) => vector.canonical))("$name encodes back to the same bytes", (vector) => {
    const bytes = bytesOf(vector);
    expect(hex(exact.encode(exact.decode(bytes)))).toBe(hex(bytes));
  });
});

describe("the order of maps", () => {
  const sorted = new Codec({ exact: true, deterministic: true });
  const ordered = vectors.filter(({ det }) => det !== undefined && /^[0-9a-f]+$/.test(det));
  it("has vectors to be checked with", () => expect(ordered.length).toBeGreaterThan(5));
  it.each(ordered)("of $name is that of [deterministic]", (vector) => {
    const meant = exact.decode(Buffer.from(vector.det ?? "", "hex"));
    expect(hex(sorted.encode(exact.decode(bytesOf(vector))))).toBe(hex(exact.encode(meant)));
  });
});

describe("tags that are not read", () => {
  it.each([
    [121, "LOCAL_EXT"],
    [67, "RECORD_EXT"],
    [117, "FUN_EXT"],
    [68, "distributed nodes"],
    [69, "distributed nodes"],
    [82, "distributed nodes"],
    [80, "compressed"],
    [1, "no term with tag 1"],
  ])("%i is refused by name", (tag, name) => {
    for (const codec of [exact, plain]) {
      const bytes = Uint8Array.of(131, 104, 1, tag, 0, 0, 0, 0, 0, 0, 0, 0);
      const error = { code: "ETF_TAG", message: expect.stringContaining(name), path: "[0]", offset: 3 };
      expect(() => codec.decode(bytes)).toThrow(expect.objectContaining(error));
    }
  });
});

describe("hostile bytes", () => {
  const mustDecode = hostile.filter((vector) => vector.expect === "accept" && vector.resource !== true);
  it.each(mustDecode)("$name is accepted", (vector) => {
    exact.decode(bytesOf(vector));
    plain.decode(bytesOf(vector));
  });
  const mustNot = hostile.filter(({ expect: wanted }) => wanted === "reject" || wanted === "accept-prefix");
  it.each(mustNot)("$name is refused", (vector) => {
    for (const codec of [exact, plain]) expect(() => codec.decode(bytesOf(vector))).toThrow(EtfError);
  });
  it.each(hostile)("$name gives a value or an EtfError with offset and path", (vector) => {
    for (const codec of [exact, plain]) survives(codec, bytesOf(vector));
  });
});

function survives(codec: Codec, bytes: Uint8Array): void {
  try {
    codec.decode(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(EtfError);
    expect(error).toMatchObject({ offset: expect.any(Number), path: expect.any(String) });
  }
}
