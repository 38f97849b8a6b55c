/**
 * The half of a channel that reads: bytes become frames, frames become messages. Answers are read here, for they are
 * nearly all that comes; what the other words mean is in incoming.ts. Its counterpart in the program is
 * rust-port/portreeve/src/runtime/reader.rs.
 */

import { type Codec, EtfError } from "../../codec/index.ts";
import { extent } from "../../codec/skip.ts";
import { ProtocolError } from "../errors.ts";
import { isA, reasonOf } from "../reason.ts";
import { Failure } from "./failure.ts";
import { FrameReader } from "./frame.ts";
import type { Hello } from "./hello.ts";
import { type Conversation, type ProgramListener, receiveMessage } from "./incoming.ts";
import { answerId, REPLY_TERM_AT, readMessage, replyId } from "./message.ts";
import type { Outbox, Outgoing } from "./outbox.ts";
import type { Parts } from "./parts.ts";
import type { Pending } from "./pending.ts";
import type { Served } from "./served.ts";

export class Inbox implements Conversation {
  readonly codec: Codec;
  readonly listener: ProgramListener;
  readonly pending: Pending<Outgoing>;
  readonly served: Served;
  readonly parts: Parts;
  /** What the program said of itself. */
  hello: Hello | undefined = undefined;
  /** Bytes received so far: a program that sends some is alive. */
  received = 0;
  /** Answers to calls that nobody knows (any more). */
  strays = 0;
  /** Messages that were dropped because their elements are not what their word promises. */
  malformed = 0;
  /** The function whose call was a frame that the program cannot read; it ends with exit code 76 now. */
  unreadable: string | undefined = undefined;
  readonly #outbox: Outbox;
  readonly #reader: FrameReader;
  /** Calls that this chunk answered. */
  #answered = 0;
  /** The frame that is being read was put together from parts. */
  #isWhole = false;
  #closed = false;

  constructor(
    listener: ProgramListener,
    codec: Codec,
    pending: Pending<Outgoing>,
    served: Served,
    outbox: Outbox,
    parts: Parts,
    maxFrameBytes: number,
  ) {
    this.listener = listener;
    this.codec = codec;
    this.pending = pending;
    this.served = served;
    this.#outbox = outbox;
    this.parts = parts;
    this.#reader = new FrameReader(maxFrameBytes, (bytes, start, end) => this.#frame(bytes, start, end));
  }

  /** True when the program stopped in the middle of a frame. */
  get isPartial(): boolean {
    return this.#reader.isPartial;
  }

  /** Takes bytes that the program wrote. @throws ProtocolError, HandshakeError, EtfError; nothing after them can be trusted */
  receive(chunk: Uint8Array): void {
    this.received += chunk.length;
    this.#reader.push(chunk);
  }

  /**
   * Takes whole frames that a dead program had ready but not in the pipe.
   * @param isFinished whether the black box says that the answer to this call was complete
   */
  recover(bytes: Uint8Array, isFinished: (id: number) => boolean): void {
    const reader = new FrameReader(bytes.length, (frame, start, end) => {
      const id = answerId(frame, start, end);
      if (this.pending.get(id) !== undefined && isFinished(id)) this.#frame(frame, start, end);
    });
    try {
      reader.push(bytes);
    } catch {
      // A box that says nonsense is as good as none: its calls count as running.
    }
  }

  /** How many calls were answered since this was asked last. */
  takeAnswered(): number {
    const answered = this.#answered;
    this.#answered = 0;
    return answered;
  }

  #frame(bytes: Uint8Array, start: number, end: number): void {
    if (this.#closed) return;
    const id = replyId(bytes, start, end);
    if (id === -1) this.#message(bytes, start, end);
    else this.#reply(id, bytes, start + REPLY_TERM_AT, end);
  }

  #reply(id: number, bytes: Uint8Array, start: number, end: number): void {
    const call = this.take(id);
    if (call === undefined) return;
    let value: unknown;
    try {
      value = this.codec.readTerm(bytes, start, end);
    } catch (error) {
      this.#unreadable(call, error, bytes, start, end);
      return;
    }
    call.succeed(value);
  }

  /** A result that is a term but cannot be shown in the chosen view is that call's error; anything else breaks the channel. */
  #unreadable(call: Outgoing, error: unknown, bytes: Uint8Array, start: number, end: number): void {
    // The caller asked rightly, and the function has run.
    if (isA(error, EtfError)) Object.assign(error, { fault: "function", began: true });
    call.fail(new Failure(() => error));
    if (extent(bytes, start, end) !== end) throw error;
  }

  #message(bytes: Uint8Array, start: number, end: number): void {
    receiveMessage(this, readMessage(bytes, start, end, this.codec.settings.maxInflatedBytes));
  }

  /** Ends a call: its slot is free again. Undefined when nobody knows it (any more). */
  take(id: number): Outgoing | undefined {
    const call = this.pending.take(id);
    if (call === undefined) {
      this.strays += 1;
      return undefined;
    }
    call.slab.live -= 1;
    this.#answered += 1;
    return call;
  }

  // What incoming.ts finds.

  announce(hello: Hello): void {
    this.hello = hello;
    this.#outbox.peerMaxFrameBytes = hello.maxFrameBytes;
    this.listener.hello(hello);
  }

  pong(term: Uint8Array): void {
    this.#outbox.pong(term);
  }

  /** A message that was sent in parts. One inside another would cost its bytes once for each level. */
  frame(bytes: Uint8Array): void {
    if (this.#isWhole) throw new ProtocolError("a part inside of a part");
    this.#isWhole = true;
    this.#frame(bytes, 0, bytes.length);
    this.#isWhole = false;
  }

  cannotRead(name: string): void {
    this.unreadable = name;
  }

  /** Warns once: a program that always gets a message wrong would drown all else. */
  drop(word: string, error: unknown): void {
    this.malformed += 1;
    if (this.malformed > 1) return;
    const message = `dropped a malformed message {${word}, …} of the program (later ones are dropped in silence): ${reasonOf(error)}`;
    this.listener.log({ level: "warn", target: "portreeve", message, fields: {} });
  }

  /** Nothing is read any more. */
  close(): void {
    this.#closed = true;
  }
}
