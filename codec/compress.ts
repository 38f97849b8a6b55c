/** The compressed form, `131 80 Size:32 zlib`, with Node's zlib where the runtime has it: no static import, so browsers work too. */

import { EtfError } from "./error.ts";

interface Zlib {
  deflateSync(bytes: Uint8Array, options: { level: number }): Uint8Array;
  inflateSync(
    bytes: Uint8Array,
    options: { maxOutputLength: number; info: true },
  ): { buffer: Uint8Array; engine: { bytesWritten: number } };
}

interface HasModules {
  process?: { getBuiltinModule?: (name: string) => unknown };
}

function zlib(): Zlib {
  const found = (globalThis as HasModules).process?.getBuiltinModule?.("node:zlib");
  if (found !== undefined) return found as Zlib;
  throw new EtfError("ETF_NO_ZLIB", "compressed terms need node:zlib, which this runtime does not have");
}

/** The compressed form of a term (without its 131), or `undefined` when that is not smaller. */
export function deflate(term: Uint8Array, level: number): Uint8Array | undefined {
  const packed = zlib().deflateSync(term, { level });
  if (packed.length + 5 >= term.length) return undefined;
  const made = new Uint8Array(5 + packed.length);
  made[0] = 80;
  new DataView(made.buffer).setUint32(1, term.length);
  made.set(packed, 5);
  return made;
}

/** What the compressed form, of which `packed` is all behind the 131 and the 80, inflates to: exactly the size it declares. */
export function inflate(packed: Uint8Array, most: number): Uint8Array {
  if (packed.length < 4)
    throw new EtfError("ETF_TRUNCATED", "the compressed form ends within its size", place(2));
  const size = new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  if (size > most)
    throw new EtfError("ETF_LIMIT", `a term of ${size} bytes, compressed; the limit is ${most}`, place(2));
  if (size === 0) throw new EtfError("ETF_COMPRESSED", "a compressed term of no bytes", place(2));
  const { buffer, engine } = inflateAtMost(packed.subarray(4), size);
  if (buffer.length !== size) {
    throw new EtfError("ETF_COMPRESSED", `${size} bytes were declared, ${buffer.length} came out`, place(2));
  }
  const rest = packed.length - 4 - engine.bytesWritten;
  if (rest !== 0)
    throw new EtfError(
      "ETF_TRAILING",
      `${rest} bytes after the compressed data`,
      place(6 + engine.bytesWritten),
    );
  return buffer;
}

function inflateAtMost(packed: Uint8Array, size: number): ReturnType<Zlib["inflateSync"]> {
  try {
    return zlib().inflateSync(packed, { maxOutputLength: size, info: true });
  } catch (cause) {
    if (cause instanceof EtfError) throw cause;
    throw new EtfError(
      "ETF_COMPRESSED",
      `the compressed data is broken, or more than the ${size} bytes declared`,
      {
        cause,
        ...place(6),
      },
    );
  }
}

function place(offset: number): { offset: number; path: string } {
  return { offset, path: "" };
}
