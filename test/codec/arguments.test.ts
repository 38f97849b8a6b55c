/** What the public API is given wrongly is a TypeError that names the parameter and what it takes. */
import { expect, it } from "vitest";
import {
  Codec,
  decode,
  encode,
  frameReader,
  frameWriter,
  inspect,
  parse,
  skipTerm,
  termReader,
  termWriter,
} from "../../codec/index.ts";

/** The function as JavaScript without types would call it. */
function loose(call: unknown): (...args: readonly unknown[]) => unknown {
  return call as (...args: readonly unknown[]) => unknown;
}

const bytes = encode(1);
const codec = new Codec();
const wrong: readonly (readonly [string, () => unknown, RegExp])[] = [
  [
    "decode's options in place of a schema",
    () => loose(decode)(bytes, { exact: true }),
    /^schema takes .*new Codec/,
  ],
  ["decode's schema null", () => loose(decode)(bytes, null), /^schema takes .*not null/],
  ["decode of a string", () => loose(decode)("text"), /^bytes takes a Uint8Array, not a string/],
  ["decode of nothing", () => loose(decode)(), /^bytes takes a Uint8Array, not undefined/],
  [
    "readTerm of an array",
    () => loose((b: never) => codec.readTerm(b, 0, 1))([97, 1]),
    /^bytes takes .*not an array/,
  ],
  ["skipTerm of a string", () => loose(skipTerm)("a", 0, 1), /^bytes takes a Uint8Array/],
  ["a codec of null", () => new Codec(null as never), /^options takes an object of codec options, not null/],
  ["a codec of a number", () => new Codec(5 as never), /^options takes .*not the number 5/],
  ["a codec of an array", () => new Codec([] as never), /^options takes .*not an array/],
  ["encodeInto no writer", () => codec.encodeInto(1, {} as never), /^writer takes a Writer/],
  [
    "writeTerm into nothing",
    () => codec.writeTerm(undefined as never, 1),
    /^writer takes a Writer, not undefined/,
  ],
  ["frames by a number", () => frameReader(5 as never), /^options takes an object with maxFrameBytes/],
  [
    "frames of NaN bytes",
    () => frameReader({ maxFrameBytes: Number.NaN }),
    /^maxFrameBytes takes a number of bytes/,
  ],
  ["terms by options", () => termReader({ exact: true } as never), /^codec takes a Codec/],
  ["terms by null", () => termWriter(null as never), /^codec takes a Codec, not null/],
  ["parse of bytes", () => parse(bytes as never), /^text takes a string/],
  ["inspect in another style", () => inspect(1, "~s" as never), /^style takes "~p" or "~w"/],
];

it.each(wrong)("%s is a TypeError", (_name, call, message) => {
  expect(call).toThrow(TypeError);
  expect(call).toThrow(message);
});

it.each([
  [frameReader, "not a string"],
  [termReader, "not a string"],
  [frameWriter, "not a string"],
])("a chunk that is no bytes is a TypeError (%#)", async (make, message) => {
  const stream = (make as () => TransformStream<unknown, unknown>)();
  const writer = stream.writable.getWriter();
  const read = stream.readable.getReader().read();
  writer.write("text").catch(() => undefined);
  await expect(read).rejects.toThrow(TypeError);
  await expect(stream.readable.getReader === undefined ? read : read).rejects.toThrow(message);
});

it.each([
  [0, 1000],
  [-1, 2],
  [1, 0],
  [0, Number.NaN],
  [0.5, 1],
])("skipTerm refuses the range %d to %d, which is not in the bytes", (start, end) => {
  expect(() => skipTerm(encode([1, 2]), start, end)).toThrow(expect.objectContaining({ code: "ETF_OPTION" }));
});
