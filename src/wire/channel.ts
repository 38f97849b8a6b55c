/**
 * The conversation with one program: frames in, frames out, and the calls that are on their way. It knows nothing of
 * processes: bytes go out through `ChannelIo` and come in through `receive`.
 *
 * The protocol, as both ends know it (the other is rust-port/portreeve/src/wire/message.rs): both say hello; the program
 * then says ready. Either end calls: `{call, Id, Function, Args}` gets exactly one `{reply, Id, Term}` or
 * `{error, Id, Map}`. `{cancel, Id}` says that nobody waits any more; the answer comes all the same. `stop` lets the
 * program finish what it has and exit.
 */

import { type Codec, EtfError, MAX_FRAME_BYTES } from "../../codec/index.ts";
import { extent } from "../../codec/skip.ts";
import { ProtocolError } from "../errors.ts";
import { isA, isError, reasonOf } from "../reason.ts";
import { nextTick } from "../timers.ts";
import { WriteBatcher } from "./batcher.ts";
import { Budget } from "./budget.ts";
import {
  append,
  PING,
  PONG,
  patchId,
  STOP,
  type Target,
  writeAnswer,
  writeCall,
  writeCancel,
  writeCast,
} from "./envelope.ts";
import { Failure } from "./failure.ts";
import { FrameReader } from "./frame.ts";
import { type Hello, type HostHello, writeHello } from "./hello.ts";
import { type LogRecord, receiveMessage } from "./incoming.ts";
import { answerId, REPLY_TERM_AT, readMessage, replyId } from "./message.ts";
import { type Frame, Output, TooLarge } from "./output.ts";
import { Parts } from "./parts.ts";
import { Pending } from "./pending.ts";
import { faultMap, type Handlers, Served } from "./served.ts";
import type { ProgramSpan } from "./span.ts";

/** Where bytes go. */
export interface ChannelIo {
  /** @returns false when the pipe is full: `drained` of the channel is to be called when it is not any more */
  write(chunks: readonly Uint8Array[]): boolean;
  /** Bytes that were written but are not with the kernel yet. */
  readonly buffered: number;
  /** Whether more is to be read: the program makes this process hold too much otherwise. */
  read(isWanted: boolean): void;
}

/** How much one program may send, and make this process hold, in bytes; and how many calls it may have. */
export interface ChannelLimits {
  /** Of one message from the program. */
  readonly maxFrameBytes: number;
  /** Of answers that it does not read, its own calls that are unanswered, and unfinished messages together. */
  readonly maxHeldBytes: number;
  readonly maxInFlight: number;
}

/** What a channel tells. */
export interface ChannelListener {
  /** Once more before `ready` when the program takes larger frames by then. */
  hello(hello: Hello): void;
  ready(): void;
  /** It said that it cannot start, and why. */
  failed(message: string): void;
  event(topic: string, term: unknown): void;
  log(record: LogRecord): void;
  span(span: ProgramSpan): void;
  /** There is room for calls again, after there was none. */
  writable(): void;
  /** So many calls were answered: there may now be room. */
  answered(calls: number): void;
  /** What came cannot be understood; nothing after it will be. */
  broken(error: Error): void;
}

/** What a program makes its host hold, in bytes. */
export interface Held {
  /** Answers and pongs that it has not read. */
  readonly owed: number;
  /** Calls of it that handlers have not answered, and how many those are. */
  readonly unanswered: number;
  readonly calls: number;
  /** Messages in parts whose last one has not come. */
  readonly unread: number;
}

/** A call as the channel sees it, with the place of its frame. */
export interface Outgoing extends Frame {
  readonly name: string;
  id: number;
  /** Nobody waits for its answer any more. */
  readonly isSettled: boolean;
  succeed(value: unknown): void;
  fail(failure: Failure): void;
  progress(term: unknown): void;
}

/** Calls are collected up to this many bytes before they are written, and wait in the port's queue beyond four times that. */
const BATCH_BYTES = 65_536;

/** At most so many bytes are written at a time: that a program reads is seen when they are gone. */
const WRITE_BYTES = 1 << 20;

export class Channel {
  readonly pending: Pending<Outgoing>;
  readonly output = new Output();
  readonly #io: ChannelIo;
  readonly listener: ChannelListener;
  readonly codec: Codec;
  readonly #reader: FrameReader;
  readonly parts: Parts;
  readonly served: Served;
  hello: Hello | undefined = undefined;
  #full = false;
  #scheduled = false;
  #isWhole = false;
  #closed = false;
  /** Calls that this chunk answered. */
  #answered = 0;
  readonly #batcher = new WriteBatcher();
  /** Bytes received so far: a program that sends some is alive. */
  received = 0;
  /** Answers to calls that nobody knows (any more). */
  strays = 0;
  malformed = 0;
  readonly #budget: Budget;
  /** Bytes that were written since the beginning. */
  #written = 0;
  /** Casts that may not have left this process yet. */
  #unsentCasts = 0;
  unreadable: string | undefined = undefined;

  constructor(
    io: ChannelIo,
    listener: ChannelListener,
    codec: Codec,
    handlers: Handlers,
    { maxFrameBytes, maxHeldBytes, maxInFlight }: ChannelLimits,
  ) {
    this.#io = io;
    this.listener = listener;
    this.codec = codec;
    this.#reader = new FrameReader(maxFrameBytes, (bytes, start, end) => this.#frame(bytes, start, end));
    this.parts = new Parts(maxFrameBytes, maxHeldBytes);
    this.served = new Served(handlers, this);
    this.#budget = new Budget(maxHeldBytes);
    this.pending = new Pending(maxInFlight);
  }

  /** Whether a call may be sent now; otherwise it waits for `writable` or `answered`. */
  get hasRoom(): boolean {
    return !this.#full && !this.pending.isFull && this.output.pendingBytes < 4 * BATCH_BYTES;
  }

  /** Whether anybody still waits for one of its answers. */
  hasAwaited(): boolean {
    return this.pending.some((call) => !call.isSettled);
  }

  /** The largest frame that the program takes. */
  get peerMaxFrameBytes(): number {
    return this.hello?.maxFrameBytes ?? Number.POSITIVE_INFINITY;
  }

  /** Whether all that was written is with the system. */
  get isSent(): boolean {
    return this.output.pendingBytes === 0 && this.#io.buffered === 0;
  }

  /** True when the program stopped in the middle of a frame. */
  get isPartial(): boolean {
    return this.#reader.isPartial;
  }

  /**
   * Says hello: the first frame that the program gets.
   * @throws EtfError when with the term for its `on_start` it is larger than what a program takes
   */
  greet(hello: HostHello): void {
    try {
      this.write((output) => writeHello(output, this.codec, hello), MAX_FRAME_BYTES);
    } catch (error) {
      if (!isA(error, TooLarge)) throw error;
      const size = `at least ${error.bytes} bytes, over the ${MAX_FRAME_BYTES} that a program takes`;
      throw new EtfError("ETF_LIMIT", `start: the host's hello takes ${size}`, { path: "" });
    }
    this.flush();
  }

  /** Encodes a call into this channel's output; `send` is to follow in the same turn. */
  encode(to: Target, args: readonly unknown[], timeout: number, trace?: string, call?: Frame): Frame {
    return writeCall(this.output, this.codec, to, args, timeout, this.peerMaxFrameBytes, trace, call);
  }

  /** Sends a call that lies in another output: one that waited, or was sent to another worker before. */
  forward(call: Outgoing): void {
    call.slab.live -= 1;
    this.output.copy(call);
    call.slab.live += 1;
    this.send(call);
  }

  /** Sends a call whose frame is the last one of this channel's output. */
  send(call: Outgoing): void {
    const isDue = this.#batcher.sends(this.pending.size === 0);
    call.id = this.pending.add(call);
    patchId(call.slab, call.start, call.id);
    if (isDue) this.flush();
    else this.#flushSoon();
  }

  /** Sends a cast that lies in another output. */
  forwardCast(frame: Frame): void {
    frame.slab.live -= 1;
    this.output.copy(frame);
    this.#unsentCasts += 1;
    this.#flushSoon();
  }

  /** Sends a message that gets no answer. */
  cast(to: Target, args: readonly unknown[]): void {
    writeCast(this.output, this.codec, to, args, this.peerMaxFrameBytes);
    this.#unsentCasts += 1;
    this.#flushSoon();
  }

  /** Tells the program that nobody waits for this call any more; its slot stays taken until the answer. */
  cancel(id: number): void {
    this.write((output) => writeCancel(output, id));
  }

  /** Gives a sign of life. @param term what the program sent with its ping */
  pong(term: Uint8Array): void {
    if (this.#closed) return;
    const frame = this.#write((output) => {
      append(output, PONG);
      append(output, term);
    }, this.peerMaxFrameBytes);
    this.#owe(frame);
  }

  /** The program asked for this frame: what it does not read of such is counted. */
  #owe(frame: Frame): void {
    this.#budget.owe(frame.bytes, this.#written + this.output.pendingBytes);
  }

  /** Asks for a sign of life. */
  ping(): void {
    this.write((output) => append(output, PING));
  }

  /** Lets the program finish what it has, and exit. */
  stop(): void {
    this.write((output) => append(output, STOP));
    this.flush();
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
    this.#tellAnswered();
  }

  /** Ends the conversation. @returns the calls that were not answered; their bytes stay where they are */
  close(): Outgoing[] {
    this.#closed = true;
    this.served.close();
    return this.pending.takeAll();
  }

  /** Casts that were lost with the program: they had not left this process when it ended. */
  get lostCasts(): number {
    return this.#closed ? this.#unsentCasts : 0;
  }

  /** The pipe took everything. */
  drained(): void {
    if (!this.#full) return;
    this.#full = false;
    this.flush();
    this.#checkBudget();
    if (!this.#full) this.listener.writable();
  }

  /** Writes what is there, until the pipe is full. */
  flush(): void {
    while (!this.#full && !this.#closed && this.output.pendingBytes > 0) this.#writeSome();
  }

  #writeSome(): void {
    if (this.#io.buffered === 0) this.output.reclaim();
    const before = this.output.pendingBytes;
    const chunks = this.output.take(WRITE_BYTES);
    this.#written += before - this.output.pendingBytes;
    this.#full = !this.#writeChunks(chunks) && this.#io.buffered > 0;
    if (this.#unsentCasts > 0 && this.#io.buffered === 0) this.#unsentCasts = 0;
  }

  /** A write that throws breaks this channel: it often runs in a turn of its own, where an exception would end the host. */
  #writeChunks(chunks: readonly Uint8Array[]): boolean {
    try {
      return this.#io.write(chunks);
    } catch (error) {
      this.#broken(error);
      return true;
    }
  }

  /** Takes bytes that the program wrote. */
  receive(chunk: Uint8Array): void {
    if (this.#closed) return;
    this.received += chunk.length;
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#broken(error);
    }
    this.#tellAnswered();
    if (this.#io.buffered === 0) this.output.reclaim();
    this.#checkBudget();
  }

  /** What the program makes this process hold: see {@link ChannelLimits}. */
  get held(): Held {
    const { owed } = this.#budget;
    return { owed, unanswered: this.served.bytes, calls: this.served.size, unread: this.parts.bytes };
  }

  get mayAnswer(): boolean {
    return this.#budget.mayOwe(this.parts.bytes);
  }

  #checkBudget(): void {
    if (this.#closed) return;
    const budget = this.#budget;
    // Of what a pipe that is not full has taken nobody tells when it is gone: it is little.
    budget.sent(this.#full ? this.#written - this.#io.buffered : this.#written);
    if (budget.check(this.served.bytes, this.parts.bytes)) this.#io.read(!budget.isSpent);
    if (!budget.isSpent) this.served.pump();
  }

  #tellAnswered(): void {
    const answered = this.#answered;
    if (answered === 0) return;
    this.#answered = 0;
    this.#batcher.answered(answered, this.pending.size === 0);
    this.listener.answered(answered);
  }

  /** The scheduled flush. What did not fit into this turn of the event loop may come now. */
  flushTurn(): void {
    const hadRoom = this.hasRoom;
    this.#scheduled = false;
    this.flush();
    this.#checkBudget();
    if (!hadRoom && this.hasRoom && !this.#closed) this.listener.writable();
  }

  #flushSoon(): void {
    if (this.output.pendingBytes >= BATCH_BYTES) this.flush();
    else this.#schedule();
  }

  /** One write for all that this turn of the event loop sends. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    nextTick(flush, this);
  }

  #broken(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.listener.broken(isError(error) ? error : new ProtocolError(reasonOf(error)));
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

  /** A message that was sent in parts. One inside another would cost its bytes once for each level. */
  frame(bytes: Uint8Array): void {
    if (this.#isWhole) throw new ProtocolError("a part inside of a part");
    this.#isWhole = true;
    this.#frame(bytes, 0, bytes.length);
    this.#isWhole = false;
  }

  /** Writes a message of at most `maxBytes`; it goes out with the others of this turn. */
  write(encode: (output: Output) => void, maxBytes?: number): void {
    if (this.#closed) return;
    if (this.output.isOpen) {
      // A getter of the message that is being encoded aborted a call: the cancel goes behind that message.
      nextTick(() => this.write(encode, maxBytes));
      return;
    }
    this.#write(encode, maxBytes);
  }

  #write(encode: (output: Output) => void, maxBytes?: number): Frame {
    this.output.begin(maxBytes);
    try {
      encode(this.output);
      const { frameBytes } = this.output;
      if (maxBytes !== undefined && frameBytes > maxBytes) throw new TooLarge(frameBytes);
    } catch (error) {
      this.output.abandon();
      throw error;
    }
    const frame = this.output.end();
    this.#schedule();
    return frame;
  }

  /** Answers a call of the program. */
  answer(word: "reply" | "error", id: Uint8Array, term: unknown): void {
    if (this.#closed) return;
    try {
      this.#owe(writeAnswer(this.output, this.codec, word, id, term, this.peerMaxFrameBytes));
    } catch (error) {
      this.#answerWithFault(id, error);
    }
    this.#flushSoon();
  }

  /** What a handler gave cannot be sent: that is what the program is told. */
  #answerWithFault(id: Uint8Array, fault: unknown): void {
    const map = faultMap("error", reasonOf(fault));
    try {
      this.#owe(writeAnswer(this.output, this.codec, "error", id, map, this.peerMaxFrameBytes));
    } catch (error) {
      this.#broken(error);
    }
  }
}

function flush(channel: Channel): void {
  channel.flushTurn();
}
