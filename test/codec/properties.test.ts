import { deepStrictEqual } from "node:assert";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Codec, EtfError, inspect, parse, skipTerm, Writer } from "../../codec/index.ts";
import { hex, neutral } from "./neutral.ts";
import { exactTerm, plainValue } from "./terms.ts";

const exact = new Codec({ exact: true });
const plain = new Codec();
const sorted = new Codec({ exact: true, deterministic: true });
const compressed = new Codec({ exact: true, compressed: 6 });

describe("the exact view", () => {
  it("gives back every term, and the same bytes once more", () => {
    fc.assert(
      fc.property(exactTerm, (term) => {
        const bytes = exact.encode(term);
        const back = exact.decode(bytes);
        expect(neutral(back)).toEqual(neutral(term));
        expect(hex(exact.encode(back))).toBe(hex(bytes));
        expect(skipTerm(bytes, 1, bytes.length)).toBe(bytes.length);
        expect(exact.sizeOf(term)).toBe(bytes.length);
      }),
    );
  });
  it("has one order of map entries when it is deterministic, and the same term", () => {
    fc.assert(
      fc.property(exactTerm, (term) => {
        const bytes = sorted.encode(term);
        expect(neutral(exact.decode(bytes))).toEqual(neutral(term));
        expect(hex(sorted.encode(sorted.decode(bytes)))).toBe(hex(bytes));
      }),
    );
  });
  it("is the same through compression and through text", () => {
    fc.assert(
      fc.property(exactTerm, (term) => {
        const bytes = hex(exact.encode(term));
        expect(hex(exact.encode(compressed.decode(compressed.encode(term))))).toBe(bytes);
        expect(hex(exact.encode(parse(inspect(term))))).toBe(bytes);
        expect(hex(exact.encode(parse(inspect(term, "~w"))))).toBe(bytes);
      }),
    );
  });
});

describe("the plain view", () => {
  it("gives back every value that it can tell apart", () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        // Not vitest's equality: that asks an object's own "constructor" what it is.
        deepStrictEqual(plain.decode(plain.encode(value)), value);
      }),
    );
  });
  it("reads what the exact view wrote, whatever it is", () => {
    const lenient = new Codec({ binaries: "bytes" });
    fc.assert(
      fc.property(exactTerm, (term) => {
        lenient.decode(exact.encode(term));
        survives(plain, exact.encode(term));
      }),
    );
  });
  it("writes the same with and without made code, into a small writer as into a large one", () => {
    const bare = new Codec({ codegen: false });
    fc.assert(
      fc.property(fc.array(plainValue, { minLength: 1, maxLength: 4 }), (values) => {
        const small = new Writer(1);
        for (const value of values) plain.encodeInto(value, small);
        const large = new Writer();
        for (const value of values) bare.encodeInto(value, large);
        expect(hex(small.buffer.subarray(0, small.position))).toBe(
          hex(large.buffer.subarray(0, large.position)),
        );
      }),
    );
  });
});

describe("any bytes", () => {
  it("are a term or an EtfError with offset and path", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const framed = Uint8Array.of(131, ...bytes);
        for (const codec of [exact, plain]) survives(codec, framed);
      }),
      { numRuns: 2000 },
    );
  });
});

function survives(codec: Codec<object>, bytes: Uint8Array): void {
  try {
    codec.decode(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(EtfError);
    expect(error).toMatchObject({ offset: expect.any(Number), path: expect.any(String) });
  }
}
