import { describe, expect, it } from "vitest";
import { Codec, tuple, Writer } from "../../codec/index.ts";

const codec = new Codec();
const value = {
  id: 1,
  name: "a name that is long enough",
  tags: ["x", undefined, "é"],
  more: { deep: [1.5, null] },
};

describe("Writer", () => {
  it("keeps all frames when it grows, whatever its first size", () => {
    for (const size of [0, 1, 3, 7, 64, 65_536]) {
      const writer = new Writer(size);
      for (let i = 0; i < 40; i++) codec.encodeInto(value, writer);
      let at = 0;
      for (let i = 0; i < 40; i++) {
        const end = at + 4 + writer.view.getUint32(at);
        expect(codec.decodeFrom(writer.buffer, at + 4, end)).toEqual({
          ...value,
          tags: ["x", undefined, "é"],
        });
        at = end;
      }
      expect(at).toBe(writer.position);
    }
  });

  it("carries over only what lies behind keepFrom when a subclass puts another buffer in its place", () => {
    const left: Uint8Array[] = [];
    class Slabs extends Writer {
      override grow(bytes: number): void {
        left.push(this.buffer.subarray(0, this.keepFrom));
        this.adopt(new Uint8Array(Math.max(256, this.position - this.keepFrom + bytes)));
      }
    }
    const writer = new Slabs(256);
    for (let i = 0; i < 20; i++) {
      writer.keepFrom = writer.position;
      codec.encodeInto(
        { i, text: "x".repeat(i * 20), missing: undefined, nested: { a: undefined, b: i } },
        writer,
      );
    }
    left.push(writer.buffer.subarray(0, writer.position));
    const whole = Buffer.concat(left);
    let at = 0;
    for (let i = 0; i < 20; i++) {
      const end = at + 4 + whole.readUInt32BE(at);
      expect(codec.decodeFrom(whole, at + 4, end)).toEqual({ i, text: "x".repeat(i * 20), nested: { b: i } });
      at = end;
    }
    expect(at).toBe(whole.length);
    expect(left.length).toBeGreaterThan(3);
  });

  it("copies byte arrays of any size, as they are at that moment", () => {
    const large = new Uint8Array(100_000).fill(7);
    const writer = new Writer(16);
    codec.encodeInto(["a", large, { more: large }], writer);
    const expected = codec.encode(["a", large, { more: large }]);
    large.fill(9);
    expect(Buffer.from(writer.buffer.subarray(4, writer.position)).equals(expected)).toBe(true);
    expect(codec.sizeOf(["a", large, { more: large }])).toBe(expected.length);
    expect(new Codec({ deterministic: true }).sizeOf(new Map([[large, large]]))).toBe(1 + 5 + 2 * 100_006);
  });

  it("stops at its limit, and a message that just fits passes", () => {
    for (const value of ["x".repeat(5000), new Uint8Array(70_000), ["é".repeat(40), { a: [1, 2, 3] }]]) {
      const size = codec.sizeOf(value) + 4;
      const writer = new Writer(16);
      writer.maxBytes = size;
      codec.encodeInto(value, writer);
      expect(writer.position).toBe(size);
      writer.position = 0;
      writer.maxBytes = size - 1;
      expect(() => codec.encodeInto(value, writer)).toThrow(
        expect.objectContaining({
          code: "ETF_LIMIT",
          path: "",
          message: expect.stringContaining(`${size - 1}`),
        }),
      );
      expect(writer.position).toBe(0);
    }
  });

  it("refuses at once what cannot fit, holes included", () => {
    const holes: unknown[] = [];
    holes[2 ** 32 - 2] = 1;
    expect(() => codec.encode({ list: [holes] })).toThrow(expect.objectContaining({ code: "ETF_LIMIT" }));
    const writer = new Writer(16);
    writer.maxBytes = 1_000_000;
    const fails = (value: unknown) =>
      expect(() => codec.encodeInto(value, writer)).toThrow(expect.objectContaining({ code: "ETF_LIMIT" }));
    fails({ text: "x".repeat(10_000_000) });
    fails(Array.from({ length: 999_999 }, () => "undefined"));
    holes.length = 999_999;
    fails(holes);
    fails(Object.assign(tuple(), { length: 600_000 }));
    expect(writer.buffer.length).toBeLessThan(3_000_000);
  });

  it("must not be written while it is being written", () => {
    const writer = new Writer();
    const nested = { toTerm: () => codec.encodeInto(1, writer) };
    expect(() => codec.encodeInto([nested], writer)).toThrow(
      expect.objectContaining({ code: "ETF_REENTRANT" }),
    );
    expect(writer).toMatchObject({ position: 0, busy: false });
  });

  it("takes texts of any length and kind at any place", () => {
    const texts = [
      "",
      "é",
      "x".repeat(14),
      "x".repeat(15),
      "x".repeat(36),
      "ÿ".repeat(37),
      "日本".repeat(3000),
      "😀".repeat(2000),
      "a".repeat(70_000),
    ];
    for (const text of texts) {
      for (const size of [1, 40, 65_536]) {
        const writer = new Writer(size);
        codec.encodeInto([text, text], writer);
        expect(codec.decodeFrom(writer.buffer, 4, writer.position)).toEqual([text, text]);
      }
    }
    // Hot, and not ASCII: the place where a runtime's own writer was wrong once.
    for (let i = 0; i < 20_000; i++) expect(codec.sizeOf("éèêëēėęàâäæãåā")).toBe(6 + 28);
  });
});
