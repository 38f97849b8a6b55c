/** Writing the terms that have a class of their own and are seldom: floats, bit strings, pids, ports, references, funs. */

import { byteLength } from "./bytes.ts";
import type { Encoder } from "./encode.ts";
import { EtfError } from "./error.ts";
import { type Export, type Fun, isWordCount, type Pid, type Port, type Reference } from "./identifiers.ts";
import { BITS, EXPORT, FLOAT, FUN, IMPROPER, type Kind, PID, PORT, REFERENCE } from "./kind.ts";
import { atomBytes } from "./names.ts";
import type { BitString, Float, ImproperList } from "./term.ts";
import { refusedObject } from "./unsupported.ts";

/** Writes a term of this copy of that kind. */
export function writeSpecial(e: Encoder, kind: Kind, value: object, at: number): number {
  switch (kind) {
    case FLOAT:
      return e.float((value as Float).value, at);
    case IMPROPER:
      return writeImproper(e, value as ImproperList, at);
    case BITS:
      return writeBitString(e, value as BitString, at);
    case PID:
      return writePid(e, value as Pid, at);
    case PORT:
      return writePort(e, value as Port, at);
    case REFERENCE:
      return writeReference(e, value as Reference, at);
    case EXPORT:
      return writeExport(e, value as Export, at);
    case FUN:
      return writeFun(e, value as Fun, at);
    default:
      throw refusedObject(value);
  }
}

function writeImproper(e: Encoder, { elements, tail }: ImproperList, at: number): number {
  const count = e.countOf(elements);
  if (count === 0) throw new EtfError("ETF_UNSUPPORTED", "an improper list that lost its elements");
  let p = e.header(108, count, at);
  e.enter();
  for (let i = 0; i < count; i++) p = e.term(elements[i], p);
  e.levels++;
  return e.term(tail, p);
}

function writeBitString(e: Encoder, { bytes, bits }: BitString, at: number): number {
  const length = byteLength(bytes);
  if (length === 0) throw new EtfError("ETF_UNSUPPORTED", "a bit string that lost its bytes");
  const p = e.header(77, length, e.room(at, length + 6));
  e.view.setUint8(p, bits);
  e.buffer.set(bytes, p + 1);
  return p + 1 + length;
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
  const count = e.countOf(ids);
  if (!isWordCount(count)) throw new EtfError("ETF_UNSUPPORTED", `a reference of ${count} words`);
  let p = e.room(at, 3);
  e.view.setUint8(p, 90);
  e.view.setUint16(p + 1, count);
  p = e.word(creation, e.raw(atomBytes(node), p + 3));
  for (let i = 0; i < count; i++) p = e.word(ids[i] ?? 0, p);
  return p;
}

function writeExport(e: Encoder, value: Export, at: number): number {
  const p = e.raw(atomBytes(value.function), writeNode(e, 113, value.module, at));
  return e.number(value.arity, p);
}

function writeFun(e: Encoder, value: Fun, at: number): number {
  const start = e.room(at, 30);
  const from = start - e.writer.keepFrom;
  const count = e.countOf(value.free);
  if (byteLength(value.uniq) !== 16)
    throw new EtfError("ETF_UNSUPPORTED", "a fun whose uniq has not 16 bytes");
  e.view.setUint8(start, 112);
  e.view.setUint8(start + 5, value.arity);
  e.buffer.set(value.uniq, start + 6);
  e.view.setUint32(start + 22, value.index);
  e.view.setUint32(start + 26, count);
  let p = e.number(value.oldUniq, e.number(value.oldIndex, e.raw(atomBytes(value.module), start + 30)));
  p = writeFree(e, value.free, count, writePid(e, value.pid, p));
  const begin = from + e.writer.keepFrom;
  e.view.setUint32(begin + 1, p - begin - 1);
  return p;
}

function writeFree(e: Encoder, free: readonly unknown[], count: number, at: number): number {
  let p = at;
  e.enter();
  for (let i = 0; i < count; i++) p = e.term(free[i], p);
  e.levels++;
  return p;
}
