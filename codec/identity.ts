/**
 * One string for each term of the exact view, equal exactly when the terms are (`=:=`): what maps need to find keys that are
 * no primitives, and to see that a key comes twice.
 */

import { Export, Fun, Pid, Port, Reference } from "./identifiers.ts";
import { Atom, BitString, Float, ImproperList, Tuple } from "./term.ts";

const utf8 = new TextEncoder();

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
  if (term instanceof Atom) return atomIdentity(term.name);
  if (term instanceof Float) return floatIdentity(term.value);
  if (term instanceof Uint8Array) return bytesIdentity("b", term);
  const known = memo?.get(term);
  if (known !== undefined) return known;
  const made = containerIdentity(term, memo);
  memo?.set(term, made);
  return made;
}

function containerIdentity(term: object, memo: Memo | undefined): string {
  if (term instanceof Tuple) return sequence("t", term, memo);
  if (Array.isArray(term)) return sequence("l", term, memo);
  if (term instanceof Map) return mapIdentity(term, memo);
  return rareIdentity(term, memo);
}

function rareIdentity(term: object, memo: Memo | undefined): string {
  if (term instanceof BitString) return bytesIdentity(`B${term.bits}`, term.bytes);
  if (term instanceof ImproperList) return sequence("L", [...term.elements, term.tail], memo);
  if (term instanceof Pid) return `p${term.id}.${term.serial}.${term.creation}${atomIdentity(term.node)}`;
  if (term instanceof Port) return `o${term.id}.${term.creation}${atomIdentity(term.node)}`;
  if (term instanceof Reference) return `r${term.ids.join(".")}.${term.creation}${atomIdentity(term.node)}`;
  if (term instanceof Export)
    return `e${term.arity}${atomIdentity(term.module)}${atomIdentity(term.function)}`;
  if (term instanceof Fun) return funIdentity(term, memo);
  if ("toTerm" in term && typeof term.toTerm === "function") return identity(term.toTerm());
  return mapIdentity(new Map(Object.entries(term).filter(([, value]) => value !== undefined)), memo);
}

function funIdentity(term: Fun, memo: Memo | undefined): string {
  const numbers = [term.arity, term.index, term.oldIndex, term.oldUniq].join(".");
  return `u${numbers}${atomIdentity(term.module)}${bytesIdentity("b", term.uniq)}${identity(term.pid)}${sequence("l", term.free, memo)}`;
}

function bytesIdentity(kind: string, bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return `${kind}${bytes.length}:${text}`;
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
