/** Atoms and map keys in their encoded form, ready to be copied: they come again and again. */

import { EtfError } from "./error.ts";
import { MAX_ATOM_CHARACTERS } from "./limits.ts";
import { isWellFormed } from "./text.ts";
import type { WriteShape } from "./write-shape.ts";

/** Something to copy, and what is known about where it comes from. */
export interface Encoded {
  readonly text: string;
  /** Its bytes in words of four, the last one filled up with zeros. */
  readonly words: readonly number[];
  /** Bytes that count. */
  readonly length: number;
  /** The key that followed it last time. */
  next: Encoded | undefined;
  /** The kinds of objects that begin with this key. */
  shape: WriteShape | undefined;
  /** How many objects that began with this key were none of these kinds. */
  strangers: number;
}

const utf8 = new TextEncoder();
/** Entries of a cache; one that is full is emptied. */
const MAX_CACHED = 4096;
/** Longer texts are not kept. */
const MAX_CACHED_LENGTH = 64;

/** Encoded forms by text. */
export class NameCache {
  private readonly known = new Map<string, Encoded>();
  private readonly encode: (text: string) => Uint8Array;

  constructor(encode: (text: string) => Uint8Array) {
    this.encode = encode;
  }

  /** The encoded form of `text`. @throws EtfError when it has none. */
  get(text: string): Encoded {
    return this.known.get(text) ?? this.add(text);
  }

  private add(text: string): Encoded {
    const made = encoded(text, this.encode(text));
    if (text.length > MAX_CACHED_LENGTH) return made;
    if (this.known.size >= MAX_CACHED) this.known.clear();
    this.known.set(text, made);
    return made;
  }
}

/** Bytes in words of four, the last one filled up with zeros. */
export function wordsOf(bytes: Uint8Array): number[] {
  const filled = new Uint8Array((bytes.length + 3) & ~3);
  filled.set(bytes);
  const view = new DataView(filled.buffer);
  return Array.from({ length: filled.length / 4 }, (_, i) => view.getInt32(4 * i));
}

/** The copy-ready form of `bytes`, which stand for `text`. */
export function encoded(text: string, bytes: Uint8Array): Encoded {
  const words = wordsOf(bytes);
  return { text, words, length: bytes.length, next: undefined, shape: undefined, strangers: 0 };
}

/** SMALL_ATOM_UTF8_EXT (119), or ATOM_UTF8_EXT (118) for names of over 255 bytes: what OTP 26 and later writes. */
export function atomBytes(name: string): Uint8Array {
  if (typeof name !== "string") throw new EtfError("ETF_UNSUPPORTED", "an atom whose name is no text");
  if (name.length > MAX_ATOM_CHARACTERS && [...name].length > MAX_ATOM_CHARACTERS) {
    throw new EtfError(
      "ETF_LIMIT",
      `an atom has at most ${MAX_ATOM_CHARACTERS} characters, this one has ${[...name].length}`,
    );
  }
  const text = encodeText(name);
  const length = text.length;
  const head = length <= 255 ? [119, length] : [118, length >> 8, length & 255];
  return Uint8Array.of(...head, ...text);
}

/** BINARY_EXT (109) of a text. */
export function binaryBytes(text: string): Uint8Array {
  const bytes = encodeText(text);
  const made = new Uint8Array(5 + bytes.length);
  made[0] = 109;
  new DataView(made.buffer).setUint32(1, bytes.length);
  made.set(bytes, 5);
  return made;
}

function encodeText(text: string): Uint8Array {
  if (isWellFormed(text)) return utf8.encode(text);
  throw new EtfError("ETF_UNSUPPORTED", "a text with a lone surrogate, which is not Unicode");
}
