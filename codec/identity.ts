/**
 * One string for each term of the exact view, equal exactly when the terms are (`=:=`): what maps need to find keys that are
 * no primitives, and to see that a key comes twice.
 */

import { Export, Fun, Pid, Port, Reference } from "./identifiers.ts";
import { Atom, BitString, Float, ImproperList, Tuple } from "./term.ts";

const utf8 = new TextEncoder();

/** The identity of a term. Strings count as the binaries that they are written as. */
export function identity(term: unknown): string {
  switch (typeof term) {
    case "string":
      return bytesIdentity("b", utf8.encode(term));
    case "number":
      return Number.isSafeInteger(term) && !Object.is(term, -0) ? `i${term}` : floatIdentity(term);
    case "bigint":
      return `i${term}`;
    case "object":
      return term === null ? atomIdentity("nil") : objectIdentity(term);
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

function objectIdentity(term: object): string {
  if (term instanceof Atom) return atomIdentity(term.name);
  if (term instanceof Float) return floatIdentity(term.value);
  if (term instanceof Uint8Array) return bytesIdentity("b", term);
  if (term instanceof Tuple) return sequence("t", term);
  if (Array.isArray(term)) return sequence("l", term);
  if (term instanceof Map) return mapIdentity(term);
  return rareIdentity(term);
}

function rareIdentity(term: object): string {
  if (term instanceof BitString) return bytesIdentity(`B${term.bits}`, term.bytes);
  if (term instanceof ImproperList) return sequence("L", [...term.elements, term.tail]);
  if (term instanceof Pid) return `p${term.id}.${term.serial}.${term.creation}${atomIdentity(term.node)}`;
  if (term instanceof Port) return `o${term.id}.${term.creation}${atomIdentity(term.node)}`;
  if (term instanceof Reference) return `r${term.ids.join(".")}.${term.creation}${atomIdentity(term.node)}`;
  if (term instanceof Export)
    return `e${term.arity}${atomIdentity(term.module)}${atomIdentity(term.function)}`;
  if (term instanceof Fun) return funIdentity(term);
  return sequence("m", Object.entries(term).flat());
}

function funIdentity(term: Fun): string {
  const numbers = [term.arity, term.index, term.oldIndex, term.oldUniq].join(".");
  return `u${numbers}${atomIdentity(term.module)}${bytesIdentity("b", term.uniq)}${identity(term.pid)}${sequence("l", term.free)}`;
}

function bytesIdentity(kind: string, bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return `${kind}${bytes.length}:${text}`;
}

function sequence(kind: string, terms: readonly unknown[]): string {
  let text = `${kind}${terms.length}(`;
  for (const term of terms) text += identity(term);
  return text;
}

function mapIdentity(map: ReadonlyMap<unknown, unknown>): string {
  const entries: string[] = [];
  for (const [key, value] of map) entries.push(identity(key) + identity(value));
  return `m${map.size}(${entries.sort().join("")}`;
}
