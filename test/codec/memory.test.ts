/** What a message may cost in memory is bounded, however small the message is: the reader's own process must survive it. */
import { execFileSync } from "node:child_process";
import { deflateSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { Codec, type CodecOptions } from "../../codec/index.ts";
import { fixture } from "../fixtures/fixture.ts";

const MiB = 1024 * 1024;

/** A list, a tuple or whatever begins with `head`, of so many terms of `item`. */
function many(head: number, item: readonly number[], count: number): Uint8Array {
  const bytes = new Uint8Array(6 + item.length * count + (head === 108 ? 1 : 0));
  bytes.set([131, head]);
  new DataView(bytes.buffer).setUint32(2, count);
  const one = Uint8Array.from(item);
  for (let i = 0; i < count; i += 1) bytes.set(one, 6 + i * item.length);
  if (head === 108) bytes[bytes.length - 1] = 106;
  return bytes;
}

/** As `131 80` has it. */
function compressed(bytes: Uint8Array): Uint8Array {
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, bytes.length - 1);
  return Uint8Array.of(131, 80, ...size, ...deflateSync(bytes.subarray(1)));
}

const items: Readonly<Record<string, readonly number[]>> = {
  "empty lists": [106],
  "empty tuples": [104, 0],
  "empty maps": [116, 0, 0, 0, 0],
  "empty bytes": [77, 0, 0, 0, 0, 0],
  "bytes of one": [77, 0, 0, 0, 1, 8, 1],
  bits: [77, 0, 0, 0, 1, 3, 32],
  "maps of one": [116, 0, 0, 0, 1, 97, 1, 106],
  "lists of one": [108, 0, 0, 0, 1, 106, 106],
  "large integers": [110, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  exports: [113, 119, 1, 109, 119, 1, 102, 97, 1],
};
const views: readonly CodecOptions[] = [{}, { binaries: "bytes" }, { exact: true }];

/** A list of atoms, each of another name. */
function atoms(count: number): Uint8Array {
  const bytes = many(108, [119, 4, 97, 97, 97, 97], count);
  for (let i = 0; i < count; i += 1)
    for (let place = 0, rest = i; place < 4; place += 1, rest = Math.floor(rest / 26))
      bytes[8 + 6 * i + place] = 97 + (rest % 26);
  return bytes;
}

describe.each(views)("in the view %j", (view) => {
  it("names that are not seen again cost what their texts cost", () => {
    const codec = new Codec({ ...view, maxDecodedBytes: 4 * MiB });
    expect(() => codec.decode(atoms(200_000))).toThrow(expect.objectContaining({ code: "ETF_LIMIT" }));
    expect(codec.decode(atoms(20_000))).toHaveLength(20_000);
  });

  it.each(Object.entries(items))("a message of %s ends with ETF_LIMIT, compressed or not", (_name, item) => {
    const codec = new Codec({ ...view, maxDecodedBytes: 4 * MiB });
    const bytes = many(108, item, 200_000);
    for (const message of [bytes, compressed(bytes)])
      expect(() => codec.decode(message)).toThrow(
        expect.objectContaining({ code: "ETF_LIMIT", message: expect.stringContaining("maxDecodedBytes") }),
      );
    // The next message has a budget of its own.
    expect(codec.decode(Uint8Array.of(131, 97, 7))).toBe(7);
  });
});

describe("a host with a heap of 256 MiB", () => {
  let dist = "";
  beforeAll(() => {
    dist = fixture("../../dist/codec/index.js");
  });

  it.each(views)("survives a compressed answer of millions of terms in the view %j", (view) => {
    const script = `
      const { Codec } = await import(${JSON.stringify(dist)});
      const { deflateSync } = await import("node:zlib");
      const body = Buffer.alloc(60 * 1024 * 1024, 106);
      body[0] = 108;
      body.writeUInt32BE(body.length - 6, 1);
      const packed = deflateSync(body);
      const message = Buffer.concat([Buffer.from([131, 80, 0, 0, 0, 0]), packed]);
      message.writeUInt32BE(body.length, 2);
      try { new Codec(${JSON.stringify(view)}).decode(message); } catch (error) { console.log(message.length < 100_000, error.code); }
    `;
    const args = ["--max-old-space-size=256", "--input-type=module", "-e", script];
    expect(execFileSync(process.execPath, args, { encoding: "utf8" })).toBe("true ETF_LIMIT\n");
  });
});

it.each(views)("an honest tuple of 16.7 million elements is read in the view %j", (view) => {
  const count = 16_700_000;
  const value = new Codec(view).decode(many(105, [97, 1], count)) as unknown[];
  expect([value.length, value[0], value[count - 1]]).toEqual([count, 1, 1]);
});
