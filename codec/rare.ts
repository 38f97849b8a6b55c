/**
 * The terms that are read alike in both views and seldom: old forms of atoms and floats, large integers, bit strings, pids,
 * ports, references, funs. Layouts by erl_ext_dist; what is refused is what binary_to_term of OTP 25 to 27 refuses.
 */

import { checkIntegerBytes, readBig } from "./bignum.ts";
import { type Decoder, OBJECT } from "./decode.ts";
import { Export, Fun, Pid, Port, Reference } from "./identifiers.ts";
import { MAX_ATOM_CHARACTERS } from "./limits.ts";
import { BitString } from "./term.ts";
import { readUtf8 } from "./text.ts";
import { unknownTag } from "./walk.ts";

/** A decoder that reads what a fun closed over as the exact view shows it. */
export interface RareDecoder extends Decoder {
  exactTerm(): unknown;
}

/** Reads a term whose tag, at `at`, the hot path does not know. */
export function readRare(d: RareDecoder, tag: number): unknown {
  d.charge(OBJECT, d.at);
  switch (tag) {
    case 88: // NEW_PID_EXT
    case 103: // PID_EXT
      return readPid(d);
    case 120: // V4_PORT_EXT
    case 89: // NEW_PORT_EXT
    case 102: // PORT_EXT
      return readPort(d, tag);
    case 90: // NEWER_REFERENCE_EXT
    case 114: // NEW_REFERENCE_EXT
    case 101: // REFERENCE_EXT
      return readReference(d, tag);
    case 113: // EXPORT_EXT
      return readExport(d);
    case 112: // NEW_FUN_EXT
      return readFun(d);
    default:
      return d.fail("ETF_TAG", unknownTag(tag), d.at);
  }
}

/** SMALL_BIG_EXT (110) or LARGE_BIG_EXT (111). */
export function readInteger(d: Decoder, tag: number): number | bigint {
  const { view, at } = d;
  const length = tag === 110 ? view.getUint8(at + 1) : view.getUint32(at + 1);
  const sign = at + (tag === 110 ? 2 : 5);
  const to = d.within(sign + 1, length);
  checkIntegerBytes(length, at);
  d.chargeText(length, at);
  d.at = to;
  return readBig(view, sign + 1, length, view.getUint8(sign) !== 0);
}

const FLOAT_TEXT = /^[+-]?\d+[.,]\d+([eE][+-]?\d+)?$/;

/** FLOAT_EXT (99): 31 characters, as `printf("%.20e")` writes them; the BEAM wants a point with digits on both sides. */
export function readOldFloat(d: Decoder): number {
  const at = d.at;
  d.at = d.within(at + 1, 31);
  let text = "";
  for (let i = at + 1; i < d.at && d.view.getUint8(i) !== 0; i++)
    text += String.fromCharCode(d.view.getUint8(i));
  const value = Number(text.replace(",", "."));
  if (FLOAT_TEXT.test(text) && Number.isFinite(value)) return value;
  return d.fail("ETF_INVALID", `FLOAT_EXT holds ${JSON.stringify(text)}, which is no float`, at);
}

/** NEW_FLOAT_EXT (70). */
export function finite(d: Decoder, value: number): number {
  if (Number.isFinite(value)) return value;
  return d.fail("ETF_INVALID", `a float is ${value}, which Erlang does not have`, d.at - 9);
}

/** The name of the atom at `at`, in any of its four forms. */
export function readAtomName(d: Decoder): string {
  const { view, at } = d;
  const tag = view.getUint8(at);
  const small = tag === 119 || tag === 115;
  if (!small && tag !== 118 && tag !== 100)
    d.fail("ETF_INVALID", `an atom was expected here, not tag ${tag}`, at);
  const from = at + (small ? 2 : 3);
  d.at = d.within(from, small ? view.getUint8(at + 1) : view.getUint16(at + 1));
  const latin1 = tag === 115 || tag === 100;
  return checkedName(d, latin1 ? readLatin1(view, from, d.at) : readUtf8(d.bytes, from, d.at), at);
}

function readLatin1(view: DataView, from: number, to: number): string {
  if (to - from > MAX_ATOM_CHARACTERS) return " ".repeat(to - from);
  let text = "";
  for (let i = from; i < to; i++) text += String.fromCharCode(view.getUint8(i));
  return text;
}

function checkedName(d: Decoder, name: string | undefined, at: number): string {
  if (name === undefined) return d.fail("ETF_UTF8", "an atom's name is not UTF-8", at);
  const long = name.length > MAX_ATOM_CHARACTERS && [...name].length > MAX_ATOM_CHARACTERS;
  return long ? d.fail("ETF_LIMIT", `an atom has at most ${MAX_ATOM_CHARACTERS} characters`, at) : name;
}

/** BIT_BINARY_EXT (77): the bytes when all 8 bits of the last one count (or there are none), else a bit string. */
export function readBits(d: Decoder): Uint8Array | BitString {
  const { view, at } = d;
  const length = view.getUint32(at + 1);
  const bits = view.getUint8(at + 5);
  const to = d.within(at + 6, length);
  if (length === 0 ? bits !== 0 : bits < 1 || bits > 8) {
    d.fail("ETF_INVALID", `${bits} bits in the last of ${length} bytes`, at);
  }
  d.at = to;
  if (bits === 8 || length === 0) return d.ownBytes(at + 6, to);
  d.charge(OBJECT + length, at);
  return new BitString(d.bytes.subarray(at + 6, to), bits);
}

/** A creation of the old forms: 2 bits in a byte. */
function oldCreation(d: Decoder, at: number): number {
  const creation = d.view.getUint8(at);
  return creation > 3
    ? d.fail("ETF_INVALID", `a creation of ${creation} in an old form, which has 0 to 3`, at)
    : creation;
}

function readPid(d: Decoder): Pid {
  const { view, at } = d;
  const tag = view.getUint8(at);
  if (tag !== 88 && tag !== 103) d.fail("ETF_INVALID", `a pid was expected here, not tag ${tag}`, at);
  d.at = at + 1;
  const node = readAtomName(d);
  const from = d.at;
  d.at = d.within(from, tag === 88 ? 12 : 9);
  const creation = tag === 88 ? view.getUint32(from + 8) : oldCreation(d, from + 8);
  return new Pid(node, view.getUint32(from), view.getUint32(from + 4), creation);
}

function readPort(d: Decoder, tag: number): Port {
  const { view } = d;
  d.at++;
  const node = readAtomName(d);
  const from = d.at;
  d.at = d.within(from, tag === 120 ? 12 : tag === 89 ? 8 : 5);
  if (tag === 120) return new Port(node, view.getBigUint64(from), view.getUint32(from + 8));
  return new Port(
    node,
    view.getUint32(from),
    tag === 89 ? view.getUint32(from + 4) : oldCreation(d, from + 4),
  );
}

function readReference(d: Decoder, tag: number): Reference {
  const { view, at } = d;
  const words = tag === 101 ? 1 : view.getUint16(at + 1);
  if (words < 1 || words > 5) d.fail("ETF_INVALID", `a reference has 1 to 5 words, not ${words}`, at);
  d.at = at + (tag === 101 ? 1 : 3);
  const node = readAtomName(d);
  const from = d.at;
  const head = tag === 90 ? 4 : 1;
  d.at = d.within(from, head + 4 * words);
  if (tag === 101) return new Reference(node, oldCreation(d, from + 4), [view.getUint32(from)]);
  const ids = Array.from({ length: words }, (_, i) => view.getUint32(from + head + 4 * i));
  if (tag === 114 && (ids[0] ?? 0) >= 2 ** 18)
    d.fail("ETF_INVALID", "the first word of an old reference has 18 bits", at);
  return new Reference(node, tag === 90 ? view.getUint32(from) : oldCreation(d, from), ids);
}

/** An integer of the two short forms. */
function readShortInteger(d: Decoder): number {
  const { view, at } = d;
  const tag = view.getUint8(at);
  if (tag !== 97 && tag !== 98) d.fail("ETF_INVALID", `an integer was expected here, not tag ${tag}`, at);
  d.at = d.within(at, tag === 97 ? 2 : 5);
  return tag === 97 ? view.getUint8(at + 1) : view.getInt32(at + 1);
}

function readExport(d: Decoder): Export {
  const at = d.at++;
  const module = readAtomName(d);
  const name = readAtomName(d);
  const arity = readShortInteger(d);
  if (arity < 0 || arity > 255) d.fail("ETF_INVALID", `an arity of ${arity}`, at);
  return new Export(module, name, arity);
}

function readFun(d: RareDecoder): Fun {
  const { view, at } = d;
  d.within(at, 30);
  const free = view.getUint32(at + 26);
  d.at = at + 30;
  const module = readAtomName(d);
  const oldIndex = readShortInteger(d);
  const oldUniq = readShortInteger(d);
  const pid = readPid(d);
  d.enter(at);
  d.spend(free, at);
  const values = d.array(free);
  for (let i = 0; i < free; i++) values[i] = d.exactTerm();
  d.levels++;
  const uniq = Uint8Array.from(d.bytes.subarray(at + 6, at + 22));
  return new Fun({
    module,
    arity: view.getUint8(at + 5),
    uniq,
    index: view.getUint32(at + 22),
    oldIndex,
    oldUniq,
    pid,
    free: values,
  });
}
