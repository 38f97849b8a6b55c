/** Sequences of terms against the readers: what a codec read before changes nothing of what it reads next. */
import { isDeepStrictEqual } from "node:util";
import { Codec, type CodecOptions, EtfError } from "../../codec/index.ts";
import { dialect, term } from "./etf.ts";
import type { Block, FuzzKind } from "./kind.ts";
import type { Random } from "./random.ts";

/** Every view there is. */
export const VIEWS: readonly CodecOptions[] = [{}, { binaries: "bytes" }, { exact: true }];

export const readers: FuzzKind = {
  name: "readers",
  about: "sequences of terms against the readers: one codec reads each as a codec that never learnt anything",
  bounded: 20_000,
  blockSize: 400,
  begin,
};

function begin(random: Random): Block {
  const view = random.pick(VIEWS);
  const warm = new Codec(view);
  const cold = new Codec({ ...view, codegen: false });
  const kinds = dialect(random);
  return {
    run(source) {
      const bytes = message(source, term(source, kinds, 3));
      compare(bytes, reading(warm, bytes), reading(cold, bytes), view);
    },
  };
}

/** With the 131 in front, and now and then with a byte that is another. */
function message(random: Random, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + body.length);
  bytes[0] = 131;
  bytes.set(body, 1);
  if (random.oneIn(16)) bytes[1 + random.below(body.length)] = random.below(256);
  return random.oneIn(32) ? bytes.subarray(0, random.below(bytes.length)) : bytes;
}

/** What a codec makes of bytes: a value, or an error. */
export interface Reading {
  readonly value?: unknown;
  readonly error?: string;
}

/** Reads, and takes an EtfError for a reading. @throws whatever else is thrown */
export function reading(codec: Codec<CodecOptions>, bytes: Uint8Array): Reading {
  try {
    return { value: codec.decode(bytes) };
  } catch (error) {
    if (!(error instanceof EtfError)) throw error;
    return { error: `${error.code} ${error.message}` };
  }
}

/** @throws Error when the readings differ */
export function compare(bytes: Uint8Array, one: Reading, other: Reading, view: CodecOptions): void {
  if (isDeepStrictEqual(one, other)) return;
  throw new Error(
    `${Buffer.from(bytes).toString("hex")} in the view ${JSON.stringify(view)}: read as ${show(one)}, alone as ${show(other)}`,
  );
}

function show({ value, error }: Reading): string {
  return (
    error ??
    JSON.stringify(value, (_key, item) => (typeof item === "bigint" ? `${item}n` : item)) ??
    "undefined"
  );
}
