/**
 * What the host does with each word of a program, apart from `reply` written the usual way, which inbox.ts reads by
 * hand. Unknown words are ignored: that is how the protocol grows. The program's counterpart is
 * rust-port/portreeve/src/wire/message.rs.
 */

import { type Codec, EtfError } from "../../codec/index.ts";
import { ProtocolError } from "../errors.ts";
import { isA } from "../reason.ts";
import { Failure, failureOf } from "./failure.ts";
import { type Hello, readHello } from "./hello.ts";
import { type Message, readId, readMapEntries } from "./message.ts";
import type { Outgoing } from "./outbox.ts";
import type { Parts } from "./parts.ts";
import { plainOf } from "./plain.ts";
import type { Served } from "./served.ts";
import { type ProgramSpan, readSpan } from "./span.ts";
import { BINARY } from "./tags.ts";

/** A message that the program logged. */
export interface LogRecord {
  /** `"trace"`, `"debug"`, `"info"`, `"warn"` or `"error"`. */
  readonly level: string;
  /** The module that logged it. */
  readonly target: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a program says, to whoever listens to it. */
export interface ProgramListener {
  /** Once more before `ready` when the program takes larger frames by then. */
  hello(hello: Hello): void;
  ready(): void;
  /** It said that it cannot start, and why. */
  failed(message: string): void;
  event(topic: string, term: unknown): void;
  log(record: LogRecord): void;
  span(span: ProgramSpan): void;
}

/** The conversation that a message belongs to. */
export interface Conversation {
  readonly codec: Codec;
  readonly listener: ProgramListener;
  readonly parts: Parts;
  readonly served: Served;
  readonly pending: { get(id: number): Outgoing | undefined };
  /** What the program said of itself, and takes now. */
  readonly hello: Hello | undefined;
  /** It says of itself, or corrects, what it is. */
  announce(hello: Hello): void;
  /** The program cannot read the frame of a call of this function, and ends with exit code 76 now. */
  cannotRead(name: string): void;
  /** A message was dropped because its elements are not what its word promises. */
  drop(word: string, error: unknown): void;
  /** Ends a call: its slot is free again. Undefined when nobody knows it (any more). */
  take(id: number): Outgoing | undefined;
  pong(term: Uint8Array): void;
  /** A message that was put together from its parts. */
  frame(bytes: Uint8Array): void;
}

/**
 * Does what the word says. A message whose elements are not what its word promises is dropped: frames after it can be
 * read all the same.
 * @throws HandshakeError when the hello does not fit, ProtocolError or EtfError when frames inside of parts are bad
 */
export function receiveMessage(conversation: Conversation, message: Message): void {
  const word = WORDS.get(message.word);
  if (word === undefined) return;
  try {
    word(conversation, message);
  } catch (error) {
    if (FATAL.has(message.word)) throw error;
    conversation.drop(message.word, error);
  }
}

/** Without these the conversation makes no sense any more. */
const FATAL = new Set(["hello", "part"]);

type Word = (conversation: Conversation, message: Message) => void;

const WORDS = new Map<string, Word>([
  ["hello", receiveHello],
  ["ready", receiveReady],
  ["failed", (talk, message) => talk.listener.failed(failedMessage(talk, message))],
  ["reply", receiveReply],
  ["error", receiveError],
  ["progress", receiveProgress],
  ["event", receiveEvent],
  ["log", receiveLog],
  ["span", receiveSpan],
  ["part", receivePart],
  ["call", receiveCall],
  ["cancel", ({ served }, message) => served.cancel(element(message, 0))],
  ["ping", (conversation, message) => conversation.pong(element(message, 0))],
]);

function receiveHello(conversation: Conversation, message: Message): void {
  conversation.announce(readHello(own(conversation, message, 0)));
}

/** What it takes from now on it says here; a program that does not know how takes what its hello said. */
function receiveReady(conversation: Conversation, message: Message): void {
  const { hello, listener } = conversation;
  const map = message.at.length > 1 ? own(conversation, message, 0) : undefined;
  const { max_frame: max } = (typeof map === "object" && map !== null ? map : {}) as { max_frame?: unknown };
  if (hello !== undefined && typeof max === "number" && max !== hello.maxFrameBytes)
    conversation.announce({ ...hello, maxFrameBytes: max });
  listener.ready();
}

function failedMessage(conversation: Conversation, message: Message): string {
  const map = own(conversation, message, 0) as { message?: unknown };
  return typeof map.message === "string" ? map.message : "no reason given";
}

/** A reply whose Id is written in another form than the one it was sent in. */
function receiveReply(conversation: Conversation, message: Message): void {
  answer(conversation, message, (call) => call.succeed(term(conversation.codec, message, 1)));
}

function receiveError(conversation: Conversation, message: Message): void {
  answer(conversation, message, (call) => {
    const map = readErrorMap(conversation, message);
    if (map.kind === "protocol") conversation.cannotRead(call.name);
    call.fail(failureOf(call.name, map));
  });
}

function answer(conversation: Conversation, message: Message, settle: (call: Outgoing) => void): void {
  const call = conversation.take(readId(message.bytes, position(message, 0)));
  if (call === undefined) return;
  try {
    settle(call);
  } catch (error) {
    // It is a term, but cannot be shown in the chosen view, or an element is missing: no other answer will come.
    call.fail(new Failure(() => error));
  }
}

/** The map is the protocol's, except for `data`, which is the user's own value. */
function readErrorMap(conversation: Conversation, message: Message): Record<string, unknown> {
  // Without a prototype a key `__proto__` is one like any other.
  const map: Record<string, unknown> = Object.create(null);
  for (const [key, [start, end]] of readMapEntries(
    message.bytes,
    position(message, 1),
    position(message, 2),
  )) {
    const codec = key === "data" ? conversation.codec : plainOf(conversation.codec);
    map[key] = codec.readTerm(message.bytes, start, end);
  }
  return map;
}

function receiveProgress(conversation: Conversation, message: Message): void {
  const call = conversation.pending.get(readId(message.bytes, position(message, 0)));
  call?.progress(term(conversation.codec, message, 1));
}

function receiveEvent(conversation: Conversation, message: Message): void {
  const { codec, listener } = conversation;
  listener.event(String(own(conversation, message, 0)), term(codec, message, 1));
}

function receiveLog(conversation: Conversation, message: Message): void {
  const [level, target, text, fields] = [0, 1, 2, 3].map((i) => own(conversation, message, i));
  conversation.listener.log({
    level: String(level),
    target: String(target),
    message: String(text),
    fields: (fields ?? {}) as Record<string, unknown>,
  });
}

function receiveSpan(conversation: Conversation, message: Message): void {
  conversation.listener.span(readSpan(own(conversation, message, 0), element(message, 0).length));
}

function receivePart(conversation: Conversation, message: Message): void {
  const key = Buffer.from(element(message, 0)).toString("latin1");
  const at = position(message, 1);
  const end = position(message, 2);
  if (message.bytes[at] !== BINARY) throw new ProtocolError("a part that is no binary");
  const piece = message.bytes.subarray(at + 5, end);
  const whole = conversation.parts.add(key, piece, message.at.length > 3);
  if (whole !== undefined) conversation.frame(whole);
}

/** A malformed call whose Id can be read is answered: the program waits for it. */
function receiveCall(conversation: Conversation, message: Message): void {
  const id = element(message, 0);
  try {
    conversation.served.call(id, String(own(conversation, message, 1)), element(message, 2));
  } catch (error) {
    if (!isA(error, EtfError) && !isA(error, ProtocolError)) throw error;
    conversation.served.refuse(id, error.message);
  }
}

/** Where the element after the word, counted from 0, begins; one past the last is the message's end. */
function position(message: Message, index: number): number {
  const at = message.at[index];
  if (at === undefined)
    throw new ProtocolError(`a message {${message.word}, …} with ${message.at.length - 1} elements`);
  return at;
}

function element(message: Message, index: number): Uint8Array {
  return message.bytes.subarray(position(message, index), position(message, index + 1));
}

/** An element that is the protocol's own. */
function own(conversation: Conversation, message: Message, index: number): unknown {
  return term(plainOf(conversation.codec), message, index);
}

function term(codec: Codec, message: Message, index: number): unknown {
  return codec.readTerm(message.bytes, position(message, index), position(message, index + 1));
}
