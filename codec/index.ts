/** `portreeve/codec`: the Erlang external term format for JavaScript, usable alone. */

export { Codec, decode, encode } from "./codec.ts";
export { EtfError, type EtfErrorCode, type EtfErrorPlace } from "./error.ts";
export { type FrameOptions, frameReader, frameWriter, termReader, termWriter } from "./frames.ts";
export {
  Export,
  exported,
  Fun,
  type FunParts,
  fun,
  Pid,
  Port,
  pid,
  port,
  Reference,
  reference,
} from "./identifiers.ts";
export {
  MAX_ATOM_CHARACTERS,
  MAX_DEPTH,
  MAX_FRAME_BYTES,
  MAX_INFLATED_BYTES,
  MAX_INTEGER_BYTES,
} from "./limits.ts";
export { TermMap } from "./map.ts";
export type { CodecOptions } from "./options.ts";
export { parse } from "./parse.ts";
export { inspect, type Style } from "./print.ts";
export type { ToTerm } from "./records.ts";
export type { Schema, SchemaIssue, SchemaPathPart, SchemaResult } from "./schema.ts";
export { skipTerm } from "./skip.ts";
export {
  Atom,
  atom,
  BitString,
  bitString,
  Float,
  float,
  ImproperList,
  improperList,
  Tuple,
  tuple,
} from "./term.ts";
export type { Decoded, ExactTerm, OpaqueTerm, PlainTerm } from "./types.ts";
export { Writer } from "./writer.ts";
