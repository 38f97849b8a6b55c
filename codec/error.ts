/**
 * The one error of the codec. It stands alone: `portreeve/codec` works without the rest, and `EtfError` is not a `PortError`.
 * The program's side answers the same faults with an error of kind `badarg` or `protocol`.
 */

/** What went wrong, fit for a `switch`. */
export type EtfErrorCode =
  /** The bytes end before the term does. */
  | "ETF_TRUNCATED"
  /** There are bytes after the term. */
  | "ETF_TRAILING"
  /** The first byte is not 131. */
  | "ETF_VERSION"
  /** A tag that is unknown, distribution-only (68, 69, 70, 82), or private to one VM (LOCAL_EXT, 121). */
  | "ETF_TAG"
  /** A known tag whose contents break the format's rules: a float that is no number, bits over 8, … */
  | "ETF_INVALID"
  /** A binary is not UTF-8 and was to be read as text, or an atom's name is not UTF-8. */
  | "ETF_UTF8"
  /** A map has the same key twice. */
  | "ETF_DUPLICATE_KEY"
  /** Deeper, longer or larger than the limits allow. */
  | "ETF_LIMIT"
  /** The compressed form is broken: bad zlib data, or another size than was declared. */
  | "ETF_COMPRESSED"
  /** This runtime has no synchronous zlib (`node:zlib`), so the compressed form can be neither read nor written. */
  | "ETF_NO_ZLIB"
  /** A value that ETF cannot hold: NaN, a function, a symbol, a Date, a lone surrogate, … */
  | "ETF_UNSUPPORTED"
  /** A value that contains itself. */
  | "ETF_CYCLE"
  /** An option of the codec, or an argument of a constructor, is wrong. */
  | "ETF_OPTION"
  /** The text given to `parse` is not a term. */
  | "ETF_SYNTAX"
  /** The decoded value is not what the given schema wants. */
  | "ETF_SCHEMA"
  /** A writer was used by `toTerm()` or a getter while it was being written. */
  | "ETF_REENTRANT";

/** Where it went wrong. */
export interface EtfErrorPlace {
  /** Bytes (for `parse`: characters) from the start of the input. Only when decoding. */
  readonly offset?: number | undefined;
  /** The place inside the term or value: `""` is the whole of it, `claims.exp`, `[3].name`. */
  readonly path?: string | undefined;
  readonly cause?: unknown;
}

/** Thrown by everything in the codec, and by nothing else. */
export class EtfError extends Error {
  readonly code: EtfErrorCode;
  /** Bytes from the start of what was decoded, or `undefined` when encoding. */
  readonly offset: number | undefined;
  /** The place inside the term or value, `""` for the whole of it, or `undefined` where there is none. */
  readonly path: string | undefined;
  /** Whose fault it is: the caller's, who gave a value or bytes that cannot be read. For the answer of a port's function: its. */
  fault: "caller" | "function" = "caller";
  /** Whether a port's function ran: `true` for an answer that cannot be read. */
  began = false;

  constructor(code: EtfErrorCode, message: string, place: EtfErrorPlace = {}) {
    super(message, place.cause === undefined ? undefined : { cause: place.cause });
    this.name = "EtfError";
    this.code = code;
    this.offset = place.offset;
    this.path = place.path;
  }
}
