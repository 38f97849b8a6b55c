/** `portreeve/codec`: the Erlang external term format for JavaScript, usable alone. */

export { Codec } from "./codec.ts";
export { EtfError, type EtfErrorCode, type EtfErrorPlace } from "./error.ts";
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
export { MAX_ATOM_CHARACTERS, MAX_DEPTH, MAX_INFLATED_BYTES, MAX_INTEGER_BYTES } from "./limits.ts";
export { TermMap } from "./map.ts";
export type { CodecOptions } from "./options.ts";
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
export { type ExternalBytes, Writer } from "./writer.ts";
