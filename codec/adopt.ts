/** Terms of another copy of this codec (two versions installed, another realm), made anew as terms of this one. */

import { EtfError } from "./error.ts";
import { Export, Fun, Pid, Port, Reference } from "./identifiers.ts";
import { BRAND } from "./kind.ts";
import { atom, BitString, Float, ImproperList, type Term } from "./term.ts";

/** The properties that the terms of all copies have. */
type Foreign<T> = T & { readonly [BRAND]: unknown };

/**
 * The same term as one of this copy; what it holds is left as it is.
 * @throws EtfError ETF_UNSUPPORTED when this copy does not know such a term, ETF_OPTION when its parts are wrong
 */
export function adopt(value: object): Term {
  const make = MAKERS.get((value as Foreign<object>)[BRAND]);
  if (make !== undefined) return make(value as never);
  throw new EtfError("ETF_UNSUPPORTED", "a term of another version of the codec that this one does not know");
}

/** The process that made a fun is of the other copy as well. */
function funOf(value: Fun): Fun {
  const { node, id, serial, creation } = value.pid;
  const { module, arity, uniq, index, oldIndex, oldUniq, free } = value;
  const pid = new Pid(node, id, serial, creation);
  return new Fun({ module, arity, uniq, index, oldIndex, oldUniq, pid, free });
}

const MAKERS: ReadonlyMap<unknown, (value: never) => Term> = new Map<unknown, (value: never) => Term>([
  ["atom", ({ name }: { name: string }) => atom(name)],
  ["float", ({ value }: Float) => new Float(value)],
  ["improper list", ({ elements, tail }: ImproperList) => new ImproperList(elements, tail)],
  ["bit string", ({ bytes, bits }: BitString) => new BitString(bytes, bits)],
  ["pid", ({ node, id, serial, creation }: Pid) => new Pid(node, id, serial, creation)],
  ["port", ({ node, id, creation }: Port) => new Port(node, id, creation)],
  ["reference", ({ node, creation, ids }: Reference) => new Reference(node, creation, ids)],
  ["export", (value: Export) => new Export(value.module, value.function, value.arity)],
  ["fun", funOf],
]);
