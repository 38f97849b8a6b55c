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
