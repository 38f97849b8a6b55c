import { describe, expect, it } from "vitest";
import { Codec, EtfError, Writer } from "../../codec/index.ts";

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

  it("leaves large byte arrays where they are, and counts them", () => {
    const large = new Uint8Array(5000).fill(7);
    const writer = new Writer(16);
    writer.externalFrom = 1000;
    codec.encodeInto(["a", large, { more: large, small: Uint8Array.of(1) }], writer);
    expect(writer.externalBytes).toBe(10_000);
    const pieces: Uint8Array[] = [];
    let at = 0;
    for (const { position, bytes } of writer.externals) {
      pieces.push(writer.buffer.subarray(at, position), bytes);
      at = position;
    }
    const frame = Buffer.concat([...pieces, writer.buffer.subarray(at, writer.position)]);
    expect(frame.readUInt32BE(0)).toBe(frame.length - 4);
    expect(codec.decodeFrom(frame, 4, frame.length)).toEqual([
      "a",
      large,
      { more: large, small: Uint8Array.of(1) },
    ]);
    expect(writer.externals.every(({ bytes }) => bytes === large)).toBe(true);
    const { position } = writer;
    expect(() => codec.encodeInto([large, Number.NaN], writer)).toThrow(EtfError);
    expect(writer).toMatchObject({ position, externalBytes: 10_000 });
    expect(writer.externals.length).toBe(2);
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
