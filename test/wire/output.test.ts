import fc from "fast-check";
import { expect, test } from "vitest";
import { Codec } from "../../codec/index.ts";
import { append } from "../../src/wire/envelope.ts";
import { type Frame, Output, TooLarge } from "../../src/wire/output.ts";
import { frames } from "./memory.ts";

const SLAB = 65_536;
const LARGE = 32_768;
const codec = new Codec();

/** A frame with these bytes in it; `live` as long as its call is unsettled. */
function put(output: Output, body: Uint8Array, isLive = false): Frame {
  output.begin();
  append(output, body);
  const frame = output.end();
  if (isLive) frame.slab.live += 1;
  return frame;
}

/** `toEqual` of large buffers takes seconds. */
const hex = (all: readonly Uint8Array[]) => all.map((one) => Buffer.from(one).toString("hex"));
const bytesOf = (chunks: readonly Uint8Array[]) => Buffer.concat(chunks);
const body = (length: number, fill: number) => Buffer.alloc(length, fill);

test("frames come out as they went in, with their length in front", () => {
  const output = new Output();
  const bodies = [body(1, 1), body(300, 2), body(70, 3)];
  for (const one of bodies) put(output, one);
  expect(output.pendingBytes).toBe(371 + 12);
  expect(hex(frames(bytesOf(output.take())))).toEqual(hex(bodies));
  expect(output.pendingBytes).toBe(0);
  expect(output.take()).toEqual([]);
});

test("a frame that outgrows its slab moves as a whole, those before it stay where they are", () => {
  const output = new Output();
  const first = put(output, body(SLAB - 100, 1));
  output.begin();
  for (let i = 0; i < 50; i += 1) append(output, body(10, 2));
  const second = output.end();
  expect(second.slab).not.toBe(first.slab);
  expect(second.start).toBe(0);
  expect(hex(frames(bytesOf(output.take())))).toEqual(hex([body(SLAB - 100, 1), body(500, 2)]));
});

test("one message of many slabs", () => {
  const output = new Output();
  output.begin();
  for (let i = 0; i < 500; i += 1) append(output, body(1000, i & 0xff));
  output.end();
  put(output, body(5, 9));
  const large = Buffer.concat(Array.from({ length: 500 }, (_, i) => body(1000, i & 0xff)));
  expect(hex(frames(bytesOf(output.take())))).toEqual(hex([large, body(5, 9)]));
});

test("large byte arrays are copied as they are at that moment, in order", () => {
  const output = new Output();
  const [a, b] = [new Uint8Array(LARGE).fill(1), new Uint8Array(LARGE + 1).fill(2)];
  output.begin();
  codec.writeTerm(output, [1, a, "between", b, a]);
  const frame = output.end();
  const expected = codec.encode([1, a, "between", b, a]).subarray(1);
  expect(frame.bytes).toBe(4 + expected.length);
  a.fill(8);
  structuredClone(b.buffer, { transfer: [b.buffer] });
  put(output, body(3, 7));
  const chunks = output.take();
  expect(chunks.some((chunk) => chunk.buffer === a.buffer)).toBe(false);
  expect(hex(frames(bytesOf(chunks)))).toEqual(hex([Buffer.from(expected), body(3, 7)]));
});

test("slabs of large messages are used again, and no more of them kept than 8 MiB", () => {
  const sizes = new Set<object>();
  for (let i = 0; i < 50; i += 1) {
    const output = new Output();
    put(output, body(3_000_000, 1));
    sizes.add(output.slab.buffer);
    output.take();
    output.reclaim();
  }
  expect(sizes.size).toBe(1);
  const outputs = Array.from({ length: 10 }, () => new Output());
  for (const output of outputs) put(output, body(3_000_000, 1));
  const slabs = new Set<object>(outputs.map(({ slab }) => slab.buffer));
  for (const output of outputs) {
    output.take();
    output.reclaim();
  }
  const again = Array.from({ length: 10 }, () => new Output());
  for (const output of again) put(output, body(3_000_000, 1));
  expect(again.filter(({ slab }) => slabs.has(slab.buffer)).length).toBe(2);
});

test("a frame that outgrows its limit is given up without the memory for it", () => {
  const output = new Output();
  output.begin(100_000);
  const text = "x".repeat(30_000);
  expect(() => codec.writeTerm(output, new Array(1000).fill(text))).toThrow(TooLarge);
  output.abandon();
  expect(output.slab.buffer.length).toBeLessThan(1_000_000);
  put(output, body(20, 2));
  expect(hex(frames(bytesOf(output.take())))).toEqual(hex([body(20, 2)]));
});

test("a message that ends in a large byte array is not overwritten before it is written", () => {
  const output = new Output();
  output.begin();
  codec.writeTerm(output, new Uint8Array(LARGE).fill(5));
  output.end();
  output.reclaim();
  put(output, body(10, 6));
  const large = codec.encode(new Uint8Array(LARGE).fill(5)).subarray(1);
  expect(hex(frames(bytesOf(output.take())))).toEqual(hex([large, body(10, 6)]));
});

test("abandon leaves no trace, also of what outgrew a slab and of large bytes", () => {
  const output = new Output();
  put(output, body(10, 1));
  output.begin();
  codec.writeTerm(output, [new Uint8Array(LARGE), "x".repeat(SLAB)]);
  output.abandon();
  expect(output.isOpen).toBe(false);
  put(output, body(20, 2));
  expect(hex(frames(bytesOf(output.take())))).toEqual(hex([body(10, 1), body(20, 2)]));
});

test("a frame inside a frame is refused, and the outer one is as it was", () => {
  const output = new Output();
  output.begin();
  append(output, body(4, 1));
  expect(() => output.begin()).toThrow(expect.objectContaining({ code: "ETF_REENTRANT" }));
  append(output, body(4, 1));
  output.end();
  expect(hex(frames(bytesOf(output.take())))).toEqual(hex([body(8, 1)]));
});

test("copy takes a frame over from another output, large bytes included", () => {
  const store = new Output();
  const large = new Uint8Array(LARGE).fill(3);
  put(store, body(10, 1));
  store.begin();
  codec.writeTerm(store, ["before", large, "behind"]);
  const frame = store.end();
  store.store();
  expect(store.take()).toEqual([]);

  const output = new Output();
  put(output, body(6, 2));
  const copied = output.copy(frame);
  expect(copied.bytes).toBe(frame.bytes);
  const expected = Buffer.from(codec.encode(["before", large, "behind"]).subarray(1));
  expect(hex(frames(bytesOf(output.take())))).toEqual(hex([body(6, 2), expected]));
});

test("memory is reused when all is written and settled, and not a moment before", () => {
  const output = new Output();
  const frame = put(output, body(100, 1), true);
  const chunks = output.take();
  output.reclaim();
  expect(put(output, body(100, 2)).start).toBe(104);
  expect(hex(frames(bytesOf(chunks)))).toEqual(hex([body(100, 1)]));
  output.take();
  frame.slab.live -= 1;
  output.reclaim();
  expect(put(output, body(100, 3)).start).toBe(0);
});

test("a slab that was left behind with unwritten bytes is not given to anybody else", () => {
  const output = new Output();
  // No call is unsettled (casts): only that they are unwritten protects them.
  for (let i = 0; i < 100; i += 1) put(output, body(2000, 1));
  output.reclaim();
  const other = new Output();
  for (let i = 0; i < 200; i += 1) put(other, body(2000, 2));
  const found = frames(bytesOf(output.take()));
  expect(found.every((frame) => frame.every((byte) => byte === 1))).toBe(true);
});

test("a store whose queue never runs empty reuses its slabs", () => {
  const store = new Output();
  const slabs = new Set<object>();
  const waiting: Frame[] = [];
  for (let i = 0; i < 4000; i += 1) {
    waiting.push(put(store, body(1000, i & 0xff), true));
    store.store();
    slabs.add(store.slab);
    const oldest = waiting.length > 50 ? waiting.shift() : undefined;
    if (oldest !== undefined) oldest.slab.live -= 1;
  }
  expect(slabs.size).toBeLessThan(10);
});

test("one large message does not make the output large for ever", () => {
  const output = new Output();
  put(output, body(10 * SLAB, 1));
  expect(output.slab.buffer.length).toBeGreaterThan(SLAB);
  output.take();
  output.reclaim();
  expect(output.slab.buffer.length).toBe(SLAB);
  put(output, body(10, 2));
  expect(hex(frames(bytesOf(output.take())))).toEqual(hex([body(10, 2)]));
});

test("unwritten and unsettled bytes survive any order of writing, taking, settling and reclaiming", () => {
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant("put" as const), size: sizes(), isLive: fc.boolean() }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("large" as const),
        size: fc.integer({ min: LARGE, max: LARGE + 9 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("abandon" as const), size: sizes() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("take" as const) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("sent" as const) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("settle" as const), which: fc.nat() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("copy" as const), which: fc.nat() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("other" as const), size: sizes() }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const model = new Model();
      for (const one of steps) model.apply(one);
      model.finish();
    }),
    { numRuns: 150 },
  );
});

function sizes() {
  return fc.oneof(
    fc.integer({ min: 1, max: 200 }),
    fc.integer({ min: 1, max: 30_000 }),
    fc.integer({ min: 60_000, max: 90_000 }),
  );
}

type Step = { kind: string; size?: number; isLive?: boolean; which?: number };

/** Keeps a copy of all that was put, and compares it with what is in the slabs and what comes out. */
class Model {
  readonly output = new Output();
  /** Takes slabs out of the pool and writes over them. */
  readonly other = new Output();
  readonly written: Buffer[] = [];
  readonly unsettled: { frame: Frame; body: Buffer }[] = [];
  #inFlight: Uint8Array[] = [];
  readonly #arrived: Buffer[] = [];
  #count = 0;

  apply({ kind, size = 0, isLive = false, which = 0 }: Step): void {
    this.#count += 1;
    const one = body(size, this.#count & 0xff);
    if (kind === "put") this.#put(one, isLive);
    else if (kind === "large") this.#large(new Uint8Array(one));
    else if (kind === "abandon") this.#abandon(one);
    else if (kind === "take") this.#inFlight.push(...this.output.take());
    else if (kind === "sent") this.#sent();
    else if (kind === "settle") this.#settle(which);
    else if (kind === "copy") this.#copy(which);
    else this.#otherPut(size);
    this.#check();
  }

  #put(one: Buffer, isLive: boolean): void {
    const frame = put(this.output, one, isLive);
    this.written.push(one);
    if (isLive) this.unsettled.push({ frame, body: one });
  }

  #large(bytes: Uint8Array): void {
    this.output.begin();
    codec.writeTerm(this.output, bytes);
    this.output.end();
    this.written.push(Buffer.from(codec.encode(bytes).subarray(1)));
  }

  #abandon(one: Buffer): void {
    this.output.begin();
    append(this.output, one);
    this.output.abandon();
  }

  /** The kernel has all that was taken: only now may the output reclaim. */
  #sent(): void {
    this.#arrived.push(bytesOf(this.#inFlight));
    this.#inFlight = [];
    this.output.reclaim();
  }

  #settle(which: number): void {
    const [gone] = this.unsettled.splice(which % Math.max(1, this.unsettled.length), 1);
    if (gone !== undefined) gone.frame.slab.live -= 1;
  }

  /** A call is sent once more, as after a death. */
  #copy(which: number): void {
    const call = this.unsettled[which % Math.max(1, this.unsettled.length)];
    if (call === undefined) return;
    call.frame.slab.live -= 1;
    call.frame = this.output.copy(call.frame);
    call.frame.slab.live += 1;
    this.written.push(call.body);
  }

  #otherPut(size: number): void {
    put(this.other, body(size, 0xee));
    if (size % 3 === 0) {
      this.other.take();
      this.other.reclaim();
    }
  }

  #check(): void {
    for (const { frame, body: one } of this.unsettled)
      expect(frame.slab.buffer.subarray(frame.start + 4, frame.end).equals(one)).toBe(true);
  }

  finish(): void {
    this.#inFlight.push(...this.output.take());
    this.#sent();
    const found = frames(bytesOf(this.#arrived));
    expect(found.length).toBe(this.written.length);
    for (const [i, frame] of found.entries()) expect(frame.equals(this.written[i] ?? body(0, 0))).toBe(true);
  }
}

test("what is taken in pieces is what is taken at once, and its memory is nobody else's until then", () => {
  const output = new Output();
  const all: Buffer[] = [];
  for (let i = 0; i < 40; i += 1) {
    output.begin();
    const bytes = Buffer.alloc(10_000, i);
    output.reserve(bytes.length);
    output.buffer.set(bytes, output.position);
    output.position += bytes.length;
    output.end();
    all.push(Buffer.from([0, 0, 0x27, 0x10]), bytes);
  }
  const taken: Uint8Array[] = [];
  let times = 0;
  for (; output.pendingBytes > 0; times += 1) {
    const before = output.pendingBytes;
    const chunks = output.take(100_000);
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    expect(bytes).toBeLessThan(100_000 + 70_000);
    expect(before - output.pendingBytes).toBe(bytes);
    output.reclaim();
    taken.push(...chunks);
  }
  expect(times).toBeGreaterThan(2);
  expect(Buffer.concat(taken).equals(Buffer.concat(all))).toBe(true);
});
