/** Writing the terms that have a class of their own and are seldom: floats, bit strings, pids, ports, references, funs. */

import type { Encoder } from "./encode.ts";
import { Export, Fun, Pid, Port, Reference } from "./identifiers.ts";
import { atomBytes } from "./names.ts";
import { BitString, Float, ImproperList, type Term } from "./term.ts";
import { refusedObject } from "./unsupported.ts";

/** Writes one of those terms. */
export function writeSpecial(e: Encoder, value: Term, at: number): number {
  if (value instanceof Float) return e.float(value.value, at);
  if (value instanceof ImproperList) return writeImproper(e, value, at);
  if (value instanceof BitString) return writeBitString(e, value, at);
  if (value instanceof Pid) return writePid(e, value, at);
  if (value instanceof Port) return writePort(e, value, at);
  if (value instanceof Reference) return writeReference(e, value, at);
  if (value instanceof Export) return writeExport(e, value, at);
  if (value instanceof Fun) return writeFun(e, value, at);
  throw refusedObject(value);
}

function writeImproper(e: Encoder, list: ImproperList, at: number): number {
  let p = e.header(108, list.elements.length, at);
  e.enter();
  for (const element of list.elements) p = e.term(element, p);
  e.levels++;
  return e.term(list.tail, p);
}

function writeBitString(e: Encoder, { bytes, bits }: BitString, at: number): number {
  const p = e.header(77, bytes.length, e.room(at, bytes.length + 6));
  e.view.setUint8(p, bits);
  e.buffer.set(bytes, p + 1);
  return p + 1 + bytes.length;
}

/** A tag and a node's name. */
function writeNode(e: Encoder, tag: number, node: string, at: number): number {
  const p = e.byte(tag, at);
  return e.raw(atomBytes(node), p);
}

function writePid(e: Encoder, { node, id, serial, creation }: Pid, at: number): number {
  return e.word(creation, e.word(serial, e.word(id, writeNode(e, 88, node, at))));
}

/** V4_PORT_EXT, as OTP 26 and later writes for every port. */
function writePort(e: Encoder, { node, id, creation }: Port, at: number): number {
  const p = e.room(writeNode(e, 120, node, at), 8);
  e.view.setBigUint64(p, id);
  return e.word(creation, p + 8);
}

function writeReference(e: Encoder, { node, creation, ids }: Reference, at: number): number {
  let p = e.room(at, 3);
  e.view.setUint8(p, 90);
  e.view.setUint16(p + 1, ids.length);
  p = e.word(creation, e.raw(atomBytes(node), p + 3));
  for (const id of ids) p = e.word(id, p);
  return p;
}

function writeExport(e: Encoder, value: Export, at: number): number {
  const p = e.raw(atomBytes(value.function), writeNode(e, 113, value.module, at));
  return e.number(value.arity, p);
}

function writeFun(e: Encoder, value: Fun, at: number): number {
  const start = e.room(at, 30);
  const from = start - e.writer.keepFrom;
  e.view.setUint8(start, 112);
  e.view.setUint8(start + 5, value.arity);
  e.buffer.set(value.uniq, start + 6);
  e.view.setUint32(start + 22, value.index);
  e.view.setUint32(start + 26, value.free.length);
  let p = e.number(value.oldUniq, e.number(value.oldIndex, e.raw(atomBytes(value.module), start + 30)));
  p = writeFree(e, value, writePid(e, value.pid, p));
  const begin = from + e.writer.keepFrom;
  e.view.setUint32(begin + 1, p - begin - 1);
  return p;
}

function writeFree(e: Encoder, value: Fun, at: number): number {
  let p = at;
  e.enter();
  for (const term of value.free) p = e.term(term, p);
  e.levels++;
  return p;
}
