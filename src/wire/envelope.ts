/**
 * Messages to the program, built by hand where every call passes. message.ts reads; the program reads them in
 * rust-port/portreeve/src/wire/message.rs.
 *
 * A call is `{call, Id, Function, Args}`, or has `#{trace => Traceparent, timeout => Ms}` behind that, as far as they
 * apply. Its Id is always written as INTEGER_EXT, 5 bytes at a fixed place, so that a call can be encoded before it has
 * one; a timeout stands at the end, so that it can be written anew when the call is sent.
 */

import type { Codec } from "../../codec/index.ts";
import { atomBytes, wordsOf } from "../../codec/names.ts";
import { CallError } from "../errors.ts";
import { isA } from "../reason.ts";
import { emptyFrame, type Frame, type Output, type Slab, TooLarge } from "./output.ts";
import { BINARY, INTEGER, MAP, SMALL_TUPLE, VERSION } from "./tags.ts";

/** Where the Id's 32 bits lie, from the beginning of a call's frame: length 4, version 1, tuple 2, word 6, tag 1. */
const ID_AT = 14;

/** A word of the protocol as SMALL_ATOM_UTF8_EXT. */
export function encodeAtom(word: string): Buffer {
  return Buffer.concat([Buffer.from([119, word.length]), Buffer.from(word)]);
}

const CALL = encodeAtom("call");
const CAST = encodeAtom("cast");
const CANCEL = Buffer.concat([Buffer.of(VERSION, SMALL_TUPLE, 2), encodeAtom("cancel"), Buffer.of(INTEGER)]);
const ANSWER_REPLY = Buffer.concat([Buffer.of(VERSION, SMALL_TUPLE, 3), encodeAtom("reply")]);
const ANSWER_ERROR = Buffer.concat([Buffer.of(VERSION, SMALL_TUPLE, 3), encodeAtom("error")]);
/** `stop` */
export const STOP: Buffer = Buffer.concat([Buffer.of(VERSION), encodeAtom("stop")]);
/** `{ping, nil}` */
export const PING: Buffer = Buffer.concat([
  Buffer.of(VERSION, SMALL_TUPLE, 2),
  encodeAtom("ping"),
  encodeAtom("nil"),
]);
/** `{pong, …}` up to its term. */
export const PONG: Buffer = Buffer.concat([Buffer.of(VERSION, SMALL_TUPLE, 2), encodeAtom("pong")]);
const TIMEOUT_KEY = Buffer.concat([encodeAtom("timeout"), Buffer.of(INTEGER)]);
const TIMEOUT_MAP = prefix(Buffer.of(MAP, 0, 0, 0, 1), TIMEOUT_KEY);
const TRACE_KEY = encodeAtom("trace");

/** What precedes the arguments in the frame of a call or cast, encoded once for each function. */
export interface Target {
  readonly name: string;
  readonly call: Prefix;
  /** Of a call with options. */
  readonly optionCall: Prefix;
  readonly cast: Prefix;
}

/** Bytes that many messages begin with, in words of four, the last one filled up. */
export interface Prefix {
  readonly words: readonly number[];
  readonly length: number;
}

function prefix(...parts: readonly Uint8Array[]): Prefix {
  const bytes = Buffer.concat(parts);
  return { words: wordsOf(bytes), length: bytes.length };
}

/** Appends a prefix. What fills up its last word is written over by what follows. */
function begin(output: Output, { words, length }: Prefix): void {
  output.reserve(length + 3);
  const { view, position } = output;
  for (let i = 0; i < words.length; i += 1) view.setInt32(position + 4 * i, words[i] ?? 0);
  output.position = position + length;
}

/**
 * @param name the function's name
 * @throws EtfError when it cannot be an atom: over 255 characters, or a lone surrogate in it
 */
export function target(name: string): Target {
  const word = atomBytes(name);
  const id = Buffer.from([INTEGER, 0, 0, 0, 0]);
  return {
    name,
    call: prefix(Buffer.of(VERSION, SMALL_TUPLE, 4), CALL, id, word),
    optionCall: prefix(Buffer.of(VERSION, SMALL_TUPLE, 5), CALL, id, word),
    cast: prefix(Buffer.of(VERSION, SMALL_TUPLE, 3), CAST, word),
  };
}

/**
 * Encodes a call.
 * @param timeout ms left; 0 for none
 * @param maxBytes the largest frame that the program takes
 * @param trace the traceparent of the call, if it has one
 * @param frame gets where the call lies, and is returned
 * @throws EtfError when an argument cannot be encoded, CallError (CALL_BADARG) when they are too large together;
 *   the output is as it was before
 */
export function writeCall(
  output: Output,
  codec: Codec,
  to: Target,
  args: readonly unknown[],
  timeout: number,
  maxBytes: number,
  trace?: string,
  frame: Frame = emptyFrame(),
): Frame {
  const hasOptions = timeout !== 0 || trace !== undefined;
  output.begin(maxBytes);
  try {
    begin(output, hasOptions ? to.optionCall : to.call);
    codec.writeTerm(output, args);
    if (hasOptions) writeOptions(output, timeout, trace);
    checkSize(output.frameBytes, to.name, maxBytes);
  } catch (error) {
    output.abandon();
    throw named(error, to.name, maxBytes);
  }
  return output.end(frame);
}

function writeOptions(output: Output, timeout: number, trace: string | undefined): void {
  if (trace === undefined) {
    begin(output, TIMEOUT_MAP);
  } else {
    append(output, Buffer.of(MAP, 0, 0, 0, timeout === 0 ? 1 : 2));
    append(output, TRACE_KEY);
    append(output, Buffer.of(BINARY));
    writeInt32(output, trace.length);
    append(output, Buffer.from(trace, "latin1"));
    if (timeout !== 0) append(output, TIMEOUT_KEY);
  }
  if (timeout !== 0) writeInt32(output, timeoutMs(timeout));
}

/** Encodes a cast; like {@link writeCall}. */
export function writeCast(
  output: Output,
  codec: Codec,
  to: Target,
  args: readonly unknown[],
  maxBytes: number,
  frame: Frame = emptyFrame(),
): Frame {
  return build(output, to.name, maxBytes, frame, () => {
    begin(output, to.cast);
    codec.writeTerm(output, args);
  });
}

/** Encodes the answer to a call of the program; like {@link writeCall}. */
export function writeAnswer(
  output: Output,
  codec: Codec,
  word: "reply" | "error",
  id: Uint8Array,
  term: unknown,
  maxBytes: number,
): Frame {
  return build(output, word, maxBytes, emptyFrame(), () => {
    append(output, word === "reply" ? ANSWER_REPLY : ANSWER_ERROR);
    append(output, id);
    codec.writeTerm(output, term);
  });
}

/** A frame, or no trace of it. */
function build(output: Output, name: string, maxBytes: number, frame: Frame, encode: () => void): Frame {
  output.begin(maxBytes);
  try {
    encode();
    checkSize(output.frameBytes, name, maxBytes);
  } catch (error) {
    output.abandon();
    throw named(error, name, maxBytes);
  }
  return output.end(frame);
}

function checkSize(bytes: number, name: string, maxBytes: number): void {
  if (bytes > maxBytes) throw tooLarge(`${bytes} bytes`, name, maxBytes);
}

/** The error of a frame that was given up before its end says whose it was. */
function named(error: unknown, name: string, maxBytes: number): unknown {
  return isA(error, TooLarge) ? tooLarge(`at least ${error.bytes} bytes`, name, maxBytes) : error;
}

function tooLarge(size: string, name: string, maxBytes: number): CallError {
  const message = `${name}: the message takes ${size}, over the program's limit of ${maxBytes} (max_frame)`;
  return new CallError("CALL_BADARG", message, { function: name });
}

/** `{cancel, Id}` */
export function writeCancel(output: Output, id: number): void {
  append(output, CANCEL);
  writeInt32(output, id);
}

/** Appends 32 bits. */
export function writeInt32(output: Output, value: number): void {
  output.reserve(4);
  output.view.setInt32(output.position, value);
  output.position += 4;
}

/** A timeout as it is written: whole ms, at least 1. */
function timeoutMs(timeout: number): number {
  return Math.max(1, Math.min(Math.ceil(timeout), 0x7fffffff));
}

/** Gives the call whose frame begins at `start` its Id. */
export function patchId(slab: Slab, start: number, id: number): void {
  slab.view.setInt32(start + ID_AT, id);
}

/** Gives the call whose frame ends at `end` the ms that are left of its timeout. */
export function patchTimeout(slab: Slab, end: number, timeout: number): void {
  slab.view.setInt32(end - 4, timeoutMs(timeout));
}

/** Appends bytes that were encoded before. */
export function append(output: Output, bytes: Uint8Array): void {
  output.reserve(bytes.length);
  output.buffer.set(bytes, output.position);
  output.position += bytes.length;
}
