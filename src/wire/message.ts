/**
 * Messages of the program, taken apart: the word and where its elements lie, without decoding them. envelope.ts writes;
 * the program writes them in rust-port/portreeve/src/wire/message.rs.
 */

import { inflate } from "../../codec/compress.ts";
import { EtfError, MAX_INFLATED_BYTES, skipTerm } from "../../codec/index.ts";
import { extent } from "../../codec/skip.ts";
import { ProtocolError } from "../errors.ts";
import { encodeAtom } from "./envelope.ts";
import { excerpt } from "./stray.ts";
import { COMPRESSED, INTEGER, MAP, SMALL_TUPLE, VERSION } from "./tags.ts";

const REPLY_HEAD = Buffer.concat([
  Buffer.from([VERSION, SMALL_TUPLE, 3]),
  encodeAtom("reply"),
  Buffer.from([INTEGER]),
]);
const HEAD_0 = REPLY_HEAD.readInt32BE(0);
const HEAD_4 = REPLY_HEAD.readInt32BE(4);
const HEAD_7 = REPLY_HEAD.readInt32BE(7);
/** Where the answer's term begins, from the beginning of a reply with an INTEGER_EXT as Id. */
export const REPLY_TERM_AT = REPLY_HEAD.length + 4;

/**
 * The quick way for the one message that matters.
 * @returns the Id of `{reply, Id, Term}` when it is written the usual way, else −1
 */
export function replyId(bytes: Uint8Array, start: number, end: number): number {
  if (end - start <= REPLY_TERM_AT) return -1;
  if (int32(bytes, start) !== HEAD_0 || int32(bytes, start + 4) !== HEAD_4) return -1;
  // The third overlaps the second: the head is 11 bytes long.
  return int32(bytes, start + 7) === HEAD_7 ? int32(bytes, start + REPLY_HEAD.length) : -1;
}

/** Four bytes at once: this runs for every answer. */
function int32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  );
}

/** The Id of any `reply` or `error`; −1 for other messages. @throws as {@link readMessage} does */
export function answerId(bytes: Uint8Array, start: number, end: number): number {
  const quick = replyId(bytes, start, end);
  if (quick !== -1) return quick;
  const { word, at, bytes: tuple } = readMessage(bytes, start, end);
  return word === "reply" || word === "error" ? readId(tuple, at[0] ?? 0) : -1;
}

/** A message whose elements are found but not decoded. */
export interface Message {
  readonly word: string;
  readonly bytes: Uint8Array;
  /** Where each element after the word begins; the last entry is where the message ends. */
  readonly at: readonly number[];
}

/**
 * Finds the parts of any message.
 * @param maxInflatedBytes what a compressed message may become, in bytes
 * @throws ProtocolError when the frame is no term, or neither a word nor a tuple with one in front
 */
export function readMessage(
  bytes: Uint8Array,
  start: number,
  end: number,
  maxInflatedBytes = MAX_INFLATED_BYTES,
): Message {
  if (bytes[start] !== VERSION) throw bad("no term (131 is missing)", bytes, start, start);
  if (bytes[start + 1] !== COMPRESSED) return readTuple(bytes, start + 1, end);
  const inflated = inflate(bytes.subarray(start + 2, end), maxInflatedBytes);
  return readTuple(inflated, 0, inflated.length);
}

function readTuple(bytes: Uint8Array, start: number, end: number): Message {
  const isTuple = bytes[start] === SMALL_TUPLE;
  const arity = isTuple ? (bytes[start + 1] ?? 0) : 1;
  const at: number[] = [];
  let position = isTuple ? start + 2 : start;
  for (let i = 0; i < arity; i += 1) {
    at.push(position);
    position = endOf(bytes, position, end);
  }
  at.push(position);
  if (position !== end) throw bad("longer than its term", bytes, start, position);
  return { word: readWord(bytes, start, at), bytes, at: at.slice(1) };
}

/** Where an element ends. One that is over a limit is one all the same: whoever reads it is told. */
function endOf(bytes: Uint8Array, start: number, end: number): number {
  try {
    return skipTerm(bytes, start, end);
  } catch (error) {
    if (error instanceof EtfError && error.code === "ETF_LIMIT") return extent(bytes, start, end);
    throw error;
  }
}

/** The entries of a map with atoms as keys: where each value begins and ends. */
export function readMapEntries(
  bytes: Uint8Array,
  start: number,
  end: number,
): Map<string, readonly [number, number]> {
  const entries = new Map<string, readonly [number, number]>();
  if (bytes[start] !== MAP) return entries;
  let at = start + 5;
  while (at < end) {
    const value = skipTerm(bytes, at, end);
    const next = skipTerm(bytes, value, end);
    const key = readAtom(bytes, at, value);
    if (key !== undefined) entries.set(key, [value, next]);
    at = next;
  }
  return entries;
}

function readWord(bytes: Uint8Array, start: number, at: readonly number[]): string {
  const [from = 0, to = 0] = at;
  const word = at.length < 2 ? undefined : readAtom(bytes, from, to);
  if (word === undefined) throw bad("a tuple without a word in front", bytes, start, start + 3);
  return word;
}

/** The text of an atom in any of its four forms; undefined for any other term. */
export function readAtom(bytes: Uint8Array, start: number, end: number): string | undefined {
  const tag = bytes[start];
  const header = tag === 119 || tag === 115 ? 2 : tag === 118 || tag === 100 ? 3 : 0;
  if (header === 0) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start + header, end - start - header);
  return text.toString(tag === 115 || tag === 100 ? "latin1" : "utf8");
}

/** The value of an integer that fits 32 bits; −1 for any other term. */
export function readId(bytes: Uint8Array, start: number): number {
  if (bytes[start] === 97) return bytes[start + 1] ?? -1;
  if (bytes[start] !== INTEGER) return -1;
  return new DataView(bytes.buffer, bytes.byteOffset + start + 1, 4).getInt32(0);
}

function bad(what: string, bytes: Uint8Array, start: number, at: number): ProtocolError {
  return new ProtocolError(
    `a frame that is ${what}, at byte ${at - start} of ${bytes.length}${excerpt(bytes, start)}`,
  );
}
