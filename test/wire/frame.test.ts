import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtocolError } from "../../src/errors.ts";
import { FrameReader } from "../../src/wire/frame.ts";
import { framed } from "./memory.ts";

/** A reader that keeps a copy of each frame. */
function reading(maxFrameBytes = 1 << 24) {
  const found: string[] = [];
  const reader = new FrameReader(maxFrameBytes, (bytes, start, end) => {
    found.push(Buffer.from(bytes.subarray(start, end)).toString("hex"));
  });
  return { reader, found };
}

const hex = (bodies: readonly Uint8Array[]) => bodies.map((body) => Buffer.from(body).toString("hex"));
const bodies = [Buffer.from([1]), Buffer.from([2, 3]), Buffer.alloc(300, 7)];

test("one chunk per byte gives the same frames, and only at the end of one is nothing half done", () => {
  const { reader, found } = reading();
  for (const body of bodies) {
    const bytes = framed(body);
    for (const [i, byte] of bytes.entries()) {
      reader.push(Buffer.of(byte));
      expect(reader.isPartial).toBe(i < bytes.length - 1);
    }
  }
  expect(found).toEqual(hex(bodies));
});

test("several frames in a chunk, and the beginning of one more", () => {
  const { reader, found } = reading();
  const all = Buffer.concat([...bodies.map(framed), framed(Buffer.from("tail"))]);
  reader.push(all.subarray(0, -2));
  expect(found).toEqual(hex(bodies));
  expect(reader.isPartial).toBe(true);
  reader.push(all.subarray(-2));
  expect(found.at(-1)).toBe(Buffer.from("tail").toString("hex"));
  expect(reader.isPartial).toBe(false);
});

test("whole frames are handed on where they lie, without a copy", () => {
  const chunk = Buffer.concat(bodies.map(framed));
  const places: number[] = [];
  const reader = new FrameReader(1024, (bytes, start) => {
    expect(bytes).toBe(chunk);
    places.push(start);
  });
  reader.push(chunk);
  expect(places).toEqual([4, 9, 15]);
});

test("empty frames are ignored, wherever they are cut", () => {
  for (let cut = 0; cut <= 12; cut += 1) {
    const { reader, found } = reading();
    const bytes = Buffer.concat([framed(Buffer.alloc(0)), framed(Buffer.from([9])), framed(Buffer.alloc(0))]);
    reader.push(bytes.subarray(0, cut));
    reader.push(bytes.subarray(cut));
    expect(found).toEqual(["09"]);
    expect(reader.isPartial).toBe(false);
  }
});

test("a header may be cut anywhere", () => {
  for (let cut = 0; cut <= 4; cut += 1) {
    const { reader, found } = reading();
    const bytes = Buffer.concat([framed(Buffer.from("ab")), framed(Buffer.from("cd"))]);
    reader.push(bytes.subarray(0, 6 + cut));
    reader.push(bytes.subarray(6 + cut));
    expect(found).toEqual(hex([Buffer.from("ab"), Buffer.from("cd")]));
  }
});

test("a length over the limit is refused from the header alone, at its offset in the stream", () => {
  const { reader, found } = reading(1024);
  reader.push(framed(Buffer.from("good")));
  const error = thrownBy(() => reader.push(Buffer.from([0, 0, 4, 1])));
  expect(error).toBeInstanceOf(ProtocolError);
  expect(error.message).toBe(
    "a frame that claims 1025 bytes, over the limit of 1024 (maxFrameBytes), at byte 8 of its stdout: 00 00 04 01",
  );
  expect(found).toHaveLength(1);
  for (const cut of [1, 2, 3]) {
    const other = reading(1024).reader;
    other.push(Buffer.from([0xff, 0xff, 0xff, 0xff].slice(0, cut)));
    expect(thrownBy(() => other.push(Buffer.from([0xff, 0xff, 0xff, 0xff].slice(cut)))).message).toMatch(
      /claims 4294967295 bytes, .* at byte 0 of its stdout/,
    );
  }
});

test("a frame of exactly the limit is taken", () => {
  const { reader, found } = reading(1024);
  reader.push(framed(Buffer.alloc(1024, 1)));
  expect(found).toHaveLength(1);
});

test("text instead of a frame is shown as text", () => {
  const { reader } = reading();
  expect(thrownBy(() => reader.push(Buffer.from("Hello, world\n"))).message).toContain(
    '48 65 6c 6c 6f 2c 20 77 6f 72 6c 64 0a; it reads as text: "Hello, world\\n" (did something print to stdout?)',
  );
});

test("nothing is allocated by a claimed length", () => {
  const before = process.memoryUsage().arrayBuffers;
  const readers = Array.from({ length: 100 }, () => {
    const { reader } = reading(2 ** 32 - 1);
    reader.push(Buffer.from([0xff, 0xff, 0xff, 0xff, 131, 104]));
    return reader;
  });
  expect(readers.every((reader) => reader.isPartial)).toBe(true);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20);
});

test("a large frame comes together from pieces of any size", () => {
  const body = Buffer.from(Array.from({ length: 500_000 }, (_, i) => i & 0xff));
  for (const size of [1000, 4095, 4096, 5000, 65_536]) {
    const { reader, found } = reading();
    const bytes = Buffer.concat([framed(body), framed(Buffer.from([1]))]);
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    expect(found).toEqual(hex([body, Buffer.from([1])]));
  }
});

test("random frames, cut at random places", () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.integer({ min: 0, max: 20_000 }).map((length) => new Uint8Array(length).fill(length & 0xff)),
  );
  fc.assert(
    fc.property(fc.array(body, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 30 }), (all, cuts) => {
      const { reader, found } = reading();
      const bytes = Buffer.concat(all.map(framed));
      const places = cuts.map((cut) => (bytes.length === 0 ? 0 : cut % bytes.length)).sort((a, b) => a - b);
      let from = 0;
      for (const to of [...places, bytes.length]) {
        reader.push(bytes.subarray(from, to));
        from = to;
      }
      expect(found).toEqual(hex(all.filter((one) => one.length > 0)));
      expect(reader.isPartial).toBe(false);
    }),
    { numRuns: 300 },
  );
});

function thrownBy(action: () => void): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("nothing was thrown");
}
