/**
 * The order that Erlang gives the keys of a map: the term order, but with every integer before every float. Measured on OTP 25,
 * where `term_to_binary(Term, [deterministic])` writes them so at every size; OTP 27 writes the same bytes but for old atoms.
 */

import { Export, Fun, Pid, Port, Reference } from "./identifiers.ts";
import { Atom, BitString, Float, ImproperList, Tuple } from "./term.ts";

const NUMBER = 0;
const ATOM = 1;
const REFERENCE = 2;
const FUN = 3;
const PORT = 4;
const PID = 5;
const TUPLE = 6;
const MAP = 7;
const NIL = 8;
const LIST = 9;
const BITS = 10;

const utf8 = new TextEncoder();

/** Less than 0, 0, or more: as keys, `a` before, the same as, or after `b`. Both are terms as the exact view shows them. */
export function compareKeys(a: unknown, b: unknown): number {
  const kind = kindOf(a);
  const order = kind - kindOf(b);
  return order === 0 ? compareSame(kind, a, b) : order;
}

function kindOf(term: unknown): number {
  switch (typeof term) {
    case "number":
    case "bigint":
      return NUMBER;
    case "boolean":
    case "undefined":
      return ATOM;
    case "string":
      return BITS;
    default:
      return term === null ? ATOM : kindOfObject(term as object);
  }
}

function kindOfObject(term: object): number {
  if (term instanceof Atom) return ATOM;
  if (term instanceof Float) return NUMBER;
  if (term instanceof Uint8Array || term instanceof BitString) return BITS;
  if (term instanceof Tuple) return TUPLE;
  if (Array.isArray(term)) return term.length === 0 ? NIL : LIST;
  if (term instanceof ImproperList) return LIST;
  if (term instanceof Pid) return PID;
  if (term instanceof Port) return PORT;
  if (term instanceof Reference) return REFERENCE;
  return term instanceof Fun || term instanceof Export ? FUN : MAP;
}

function compareSame(kind: number, a: unknown, b: unknown): number {
  switch (kind) {
    case NUMBER:
      return compareNumbers(a, b);
    case ATOM:
      return compareText(atomText(a), atomText(b));
    case REFERENCE:
      return compareReferences(a as Reference, b as Reference);
    case FUN:
      return compareFuns(a as Fun | Export, b as Fun | Export);
    case PORT:
      return comparePorts(a as Port, b as Port);
    case PID:
      return comparePids(a as Pid, b as Pid);
    case TUPLE:
      return compareTuples(a as Tuple, b as Tuple);
    case MAP:
      return compareMaps(a as Entries, b as Entries);
    case LIST:
      return compareLists(a as Chain, b as Chain);
    case BITS:
      return compareBits(a as Bits, b as Bits);
    default:
      return 0;
  }
}

/** The first difference that is one. */
function first(...differences: number[]): number {
  return differences.find((difference) => difference !== 0) ?? 0;
}

function compare(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isFloat(term: unknown): boolean {
  return term instanceof Float || (typeof term === "number" && !Number.isInteger(term));
}

function compareNumbers(a: unknown, b: unknown): number {
  const kinds = Number(isFloat(a)) - Number(isFloat(b));
  if (kinds !== 0) return kinds;
  const [x, y] = [numberOf(a), numberOf(b)];
  // Of the zeros the negative one comes first.
  return x === 0 && y === 0 ? compare(1 / Number(x), 1 / Number(y)) : compare(x, y);
}

function numberOf(term: unknown): number | bigint {
  return term instanceof Float ? term.value : (term as number | bigint);
}

function atomText(term: unknown): string {
  if (term instanceof Atom) return term.name;
  return term === null ? "nil" : String(term);
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : compareBytes(utf8.encode(a), utf8.encode(b));
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

type Bits = Uint8Array | BitString | string;

function compareBits(a: Bits, b: Bits): number {
  const [x, y] = [bitsOf(a), bitsOf(b)];
  const length = Math.min(x.bytes.length, y.bytes.length);
  return first(compareBytes(x.bytes.subarray(0, length), y.bytes.subarray(0, length)), x.size - y.size);
}

function bitsOf(term: Bits): { bytes: Uint8Array; size: number } {
  if (typeof term === "string") return bitsOf(utf8.encode(term));
  if (term instanceof BitString) return { bytes: term.bytes, size: term.bytes.length * 8 - 8 + term.bits };
  return { bytes: term, size: term.length * 8 };
}

function compareTuples(a: Tuple, b: Tuple): number {
  return a.length - b.length || compareItems(a, b, a.length);
}

function compareItems(a: readonly unknown[], b: readonly unknown[], length: number): number {
  for (let i = 0; i < length; i++) {
    const difference = compareKeys(a[i], b[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

type Chain = readonly unknown[] | ImproperList;

function compareLists(a: Chain, b: Chain): number {
  const [x, y] = [itemsOf(a), itemsOf(b)];
  const length = Math.min(x.length, y.length);
  return compareItems(x, y, length) || compareKeys(tailOf(a, length), tailOf(b, length));
}

function itemsOf(list: Chain): readonly unknown[] {
  return list instanceof ImproperList ? list.elements : list;
}

function tailOf(list: Chain, from: number): unknown {
  if (!(list instanceof ImproperList)) return list.slice(from);
  return from === list.elements.length ? list.tail : new ImproperList(list.elements.slice(from), list.tail);
}

type Entries = ReadonlyMap<unknown, unknown>;

/** The size, then all keys, then the values in the order of their keys. */
function compareMaps(a: Entries, b: Entries): number {
  if (a.size !== b.size) return a.size - b.size;
  const [x, y] = [sorted(a), sorted(b)];
  const keys = (entries: readonly Entry[]) => entries.map(([key]) => key);
  const values = (entries: readonly Entry[]) => entries.map(([, value]) => value);
  return compareItems(keys(x), keys(y), a.size) || compareItems(values(x), values(y), a.size);
}

type Entry = readonly [unknown, unknown];

function sorted(map: Entries): Entry[] {
  return [...map].sort(([a], [b]) => compareKeys(a, b));
}

function comparePids(a: Pid, b: Pid): number {
  return first(a.serial - b.serial, a.id - b.id, compareText(a.node, b.node), a.creation - b.creation);
}

function comparePorts(a: Port, b: Port): number {
  return first(compareText(a.node, b.node), a.creation - b.creation, compare(a.id, b.id));
}

/** The words are one number, the last one first; words that are not there are 0. */
function compareReferences(a: Reference, b: Reference): number {
  const words = [4, 3, 2, 1, 0].map((i) => (a.ids[i] ?? 0) - (b.ids[i] ?? 0));
  return first(compareText(a.node, b.node), a.creation - b.creation, ...words);
}

/** Local funs come before external ones. */
function compareFuns(a: Fun | Export, b: Fun | Export): number {
  if (a instanceof Export && b instanceof Export) {
    return first(compareText(a.module, b.module), compareText(a.function, b.function), a.arity - b.arity);
  }
  if (a instanceof Export || b instanceof Export) return a instanceof Export ? 1 : -1;
  // The VM keeps the index as a signed number.
  const place = first(compareText(a.module, b.module), (a.index | 0) - (b.index | 0), a.oldUniq - b.oldUniq);
  return first(place, a.free.length - b.free.length, compareItems(a.free, b.free, a.free.length));
}
