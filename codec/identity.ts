/**
 * One string for each term of the exact view, equal exactly when the terms are (`=:=`): what maps need to find keys that are
 * no primitives, and to see that a key comes twice.
 */

import { adopt } from "./adopt.ts";
import { ownBytes } from "./bytes.ts";
import type { Export, Fun, Pid, Port, Reference } from "./identifiers.ts";
import {
  ATOM,
  BITS,
  BYTES,
  EXPORT,
  FLOAT,
  FOREIGN,
  FUN,
  IMPROPER,
  type Kind,
  kindOf,
  MAP,
  PID,
  PORT,
  RECORD,
  REFERENCE,
  TUPLE,
} from "./kind.ts";
import { toTermOf } from "./records.ts";
import type { Atom, BitString, Float, ImproperList } from "./term.ts";
import { refusedObject } from "./unsupported.ts";

const utf8 = new TextEncoder();
/** Keys are mostly short: a view of so few bytes costs more than they do. */
const SHORT = 32;
const CHARACTERS: readonly string[] = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));

/** Identities that were made before, by term: a decoder meets the same containers again in the containers round them. */
export type Memo = Map<object, string>;

/** The identity of a term. Strings count as the binaries that they are written as. */
export function identity(term: unknown, memo?: Memo): string {
  switch (typeof term) {
    case "string":
      return bytesIdentity("b", utf8.encode(term));
    case "number":
      return Number.isSafeInteger(term) && !Object.is(term, -0) ? `i${term}` : floatIdentity(term);
    case "bigint":
      return `i${term}`;
    case "object":
      return term === null ? atomIdentity("nil") : objectIdentity(term, memo);
    default:
      return atomIdentity(String(term));
  }
}

/** The identity of the atom of that name. */
export function atomIdentity(name: string): string {
  return `a${name.length}:${name}`;
}

/** The identity of a float. */
export function floatIdentity(value: number): string {
  return Object.is(value, -0) ? "f-0" : `f${value}`;
}

function objectIdentity(term: object, memo: Memo | undefined): string {
  const kind = kindOf(term);
  if (kind === ATOM) return atomIdentity((term as Atom).name);
  if (kind === FLOAT) return floatIdentity((term as Float).value);
  if (kind === BYTES) return bytesIdentity("b", term as Uint8Array);
  const known = memo?.get(term);
  if (known !== undefined) return known;
  const made = containerIdentity(term, kind, memo);
  memo?.set(term, made);
  return made;
}

function containerIdentity(term: object, kind: Kind, memo: Memo | undefined): string {
  const toTerm = toTermOf(term);
  if (toTerm !== undefined) return identity(toTerm.call(term));
  if (Array.isArray(term)) return sequence(kind === TUPLE ? "t" : "l", term, memo);
  if (kind === MAP) return mapIdentity(term as ReadonlyMap<unknown, unknown>, memo);
  if (kind === FOREIGN) return identity(adopt(term));
  return kind === RECORD ? recordIdentity(term, memo) : rareIdentity(term, kind, memo);
}

function recordIdentity(term: object, memo: Memo | undefined): string {
  return mapIdentity(new Map(Object.entries(term).filter(([, value]) => value !== undefined)), memo);
}

function rareIdentity(term: object, kind: Kind, memo: Memo | undefined): string {
  switch (kind) {
    case BITS:
      return bitsIdentity(term as BitString);
    case IMPROPER:
      return improperIdentity(term as ImproperList, memo);
    case PID:
      return pidIdentity(term as Pid);
    case PORT:
      return portIdentity(term as Port);
    case REFERENCE:
      return referenceIdentity(term as Reference);
    case EXPORT:
      return exportIdentity(term as Export);
    case FUN:
      return funIdentity(term as Fun, memo);
    default:
      throw refusedObject(term);
  }
}

function bitsIdentity({ bytes, bits }: BitString): string {
  return bytesIdentity(`B${bits}`, bytes);
}

function improperIdentity({ elements, tail }: ImproperList, memo: Memo | undefined): string {
  return sequence("L", [...elements, tail], memo);
}

function pidIdentity({ node, id, serial, creation }: Pid): string {
  return `p${id}.${serial}.${creation}${atomIdentity(node)}`;
}

function portIdentity({ node, id, creation }: Port): string {
  return `o${id}.${creation}${atomIdentity(node)}`;
}

function referenceIdentity({ node, creation, ids }: Reference): string {
  return `r${ids.join(".")}.${creation}${atomIdentity(node)}`;
}

function exportIdentity(term: Export): string {
  return `e${term.arity}${atomIdentity(term.module)}${atomIdentity(term.function)}`;
}

function funIdentity(term: Fun, memo: Memo | undefined): string {
  const numbers = [term.arity, term.index, term.oldIndex, term.oldUniq].join(".");
  return `u${numbers}${atomIdentity(term.module)}${bytesIdentity("b", term.uniq)}${identity(term.pid)}${sequence("l", term.free, memo)}`;
}

function bytesIdentity(kind: string, bytes: Uint8Array): string {
  const own = ownBytes(bytes);
  let text = "";
  if (own.length <= SHORT) for (const byte of own) text += CHARACTERS[byte];
  else
    for (let at = 0; at < own.length; at += 4096) text += String.fromCharCode(...own.subarray(at, at + 4096));
  return `${kind}${own.length}:${text}`;
}

function sequence(kind: string, terms: readonly unknown[], memo: Memo | undefined): string {
  let text = `${kind}${terms.length}(`;
  for (const term of terms) text += identity(term, memo);
  return text;
}

function mapIdentity(map: ReadonlyMap<unknown, unknown>, memo: Memo | undefined): string {
  const entries: string[] = [];
  for (const [key, value] of map) entries.push(identity(key, memo) + identity(value, memo));
  return `m${map.size}(${entries.sort().join("")}`;
}
