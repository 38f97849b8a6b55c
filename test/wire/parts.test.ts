import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtocolError } from "../../src/errors.ts";
import { Parts } from "../../src/wire/parts.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

test("a message comes with its last part, others may come between", () => {
  const parts = new Parts(100, 1600);
  expect(parts.add("a", bytes(1, 2), false)).toBeUndefined();
  expect(parts.add("b", bytes(9), false)).toBeUndefined();
  expect(parts.add("a", bytes(3), false)).toBeUndefined();
  expect(parts.add("b", bytes(8), true)).toEqual(bytes(9, 8));
  expect(parts.add("a", bytes(4), true)).toEqual(bytes(1, 2, 3, 4));
  expect(parts.add("a", bytes(7), true)).toEqual(bytes(7));
});

test("the sum obeys the limit for one frame", () => {
  const parts = new Parts(10, 160);
  parts.add("a", new Uint8Array(10), false);
  expect(() => parts.add("a", bytes(1), true)).toThrow(ProtocolError);
  expect(() => new Parts(10, 160).add("a", new Uint8Array(11), true)).toThrow(
    "parts of one message that add up to 11 bytes, over the limit of 10 (maxFrameBytes)",
  );
});

test("messages that are never finished are bounded in number and together", () => {
  const many = new Parts(1 << 20, 1 << 24);
  for (let i = 0; i < 1024; i += 1) many.add(`key ${i}`, bytes(1), false);
  expect(() => many.add("one more", bytes(1), false)).toThrow("parts of more than 1024 messages at a time");
  const large = new Parts(1000, 16_000);
  expect(() => {
    for (let i = 0; i < 20; i += 1) large.add(`k${i}`, new Uint8Array(1000), false);
  }).toThrow(/unfinished messages that add up to .* over the limit of 16000 \(maxHeldBytes\)/);
});

test("finished messages give their room back", () => {
  const parts = new Parts(1000, 16_000);
  for (let i = 0; i < 200; i += 1) {
    parts.add("a", new Uint8Array(500), false);
    expect(parts.add("a", new Uint8Array(500), true)?.length).toBe(1000);
  }
});

test("what is kept is in proportion to what came, in pieces of one byte and of none", () => {
  const parts = new Parts(1 << 20, 1 << 24);
  // A piece is a view of a chunk of 64 KiB, which must not stay alive for it.
  const chunk = new Uint8Array(65_536);
  for (let i = 0; i < 20_000; i += 1) parts.add("a", chunk.subarray(i, i + (i % 2)), false);
  const whole = parts.add("a", bytes(1), true);
  expect(whole?.length).toBe(10_001);
  expect(whole?.buffer).not.toBe(chunk.buffer);
  expect(whole?.buffer.byteLength).toBeLessThan(3 * 10_001);
});

test("any cuts give the whole", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 9000 }), { minLength: 1, maxLength: 8 }), (pieces) => {
      const parts = new Parts(1 << 20, 1 << 24);
      const whole = pieces.map((piece, i) => parts.add("k", piece, i === pieces.length - 1)).at(-1);
      expect(Buffer.from(whole ?? [])).toEqual(Buffer.concat(pieces));
    }),
    { numRuns: 100 },
  );
});
