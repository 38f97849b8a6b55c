/** The neutral tree of test/vectors (see the README there), from terms of the exact view. */

import {
  Atom,
  BitString,
  Export,
  Float,
  Fun,
  ImproperList,
  Pid,
  Port,
  Reference,
  Tuple,
} from "../../codec/index.ts";

/** A term as the vectors spell it. */
export type Neutral = Readonly<Record<string, unknown>>;

/** The neutral tree of a term as the exact view shows it. */
export function neutral(term: unknown): Neutral {
  if (term === null) return { a: "nil" };
  if (typeof term === "boolean" || term === undefined) return { a: String(term) };
  if (typeof term === "bigint") return { i: String(term) };
  if (typeof term === "number") return Number.isInteger(term) ? { i: String(term) } : { f: doubleHex(term) };
  if (term instanceof Atom) return { a: term.name };
  if (term instanceof Float) return { f: doubleHex(term.value) };
  if (term instanceof Uint8Array) return { b: hex(term) };
  if (term instanceof Tuple) return { t: Array.from(term, neutral) };
  if (Array.isArray(term)) return list(term);
  if (term instanceof Map)
    return { m: sorted([...term].map(([key, value]) => [neutral(key), neutral(value)])) };
  return rare(term);
}

/** The same tree with maps in one order, for comparison. */
export function normal(tree: Neutral): Neutral {
  if (tree.t !== undefined) return { t: (tree.t as Neutral[]).map(normal) };
  if (tree.l !== undefined) {
    const l = (tree.l as Neutral[]).map(normal);
    return tree.tail === undefined ? { l } : { l, tail: normal(tree.tail as Neutral) };
  }
  if (tree.m !== undefined) return { m: sorted((tree.m as Neutral[][]).map((entry) => entry.map(normal))) };
  return tree;
}

function list(items: readonly unknown[]): Neutral {
  const isString =
    items.length > 0 && items.every((item) => typeof item === "number" && item === (item & 255));
  return isString ? { str: hex(Uint8Array.from(items as number[])) } : { l: items.map(neutral) };
}

function rare(term: unknown): Neutral {
  if (term instanceof BitString) return { bits: term.bytes.length * 8 - 8 + term.bits, hex: hex(term.bytes) };
  if (term instanceof ImproperList) return { l: term.elements.map(neutral), tail: neutral(term.tail) };
  if (term instanceof Pid) {
    return { pid: { node: term.node, id: term.id, serial: term.serial, creation: term.creation } };
  }
  if (term instanceof Port)
    return { port: { node: term.node, id: String(term.id), creation: term.creation } };
  if (term instanceof Reference) {
    return { ref: { node: term.node, creation: term.creation, ids: [...term.ids] } };
  }
  if (term instanceof Export) return { export: [term.module, term.function, term.arity] };
  if (term instanceof Fun) return { fun: funTree(term) };
  throw new Error(`no neutral form for ${String(term)}`);
}

function funTree(term: Fun): Neutral {
  return {
    module: term.module,
    arity: term.arity,
    uniq: hex(term.uniq),
    index: term.index,
    oldIndex: term.oldIndex,
    oldUniq: term.oldUniq,
    pid: neutral(term.pid),
    free: term.free.map(neutral),
  };
}

function sorted(entries: Neutral[][]): Neutral[][] {
  return entries.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function doubleHex(value: number): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return hex(bytes);
}

/** Bytes as hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
