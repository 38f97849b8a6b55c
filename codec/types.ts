/** What terms are in TypeScript: the type of a decoded value follows the options of its codec. */

import type { Export, Fun, Pid, Port, Reference } from "./identifiers.ts";
import type { TermMap } from "./map.ts";
import type { CodecOptions } from "./options.ts";
import type { Atom, BitString, Float, ImproperList, Tuple } from "./term.ts";

/** The terms that have a class in both views. */
export type OpaqueTerm = ImproperList | BitString | Pid | Port | Reference | Export | Fun;

/** A term in the plain view. */
export type PlainTerm =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | OpaqueTerm
  | PlainTerm[]
  | { [key: string]: PlainTerm }
  | Map<unknown, PlainTerm>;

/** A term in the exact view. */
export type ExactTerm =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | Float
  | Atom
  | Uint8Array
  | OpaqueTerm
  | ExactTerm[]
  | Tuple<ExactTerm>
  | TermMap<ExactTerm>;

/** What a codec of these options decodes to. */
export type Decoded<O extends CodecOptions> = O extends { readonly exact: true }
  ? ExactTerm
  : O extends { readonly exact?: false | undefined }
    ? PlainTerm
    : ExactTerm | PlainTerm;
