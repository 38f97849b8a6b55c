/** What a codec can be told when it is made. Nothing of it is looked at again while a term is read or written. */

import { checkOptions } from "./arguments.ts";
import { EtfError } from "./error.ts";
import { MAX_INFLATED_BYTES, maxDecodedBytes } from "./limits.ts";

/** The options of a codec. */
export interface CodecOptions {
  /**
   * What a term is seen as. `false`, the plain view: what a JavaScript programmer would write. `true`: what an Erlang programmer would see
   * (atoms are `Atom`, tuples `Tuple`, binaries `Uint8Array`, maps `TermMap`, integral floats `Float`). Default: `false`.
   */
  readonly exact?: boolean | undefined;
  /** What BINARY_EXT is in the plain view: `"text"`, a `string`, which must be UTF-8; `"bytes"`, a `Uint8Array`. Default: `"text"`. */
  readonly binaries?: "text" | "bytes" | undefined;
  /**
   * How a `Uint8Array` is written. `"bit_binary"`: as BIT_BINARY_EXT with 8 bits, so that a reader that knows can tell it from
   * text, empty ones as BINARY_EXT, because OTP 27 refuses the other form. `"bit_binary_always"`: the empty ones too, between
   * ends that both know. `"binary"`: as BINARY_EXT. Default: `"bit_binary"`, in the exact view `"binary"`.
   */
  readonly bytes?: "bit_binary" | "bit_binary_always" | "binary" | undefined;
  /** What the keys of plain objects are written as: `"binary"`, which is safe for the BEAM's atom table, or `"atom"`. Default: `"binary"`. */
  readonly keys?: "binary" | "atom" | undefined;
  /** `true`: map entries are written in the order of `term_to_binary(Term, [deterministic])`. `false`: in their own order. Default: `false`. */
  readonly deterministic?: boolean | undefined;
  /**
   * Whether readers and writers may be made as code (`new Function`) for kinds of objects that come again and again.
   * Where code may not be made the codec finds out by itself, `false` spares it (and the Content-Security-Policy's log) the try.
   * Default: `true`.
   */
  readonly codegen?: boolean | undefined;
  /** zlib's level, 0 to 9, for `encode` and `encodeInto`; the compressed form is used when it is smaller. Default: 0, never. */
  readonly compressed?: number | undefined;
  /** Bytes that a compressed term may have once inflated. Default: 64 MiB. */
  readonly maxInflatedBytes?: number | undefined;
  /**
   * Bytes of memory that the value of one message may cost, by an estimate: a term of one byte may be an object of a hundred. Over
   * it the reading ends with ETF_LIMIT before the memory is taken. `Infinity`: no such limit. Default: a quarter of what V8 lets the heap have, or 1 GiB where
   * the runtime does not say.
   */
  readonly maxDecodedBytes?: number | undefined;
  /**
   * From this many bytes on a decoded `Uint8Array` is a view of the input instead of a copy, provided that it is at least half of
   * the memory it would keep alive. `Infinity`: always a copy. Default: 65 536.
   */
  readonly viewFrom?: number | undefined;
}

/** The same, with every default filled in. */
export type Settings = { readonly [K in keyof CodecOptions]-?: NonNullable<CodecOptions[K]> };

const WORDS = {
  binaries: ["text", "bytes"],
  bytes: ["bit_binary", "bit_binary_always", "binary"],
  keys: ["binary", "atom"],
} as const;

/** Fills in the defaults. @throws EtfError ETF_OPTION for a value that is none of those allowed, and for unknown options. */
export function settle(options: CodecOptions): Settings {
  checkOptions("options", "an object of codec options", options);
  const exact = options.exact ?? false;
  const settings: Settings = {
    exact,
    binaries: options.binaries ?? "text",
    bytes: options.bytes ?? (exact ? "binary" : "bit_binary"),
    keys: options.keys ?? "binary",
    deterministic: options.deterministic ?? false,
    codegen: options.codegen ?? true,
    compressed: options.compressed ?? 0,
    maxInflatedBytes: options.maxInflatedBytes ?? MAX_INFLATED_BYTES,
    maxDecodedBytes: options.maxDecodedBytes ?? maxDecodedBytes(),
    viewFrom: options.viewFrom ?? 65_536,
  };
  check(options, settings);
  return settings;
}

function check(options: CodecOptions, settings: Settings): void {
  for (const name of Object.keys(options))
    if (!Object.hasOwn(settings, name)) refuse(name, "is no option of a codec");
  for (const name of ["binaries", "bytes", "keys"] as const) {
    const words: readonly string[] = WORDS[name];
    if (!words.includes(settings[name]))
      refuse(name, `is ${words.join(" or ")}, not ${String(settings[name])}`);
  }
  for (const name of ["exact", "deterministic", "codegen"] as const) {
    if (typeof settings[name] !== "boolean") refuse(name, "is true or false");
  }
  if (!(Number.isInteger(settings.compressed) && settings.compressed >= 0 && settings.compressed <= 9)) {
    refuse("compressed", "is a whole number from 0 to 9");
  }
  for (const name of ["maxInflatedBytes", "maxDecodedBytes", "viewFrom"] as const) {
    if (!(typeof settings[name] === "number" && settings[name] >= 0)) refuse(name, "is a number of bytes");
  }
}

function refuse(name: string, rest: string): never {
  throw new EtfError("ETF_OPTION", `the option ${name} ${rest}`);
}
