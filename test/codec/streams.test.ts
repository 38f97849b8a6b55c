import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { deflateSync } from "node:zlib";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  type Atom,
  Codec,
  decode,
  type ExactTerm,
  encode,
  frameReader,
  frameWriter,
  type PlainTerm,
  type Schema,
  termReader,
  termWriter,
} from "../../codec/index.ts";

async function collect<T>(stream: ReadableStream<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** A stream of `bytes`, `size` of them a chunk. */
function chunks(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

const values = [1, "text", { a: [1.5, null] }, new Uint8Array(3000).fill(9), []];

async function framed(): Promise<Uint8Array> {
  const source = new ReadableStream<unknown>({
    start(controller) {
      for (const value of values) controller.enqueue(value);
      controller.close();
    },
  });
  return Buffer.concat(await collect(source.pipeThrough(termWriter())));
}

describe("streams of {packet, 4}", () => {
  it.each([1, 2, 3, 5, 64, 100_000])("read terms from chunks of %i bytes", async (size) => {
    expect(await collect(chunks(await framed(), size).pipeThrough(termReader()))).toEqual(values);
  });
  it("hand over empty frames as bytes and ignore them as terms", async () => {
    const bytes = Buffer.concat([Buffer.alloc(4), await framed(), Buffer.alloc(4)]);
    const frames = await collect(chunks(bytes, 7).pipeThrough(frameReader()));
    expect(frames.map((frame) => frame.length === 0)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(await collect(chunks(bytes, 7).pipeThrough(termReader()))).toEqual(values);
    const again = await collect(
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (const frame of frames) controller.enqueue(frame);
          controller.close();
        },
      }).pipeThrough(frameWriter()),
    );
    expect(Buffer.concat(again)).toEqual(bytes);
  });
  it("refuse a frame from its length alone, and a stream that ends inside one", async () => {
    const claim = Uint8Array.of(255, 255, 255, 255, 131);
    await expect(collect(chunks(claim, 2).pipeThrough(frameReader()))).rejects.toMatchObject({
      code: "ETF_LIMIT",
    });
    const small = frameReader({ maxFrameBytes: 10 });
    await expect(collect(chunks(await framed(), 9).pipeThrough(small))).rejects.toMatchObject({
      code: "ETF_LIMIT",
    });
    const cut = (await framed()).subarray(0, 30);
    await expect(collect(chunks(cut, 4).pipeThrough(termReader()))).rejects.toMatchObject({
      code: "ETF_TRUNCATED",
    });
  });
});

describe("the compressed form", () => {
  const term = Array.from({ length: 1000 }, (_, i) => ({ i: i % 7, text: "again and again" }));
  const exact = new Codec();

  it.each([1, 6, 9])("is written at level %i when it is smaller, and read by every codec", (compressed) => {
    const codec = new Codec({ compressed });
    const bytes = codec.encode(term);
    expect(bytes[1]).toBe(80);
    expect(bytes.length).toBeLessThan(exact.encode(term).length / 10);
    expect(exact.decode(bytes)).toEqual(term);
    expect(codec.encode([1])).toEqual(exact.encode([1]));
  });

  /** 131 80, a size, and zlib data. */
  function packed(size: number, data: Uint8Array): Uint8Array {
    const head = Buffer.from([131, 80, 0, 0, 0, 0]);
    head.writeUInt32BE(size, 2);
    return Buffer.concat([head, data]);
  }
  const body = exact.encode(term).subarray(1);
  const data = deflateSync(body);

  it("must have the size that it declares", () => {
    expect(exact.decode(packed(body.length, data))).toEqual(term);
    for (const size of [0, 1, 100, body.length - 1, body.length + 1]) {
      expect(() => exact.decode(packed(size, data))).toThrow(
        expect.objectContaining({ code: "ETF_COMPRESSED" }),
      );
    }
    expect(() => exact.decode(packed(2 ** 32 - 1, data))).toThrow(
      expect.objectContaining({ code: "ETF_LIMIT" }),
    );
    const small = new Codec({ maxInflatedBytes: 1000 });
    expect(() => small.decode(packed(body.length, data))).toThrow(
      expect.objectContaining({ code: "ETF_LIMIT" }),
    );
  });
  it("must be whole, alone, and hold one term", () => {
    const broken: [Uint8Array, string][] = [
      [packed(body.length, Buffer.concat([data, Buffer.of(0)])), "ETF_TRAILING"],
      [packed(body.length, data.subarray(0, -1)), "ETF_COMPRESSED"],
      [packed(6, Buffer.from("hello world")), "ETF_COMPRESSED"],
      [packed(3, deflateSync(Buffer.from([97, 1, 0]))), "ETF_TRAILING"],
      [packed(2, deflateSync(Buffer.from([80, 0]))), "ETF_TAG"],
      [Buffer.from([131, 80, 0]), "ETF_TRUNCATED"],
      [Buffer.concat([Buffer.of(131, 104, 1), packed(body.length, data).subarray(1)]), "ETF_TAG"],
    ];
    for (const [bytes, code] of broken)
      expect(() => exact.decode(bytes)).toThrow(expect.objectContaining({ code }));
  });
  it("gives up a bomb as soon as more comes out than was declared", () => {
    const bomb = deflateSync(Buffer.alloc(256 * 1024 * 1024), { level: 9 });
    const before = process.memoryUsage().external;
    expect(() => exact.decode(packed(100, bomb))).toThrow(
      expect.objectContaining({ code: "ETF_COMPRESSED" }),
    );
    expect(process.memoryUsage().external - before).toBeLessThan(32 * 1024 * 1024);
  });
});

describe("types and validators", () => {
  const named: Schema<{ name: string }> = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value) =>
        typeof (value as { name?: unknown })?.name === "string"
          ? { value: value as { name: string } }
          : {
              issues: [
                { message: "a name is missing", path: ["name"] },
                { message: "and more", path: [{ key: 3 }] },
              ],
            },
    },
  };
  it("give the type of the schema, and its faults with their path", () => {
    const user = decode(encode({ name: "Ada" }), named);
    expectTypeOf(user).toEqualTypeOf<{ name: string }>();
    expect(user.name).toBe("Ada");
    expect(() => decode(encode({}), named)).toThrow(
      expect.objectContaining({
        code: "ETF_SCHEMA",
        path: "name",
        message: "name: a name is missing; [3]: and more",
      }),
    );
    const late = { "~standard": { ...named["~standard"], validate: () => Promise.reject(new Error("x")) } };
    expect(() => decode(encode(1), late)).toThrow(expect.objectContaining({ code: "ETF_OPTION" }));
  });
  it("follow the options", () => {
    expectTypeOf(new Codec().decode(encode(1))).toEqualTypeOf<PlainTerm>();
    expectTypeOf(new Codec({ exact: true }).decode(encode(1))).toEqualTypeOf<ExactTerm>();
    expectTypeOf<Atom>().toExtend<ExactTerm>();
    expectTypeOf(new Codec().decode<number>(encode(1))).toEqualTypeOf<number>();
  });
});

it("a frame that comes a byte at a time keeps no chunk alive", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const { readable, writable } = frameReader();
  const frame = readable.getReader().read();
  const writer = writable.getWriter();
  const COUNT = 2000;
  const buffers: WeakRef<ArrayBuffer>[] = [];
  const send = (byte: number) => {
    // As they come from a socket: one byte in a block of 4 KiB.
    const block = new Uint8Array(4096).fill(byte);
    buffers.push(new WeakRef(block.buffer));
    return writer.write(block.subarray(0, 1));
  };
  for (const byte of [0, 0, COUNT >> 8, COUNT & 255]) await send(byte);
  for (let n = 1; n < COUNT; n += 1) await send(7);
  // What a WeakRef was asked for in a turn lives to the turn's end.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(buffers.filter((buffer) => buffer.deref() !== undefined).length).toBeLessThan(COUNT / 10);
  await send(9);
  const { value } = await frame;
  expect([value?.length, value?.[0], value?.at(-1)]).toEqual([COUNT, 7, 9]);
});
