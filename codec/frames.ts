/**
 * Frames of `{packet, 4}` (a 4-byte big-endian length, then as many bytes) as web streams, for those who talk to Erlang without the
 * rest of this package: `readable.pipeThrough(termReader())`. `src/wire` has its own reader, made for many small frames a read.
 */

import { checkMethods, checkOptions, wrongArgument } from "./arguments.ts";
import { isBytes } from "./bytes.ts";
import { Codec } from "./codec.ts";
import { MAX_FRAME_BYTES } from "./limits.ts";
import { Splitter } from "./splitter.ts";
import { Writer } from "./writer.ts";

declare global {
  /** Where neither the types of the DOM nor those of Node are loaded, these types must stand all the same; elsewhere this adds nothing. */
  interface TransformStream<I, O> {}
}

/** How frames are read. */
export interface FrameOptions {
  /** A longer frame is refused from its length alone. In bytes, default 64 MiB. */
  readonly maxFrameBytes?: number | undefined;
}

/** Chunks of bytes to frames, each without its length; an empty frame is an empty array. A stream that ends inside one is an error. */
export function frameReader(options: FrameOptions = {}): TransformStream<Uint8Array, Uint8Array> {
  const frames = new Splitter(frameLimit(options));
  return new TransformStream({
    transform: (chunk, controller) => frames.push(chunk, (frame) => controller.enqueue(frame)),
    flush: () => frames.end(),
  });
}

/** Chunks of bytes to terms, one a frame; empty frames are ignored. `codec`: default one without options. */
export function termReader<T = unknown>(
  codec: { decode(bytes: Uint8Array): unknown } = new Codec(),
  options: FrameOptions = {},
): TransformStream<Uint8Array, T> {
  checkMethods("codec", "a Codec", codec, ["decode"]);
  const frames = new Splitter(frameLimit(options));
  return new TransformStream({
    transform: (chunk, controller) =>
      frames.push(chunk, (frame) => {
        if (frame.length > 0) controller.enqueue(codec.decode(frame) as T);
      }),
    flush: () => frames.end(),
  });
}

/** Byte arrays to frames: each behind its length. */
export function frameWriter(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(payload, controller) {
      if (!isBytes(payload)) wrongArgument("a chunk", "a Uint8Array", payload);
      const frame = new Uint8Array(4 + payload.length);
      new DataView(frame.buffer).setUint32(0, payload.length);
      frame.set(payload, 4);
      controller.enqueue(frame);
    },
  });
}

/** Values to frames of one term each. `codec`: default one without options. */
export function termWriter(
  codec: { encodeInto(value: unknown, writer: Writer): void } = new Codec(),
): TransformStream<unknown, Uint8Array> {
  checkMethods("codec", "a Codec", codec, ["encodeInto"]);
  const writer = new Writer();
  return new TransformStream({
    transform(value, controller) {
      writer.position = 0;
      codec.encodeInto(value, writer);
      controller.enqueue(writer.buffer.slice(0, writer.position));
    },
  });
}

/** @throws TypeError when the options are none, or the limit is no number of bytes. */
function frameLimit(options: FrameOptions): number {
  checkOptions("options", "an object with maxFrameBytes", options);
  const limit = options.maxFrameBytes ?? MAX_FRAME_BYTES;
  if (!(typeof limit === "number" && limit >= 0)) wrongArgument("maxFrameBytes", "a number of bytes", limit);
  return limit;
}
